/// Requests of one location that its cache servers have not answered yet, by their place in the
/// location.
struct CacheLoads {
  private var open: ContiguousArray<Int>
  private(set) var total = 0
  /// Requests that went past their own server because it was full.
  private(set) var overflowed = 0

  init(servers: Int) { open = ContiguousArray(repeating: 0, count: servers) }

  subscript(place: Int) -> Int { open[place] }

  mutating func begin(_ place: Int, pastHome: Bool) {
    open[place] += 1
    total += 1
    if pastHome { overflowed += 1 }
  }

  mutating func end(_ place: Int) {
    open[place] -= 1
    total -= 1
  }

  /// The most that a server may have open, the request that is about to be sent included:
  /// ceil(c m / n) for m requests and n servers (Mirrokni, Thorup, Zadimoghaddam, arXiv 1608.01350);
  /// a bound below 1 counts as 1, which somebody always keeps.
  func most(bound: Double, servers: Int) -> Int {
    Int((max(1, bound) * Double(total + 1) / Double(servers)).rounded(.up))
  }
}

// Consistent hashing with bounded loads: a server that has more than its part of a location's open
// requests passes the next one on clockwise.
extension Simulation {
  /// Whether `cache.bound` is in force. Not with write-back: who holds a dirty key must be asked for
  /// it, however busy it is.
  var boundsCacheLoads: Bool {
    settings.cache.bound > 0 && settings.cache.mode != .writeBack && settings.cache.servers > 1
  }

  /// The server that gets a location's next request for a key; nil where none is up.
  @inline(__always)
  mutating func chooseCache(for key: UInt32, location: Int) -> NodeID? {
    boundsCacheLoads
      ? boundedCache(for: key, location: location) : cacheServer(for: key, location: location)
  }

  private mutating func boundedCache(for key: UInt32, location: Int) -> NodeID? {
    guard let ring = clients[location].cacheRing else { return nil }
    let servers = clients[location].caches
    let up = servers.count { clients[location].isUp[$0.index] }
    guard up > 0 else { return nil }
    let most = clients[location].loads.most(bound: settings.cache.bound, servers: up)
    let home = ring.index(of: keys.tokens[Int(key)])
    for rank in servers.indices {
      let server = ring.home(at: home, rank: rank)
      guard clients[location].isUp[server.index] else { continue }
      let place = cachePlace(of: server, location: location)
      if clients[location].loads[place] < most { return server }
    }
    preconditionFailure("all cache servers of a location are over the average")
  }

  /// A request goes to a cache server.
  @inline(never)
  mutating func openCacheRequest(_ operation: inout Operation, at server: NodeID) {
    operation.openAt = server.rawValue
    openCacheLoad(at: server, for: operation.key, location: Int(operation.location))
  }

  mutating func openCacheLoad(at server: NodeID, for key: UInt32, location: Int) {
    clients[location].loads.begin(
      cachePlace(of: server, location: location),
      pastHome: server != cacheServer(for: key, location: location))
  }

  /// The request that an operation has open at a cache server, if any, is over.
  @inline(__always)
  mutating func closeCacheRequest(_ operation: Operation) {
    guard operation.openAt != .max else { return }
    endCacheLoad(at: NodeID(operation.openAt), location: Int(operation.location))
  }

  mutating func endCacheLoad(at server: NodeID, location: Int) {
    clients[location].loads.end(cachePlace(of: server, location: location))
  }

  private func cachePlace(of server: NodeID, location: Int) -> Int {
    hosts[server.index].cacheIndex - hosts[clients[location].caches[0].index].cacheIndex
  }

  /// Requests that went past their own cache server because it had its full part.
  public var cacheOverflows: Int { clients.reduce(0) { $0 + $1.loads.overflowed } }

  /// Requests of its location that a cache server has not answered, by its place in `cacheServers`.
  public func openRequests(atCache index: Int) -> Int {
    let host = caches[index].host
    let location = Int(hosts[host.index].location)
    return clients[location].loads[cachePlace(of: host, location: location)]
  }
}
