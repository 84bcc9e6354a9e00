// The servers of a host with the primary-replica engine: killed, started, wiped, set anew.
extension Simulation {
  /// The process dies: what its servers had in hand is gone, their disks stay.
  mutating func stopReplication(_ host: NodeID) {
    guard usesReplication else { return }
    for server in replication!.servers(on: host) {
      replication!.servers[server].wakesAt = .max
      dropPending(of: server)
      forgetSecured(of: server)
    }
    for group in replication!.groups.indices {
      let place = host.index * replication!.groups.count + group
      replication!.addresses[place].coming = replication!.addresses[place].timeline
    }
  }

  /// Its servers start again from what is on the disk.
  mutating func bootReplication(_ host: NodeID) {
    guard usesReplication else { return }
    for server in replication!.servers(on: host) {
      let old = replication!.servers[server].node
      replication!.servers[server].node = PrimaryReplicaNode(
        me: old.me, disk: old.disk, options: old.options, now: logClock(host))
      armReplication(server)
    }
    topologyChanged()
  }

  /// The disk is gone. The number of the timeline is kept, as by an address service: a server that
  /// comes back empty must not write another's again; and that it was the primary, so that it asks
  /// who is to go on; and which shards the group has, as the directory knows.
  mutating func wipeReplication(_ host: NodeID) {
    guard usesReplication else { return }
    for server in replication!.servers(on: host) {
      let old = replication!.servers[server].node.disk
      replication!.servers[server].node.disk = PrimaryReplicaNode.Disk(
        timeline: old.timeline,
        log: ReplicationLog(
          timeline: 0, voters: old.log.membership.voters, shards: old.log.shards),
        isBlank: true, wasPrimary: old.wasPrimary, primary: old.primary)
      replication!.servers[server].node.disk.log.parents = old.log.parents
      replication!.servers[server].staged = ReplicaStore()
      replication!.servers[server].node.role = .replica
      auditLosses(group: replication!.servers[server].group, .wiped)
    }
  }

  /// What the log had not synced goes with the copy's writes; after `UnsyncedWrites` was rolled back.
  mutating func loseUnsyncedLogs(_ host: NodeID) {
    guard usesReplication else { return }
    for server in replication!.servers(on: host)
    where replication!.servers[server].interval == syncInterval(of: host) {
      let synced = replication!.servers[server]
      replication!.servers[server].node.disk.log.truncate(after: synced.syncedLast)
      replication!.servers[server].node.applied = min(
        synced.node.applied, synced.syncedApplied)
      auditLosses(group: synced.group, .unsynced)
    }
  }

  /// With `storage.fsync` off: notes where log and copy stand before the first change after a sync.
  mutating func noteDiskChange(_ server: Int) {
    guard !settings.storage.fsync else {
      replication!.servers[server].node.trimFloor = .max
      return
    }
    let interval = syncInterval(of: replication!.servers[server].host)
    guard replication!.servers[server].interval != interval else { return }
    let node = replication!.servers[server].node
    replication!.servers[server].interval = interval
    replication!.servers[server].syncedLast = node.last
    replication!.servers[server].syncedApplied = node.applied
    replication!.servers[server].node.trimFloor = node.applied
  }

  /// Everything on the host's disk is synced, while the server's log already counts entries as applied
  /// whose writes are still to come: from the one after `applied` on a kill undoes them.
  mutating func syncReplicas(with server: Int, appliedTo applied: UInt64) {
    guard !settings.storage.fsync else { return }
    syncReplicas(on: replication!.servers[server].host)
    noteDiskChange(server)
    replication!.servers[server].syncedApplied = applied
    replication!.servers[server].node.trimFloor = applied
  }

  /// Everything on the host's disk is synced.
  mutating func syncReplicas(on host: NodeID) {
    hosts[host.index].unsynced.sync()
    for server in replication!.servers(on: host) { replication!.servers[server].interval = -1 }
  }

  mutating func changeReplication(_ settings: Settings.Replication) {
    guard usesReplication else { return }
    for server in replication!.servers.indices {
      replication!.servers[server].node.options = settings.options
      armReplication(server)
    }
  }

  // MARK: Who would answer

  /// Whether a primary that may serve is on this side; for reads of any replica: whether one is.
  func replicationAnswers(_ kind: Operation.Kind, key: UInt32, side: NodeSet) -> Bool {
    let group = replication!.groups[shardGroup(of: key)]
    let here = group.servers.map { replication!.servers[$0] }
      .filter { !$0.isRetired && $0.counts && side.contains($0.host) }
    if kind == .read, settings.replication.reads == .any, settings.replication.failover != .cold {
      return here.contains { !$0.node.disk.isBlank }
    }
    let places = here.reduce(UInt32(0)) { $0 | 1 << UInt32($1.node.me) }
    return here.contains { server in
      let node = server.node
      guard node.role == .primary, node.isReady else { return false }
      if settings.replication.fencing, (places & node.voters).nonzeroBitCount < node.majority {
        return false
      }
      if kind == .read { return true }
      return switch settings.replication.mode {
      case .async, .semiSync: true
      case .sync: node.syncSet & ~places == 0
      }
    }
  }
}
