// Writes that go to the cache server: through it, or back to the store later.
extension Simulation {
  /// Serves a write. False where its worker is held until the store has it.
  mutating func serveCachePut(_ message: Message) -> Bool {
    let index = hosts[Int(message.to)].cacheIndex
    let hasRoom =
      caches[index].dirty[message.key] != nil
      || caches[index].dirty.count < settings.cache.dirtyLimit
    if settings.cache.mode == .writeBack, hasRoom {
      acceptDirty(message, index)
      return true
    }
    guard message.other != .max else {
      reply(to: message, failure: .noCoordinator)
      return true
    }
    let fetch = begin(.put, for: message)
    send(
      Message(
        kind: .clientWrite, from: message.to, to: message.other, handle: message.handle, tag: fetch,
        key: message.key, entry: message.entry))
    return false
  }

  /// Acknowledges at once, under a version by the server's own clock.
  private mutating func acceptDirty(_ message: Message, _ index: Int) {
    let entry = Versioned(
      version: nextVersion(at: NodeID(message.to)), value: message.entry.value)
    if caches[index].dirty.count == 0 { armFlush(index) }
    caches[index].store.notesEvicted = true
    caches[index].dirty.put(message.key, entry)
    fillCache(index, message.key, entry)
    send(
      Message(
        kind: .cacheReply, from: message.to, to: message.from, tag: message.tag,
        key: message.key, entry: entry))
  }

  /// The store has a write that went through, or perhaps not.
  mutating func keepWritten(_ fetch: CacheFetch, _ index: Int, _ message: Message) {
    guard message.failure == 0 else {
      caches[index].store.invalidate(fetch.key)
      return
    }
    // A dirty write that this one came after needs no flush any more.
    if let dirty = caches[index].dirty[fetch.key], dirty.entry.version < message.entry.version {
      caches[index].dirty.remove(fetch.key)
    }
    if !has(.cacheKeepsOverwritten) { fillCache(index, fetch.key, message.entry) }
  }

  // MARK: Flushing

  private mutating func armFlush(_ index: Int) {
    guard !caches[index].flushArmed else { return }
    caches[index].flushArmed = true
    wake(caches[index].host, .cacheFlush, after: settings.cache.flushInterval.nanoseconds)
  }

  /// A server's flush is due: everything dirty goes to the store in one batch.
  mutating func flushDue(_ host: NodeID, epoch: UInt32) {
    guard epoch == hosts[host.index].epoch, hosts[host.index].state == .up else { return }
    let index = hosts[host.index].cacheIndex
    caches[index].flushArmed = false
    // A flush that finds no way to the store leaves the order of the buffer as it is.
    for dirty in caches[index].dirty.all { flush(dirty.key, index) }
    if caches[index].dirty.count > 0 { armFlush(index) }
  }

  /// Sends a dirty key to the store, unless it is on its way or no coordinator answers.
  mutating func flush(_ key: UInt32, _ index: Int) {
    guard caches[index].dirty[key] != nil else { return }
    let host = caches[index].host
    let location = Int(hosts[host.index].location)
    guard caches[index].dirty[key]!.flushing == nil,
      let coordinator = clients[location].chooseCoordinator(),
      let entry = caches[index].dirty.beginFlush(key)
    else { return }
    caches[index].flushes += 1
    let fetch = begin(
      .flush, for: Message(kind: .cachePut, from: host.rawValue, to: host.rawValue, key: key))
    send(
      Message(
        kind: .clientWrite, from: host.rawValue, to: coordinator, tag: fetch, key: key,
        entry: entry))
  }

  mutating func finishFlush(_ fetch: CacheFetch, _ index: Int, succeeded: Bool) {
    caches[index].dirty.endFlush(fetch.key, succeeded: succeeded)
  }

  /// Objects that just left a full cache while dirty are flushed now; the buffer keeps each until
  /// the store has it.
  mutating func flushEvicted(_ index: Int) {
    while let key = caches[index].store.takeEvicted() { flush(key, index) }
    if caches[index].dirty.count == 0 { caches[index].store.notesEvicted = false }
  }

  // MARK: Loss

  /// A cache server dies with all it held.
  mutating func loseCache(_ index: Int) {
    let dirty = ContiguousArray(caches[index].dirty.all.map(\.key))
    caches[index].clear()
    guard !dirty.isEmpty else { return }
    note(.cache, "\(name(caches[index].host)) dies with \(dirty.count) dirty keys")
    noteLosses(of: dirty, .cache)
  }

  /// From outside: a client has the acknowledgement of a write-back cache, which may be dead by now.
  @inline(__always)
  mutating func noteWrittenBack(_ operation: Operation, _ version: Version) {
    guard hosts[Int(version.node)].kind == .cache else { return }
    let dirty = caches[hosts[Int(version.node)].cacheIndex].dirty[operation.key]
    if let dirty, dirty.entry.version >= version { return }
    noteLosses(of: [operation.key], .cache)
  }

  /// Every sample: recent ratios.
  mutating func sampleCaches() {
    for index in caches.indices { caches[index].sample() }
  }
}
