// Acknowledged writes that are lost, by name. It watches from outside and helps no protocol.
extension Simulation {
  /// Acknowledged writes that last-write-wins discarded for one acknowledged before they began.
  public var writesLostToClocks: Int { lostWrites.count(.clocks) }

  mutating func lostToClocks(_ write: Versioned, key: UInt32, winner: Versioned) {
    lose(
      LostWrite(
        cause: .clocks, value: write.value, key: keys.names[Int(key)],
        coordinator: NodeID(write.version.node), acknowledged: now, at: now,
        winner: winner.value, winnerCoordinator: NodeID(winner.version.node)))
  }

  private mutating func lose(_ write: LostWrite) {
    lostWrites.append(write)
    let won =
      write.winner.map { ": write \($0) of \(name(write.winnerCoordinator!)) has a later clock" }
      ?? (write.cause == .clocks ? "" : ": no copy is left (\(write.cause.name))")
    note(
      .storage,
      "acknowledged write \(write.value) of \(write.key) by \(name(write.coordinator)) is lost"
        + won)
  }

  /// Copies of the keys have just gone: acknowledged writes of which neither a copy nor a newer
  /// version is left anywhere are lost. Those that are only in messages are looked after later.
  mutating func noteLosses(of affected: ContiguousArray<UInt32>, _ cause: LostWrite.Cause) {
    // A log has its own audit.
    guard !affected.isEmpty, !usesReplication, !usesMultiPrimary || keepsSiblings else { return }
    if settings.storage.versions == .vector {
      noteLostSiblings(of: affected, cause)
      return
    }
    let onDisk = newestOnDisks(of: affected)
    var moving: ContiguousArray<Version>?
    var last: UInt32?
    for key in affected.sorted() where key != last {
      last = key
      let frontier = acknowledged.frontier(key)
      guard onDisk[Int(key)] < frontier else { continue }
      if moving == nil { moving = newestInMotion() }
      guard moving![Int(key)] < frontier else {
        endangeredKeys.append(key)
        continue
      }
      lose(
        newerThan: max(onDisk[Int(key)], moving![Int(key)]), key: key,
        isOverwritten(key, beyond: frontier) ? .repeated : cause)
    }
  }

  /// Some disk holds a later version than the newest that was acknowledged: of a write sent again.
  private func isOverwritten(_ key: UInt32, beyond frontier: Version) -> Bool {
    retries.hasRepeatedWrites
      && storageNodes.contains { hosts[$0.index].store.get(key).version > frontier }
  }

  private mutating func noteLostSiblings(
    of affected: ContiguousArray<UInt32>, _ cause: LostWrite.Cause
  ) {
    var last: UInt32?
    for key in affected.sorted() where key != last {
      last = key
      guard !uncovered(key, by: setsOnDisks(of: key)).isEmpty else { continue }
      let lost = uncovered(key, by: setsOnDisks(of: key) + setsInMotion(of: key))
      if lost.isEmpty { endangeredKeys.append(key) }
      for sibling in lost {
        vector.table.change(vector.acknowledged(key), value: sibling.write.value) {
          $0.isLost = true
        }
        lose(
          LostWrite(
            cause: cause, value: sibling.write.value, key: keys.names[Int(key)],
            coordinator: sibling.node,
            acknowledged: Instant(nanoseconds: sibling.acknowledged!), at: now, winner: nil,
            winnerCoordinator: nil))
      }
    }
  }

  private func setsOnDisks(of key: UInt32) -> ContiguousArray<UInt32> {
    var sets: ContiguousArray<UInt32> = []
    for node in storageNodes {
      sets.append(hosts[node.index].store.get(key).set)
      hosts[node.index].hints.visit { if $0.key == key { sets.append($0.entry.set) } }
    }
    return sets
  }

  private func setsInMotion(of key: UInt32) -> ContiguousArray<UInt32> {
    var sets: ContiguousArray<UInt32> = []
    messages.visit { _, message in
      if message.kind.changesDisk, message.key == key { sets.append(message.entry.set) }
    }
    coordinations.visit { if $1.key == key { sets.append($1.entry.set) } }
    multiPrimary?.visitEntries { if $0 == key { sets.append($1.set) } }
    return sets
  }

  private mutating func lose(newerThan version: Version, key: UInt32, _ cause: LostWrite.Cause) {
    for advance in acknowledged.newer(than: version, key: key).reversed() {
      lose(
        LostWrite(
          cause: cause, value: advance.write.value, key: keys.names[Int(key)],
          coordinator: NodeID(advance.version.node),
          acknowledged: Instant(nanoseconds: advance.at), at: now, winner: nil,
          winnerCoordinator: nil))
    }
    acknowledged.lose(newerThan: version, key: key)
  }

  /// Whether the messages that carried the last copies arrived.
  mutating func lookAfterEndangered() {
    let keys = endangeredKeys
    endangeredKeys.removeAll()
    noteLosses(of: keys, .message)
  }

  /// By key, the newest version on any disk, in any hint or dirty in a cache; right for the keys asked for.
  private func newestOnDisks(of asked: some Sequence<UInt32>) -> ContiguousArray<Version> {
    var newest = ContiguousArray(repeating: Version.none, count: keys.count)
    for node in storageNodes {
      for key in asked {
        newest[Int(key)] = max(
          newest[Int(key)], standing(hosts[node.index].store.get(key), key))
      }
      hosts[node.index].hints.visit { hint in
        newest[Int(hint.key)] = max(newest[Int(hint.key)], standing(hint.entry, hint.key))
      }
    }
    for cache in caches {
      for dirty in cache.dirty.all {
        newest[Int(dirty.key)] = max(newest[Int(dirty.key)], standing(dirty.entry, dirty.key))
      }
    }
    newestInLogs(&newest)
    return newest
  }

  /// By key, the newest version on its way to a disk or held by a coordinator.
  private func newestInMotion() -> ContiguousArray<Version> {
    var newest = ContiguousArray(repeating: Version.none, count: keys.count)
    messages.visit { _, message in
      // A client's write has no version yet, a dirty key that is flushed has one.
      guard message.kind.changesDisk || message.kind == .clientWrite else { return }
      newest[Int(message.key)] = max(
        newest[Int(message.key)], standing(message.entry, message.key))
    }
    coordinations.visit { _, coordination in
      newest[Int(coordination.key)] = max(
        newest[Int(coordination.key)], standing(coordination.entry, coordination.key))
    }
    return newest
  }

  /// Acknowledged writes that are lost: those lost for good, and those of which neither a copy nor
  /// a newer version is on any disk, in any hint or dirty in a cache now (of those that
  /// `AcknowledgedWrites` keeps).
  public func lostAcknowledgedWrites() -> Int {
    if usesReplication { return lostWrites.count + unservedWrites }
    if usesMultiPrimary, !keepsSiblings { return lostWrites.count }
    if settings.storage.versions == .vector {
      return (0..<UInt32(keys.count)).reduce(lostWrites.count) {
        $0 + uncovered($1, by: setsOnDisks(of: $1)).count
      }
    }
    let onDisk = newestOnDisks(of: 0..<UInt32(keys.count))
    return (0..<UInt32(keys.count)).reduce(lostWrites.count) { sum, key in
      guard onDisk[Int(key)] < acknowledged.frontier(key) else { return sum }
      return sum + acknowledged.newer(than: onDisk[Int(key)], key: key).count
    }
  }
}
