// Versions that a coordinator or a replica compares: by clock (`last-write-wins`) or by what their
// writers had read (`vector`, Dynamo section 4.4).
extension Simulation {
  /// What is kept of two entries of one key: the newer one, or all that neither replaces.
  @inline(__always)
  mutating func joined(_ left: Versioned, _ right: Versioned) -> Versioned {
    switch settings.storage.versions {
    case .lastWriteWins: left.version < right.version ? right : left
    case .vector: joinedSiblings(left, right)
    }
  }

  private mutating func joinedSiblings(_ left: Versioned, _ right: Versioned) -> Versioned {
    if left.version == .none { return right }
    if right.version == .none { return left }
    if has(.joinDropsSibling) { return left.version < right.version ? right : left }
    let set = vector.table.join(left.set, right.set)
    return vector.table.entry(of: set)
  }

  /// Whether the first entry lacks something that the second has.
  @inline(__always)
  func isBehind(_ entry: Versioned, _ other: Versioned) -> Bool {
    switch settings.storage.versions {
    case .lastWriteWins: entry.version < other.version
    case .vector:
      other.version != .none
        && (entry.version == .none || !vector.table.covers(entry.set, other.set))
    }
  }

  /// The version of a write whose client had read the set `context`.
  mutating func newSibling(
    _ write: Versioned, key: UInt32, context: UInt32, at node: NodeID
  ) -> Versioned {
    var past = vector.table.clock(of: context)
    let counter = max(hosts[node.index].writes.counter(of: key), past.highest(of: node)) + 1
    hosts[node.index].writes.set(counter, of: key)
    let whole = vector.figures.truncations > 0 ? vector.table.wholeClock(of: context) : past
    let dropped = past.truncate(to: settings.storage.vectorLimit)
    vector.figures.truncations += dropped
    if vector.table.size(context) > 1 { vector.figures.merges += 1 }
    let set = vector.table.add(
      write, node: node, counter: counter, past: past,
      whole: vector.figures.truncations > 0 ? whole : nil)
    return vector.table.entry(of: set)
  }

  /// A read's answer at the coordinator: what it found is joined to what is known.
  mutating func receiveSiblings(_ message: Message) -> Bool {
    let known = coordinations[message.handle].entry
    if coordinations[message.handle].writesBack {
      return !isBehind(message.entry, known)
        && coordinations[message.handle].acknowledge(Int(message.place))
    }
    let all = joined(known, message.entry)
    return coordinations[message.handle].receive(
      message.entry, joined: all, from: Int(message.place))
  }

  // MARK: Clients

  /// A client has read: what it saw is its context, and siblings may be merged at once.
  mutating func finishSiblingRead(_ operation: Operation, _ message: Message) {
    let found = message.entry.version == .none ? 0 : message.entry.set
    var missing = vector.table.missing(in: found, of: operation.acknowledgedSet)
    if retries.hasRepeatedWrites {
      missing.removeAll { vector.table.holds(found, value: $0.write.value) }
    }
    if let since = missing.compactMap(\.acknowledged).min() {
      metrics.wasStale(
        operation, fromCache: message.hit, by: operation.invoked - since, versions: missing.count)
    }
    let location = Int(operation.location)
    vector.learn(found, location, operation.key)
    let size = vector.table.size(found)
    guard size > 1 else { return }
    vector.figures.readsWithSiblings += 1
    vector.figures.mostSiblings = max(vector.figures.mostSiblings, size)
    switch settings.storage.merge {
    case .union: break
    case .client:
      if vector.beginMerge(location, operation.key) {
        beginOperation(.write, key: operation.key, location: location, via: nil)
      }
    }
  }

  mutating func finishSiblingWrite(_ operation: Operation, _ write: Versioned) {
    let location = Int(operation.location)
    vector.learn(write.set, location, operation.key)
    vector.endMerge(location, operation.key)
    if vector.acknowledge(write, key: operation.key, at: now.nanoseconds) {
      metrics.discarded(location: Int(operation.location), phase: operation.phase)
    }
  }

  // MARK: Audits and bound

  /// The versions of a key that a disk holds; one without clock is the initial value.
  public func siblings(ofKey key: String, on node: NodeID) -> [SiblingView] {
    guard let number = keys.number(of: key) else { return [] }
    return vector.table.members(hosts[node.index].store.get(number).set).map { sibling in
      var clock = sibling.past
      clock.add(sibling.node, sibling.counter, at: sibling.write.version.time)
      return SiblingView(value: sibling.write.value, coordinator: sibling.node, clock: clock)
    }
  }

  public var siblingFigures: SiblingFigures { vector.figures }

  /// Keys of which some disk holds more than one version now.
  public func keysWithSiblings() -> Int {
    guard settings.storage.versions == .vector else { return 0 }
    return (0..<UInt32(keys.count)).count { key in
      storageNodes.contains { vector.table.size(hosts[$0.index].store.get(key).set) > 1 }
    }
  }

  /// Acknowledged versions of a key that neither are on a disk or in a hint nor were replaced there.
  func uncovered(_ key: UInt32, by sets: ContiguousArray<UInt32>) -> [SiblingTable.Sibling] {
    guard vector.acknowledged(key) != 0 else { return [] }
    var missing = vector.table.missing(in: 0, of: vector.acknowledged(key))
    for set in sets {
      let left = vector.table.missing(in: set, of: vector.acknowledged(key)).map(\.write.value)
      missing.removeAll {
        !left.contains($0.write.value) || vector.table.holds(set, value: $0.write.value)
      }
    }
    return missing.filter { !$0.isLost && $0.acknowledged != nil }
  }

  /// Forgets the sets that nobody holds any more, now and then.
  mutating func sweepSiblings() {
    guard settings.storage.versions == .vector, vector.table.isDue else { return }
    var used = ContiguousArray(repeating: false, count: vector.table.limit)
    func use(_ set: UInt32) { used[Int(set)] = true }
    vector.visit(use)
    for host in hosts {
      host.store.visit { use($1.set) }
      host.unsynced.visit { use($0.set) }
      host.hints.visit { use($0.entry.set) }
      host.hints.visitNewest { use($0.set) }
    }
    messages.visit { use($1.entry.set) }
    coordinations.visit { use($1.entry.set) }
    operations.visit {
      use($1.acknowledgedSet)
      use($1.context)
    }
    for cache in caches {
      cache.store.visit { use($0.set) }
      for dirty in cache.dirty.all { use(dirty.entry.set) }
    }
    multiPrimary?.visitEntries { use($1.set) }
    visitMovingSets(use)
    antiEntropy.exchanges.visit { _, exchange in
      for entry in exchange.listing { use(entry.entry.set) }
    }
    vector.table.sweep(keeping: used)
  }
}

/// One of the versions of a key that a disk holds side by side.
public struct SiblingView: Sendable, Equatable {
  /// Number of the write operation.
  public let value: UInt64
  public let coordinator: NodeID
  public let clock: VectorClock
}

/// By key: how many writes of it a node has coordinated. On its disk, and kept through a wipe, as if
/// the node came back under a new name (Riak's actor epochs): a dot is never given twice.
struct WriteCounters {
  private var counters: ContiguousArray<UInt32> = []

  func counter(of key: UInt32) -> UInt32 { Int(key) < counters.count ? counters[Int(key)] : 0 }

  mutating func set(_ counter: UInt32, of key: UInt32) {
    if Int(key) >= counters.count {
      counters.append(
        contentsOf: repeatElement(
          0, count: max(Int(key) + 1, 2 * counters.count) - counters.count))
    }
    counters[Int(key)] = counter
  }
}
