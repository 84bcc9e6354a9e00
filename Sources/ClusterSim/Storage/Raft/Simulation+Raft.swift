// The Raft engine in the cluster: who is asked, what is sent, when timers wake.
extension Simulation {
  var usesRaft: Bool { raft != nil }

  /// A server's own monotonic clock, ns.
  func raftClock(_ host: NodeID) -> Int64 { hosts[host.index].clock.monotonic(at: now.nanoseconds) }

  mutating func startRaft() {
    switch settings.storage.engine {
    case .leaderless, .primaryReplica, .multiPrimary: return
    case .raft:
      raft = RaftEngine(
        nodes: storageNodes, domains: failureDomains, settings: settings,
        seed: configuration.seed)
    }
  }

  mutating func armRaft() {
    guard usesRaft else { return }
    for replica in raft!.replicas.indices { armRaft(replica) }
  }

  // MARK: Time

  /// Sees to it that a wake-up comes no later than the replica's next timer.
  private mutating func armRaft(_ replica: Int) {
    let host = raft!.replicas[replica].host
    let wait = raft!.replicas[replica].node.due - raftClock(host)
    let due = hosts[host.index].clock.moment(after: wait, from: now.nanoseconds)
    guard due < raft!.replicas[replica].wakesAt else { return }
    raft!.replicas[replica].wakesAt = due
    queue.push(
      time: due, kind: .raftTimer, node: host.rawValue, a: hosts[host.index].epoch,
      b: UInt64(replica))
  }

  mutating func raftTimerDue(_ event: Event) {
    let replica = Int(event.b)
    let host = NodeID(event.node)
    guard event.a == hosts[host.index].epoch, hosts[host.index].state == .up,
      !raft!.replicas[replica].isRetired
    else { return }
    raft!.replicas[replica].wakesAt = .max
    act(replica) { node, now, stream, effects in node.fire(now: now, &stream, &effects) }
  }

  /// One step of one server, and all that follows from it.
  mutating func act(
    _ replica: Int,
    _ body: (inout RaftNode, Int64, inout RandomStream, inout [RaftEffect]) -> Void
  ) {
    let clock = raftClock(raft!.replicas[replica].host)
    var effects = raft!.effects
    raft!.effects = []
    var stream = raft!.stream
    body(&raft!.replicas[replica].node, clock, &stream, &effects)
    raft!.stream = stream
    for effect in effects { perform(effect, replica) }
    effects.removeAll(keepingCapacity: true)
    raft!.effects = effects
    armRaft(replica)
  }

  private mutating func perform(_ effect: RaftEffect, _ replica: Int) {
    let group = raft!.replicas[replica].group
    let host = raft!.replicas[replica].host
    switch effect {
    case .send(let message):
      var payload = RaftEngine.Payload(message: message)
      if message.kind == .snapshot {
        raft!.snapshotsSent += 1
        payload.keys = snapshot(of: replica)
      }
      let handle = raft!.payloads.insert(payload)
      send(
        Message(
          kind: message.entries.isEmpty ? .raft : .raftAppend, from: host.rawValue,
          to: raft!.groups[group][Int(message.to)].rawValue, tag: handle, key: UInt32(group)))
    case .apply(let index, let entry): apply(entry, at: index, replica)
    case .restore: dropGoneShards(replica)
    case .readReady(let tag): answerRead(tag, replica)
    case .readRefused(let tag):
      guard raft!.pending.contains(tag) else { return }
      refuse(raft!.pending.remove(tag), by: host)
    case .elected:
      raft!.elections += 1
      note(
        .storage,
        "\(name(host)) leads group \(group + 1), term \(raft!.replicas[replica].node.term)")
    case .steppedDown: note(.storage, "\(name(host)) no longer leads group \(group + 1)")
    }
  }

  /// The state machine: the keys of the group, each with the log index that wrote it as its version.
  private mutating func apply(_ entry: RaftEntry, at index: UInt64, _ replica: Int) {
    let host = raft!.replicas[replica].host
    switch entry.kind {
    case .put:
      let isPending =
        raft!.pending.contains(entry.tag) && raft!.pending[entry.tag].replica == replica
      let time: UInt64
      switch entry.outcome {
      case .refused:
        if isPending { refuse(raft!.pending.remove(entry.tag), by: host) }
        return
      case .fresh: time = entry.versionTime(at: index)
      // A repeat is answered as the first was.
      case .again:
        time =
          raft!.replicas[replica].node.writes.time(of: entry.value) ?? entry.versionTime(at: index)
      }
      hosts[host.index].writesServed += 1
      let version = Version(time: Int64(time), node: entry.host)
      if entry.outcome == .fresh {
        hosts[host.index].store.apply(
          Versioned(version: version, value: entry.value), to: entry.key)
      }
      guard isPending else { return }
      let pending = raft!.pending.remove(entry.tag)
      reply(pending, Versioned(version: version, value: entry.value), from: host)
    case .read: answerRead(entry.tag, replica)
    case .adopt:
      guard keepsShard(of: entry.key, replica) else { return }
      hosts[host.index].store.apply(
        Versioned(
          version: Version(time: Int64(entry.tag), node: entry.host), value: entry.value),
        to: entry.key)
    case .shard: takeShardStep(entry, replica)
    case .noop, .voters, .recall: break
    }
  }

  private mutating func answerRead(_ tag: UInt64, _ replica: Int) {
    guard raft!.pending.contains(tag), raft!.pending[tag].replica == replica else { return }
    let host = raft!.replicas[replica].host
    let pending = raft!.pending.remove(tag)
    guard mayRead(pending.key, replica) else {
      refuse(pending, by: host)
      return
    }
    hosts[host.index].readsServed += 1
    reply(pending, hosts[host.index].store.get(pending.key), from: host)
  }

  private mutating func reply(_ pending: RaftEngine.Pending, _ entry: Versioned, from host: NodeID)
  {
    send(
      Message(
        kind: .raftReply, from: host.rawValue, to: pending.coordinator, handle: pending.handle,
        tag: UInt64(raft!.replicas[pending.replica].group), key: pending.key, entry: entry))
  }

  private func snapshot(of replica: Int) -> [(key: UInt32, entry: Versioned)] {
    let host = raft!.replicas[replica].host
    return (0..<UInt32(keys.count)).compactMap { key in
      guard keepsShard(of: key, replica) else { return nil }
      let entry = hosts[host.index].store.get(key)
      return entry.version > .none ? (key, entry) : nil
    }
  }

  // MARK: Messages between servers

  mutating func receiveRaft(_ message: Message) {
    let group = Int(message.key)
    let host = NodeID(message.to)
    let payload = raft!.payloads[message.tag]
    releaseRaft(message.tag)
    let replica = raft!.numbers[group][Int(payload.message.to)]
    guard !raft!.replicas[replica].isRetired else { return }
    if traces.ledger != nil { noteCopies(payload.message, replica, from: NodeID(message.from)) }
    // A copy of a voter would make its next step copy what both hold.
    let before =
      raft!.replicas[replica].node.isVoter ? nil : raft!.replicas[replica].node
    act(replica) { node, now, stream, effects in
      node.receive(payload.message, now: now, &stream, &effects)
    }
    for item in payload.keys { hosts[host.index].store.apply(item.entry, to: item.key) }
    if let before { countMoved(payload, before, raft!.replicas[replica].node) }
  }

  /// What a newcomer has been given: a snapshot's keys, then the writes in the log.
  private mutating func countMoved(
    _ payload: RaftEngine.Payload, _ before: RaftNode, _ after: RaftNode
  ) {
    var moved = 0
    if after.disk.log.base > before.disk.log.base { moved += payload.keys.count }
    var index = max(before.disk.log.lastIndex, after.disk.log.base) + 1
    while index <= after.disk.log.lastIndex {
      if after.disk.log[index].kind == .put { moved += 1 }
      index += 1
    }
    keysMoved += moved
    bytesMoved += moved * settings.workload.valueSize
  }

  /// A message between servers is gone, or has been read.
  mutating func releaseRaft(_ payload: UInt64) {
    raft!.payloads.release(payload)
  }

  // MARK: Life of a host

  /// The process dies: what its servers had in hand is gone, their disks stay.
  mutating func stopRaft(_ host: NodeID) {
    guard usesRaft else { return }
    for replica in raft!.replicas(on: host) { raft!.replicas[replica].wakesAt = .max }
    var gone: [UInt64] = []
    raft!.pending.visit { handle, pending in
      if raft!.replicas[pending.replica].host == host { gone.append(handle) }
    }
    for handle in gone { raft!.pending.remove(handle) }
    forgetShardAnswers(of: host)
  }

  /// Its servers start again from what is on the disk.
  mutating func bootRaft(_ host: NodeID) {
    guard usesRaft else { return }
    for replica in raft!.replicas(on: host) {
      let old = raft!.replicas[replica].node
      var stream = raft!.stream
      raft!.replicas[replica].node = RaftNode(
        me: old.me, disk: old.disk, options: old.options, now: raftClock(host), stream: &stream)
      raft!.replicas[replica].node.parents = raft!.parents
      raft!.stream = stream
      armRaft(replica)
    }
  }

  /// The disk is gone: term, vote and log too. Raft never promised to survive that; a server that
  /// comes back so may vote twice.
  mutating func wipeRaft(_ host: NodeID) {
    guard usesRaft else { return }
    for replica in raft!.replicas(on: host) {
      // A server of the start knows the group as it began; a later one waits to be told.
      let all: UInt32 = 1 << UInt32(raft!.size) - 1
      let isFirst = Int(raft!.replicas[replica].node.me) < raft!.size
      raft!.replicas[replica].node.disk = RaftDisk(
        baseVoters: isFirst ? all : 0,
        baseShards: GroupShards(group: raft!.replicas[replica].group))
    }
  }

  mutating func changeRaft(_ settings: Settings.Raft) {
    guard usesRaft else { return }
    for replica in raft!.replicas.indices {
      raft!.replicas[replica].node.options = settings.options
    }
  }

  // MARK: Who would answer

  /// Whether a majority of the key's group is on this side.
  func raftAnswers(key: UInt32, side: NodeSet) -> Bool {
    let members = raft!.voters[shardGroup(of: key)]
    return members.reduce(0) { $0 + (side.contains($1) ? 1 : 0) } > members.count / 2
  }

  /// By key, the newest write that is in some server's log and not yet applied there.
  func newestInLogs(_ newest: inout ContiguousArray<Version>) {
    guard let raft else { return }
    for replica in raft.replicas where !replica.isRetired {
      let log = replica.node.disk.log
      var index = max(replica.node.applied, log.base) + 1
      while index <= log.lastIndex {
        let entry = log[index]
        if let time = unappliedVersion(entry, at: index, replica) {
          newest[Int(entry.key)] = max(
            newest[Int(entry.key)], Version(time: Int64(time), node: entry.host))
        }
        index += 1
      }
    }
  }
}
