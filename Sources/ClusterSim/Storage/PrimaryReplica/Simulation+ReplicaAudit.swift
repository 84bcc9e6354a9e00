// Which acknowledged writes a change of primary costs, by name. It watches from outside: every write
// that a client was told is done is kept until all logs of its group have it.
extension Simulation {
  /// A client has its answer. A write that no log has any more is lost at once.
  mutating func auditAcknowledged(_ operation: Operation, _ version: Version) {
    let place = LogPlace(time: version.time)
    let shard = Int(sharded!.shardOfKey[Int(operation.key)])
    // The new group serves who comes by a very old directory before the present one names it.
    let isComing = Int(place.generation) > sharded!.generation(of: shard)
    let group =
      isComing
      ? moves.current!.target : sharded!.owner(of: shard, generation: Int(place.generation))
    let entry = PrimaryReplicaEngine.AcknowledgedEntry(
      timeline: place.timelineAndAuthor, position: place.position, key: operation.key,
      coordinator: operation.server, value: operation.value, at: now.nanoseconds)
    // The answer came after the shard had gone: with all that was in the log, this write too.
    if Int(place.generation) < sharded!.generation(of: shard),
      isLogged(entry, server: replication!.leading(replication!.groups[group]))
    {
      return
    }
    if replication!.groups[group].audit.count == PrimaryReplicaEngine.auditLimit {
      trimAudit(group)
    }
    guard replication!.groups[group].audit.count < PrimaryReplicaEngine.auditLimit else {
      replication!.auditDropped += 1
      return
    }
    replication!.groups[group].audit.append(entry)
    if !isLogged(entry, group) { auditLosses(group: group, .failover) }
  }

  private func isLogged(_ entry: PrimaryReplicaEngine.AcknowledgedEntry, _ group: Int) -> Bool {
    replication!.present(replication!.groups[group]).contains { isLogged(entry, server: $0) }
  }

  /// Whether the server's log has the entry, or the same write under another place because its client
  /// had sent it twice.
  private func isLogged(
    _ entry: PrimaryReplicaEngine.AcknowledgedEntry, server: Int
  ) -> Bool {
    let log = replication!.servers[server].node.disk.log
    return log.contains(entry.timeline, entry.position)
      || retries.hasRepeatedWrites && log.contains(value: entry.value)
  }

  /// Something of a disk of the group has gone: writes that no log has any more are lost for good.
  mutating func auditLosses(group: Int, _ cause: LostWrite.Cause) {
    let audit = replication!.groups[group].audit
    let lost = audit.filter { !isLogged($0, group) }
    guard !lost.isEmpty else { return }
    replication!.groups[group].audit = audit.filter { isLogged($0, group) }
    for entry in lost {
      lostWrites.append(
        LostWrite(
          cause: isDivergent(entry, group) ? .splitBrain : cause, value: entry.value,
          key: keys.names[Int(entry.key)], coordinator: NodeID(entry.coordinator),
          acknowledged: Instant(nanoseconds: entry.at), at: now, winner: nil,
          winnerCoordinator: nil, group: group))
    }
    note(
      .storage,
      "group \(group + 1): \(lost.count) acknowledged writes are in no log any more, they are lost")
  }

  /// Acknowledged although a newer primary had been promoted.
  private func isDivergent(
    _ entry: PrimaryReplicaEngine.AcknowledgedEntry, _ group: Int
  ) -> Bool {
    replication!.failovers.contains {
      $0.group == group && $0.timeline > Int(entry.timeline >> 4)
        && $0.promotedAt.nanoseconds <= entry.at
    }
  }

  /// A shard goes to another group with all that the old one's newest primary has of it: those
  /// writes are that group's affair from now on, at the entry with which it took the shard.
  mutating func auditHandOver(of shard: Int, from source: Int, to target: Int) {
    let leading = replication!.leading(replication!.groups[source])
    replication!.groups[source].audit = replication!.groups[source].audit.filter {
      Int(sharded!.shardOfKey[Int($0.key)]) != shard || !isLogged($0, server: leading)
    }
    let owner = replication!.servers[replication!.leading(replication!.groups[target])]
    let log = owner.node.disk.log
    for key in 0..<UInt32(keys.count) where Int(sharded!.shardOfKey[Int(key)]) == shard {
      let entry = hosts[owner.host.index].store.get(key)
      guard entry.version > .initial, entry.version == acknowledged.frontier(key),
        replication!.groups[target].audit.count < PrimaryReplicaEngine.auditLimit
      else { continue }
      replication!.groups[target].audit.append(
        PrimaryReplicaEngine.AcknowledgedEntry(
          timeline: log.timeline(at: log.shardsChangedAt), position: log.shardsChangedAt, key: key,
          coordinator: entry.version.node, value: entry.value, at: now.nanoseconds))
    }
  }

  /// Acknowledged writes of the group that are in some log, but not in this server's.
  func missingAcknowledgements(group: Int, at server: Int) -> Int {
    replication!.groups[group].audit.count { !isLogged($0, server: server) }
  }

  /// Acknowledged writes that the newest primaries do not have; another disk still has them.
  public var unservedWrites: Int {
    (replication?.groups.indices ?? 0..<0).reduce(0) { $0 + unservedWrites(ofGroup: $1) }
  }

  /// The same of one group.
  public func unservedWrites(ofGroup group: Int) -> Int {
    guard let replication else { return 0 }
    return missingAcknowledgements(
      group: group, at: replication.leading(replication.groups[group]))
  }

  /// Forgets what every log of the group has: no promotion can lose it.
  mutating func trimAudits() {
    guard usesReplication else { return }
    for group in replication!.groups.indices { trimAudit(group) }
  }

  private mutating func trimAudit(_ group: Int) {
    guard !replication!.groups[group].audit.isEmpty else { return }
    let logs = replication!.present(replication!.groups[group])
      .map { replication!.servers[$0].node.disk.log }
    replication!.groups[group].audit.removeAll { entry in
      logs.allSatisfy { $0.contains(entry.timeline, entry.position) }
    }
  }
}
