// Cache servers at work: gets, fetches from the store, and what is kept of them.
extension Simulation {
  /// Serves a get. False where its worker is held for a fetch.
  mutating func serveCacheGet(_ message: Message) -> Bool {
    let index = hosts[Int(message.to)].cacheIndex
    if let entry = cached(message.key, at: index) {
      send(
        Message(
          kind: .cacheReply, from: message.to, to: message.from, hit: true, tag: message.tag,
          key: message.key, entry: entry))
      return true
    }
    if settings.cache.mode == .cacheAside {
      send(
        Message(
          kind: .cacheMiss, from: message.to, to: message.from, tag: message.tag,
          key: message.key, other: message.other))
      return true
    }
    if settings.cache.coalesce, follow(message, at: index) { return false }
    guard message.other != .max else {
      reply(to: message, failure: .noCoordinator)
      return true
    }
    let fetch = begin(.get, for: message)
    if settings.cache.coalesce { caches[index].lead(message.key, by: fetch) }
    send(
      Message(
        kind: .clientRead, from: message.to, to: message.other, handle: message.handle, tag: fetch,
        key: message.key))
    return false
  }

  /// The object where it is there: a dirty one counts as there, too.
  @inline(__always)
  private mutating func cached(_ key: UInt32, at index: Int) -> Versioned? {
    if caches[index].dirty.count > 0, let dirty = caches[index].dirty[key] {
      caches[index].store.hitOutside(key)
      caches[index].window.append(key, hit: true)
      return dirty.entry
    }
    let entry = caches[index].store.get(
      key, now: now.nanoseconds, ttl: settings.cache.ttl.nanoseconds,
      policy: settings.cache.policy)
    caches[index].window.append(key, hit: entry != nil)
    return entry
  }

  /// Joins a fetch of the same key that is under way; it holds a worker as that one does.
  private mutating func follow(_ message: Message, at index: Int) -> Bool {
    guard let leader = caches[index].leader(of: message.key), fetches.contains(leader) else {
      return false
    }
    caches[index].coalesced += 1
    let follower = begin(.follower, for: message)
    fetches[follower].follower = fetches[leader].follower
    fetches[leader].follower = follower
    return true
  }

  /// A request to the store, or a wait for one, that ends with the client's patience.
  mutating func begin(_ kind: CacheFetch.Kind, for message: Message) -> UInt64 {
    let fetch = fetches.insert(
      CacheFetch(
        kind: kind, cache: message.to, client: message.from, operation: message.tag,
        key: message.key, epoch: hosts[Int(message.to)].epoch))
    fetchDeadlines.insert(
      due: now.nanoseconds + settings.client.timeout.nanoseconds, handle: fetch)
    arm(.fetches)
    return fetch
  }

  /// The store answered: keep the object, pass the answer on, free the worker.
  mutating func finishFetch(_ message: Message) {
    guard fetches.contains(message.tag) else { return }
    let fetch = fetches.remove(message.tag)
    let cache = NodeID(fetch.cache)
    guard fetch.epoch == hosts[cache.index].epoch else { return }
    let index = hosts[cache.index].cacheIndex
    switch fetch.kind {
    case .flush: finishFlush(fetch, index, succeeded: message.failure == 0)
    case .put:
      keepWritten(fetch, index, message)
      answer(fetch, message, shared: false)
    case .get, .follower:
      if caches[index].leader(of: fetch.key) == message.tag {
        caches[index].lead(fetch.key, by: nil)
      }
      if message.failure == 0 { fillCache(index, fetch.key, message.entry) }
      answer(fetch, message, shared: false)
      answerFollowers(of: fetch, message)
    }
  }

  private mutating func answerFollowers(of fetch: CacheFetch, _ message: Message) {
    var next = fetch.follower
    while let follower = next, fetches.contains(follower) {
      let waiter = fetches.remove(follower)
      answer(waiter, message, shared: true)
      next = waiter.follower
    }
  }

  private mutating func answer(_ fetch: CacheFetch, _ message: Message, shared: Bool) {
    send(
      Message(
        kind: .cacheReply, from: fetch.cache, to: fetch.client, failure: message.failure,
        shared: shared, handle: shared ? 0 : message.handle, tag: fetch.operation, key: fetch.key,
        entry: message.entry))
    releaseWorker(at: NodeID(fetch.cache))
  }

  /// The store did not answer in time: the client has given up, so must the worker.
  mutating func abandonFetch(_ handle: UInt64) {
    let fetch = fetches.remove(handle)
    let cache = NodeID(fetch.cache)
    guard fetch.epoch == hosts[cache.index].epoch, hosts[cache.index].state != .killed else {
      return
    }
    let index = hosts[cache.index].cacheIndex
    switch fetch.kind {
    case .flush: finishFlush(fetch, index, succeeded: false)
    case .put:
      // Nobody knows which value the store has now.
      caches[index].store.invalidate(fetch.key)
      releaseWorker(at: cache)
    case .get, .follower:
      if caches[index].leader(of: fetch.key) == handle { caches[index].lead(fetch.key, by: nil) }
      releaseWorker(at: cache)
      leaveAlone(followersOf: fetch)
    }
  }

  /// Followers of an abandoned fetch wait for nothing: their workers go on.
  private mutating func leaveAlone(followersOf fetch: CacheFetch) {
    var next = fetch.follower
    while let follower = next, fetches.contains(follower) {
      let waiter = fetches.remove(follower)
      releaseWorker(at: NodeID(waiter.cache))
      next = waiter.follower
    }
  }

  /// Keeps an object; with jitter it will count as older than it is.
  @inline(__always)
  mutating func fillCache(_ index: Int, _ key: UInt32, _ entry: Versioned) {
    var since = now.nanoseconds
    if settings.cache.ttlJitter > 0 {
      let share = settings.cache.ttlJitter * cacheStream.unit()
      since -= Int64(Double(settings.cache.ttl.nanoseconds) * share)
    }
    if entry.version < acknowledged.frontier(key) { caches[index].staleFills += 1 }
    caches[index].store.fill(key, entry, now: since, capacity: settings.cache.capacity)
    if caches[index].store.notesEvicted { flushEvicted(index) }
  }

  /// A writer tells the cache to drop a key; a dirty one goes to the store first.
  mutating func invalidateCached(_ key: UInt32, at host: NodeID) {
    let index = hosts[host.index].cacheIndex
    caches[index].store.invalidate(key)
    flush(key, index)
  }

  // MARK: Cache-aside

  /// The client reads the store itself and then tells the cache server.
  mutating func readAside(_ message: Message) {
    guard operations.contains(message.tag) else { return }
    metrics.asked(cacheFor: operations[message.tag], hit: false)
    guard message.other != .max else {
      finishOperation(
        Message(
          kind: .clientReply, from: message.from, to: message.to,
          failure: FailureReason.noCoordinator.rawValue + 1, tag: message.tag, key: message.key))
      return
    }
    closeCacheRequest(operations[message.tag])
    operations[message.tag].openAt = .max
    operations[message.tag].missedAt = message.from
    operations[message.tag].server = message.other
    send(
      Message(
        kind: .clientRead, from: message.to, to: message.other,
        handle: operations[message.tag].trace, tag: message.tag, key: message.key))
  }

  /// Sets what was read; a write that came between makes the cache keep an old object.
  mutating func setAside(_ operation: Operation, _ entry: Versioned, at cache: UInt16) {
    send(
      Message(
        kind: .cacheSet, from: clients[Int(operation.location)].host.rawValue, to: cache,
        key: operation.key, entry: entry))
  }

  /// Whether a stale answer is the caches' doing: an object they kept, an answer that was under way
  /// before the read was invoked, or a newest write that was acknowledged by a cache server alone.
  func isDoingOfCache(_ operation: Operation, _ message: Message) -> Bool {
    message.hit || message.shared || hosts[Int(operation.frontier.node)].kind == .cache
  }
}
