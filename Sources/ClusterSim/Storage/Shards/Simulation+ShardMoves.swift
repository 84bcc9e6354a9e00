// Shards that are cut and moved while clients run, by whoever keeps the directory.
extension Simulation {
  // MARK: What an operator asks for

  mutating func splitShard(
    _ number: Int?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let shard = try chosenShard(number)
    guard moves.current?.shard != shard else {
      throw ActionError("shard \(shard + 1) is being moved")
    }
    guard sharded!.directory.shards.count < ShardedKeys.limit else {
      throw ActionError("there are \(ShardedKeys.limit) shards already")
    }
    guard let upper = sharded!.split(shard, keys) else {
      throw ActionError("shard \(shard + 1) has fewer than two keys")
    }
    note(who, action.text)
    moves.splits += 1
    if usesRaft {
      raft!.parents = sharded!.parents
      for replica in raft!.replicas.indices {
        raft!.replicas[replica].node.parents = raft!.parents
      }
    }
    for server in replication?.servers.indices ?? 0..<0 {
      replication!.servers[server].node.disk.log.parents = sharded!.parents
    }
    for server in multiPrimary?.servers.indices ?? 0..<0 {
      multiPrimary!.servers[server].node.disk.parents = sharded!.parents
    }
    let count = sharded!.shardOfKey.count { $0 == upper }
    note(
      .storage,
      "shard \(shard + 1) is cut in two: \(count) keys are shard \(upper + 1) from now on")
  }

  mutating func moveShard(
    _ number: Int?, _ group: Int?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let shard = try chosenShard(number)
    if let current = moves.current {
      throw ActionError(
        "shard \(current.shard + 1) is being moved; one at a time")
    }
    guard !usesMultiPrimary || reshuffle == nil else {
      throw ActionError("a node joins or leaves; a shard of several primaries moves after that")
    }
    let source = sharded!.directory.shards[shard].group
    let target = try targetGroup(group, not: source)
    guard !usesReplication || sharded!.generation(of: shard) < LogPlace.maxGeneration else {
      throw ActionError(
        "shard \(shard + 1) has moved \(LogPlace.maxGeneration) times, versions have no room for more"
      )
    }
    note(who, action.text)
    moves.number += 1
    moves.firstNew = UInt32(keys.count)
    moves.current = ShardMove(
      number: moves.number, shard: shard, from: source, to: target,
      rate: settings.storage.shardCopyRate, patience: settings.storage.shardPatience.nanoseconds,
      now: now.nanoseconds)
    note(
      .storage,
      "shard \(shard + 1) begins to move from group \(source + 1) to group \(target + 1)")
    armShardMove()
  }

  /// The shard meant, from 0; without a number the one that answered most requests of the last sample.
  private func chosenShard(_ number: Int?) throws(ActionError) -> Int {
    guard let sharded else {
      throw ActionError(
        "storage.engine leaderless has a ring and no shards: join, decommission and split move keys"
      )
    }
    guard let keeper = directoryKeeper, hosts[keeper.index].state == .up else {
      throw ActionError("the node that keeps the directory does not run")
    }
    let count = sharded.directory.shards.count
    if let number {
      guard (1...count).contains(number) else {
        throw ActionError("shard \(number) is not in 1 to \(count)")
      }
      return number - 1
    }
    return (0..<count).max {
      (sharded.rates[$0], sharded.served(by: $0), $1)
        < (sharded.rates[$1], sharded.served(by: $1), $0)
    }!
  }

  private func targetGroup(_ number: Int?, not source: Int) throws(ActionError) -> Int {
    let count = sharded!.directory.groups
    guard count > 1 else { throw ActionError("there is only one group") }
    if let number {
      guard (1...count).contains(number) else {
        throw ActionError("group \(number) is not in 1 to \(count)")
      }
      guard number - 1 != source else { throw ActionError("the shard is in that group already") }
      return number - 1
    }
    var held = [Int](repeating: 0, count: count)
    for key in 0..<UInt32(keys.count) { held[sharded!.group(of: key)] += 1 }
    return held.indices.filter { $0 != source }.min { (held[$0], $0) < (held[$1], $1) }!
  }

  // MARK: The keeper's clock

  /// Sees to it that the keeper wakes up no later than the move is due, in its present life.
  mutating func armShardMove() {
    guard let move = moves.current, let keeper = directoryKeeper,
      hosts[keeper.index].state == .up || hosts[keeper.index].state == .frozen
    else { return }
    let epoch = hosts[keeper.index].epoch
    let due = max(now.nanoseconds, move.due)
    let isArmed =
      moves.wakesOn == keeper.rawValue && moves.wakesIn == epoch && moves.wakesAt <= due
    guard !isArmed else { return }
    moves.wakesAt = due
    moves.wakesOn = keeper.rawValue
    moves.wakesIn = epoch
    queue.push(
      time: due, kind: .shardMove, node: keeper.rawValue, a: epoch, b: UInt64(move.number))
  }

  mutating func shardMoveDue(_ event: Event) {
    let host = NodeID(event.node)
    if moves.wakesOn == event.node, moves.wakesIn == event.a { moves.wakesAt = .max }
    guard event.a == hosts[host.index].epoch, hosts[host.index].state == .up,
      directoryKeeper == host, let move = moves.current, UInt64(move.number) == event.b
    else { return }
    actAsKeeper { move, now, effects in move.fire(now: now, &effects) }
  }

  mutating func actAsKeeper(
    _ body: (inout ShardMove, Int64, inout [ShardMove.Effect]) -> Void
  ) {
    var effects: [ShardMove.Effect] = []
    let before = moves.current!.phase
    body(&moves.current!, now.nanoseconds, &effects)
    notePhase(from: before)
    for effect in effects { perform(effect) }
    armShardMove()
  }

  private mutating func notePhase(from before: ShardMove.Phase) {
    guard let move = moves.current, move.phase != before else { return }
    switch move.phase {
    case .settle:
      note(
        .storage,
        "shard \(move.shard + 1): group \(move.source + 1) takes no writes of it any more")
    case .undoSource:
      note(.storage, "the move of shard \(move.shard + 1) is called off")
    case .receive, .copy, .freeze, .release, .own, .undoTarget, .done, .undone: break
    }
  }

  private mutating func perform(_ effect: ShardMove.Effect) {
    guard let move = moves.current, let keeper = directoryKeeper else { return }
    switch effect {
    case .command(let group, let step):
      ask(
        .command(
          ShardCommand(
            group: group, shard: move.shard, step: step, move: move.number,
            request: move.request,
            generation: UInt32(sharded!.generation(of: move.shard)) + 1,
            known: sharded!.directory.shards.count, isSource: group == move.source)), group,
        from: keeper)
    case .copy(let cursor, let since, let settles):
      let to = chief(of: move.target, at: keeper, attempt: moves.attempt)
      let limit = min(64, max(1, move.rate / 20))
      ask(
        .order(
          CopyOrder(
            move: move.number, request: move.request, shard: move.shard, source: move.source,
            target: move.target, to: (to ?? keeper).rawValue, cursor: cursor,
            limit: settles ? 64 : limit, since: since, settles: settles,
            firstNew: moves.firstNew, reader: settles ? move.reader : nil)), move.source,
        from: keeper)
    case .flip:
      if usesReplication { auditHandOver(of: move.shard, from: move.source, to: move.target) }
      if usesMultiPrimary {
        auditPeerHandOver(of: move.shard, from: move.source, to: move.target)
      }
      sharded!.move(move.shard, to: move.target)
      sharded!.tell(keeper, sharded!.directory)
      topologyChanged()
    case .ended(let moved):
      moves.past.append(move)
      if moves.past.count > ShardMoves.kept { moves.past.removeFirst() }
      moves.current = nil
      noteEnd(ShardMoveView(move, valueSize: settings.workload.valueSize), moved: moved)
    }
  }

  private mutating func noteEnd(_ move: ShardMoveView, moved: Bool) {
    guard moved else {
      note(.storage, "shard \(move.shard) stays in group \(move.from)")
      return
    }
    keysMoved += move.keys
    bytesMoved += move.bytes
    let waited = move.writesWaited.map { "; writes waited \($0.rough)" } ?? ""
    note(
      .storage,
      "shard \(move.shard) is in group \(move.to): \(move.keys) keys in "
        + "\((move.endedAt! - move.beganAt).rough)\(waited)")
  }

  /// To whom the keeper takes for the group's leader; each time another where it knows none.
  private mutating func ask(_ content: ShardMessage, _ group: Int, from keeper: NodeID) {
    moves.attempt &+= 1
    guard let chief = chief(of: group, at: keeper, attempt: moves.attempt) else { return }
    sendShard(content, from: keeper.rawValue, to: chief.rawValue)
  }

  /// Who speaks for a group, as far as a node knows.
  private func chief(of group: Int, at node: NodeID, attempt: UInt8) -> NodeID? {
    if usesRaft { return leaderGuess(of: group, at: node, attempt: attempt) }
    return usesMultiPrimary
      ? peerChief(of: group, at: node, attempt: attempt) : address(of: group, at: node)
  }
}
