// The primary-replica engine in the cluster: when servers act, and what they want done.
extension Simulation {
  var usesReplication: Bool { replication != nil }

  mutating func startReplication() {
    switch settings.storage.engine {
    case .leaderless, .multiPrimary, .raft: return
    case .primaryReplica:
      replication = PrimaryReplicaEngine(
        nodes: storageNodes, domains: failureDomains, settings: settings)
      replication!.grow(to: hosts.count)
    }
  }

  mutating func armReplication() {
    guard usesReplication else { return }
    for server in replication!.servers.indices { armReplication(server) }
  }

  /// A server's own monotonic clock: a drift is felt, a step of the wall clock is not.
  func logClock(_ host: NodeID) -> Int64 { hosts[host.index].clock.monotonic(at: now.nanoseconds) }

  // MARK: Time

  /// Sees to it that a wake-up comes no later than the server's next timer, and that it replays.
  mutating func armReplication(_ server: Int) {
    let host = replication!.servers[server].host
    guard !replication!.servers[server].isRetired,
      hosts[host.index].state == .up || hosts[host.index].state == .frozen
    else { return }
    armReplay(server)
    let due = replication!.servers[server].node.due
    guard due < .max else { return }
    let time = hosts[host.index].clock.moment(after: due - logClock(host), from: now.nanoseconds)
    guard time < replication!.servers[server].wakesAt else { return }
    replication!.servers[server].wakesAt = time
    queue.push(
      time: time, kind: .replicationTimer, node: host.rawValue, a: hosts[host.index].epoch,
      b: UInt64(server))
  }

  mutating func replicationTimerDue(_ event: Event) {
    let server = Int(event.b)
    guard event.a == hosts[Int(event.node)].epoch, hosts[Int(event.node)].state == .up,
      !replication!.servers[server].isRetired
    else { return }
    replication!.servers[server].wakesAt = .max
    let dead = deadMembers(of: server)
    act(server) { node, now, effects in node.fire(now: now, dead: dead, &effects) }
  }

  /// Places of the group whose hosts this server's host holds dead.
  func deadMembers(of server: Int) -> UInt32 {
    let host = replication!.servers[server].host
    guard let table = members[host.index]?.table, table.deadCount > 0 else { return 0 }
    let group = replication!.groups[replication!.servers[server].group]
    var dead: UInt32 = 0
    for (place, other) in group.servers.enumerated()
    where !replication!.servers[other].isRetired
      && !table.isNotDead(replication!.servers[other].host)
    {
      dead |= 1 << UInt32(place)
    }
    return dead
  }

  /// A replica replays one entry after the other, each as long as a write takes it.
  private mutating func armReplay(_ server: Int) {
    let host = replication!.servers[server].host
    guard replication!.servers[server].replaysIn != hosts[host.index].epoch,
      replication!.servers[server].node.unreplayed != nil
    else { return }
    replication!.servers[server].replaysIn = hosts[host.index].epoch
    let service =
      settings.host.writeService.sample(&hosts[host.index].stream)
      &* Int64(hosts[host.index].slowFactor)
    queue.push(
      time: now.nanoseconds + service, kind: .replay, node: host.rawValue,
      a: hosts[host.index].epoch, b: UInt64(server))
  }

  mutating func replayDue(_ event: Event) {
    let server = Int(event.b)
    let host = NodeID(event.node)
    guard event.a == hosts[host.index].epoch, hosts[host.index].state == .up,
      !replication!.servers[server].isRetired
    else { return }
    replication!.servers[server].replaysIn = nil
    if hosts[host.index].gray {
      replication!.servers[server].replaysIn = event.a
      queue.push(
        time: now.nanoseconds + 100_000_000, kind: .replay, node: event.node, a: event.a,
        b: event.b)
      return
    }
    let entry = replication!.servers[server].node.unreplayed
    if let entry, entry.kind == .put {
      let position = replication!.servers[server].node.applied + 1
      keepLogged(entry, at: position, server)
    }
    noteDiskChange(server)
    act(server) { node, now, effects in node.replayed(now: now, &effects) }
    if let entry, entry.kind == .shard || entry.kind == .adopt {
      applyShardRecord(entry, at: replication!.servers[server].node.applied, server)
    }
  }

  /// A version of this engine is a place in a timeline of the log, with the server that chose the
  /// timeline: everybody who keeps the entry gives it the same.
  func logged(_ entry: LogRecord, at position: UInt64, _ server: Int) -> Versioned {
    let group = replication!.groups[replication!.servers[server].group]
    let author = replication!.servers[group.servers[Int(entry.timeline & 15)]].host
    return Versioned(
      version: Version(
        time: LogPlace(entry.generation, entry.timeline, position).time, node: author.rawValue),
      value: entry.value)
  }

  private mutating func keepLogged(_ entry: LogRecord, at position: UInt64, _ server: Int) {
    let host = replication!.servers[server].host
    hosts[host.index].writesServed += 1
    if moves.number > 0, isSuperseded(entry.key, UInt32(entry.generation), by: server) { return }
    keep(logged(entry, at: position, server), key: entry.key, at: host)
  }

  // MARK: Effects

  /// One step of one server, and all that follows from it.
  mutating func act(
    _ server: Int,
    _ body: (inout PrimaryReplicaNode, Int64, inout [PrimaryReplicaEffect]) -> Void
  ) {
    let host = replication!.servers[server].host
    let clock = logClock(host)
    var effects = replication!.effects
    replication!.effects = []
    noteDiskChange(server)
    let applied = replication!.servers[server].node.applied
    body(&replication!.servers[server].node, clock, &effects)
    if replication!.servers[server].node.disk.log.needsSync {
      replication!.servers[server].node.disk.log.needsSync = false
      syncReplicas(with: server, appliedTo: min(applied, replication!.servers[server].node.applied))
    }
    for effect in effects { perform(effect, server) }
    effects.removeAll(keepingCapacity: true)
    replication!.effects = effects
    if !moves.secures.isEmpty { sendSecured(server) }
    armReplication(server)
  }

  private mutating func perform(_ effect: PrimaryReplicaEffect, _ server: Int) {
    let host = replication!.servers[server].host
    let group = replication!.servers[server].group
    switch effect {
    case .send(let message): sendLog(message, server)
    case .commit(let position, let entry):
      switch entry.kind {
      case .put:
        keepLogged(entry, at: position, server)
        acknowledge(entry, at: position, server)
      case .shard, .adopt: applyShardRecord(entry, at: position, server)
      case .promotion, .membership: break
      }
    case .restore: break
    case .canvassing:
      if replication!.groups[group].canvassedAt == nil {
        replication!.groups[group].canvassedAt = now
        note(.storage, "\(name(host)) asks who shall lead group \(group + 1)")
      }
    case .calledOff(let heard):
      if heard { replication!.groups[group].canvassedAt = nil }
      replication!.calledOff += 1
    case .promoted: promoted(server)
    case .ready: ready(server)
    case .demoted:
      replication!.primaryChanges += 1
      dropPending(of: server)
      note(.storage, "\(name(host)) is no longer the primary of group \(group + 1)")
      topologyChanged()
    case .fellBack:
      replication!.fallbacks += 1
      note(
        .storage,
        "no replica of group \(group + 1) acknowledged in time: \(name(host)) goes on without")
    case .semiSyncAgain:
      note(.storage, "a replica of group \(group + 1) has caught up: semi-sync again")
    }
  }

  private mutating func sendLog(_ message: PrimaryReplicaMessage, _ server: Int) {
    let group = replication!.groups[replication!.servers[server].group]
    var payload = PrimaryReplicaEngine.Payload(message: message)
    var isWork = false
    switch message.kind {
    case .ship:
      isWork = true
      replication!.entriesShipped += message.entries.count
    case .copy:
      isWork = true
      replication!.copiesSent += 1
      payload.keys = contents(of: server)
    case .shipped: replication!.acknowledgements += 1
    case .behind, .refused, .canvass, .standing, .promote: break
    }
    let handle = replication!.payloads.insert(payload)
    let to = replication!.servers[group.servers[Int(message.to)]].host
    if message.kind == .copy {
      let server = replication!.servers[server]
      beginCopy(
        handle, .logShip, keys: payload.keys.count, group: server.group, from: server.host, to: to)
      return
    }
    send(
      Message(
        kind: isWork ? .logShip : .logControl, from: replication!.servers[server].host.rawValue,
        to: to.rawValue, tag: handle, key: UInt32(replication!.servers[server].group)))
  }

  private func contents(of server: Int) -> [(key: UInt32, entry: Versioned)] {
    if moves.number > 0 { return shardContents(of: server) }
    let group = replication!.servers[server].group
    let store = hosts[replication!.servers[server].host.index].store
    return (0..<UInt32(keys.count)).compactMap { key in
      shardGroup(of: key) == group ? (key, store.get(key)) : nil
    }
  }

  // MARK: Messages between servers

  mutating func receiveLog(_ message: Message) {
    let host = NodeID(message.to)
    let payload = replication!.payloads[message.tag]
    releaseLog(message.tag)
    // The server that was meant may have left, and another one of the group may be here.
    guard let server = replication!.server(of: Int(message.key), on: host),
      replication!.servers[server].node.me == payload.message.to
    else { return }
    if traces.ledger != nil { noteCopies(payload.message, server, from: NodeID(message.from)) }
    let dead = deadMembers(of: server)
    var restored = false
    act(server) { node, now, effects in
      node.receive(payload.message, now: now, dead: dead, &effects)
      restored = effects.contains { if case .restore = $0 { true } else { false } }
    }
    switch payload.message.kind {
    case .ship, .copy:
      hear(
        of: NodeID(message.from), group: Int(message.key), timeline: payload.message.timeline,
        at: host)
    case .shipped, .behind, .refused, .canvass, .standing, .promote: break
    }
    guard restored else { return }
    if moves.number > 0 {
      takeShardContents(payload.keys, server)
    } else {
      for item in payload.keys { hosts[host.index].store.replace(item.entry, at: item.key) }
    }
    syncReplicas(on: host)
    note(
      .storage,
      "\(name(host)) takes a full copy of group \(message.key + 1), \(payload.keys.count) keys")
    auditLosses(group: Int(message.key), .failover)
  }

  /// A message between servers is gone, or has been read.
  mutating func releaseLog(_ payload: UInt64) {
    replication!.payloads.release(payload)
  }
}
