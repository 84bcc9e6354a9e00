// A client's request with the primary-replica engine: its coordinator passes it on.
extension Simulation {
  mutating func coordinateByLog(_ request: Message, at node: NodeID) {
    let isWrite = request.kind == .clientWrite
    var coordination = Coordination(
      kind: isWrite ? .write : .read, coordinator: node, requester: request.from,
      requesterTag: request.tag, key: request.key, needed: 1, began: now.nanoseconds,
      // With vector versions: what the client had read.
      entry: isWrite
        ? Versioned(version: .none, set: request.entry.set, value: request.entry.value) : .none)
    coordination.trace = traceCoordination(request, by: node, needed: 1)
    let group = sharded!.group(of: request.key, at: node)
    guard let target = logTarget(group, isWrite: isWrite, at: node),
      members[node.index]!.table.isNotDead(target)
    else {
      reply(to: request, failure: .notEnoughReplicas)
      releaseCoordinator(at: node)
      return
    }
    var shown = coordination
    shown.add(target: target, meantFor: target, counts: true)
    traces.asked(shown)
    if target != node {
      noteForwarded()
      coordination.hops = 1
    }
    let handle = coordinations.insert(coordination)
    expect(handle, at: now.nanoseconds + settings.storage.timeout.nanoseconds)
    send(
      Message(
        kind: isWrite ? .logWrite : .logRead, from: node.rawValue, to: target.rawValue,
        handle: handle, tag: UInt64(group), key: coordination.key, entry: coordination.entry))
  }

  /// Time before a coordinator asks again that was told that a shard moves.
  private static var shardRetry: Int64 { 20_000_000 }

  /// Certainly not done: the shard has moved, or is being handed over. The request goes to whom the
  /// node takes for its group a moment later, as long as its client waits.
  private mutating func askAgainSoon(_ message: Message, _ refusal: ShardRefusal) {
    let node = NodeID(message.to)
    if refusal == .moved { routeIsStale(at: node) }
    traces.step(
      coordinations[message.handle].trace, .shardMoves, by: node, to: NodeID(message.from),
      at: now.nanoseconds)
    queue.push(
      time: now.nanoseconds + Self.shardRetry, kind: .raftRetry, node: node.rawValue,
      a: hosts[node.index].epoch, b: message.handle)
  }

  mutating func askGroupAgain(_ handle: UInt64, at node: NodeID) {
    let coordination = coordinations[handle]
    let isWrite = coordination.kind == .write
    let group = sharded!.group(of: coordination.key, at: node)
    guard let target = logTarget(group, isWrite: isWrite, at: node),
      members[node.index]!.table.isNotDead(target)
    else {
      answer(handle, failure: .notEnoughReplicas)
      coordinations.remove(handle)
      return
    }
    if target != node {
      noteForwarded()
      coordinations[handle].hops &+= 1
    }
    traces.asked(coordination.trace, only: target)
    traces.step(coordination.trace, .asked, by: node, to: target, at: now.nanoseconds)
    send(
      Message(
        kind: isWrite ? .logWrite : .logRead, from: node.rawValue, to: target.rawValue,
        handle: handle, tag: UInt64(group), key: coordination.key, entry: coordination.entry))
  }

  private mutating func noteForwarded() {
    if usesMultiPrimary { multiPrimary!.forwarded += 1 } else { replication!.forwarded += 1 }
  }

  private mutating func logTarget(_ group: Int, isWrite: Bool, at node: NodeID) -> NodeID? {
    if usesMultiPrimary { return peerTarget(group, at: node) }
    return isWrite ? address(of: group, at: node) : readTarget(group, at: node)
  }

  /// At the server asked, once a worker has taken it up.
  mutating func serveLogRequest(_ message: Message) {
    if usesMultiPrimary {
      servePeerRequest(message)
    } else if message.kind == .logWrite {
      serveLogWrite(message)
    } else {
      serveLogRead(message)
    }
  }

  /// Where this node sends what goes to the primary.
  func address(of group: Int, at node: NodeID) -> NodeID {
    NodeID(replication!.addresses[node.index * replication!.groups.count + group].host)
  }

  /// Any replica that this node does not hold dead: itself where it is one, else each in turn.
  private mutating func readTarget(_ group: Int, at node: NodeID) -> NodeID {
    let primary = address(of: group, at: node)
    switch (settings.replication.reads, settings.replication.failover) {
    case (.primary, _), (.any, .cold): return primary
    case (.any, .manual), (.any, .hot): break
    }
    // A newcomer is not read before it counts.
    let replicas = hosts(ofGroup: group)
    if replicas.contains(node) { return node }
    let table = members[node.index]!.table
    let usable = replicas.filter { table.isNotDead($0) }
    guard !usable.isEmpty else { return primary }
    replication!.readTurn = (replication!.readTurn + 1) % usable.count
    return usable[replication!.readTurn]
  }

  private mutating func serveLogWrite(_ message: Message) {
    guard let server = logServer(message) else { return }
    var generation: UInt8 = 0
    let primary = replication!.servers[server].node
    if moves.number > 0, primary.serves(now: logClock(NodeID(message.to))) {
      if let refusal = shardRefusal(message.key, isRead: false, server) {
        sendBack(message, refusal)
        return
      }
      let shard = Int(sharded!.shardOfKey[Int(message.key)])
      generation = UInt8(primary.disk.log.holding(of: shard).generation)
    }
    let tag = replication!.pending.insert(
      PrimaryReplicaEngine.Pending(
        server: server, coordinator: message.from, handle: message.handle, key: message.key))
    var accepted = false
    act(server) { node, now, effects in
      accepted = node.write(
        coordinator: message.from, key: message.key, value: message.entry.value, tag: tag,
        generation: generation, now: now, &effects)
    }
    guard !accepted else {
      if traces.ledger != nil { noteCopy(ofCoordination: message.handle, by: NodeID(message.to)) }
      return
    }
    replication!.pending.remove(tag)
    refuseLog(message)
  }

  private mutating func serveLogRead(_ message: Message) {
    guard let server = logServer(message) else { return }
    let host = NodeID(message.to)
    let node = replication!.servers[server].node
    let may: Bool =
      switch settings.replication.reads {
      case .primary: node.serves(now: logClock(host))
      case .any: !node.disk.isBlank && (node.role == .replica || node.isReady)
      }
    guard may else {
      refuseLog(message)
      return
    }
    if moves.number > 0, let refusal = shardRefusal(message.key, isRead: true, server) {
      sendBack(message, refusal)
      return
    }
    hosts[host.index].readsServed += 1
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from, handle: message.handle,
        key: message.key, entry: hosts[host.index].store.get(message.key)))
  }

  private func logServer(_ message: Message) -> Int? {
    replication!.server(of: Int(message.tag), on: NodeID(message.to))
  }

  /// Not the primary, not ready, or without a lease: certainly not done.
  mutating func refuseLog(_ message: Message, _ reason: FailureReason = .notEnoughReplicas) {
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from, failure: reason.rawValue + 1,
        handle: message.handle, key: message.key))
  }

  /// The group has not got the key, or takes no writes of it now.
  mutating func sendBack(_ message: Message, _ refusal: ShardRefusal) {
    noteRefusedByMove(message.key)
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from,
        failure: FailureReason.notEnoughReplicas.rawValue + 1, handle: message.handle,
        key: message.key, other: refusal.rawValue))
  }

  /// The mode's acknowledgements are there: the coordinator is told.
  mutating func acknowledge(_ entry: LogRecord, at position: UInt64, _ server: Int) {
    guard replication!.pending.contains(entry.tag),
      replication!.pending[entry.tag].server == server,
      replication!.pending[entry.tag].key == entry.key
    else { return }
    let pending = replication!.pending.remove(entry.tag)
    let host = replication!.servers[server].host
    send(
      Message(
        kind: .logReply, from: host.rawValue, to: pending.coordinator, handle: pending.handle,
        key: pending.key, entry: logged(entry, at: position, server)))
  }

  /// A server tells how far its log goes: what of that its primary has in hand has another copy. For
  /// an exported history, before the primary hears it and answers.
  @inline(never)
  mutating func noteCopies(_ message: PrimaryReplicaMessage, _ server: Int, from host: NodeID) {
    let node = replication!.servers[server].node
    guard message.kind == .shipped, node.role == .primary, message.timeline == node.disk.timeline
    else { return }
    let log = node.disk.log
    var position = max(node.progress[Int(message.from)].match, log.base) + 1
    while position <= min(message.position, log.last) {
      let tag = log[position].tag
      if log[position].kind == .put, replication!.pending.contains(tag),
        replication!.pending[tag].server == server
      {
        noteCopy(ofCoordination: replication!.pending[tag].handle, by: host)
      }
      position += 1
    }
  }

  mutating func dropPending(of server: Int) {
    var gone: [UInt64] = []
    replication!.pending.visit { if $1.server == server { gone.append($0) } }
    for handle in gone { replication!.pending.remove(handle) }
  }

  mutating func receiveLogReply(_ message: Message) {
    guard coordinations.contains(message.handle) else { return }
    let coordination = coordinations[message.handle]
    if message.from != message.to { coordinations[message.handle].hops &+= 1 }
    if message.failure != 0, let refusal = ShardRefusal(rawValue: message.other) {
      askAgainSoon(message, refusal)
      return
    }
    if message.failure == 0 {
      coordinations[message.handle].entry = message.entry
      sharded!.countServed(message.key)
    }
    let answer: OperationTrace.Answer =
      message.failure != 0
      ? .refused
      : (coordination.kind == .read ? .found(message.entry.version.time) : .acknowledged)
    traces.answered(coordination.trace, 0, answer, at: now.nanoseconds)
    self.answer(
      message.handle,
      failure: message.failure == 0 ? nil : FailureReason(rawValue: message.failure - 1)!)
    coordinations.remove(message.handle)
  }
}

/// Why a group sends a request back, apart from who leads it.
enum ShardRefusal: UInt16 {
  /// The key's shard is another group's: the directory that the request went by is old.
  case moved = 1
  /// The shard is being handed over: ask again a little later.
  case frozen
}
