// What reaches a replica's disk, and what a kill or a wipe takes from it (model.md section 2).
extension Simulation {
  /// Takes a version in: the newer one stays, or all that neither replaces.
  @inline(__always)
  mutating func keep(_ entry: Versioned, key: UInt32, at node: NodeID) {
    if wronglyRefuses(entry, key: key, at: node) { return }
    if settings.storage.keepsNewest {
      hosts[node.index].store.apply(entry, to: key)
    } else {
      keepJoined(entry, key: key, at: node)
    }
  }

  private mutating func keepJoined(_ entry: Versioned, key: UInt32, at node: NodeID) {
    let before = hosts[node.index].store.get(key)
    let after = joined(before, entry)
    guard after != before else { return }
    hosts[node.index].store.replace(after, at: key)
    if settings.storage.versions == .vector {
      vector.figures.mostSiblings = max(
        vector.figures.mostSiblings, vector.table.size(after.set))
    }
    if !settings.storage.fsync {
      hosts[node.index].unsynced.note(before, key: key, interval: syncInterval(of: node))
    }
  }

  /// Number of the interval between two syncs of a node's disk; nodes are out of step.
  func syncInterval(of node: NodeID) -> Int64 {
    let length = settings.storage.syncInterval.nanoseconds
    return (now.nanoseconds + Self.phase(of: node, length)) / length
  }

  private static func phase(of node: NodeID, _ length: Int64) -> Int64 {
    length / 8 * (Int64(node.index) * 5 % 8)
  }

  private func lastSync(of node: NodeID) -> Int64 {
    let length = settings.storage.syncInterval.nanoseconds
    return syncInterval(of: node) * length - Self.phase(of: node, length)
  }

  /// Settings of the disks changed: every disk that runs is synced.
  mutating func syncAll() {
    for node in storageNodes {
      hosts[node.index].unsynced.sync()
      if usesReplication { syncReplicas(on: node) }
    }
  }

  /// The machine went down: writes and hints that were not synced are gone.
  mutating func loseUnsynced(_ node: NodeID) {
    guard !settings.storage.fsync, hosts[node.index].kind == .storage else { return }
    var unsynced = hosts[node.index].unsynced
    let writes = unsynced.rollBack(
      &hosts[node.index].store, interval: syncInterval(of: node))
    hosts[node.index].unsynced = unsynced
    let hints = hosts[node.index].hints.loseKept(since: lastSync(of: node))
    if !hints.isEmpty { knowHintsAnew(node) }
    unsyncedWritesLost += writes.count
    hintsLost += hints.count
    if !writes.isEmpty || !hints.isEmpty {
      note(
        .storage,
        "\(name(node)) loses \(writes.count) writes and \(hints.count) hints that were not synced")
    }
    noteLosses(of: writes + hints, .unsynced)
    loseUnsyncedLogs(node)
    loseUnsyncedPeers(node)
  }

  private mutating func knowHintsAnew(_ node: NodeID) {
    var left: ContiguousArray<Hint> = []
    hosts[node.index].hints.visit { left.append($0) }
    for hint in left {
      let known = joined(hosts[node.index].hints.newest(hint.key), hint.entry)
      hosts[node.index].hints.know(known, of: hint.key)
    }
  }

  /// The disk is gone with all copies and hints on it.
  mutating func wipeDisk(_ node: NodeID) {
    let hints = hosts[node.index].hints.count
    hosts[node.index].store.removeAll()
    hosts[node.index].hints = HintStore()
    hosts[node.index].unsynced.sync()
    wipeRaft(node)
    wipeReplication(node)
    wipeMultiPrimary(node)
    hintsLost += hints
    if hints > 0 { note(.storage, "\(name(node)) loses the \(hints) hints it kept for others") }
    noteLosses(of: ContiguousArray(0..<UInt32(keys.count)), .wiped)
  }
}
