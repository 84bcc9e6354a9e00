// Caches are told of a write, so that they drop what it replaced.
extension Simulation {
  /// A client's write was acknowledged.
  mutating func invalidate(_ operation: Operation) {
    // Its web server has told them.
    if hosts[Int(operation.server)].kind == .balancer { return }
    let location = Int(operation.location)
    invalidate(
      operation.key, location: location, past: operation.server,
      from: clients[location].host.rawValue)
  }

  /// The writer tells the caches, but for `server`, which took the write; a message that a cut swallows
  /// leaves the old object there.
  mutating func invalidate(
    _ key: UInt32, location own: Int, past server: UInt16, from writer: UInt16
  ) {
    let told: Range<Int> =
      switch settings.cache.invalidate {
      case .none: 0..<0
      case .own: own..<own + 1
      case .all: clients.indices
      }
    for location in told {
      if boundsCacheLoads {
        // Any of them may have taken it over.
        for cache in clients[location].caches where cache.rawValue != server {
          send(
            Message(kind: .cacheInvalidate, from: writer, to: cache.rawValue, key: key))
        }
        continue
      }
      let cache =
        cacheServer(for: key, location: location) ?? homeCache(for: key, location: location)
      // Through a cache server: that one holds the newest already.
      if cache.rawValue == server { continue }
      send(Message(kind: .cacheInvalidate, from: writer, to: cache.rawValue, key: key))
    }
  }
}
