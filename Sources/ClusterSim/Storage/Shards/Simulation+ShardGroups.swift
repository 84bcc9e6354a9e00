// What the groups do for a shard's move: steps in their logs, keys out of one and into the other.
extension Simulation {
  /// Whether the key is in a shard that the server's group has, as far as it has applied its log.
  func keepsShard(of key: UInt32, _ replica: Int) -> Bool {
    shardEntry(of: key, replica).hold != .away
  }

  /// Whether the group may answer a read of the key.
  func mayRead(_ key: UInt32, _ replica: Int) -> Bool {
    switch shardEntry(of: key, replica).hold {
    case .owned, .frozen: true
    case .away, .receiving: false
    }
  }

  /// Why a request that a server has in hand is sent back.
  func refusal(of pending: RaftEngine.Pending) -> RaftRefusal {
    switch shardEntry(of: pending.key, pending.replica).hold {
    case .away: .moved
    // Owned: a write that was proposed by an old directory may be proposed again.
    case .frozen, .receiving, .owned: pending.isRead ? .notLeader : .frozen
    }
  }

  private func shardEntry(of key: UInt32, _ replica: Int) -> GroupShards.Entry {
    raft!.replicas[replica].node.shards.entry(
      of: Int(sharded!.shardOfKey[Int(key)]), parents: raft!.parents)
  }

  /// The time of the version that an entry not yet applied will make; nil where it makes none.
  func unappliedVersion(
    _ entry: RaftEntry, at index: UInt64, _ replica: RaftEngine.Replica
  ) -> UInt64? {
    switch entry.kind {
    case .put:
      let held = replica.node.shards.entry(of: Int(entry.shard), parents: raft!.parents)
      return UInt64(held.generation) << RaftEntry.indexBits | index
    case .adopt: return entry.tag
    case .noop, .read, .voters, .shard, .recall: return nil
    }
  }

  mutating func noteRefusedByMove(_ key: UInt32) {
    guard let move = moves.current, Int(sharded!.shardOfKey[Int(key)]) == move.shard else { return }
    moves.current!.refused += 1
  }

  // MARK: Steps

  /// A step of a move for the log; answered where it has been taken already.
  mutating func serveShardCommand(_ command: ShardCommand, at host: NodeID, keeper: UInt16) {
    guard let replica = raft!.replica(of: command.group, on: host) else {
      refuse(command.request, command.group, at: host, keeper: keeper)
      return
    }
    let node = raft!.replicas[replica].node
    let answer = ShardMove.Answer(request: command.request, at: now.nanoseconds)
    if node.role == .leader, node.shards.hasTaken(command.step, of: command.move, command.shard) {
      sendShard(.answer(answer), from: host.rawValue, to: keeper)
      return
    }
    let entry = RaftEntry(
      term: 0, kind: .shard, host: UInt16(command.step.rawValue), key: UInt32(command.shard),
      stamp: UInt16(command.known), value: UInt64(command.move))
    propose([entry], replica, owing: answer, to: keeper)
  }

  /// The host has no server of the group any more.
  private mutating func refuse(_ request: UInt64, _ group: Int, at host: NodeID, keeper: UInt16) {
    sendShard(
      .refusal(request: request, group: group, leader: .max), from: host.rawValue, to: keeper)
  }

  /// Proposes entries of which the last one, a step, brings the keeper its answer.
  private mutating func propose(
    _ entries: [RaftEntry], _ replica: Int, owing answer: ShardMove.Answer, to keeper: UInt16
  ) {
    let tag = moves.owed.insert(.init(replica: replica, keeper: keeper, answer: answer))
    var entries = entries
    entries[entries.count - 1].tag = tag
    var isAccepted = false
    act(replica) { node, now, _, effects in
      isAccepted = node.propose(all: entries, now: now, &effects)
    }
    guard !isAccepted else { return }
    moves.owed.remove(tag)
    let node = raft!.replicas[replica].node
    let group = raft!.replicas[replica].group
    let host = raft!.replicas[replica].host
    let leader = node.leader.map { raft!.groups[group][Int($0)] }
    sendShard(
      .refusal(
        request: answer.request, group: group,
        leader: leader == host ? .max : leader?.rawValue ?? .max),
      from: host.rawValue, to: keeper)
  }

  /// A step was applied at a server.
  mutating func takeShardStep(_ entry: RaftEntry, _ replica: Int) {
    let shard = Int(entry.key)
    let host = raft!.replicas[replica].host
    let step = GroupShards.Step(rawValue: UInt8(entry.host))!
    switch step {
    case .release, .cancel: dropShard(shard, at: host)
    case .mark, .receive, .freeze, .own: break
    }
    guard moves.owed.contains(entry.tag), moves.owed[entry.tag].replica == replica else { return }
    let owed = moves.owed.remove(entry.tag)
    let isTaken =
      step == .mark
      || raft!.replicas[replica].node.shards.hasTaken(step, of: UInt32(entry.value), shard)
    guard isTaken else { return }
    var answer = owed.answer
    answer.at = now.nanoseconds
    sendShard(.answer(answer), from: host.rawValue, to: owed.keeper)
  }

  /// Keys of a shard that no server on this host keeps any more are dropped.
  private mutating func dropShard(_ shard: Int, at host: NodeID) {
    let own = raft!.replicas(on: host)
    guard
      !own.contains(where: {
        raft!.replicas[$0].node.shards.keeps(shard, parents: raft!.parents)
      })
    else { return }
    for key in 0..<UInt32(keys.count) where Int(sharded!.shardOfKey[Int(key)]) == shard {
      hosts[host.index].store.remove(key)
    }
  }

  /// A snapshot took the place of the log: steps that gave shards away were in there.
  mutating func dropGoneShards(_ replica: Int) {
    let host = raft!.replicas[replica].host
    for entry in raft!.replicas[replica].node.shards.entries where entry.hold == .away {
      dropShard(entry.shard, at: host)
    }
  }

  /// The process died: nobody waits for what its servers owed.
  mutating func forgetShardAnswers(of host: NodeID) {
    var gone: [UInt64] = []
    moves.owed.visit { if raft!.replicas[$1.replica].host == host { gone.append($0) } }
    for handle in gone { moves.owed.remove(handle) }
  }

  // MARK: Keys

  /// At the old group: the next keys go to the new group. A server whose state is older than where the
  /// copy began has nothing to give; at the end only one will do that has applied the freeze, so that
  /// no write is missed.
  mutating func serveCopyOrder(_ order: CopyOrder, at host: NodeID, keeper: UInt16) {
    guard let replica = raft!.replica(of: order.source, on: host) else {
      refuse(order.request, order.source, at: host, keeper: keeper)
      return
    }
    let node = raft!.replicas[replica].node
    guard node.role == .leader else {
      let leader = node.leader.map { raft!.groups[order.source][Int($0)].rawValue } ?? .max
      sendShard(
        .refusal(request: order.request, group: order.source, leader: leader),
        from: host.rawValue, to: keeper)
      return
    }
    let held = node.shards.entry(of: order.shard, parents: raft!.parents)
    if order.settles {
      guard held.hold == .frozen, held.move == order.move else { return }
    } else {
      guard node.applied >= order.since ?? 0 else { return }
    }
    let floor =
      order.settles ? UInt64(held.generation) << RaftEntry.indexBits | (order.since ?? 0) : 0
    var entries: [RaftEntry] = []
    var next: UInt32?
    for key in order.cursor..<UInt32(max(Int(order.cursor), keys.count))
    where Int(sharded!.shardOfKey[Int(key)]) == order.shard {
      let entry = hosts[host.index].store.get(key)
      guard entry.version != .none,
        UInt64(entry.version.time) > floor || key >= order.firstNew
          || !order.settles
      else { continue }
      if entries.count == order.limit {
        next = key
        break
      }
      entries.append(
        RaftEntry(
          term: 0, kind: .adopt, host: entry.version.node, key: key, value: entry.value,
          tag: UInt64(entry.version.time)))
    }
    let count = entries.count
    if order.settles, next == nil { entries += remembered(order.shard, node) }
    sendShard(
      .batch(
        CopyBatch(
          move: order.move, shard: order.shard, target: order.target, keeper: keeper,
          answer: ShardMove.Answer(
            request: order.request, next: next, index: node.applied, keys: count),
          entries: entries)),
      from: host.rawValue, to: order.to)
  }

  /// Writes of the shard that the old group would know again if they came twice.
  private func remembered(_ shard: Int, _ node: RaftNode) -> [RaftEntry] {
    node.writes.remembered { Int(sharded!.shardOfKey[Int($0)]) == shard }.map {
      RaftEntry(
        term: 0, kind: .recall, key: $0.key, value: UInt64($0.number), tag: $0.time)
    }
  }

  /// At the new group: the keys go into its log, and the keeper is told once they are applied.
  mutating func serveCopyBatch(_ batch: CopyBatch, at host: NodeID) {
    guard let replica = raft!.replica(of: batch.target, on: host) else {
      refuse(batch.answer.request, batch.target, at: host, keeper: batch.keeper)
      return
    }
    let held = raft!.replicas[replica].node.shards.entry(of: batch.shard, parents: raft!.parents)
    if raft!.replicas[replica].node.role == .leader {
      guard held.hold == .receiving, held.move == batch.move else { return }
    }
    propose(
      batch.entries + [RaftEntry(term: 0, kind: .shard, key: UInt32(batch.shard))], replica,
      owing: batch.answer, to: batch.keeper)
  }
}
