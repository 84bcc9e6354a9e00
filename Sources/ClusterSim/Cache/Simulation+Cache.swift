// Read-through cache servers, one a location: a miss asks the store and holds its worker meanwhile.
extension Simulation {
  /// Serves a get. False where its worker is held for a fetch.
  mutating func serveCacheGet(_ message: Message) -> Bool {
    let location = Int(hosts[Int(message.to)].location)
    if let entry = caches[location].get(
      message.key, now: now.nanoseconds, ttl: settings.cache.ttl.nanoseconds,
      policy: settings.cache.policy)
    {
      send(
        Message(
          kind: .cacheReply, from: message.to, to: message.from, hit: true, tag: message.tag,
          key: message.key, entry: entry))
      return true
    }
    guard message.other != .max else {
      reply(to: message, failure: .noCoordinator)
      return true
    }
    let fetch = fetches.insert(
      CacheFetch(
        cache: message.to, client: message.from, operation: message.tag, key: message.key,
        epoch: hosts[Int(message.to)].epoch))
    fetchDeadlines.insert(
      due: now.nanoseconds + settings.client.timeout.nanoseconds, handle: fetch)
    arm(.fetches)
    send(
      Message(
        kind: .clientRead, from: message.to, to: message.other, tag: fetch, key: message.key))
    return false
  }

  /// The store answered a fetch: keep the object, pass it on, free the worker.
  mutating func finishFetch(_ message: Message) {
    guard fetches.contains(message.tag) else { return }
    let fetch = fetches.remove(message.tag)
    let cache = NodeID(fetch.cache)
    guard fetch.epoch == hosts[cache.index].epoch else { return }
    if message.failure == 0 {
      caches[Int(hosts[cache.index].location)].fill(
        fetch.key, message.entry, now: now.nanoseconds, capacity: settings.cache.capacity)
    }
    send(
      Message(
        kind: .cacheReply, from: fetch.cache, to: fetch.client, failure: message.failure,
        tag: fetch.operation, key: fetch.key, entry: message.entry))
    releaseWorker(at: cache)
  }

  /// The store did not answer in time: the client has given up, so must the worker.
  mutating func abandonFetch(_ handle: UInt64) {
    let fetch = fetches.remove(handle)
    let cache = NodeID(fetch.cache)
    guard fetch.epoch == hosts[cache.index].epoch, hosts[cache.index].state != .killed else {
      return
    }
    releaseWorker(at: cache)
  }
}
