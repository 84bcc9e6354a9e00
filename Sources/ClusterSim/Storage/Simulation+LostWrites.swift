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
    guard !affected.isEmpty else { return }
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
      lose(newerThan: max(onDisk[Int(key)], moving![Int(key)]), key: key, cause)
    }
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

  /// By key, the newest version on any disk or in any hint; right for the keys asked for.
  private func newestOnDisks(of asked: some Sequence<UInt32>) -> ContiguousArray<Version> {
    var newest = ContiguousArray(repeating: Version.none, count: keys.count)
    for node in storageNodes {
      for key in asked {
        newest[Int(key)] = max(newest[Int(key)], hosts[node.index].store.get(key).version)
      }
      hosts[node.index].hints.visit { hint in
        newest[Int(hint.key)] = max(newest[Int(hint.key)], hint.entry.version)
      }
    }
    newestInLogs(&newest)
    return newest
  }

  /// By key, the newest version on its way to a disk or held by a coordinator.
  private func newestInMotion() -> ContiguousArray<Version> {
    var newest = ContiguousArray(repeating: Version.none, count: keys.count)
    messages.visit { _, message in
      guard message.kind.changesDisk else { return }
      newest[Int(message.key)] = max(newest[Int(message.key)], message.entry.version)
    }
    coordinations.visit { _, coordination in
      newest[Int(coordination.key)] = max(
        newest[Int(coordination.key)], coordination.entry.version)
    }
    return newest
  }

  /// Acknowledged writes that are lost: those lost for good, and those of which neither a copy nor
  /// a newer version is on any disk or in any hint now (of each key the last eight are looked at).
  public func lostAcknowledgedWrites() -> Int {
    let onDisk = newestOnDisks(of: 0..<UInt32(keys.count))
    return (0..<UInt32(keys.count)).reduce(lostWrites.count) { sum, key in
      guard onDisk[Int(key)] < acknowledged.frontier(key) else { return sum }
      return sum + acknowledged.newer(than: onDisk[Int(key)], key: key).count
    }
  }
}
