// Several cache servers of a location share its keys by a hash ring of their own.
extension Simulation {
  /// `c-east`, or `c-east-1`, `c-east-2`… where there are several.
  public static func cacheNames(of location: String, servers: Int) -> [String] {
    servers == 1 ? ["c-\(location)"] : (1...servers).map { "c-\(location)-\($0)" }
  }

  /// Nil for one server: it has every key.
  func cacheRing(of servers: [NodeID]) -> HashRing? {
    guard servers.count > 1 else { return nil }
    return HashRing(
      servers.map { .init(node: $0, name: name($0), virtualNodes: settings.ring.vnodes) },
      depth: servers.count)
  }

  /// The first server clockwise from the key that the location's clients hold up; nil without one.
  @inline(__always)
  func cacheServer(for key: UInt32, location: Int) -> NodeID? {
    guard let ring = clients[location].cacheRing else {
      let only = clients[location].caches[0]
      return clients[location].isUp[only.index] ? only : nil
    }
    let place = ring.index(of: keys.tokens[Int(key)])
    for rank in clients[location].caches.indices {
      let server = ring.home(at: place, rank: rank)
      if clients[location].isUp[server.index] { return server }
    }
    return nil
  }

  /// The server that the key belongs to while all of them run.
  @inline(__always)
  func homeCache(for key: UInt32, location: Int) -> NodeID {
    guard let ring = clients[location].cacheRing else { return clients[location].caches[0] }
    return ring.home(at: ring.index(of: keys.tokens[Int(key)]), rank: 0)
  }

  // MARK: What screens and reports read

  /// A cache server's figures, by its place in `cacheServers`.
  public func cache(_ index: Int) -> CacheView {
    let cache = caches[index]
    return CacheView(
      host: cache.host, location: Int(hosts[cache.host.index].location),
      objects: cache.store.count, capacity: settings.cache.capacity, hits: cache.store.hits,
      misses: cache.store.misses, evictions: cache.store.evictions, expired: cache.store.expired,
      invalidated: cache.store.invalidated, coalesced: cache.coalesced,
      staleFills: cache.staleFills, dirty: cache.dirty.count, flushes: cache.flushes,
      recentRatio: cache.recentRatio)
  }

  /// The places in `cacheServers` of a location's servers.
  public func caches(ofLocation location: Int) -> [Int] {
    clients[location].caches.map { hosts[$0.index].cacheIndex }
  }

  /// Acknowledged writes that were lost with write-back cache servers.
  public var writesLostWithCaches: Int { lostWrites.count(.cache) }

  /// The last requests that a cache server saw, beside what could have been: some milliseconds of
  /// work, for whoever asks.
  public func cacheOutlook(_ index: Int) -> CacheOutlook {
    let window = caches[index].window
    let location = Int(hosts[caches[index].host.index].location)
    let weights = (0..<sampler.count).map { key in
      homeCache(for: UInt32(key), location: location) == caches[index].host
        ? sampler.probability(of: key) : 0
    }
    let capacity = settings.cache.capacity
    return CacheOutlook(
      requests: window.count, hits: window.hits,
      optimalHits: window.count == 0 ? 0 : window.optimum(capacity: capacity),
      lru: CheApproximation.hitRatio(.lru, weights: weights, capacity: capacity),
      fifo: CheApproximation.hitRatio(.fifo, weights: weights, capacity: capacity))
  }
}

/// What a cache server's ratio could be.
public struct CacheOutlook: Sendable {
  /// The last requests it saw (at most 20,000), and the hits among them.
  public let requests: Int
  public let hits: Int
  /// Hits that no policy could have exceeded on them, were nothing to expire or be dropped.
  public let optimalHits: Int
  /// Che's prediction for the present key distribution and capacity, nothing expiring or dropped.
  public let lru: Double?
  public let fifo: Double?

  public var ratio: Double? { requests == 0 ? nil : Double(hits) / Double(requests) }
  public var optimum: Double? { requests == 0 ? nil : Double(optimalHits) / Double(requests) }
}
