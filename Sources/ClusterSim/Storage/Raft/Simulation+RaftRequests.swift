// A client's request with the Raft engine: its coordinator finds the leader of the key's group.
extension Simulation {
  /// Time before a coordinator that found no leader asks again.
  private static var raftRetry: Int64 { 20_000_000 }

  mutating func coordinateByRaft(_ request: Message, at node: NodeID) {
    let isWrite = request.kind == .clientWrite
    var coordination = Coordination(
      kind: isWrite ? .write : .read, coordinator: node, requester: request.from,
      requesterTag: request.tag, key: request.key, needed: 1, began: now.nanoseconds,
      entry: isWrite ? Versioned(version: .none, value: request.entry.value) : .none)
    coordination.trace = traceCoordination(request, by: node, needed: 1)
    let handle = coordinations.insert(coordination)
    expect(handle, at: now.nanoseconds + settings.storage.timeout.nanoseconds)
    askLeader(handle, at: node, attempt: 0, isAgain: false)
  }

  /// Sends the request to whom this node takes for the leader: the leader its own server follows,
  /// one it was told of, else the members in turn that it does not hold dead.
  private mutating func askLeader(
    _ handle: UInt64, at node: NodeID, attempt: UInt8, isAgain: Bool = true
  ) {
    let coordination = coordinations[handle]
    let group = sharded!.group(of: coordination.key, at: node)
    guard let target = leaderGuess(of: group, at: node, attempt: attempt) else {
      traces.step(coordination.trace, .noLeader, by: node, at: now.nanoseconds)
      return
    }
    if target != node {
      raft!.forwarded += 1
      coordinations[handle].hops &+= 1
    }
    traces.asked(coordination.trace, only: target)
    if isAgain {
      traces.step(coordination.trace, .asked, by: node, to: target, at: now.nanoseconds)
    }
    send(
      Message(
        kind: .raftRequest, from: node.rawValue, to: target.rawValue, handle: handle,
        tag: UInt64(group), key: coordination.key, other: coordination.kind == .read ? 0 : 1,
        place: attempt,
        entry: coordination.entry))
  }

  /// Whom a node takes for a group's leader; nil where it holds all of them dead.
  func leaderGuess(of group: Int, at node: NodeID, attempt: UInt8) -> NodeID? {
    let table = members[node.index]!.table
    var target: NodeID?
    if let own = raft!.replica(of: group, on: node),
      let leader = raft!.replicas[own].node.leader
    {
      target = raft!.groups[group][Int(leader)]
    } else {
      let hint = raft!.hints[node.index * raft!.groups.count + group]
      if hint != .max { target = NodeID(hint) }
    }
    if let target, table.isNotDead(target) { return target }
    // Itself, where it is a voter, only at first: it knows no leader.
    let usable = raft!.voters[group].filter {
      table.isNotDead($0) && ($0 != node || attempt == 0)
    }
    return usable.isEmpty ? nil : usable[Int(attempt) % usable.count]
  }

  /// At the server asked, once a worker has taken it up.
  mutating func serveRaftRequest(_ message: Message) {
    let host = NodeID(message.to)
    let group = Int(message.tag)
    let isRead = message.other == 0
    guard let replica = raft!.replica(of: group, on: host) else { return }
    let tag = raft!.pending.insert(
      RaftEngine.Pending(
        replica: replica, coordinator: message.from, handle: message.handle, key: message.key,
        isRead: isRead))
    var accepted = false
    let shard = sharded!.shardOfKey[Int(message.key)]
    let known = UInt16(sharded!.directory.shards.count)
    let throughLog = settings.raft.reads == .log
    act(replica) { node, now, _, effects in
      if isRead, !throughLog {
        accepted = node.read(tag: tag, now: now, &effects)
      } else {
        accepted =
          node.propose(
            isRead ? .read : .put, host: message.from, key: message.key, shard: shard,
            known: known, value: message.entry.value, tag: tag, now: now, &effects) != nil
      }
    }
    if accepted, !isRead, traces.ledger != nil {
      noteCopy(ofCoordination: message.handle, by: host)
    }
    guard !accepted, raft!.pending.contains(tag) else { return }
    raft!.pending.remove(tag)
    sendRefusal(
      to: message.from, handle: message.handle, key: message.key, by: host, replica, .notLeader)
  }

  /// A request in hand that its server cannot answer: it leads no more, or the key is not here.
  mutating func refuse(_ pending: RaftEngine.Pending, by host: NodeID) {
    let reason = refusal(of: pending)
    if reason != .notLeader { noteRefusedByMove(pending.key) }
    sendRefusal(
      to: pending.coordinator, handle: pending.handle, key: pending.key, by: host,
      pending.replica, reason)
  }

  /// A follower tells how far its log agrees: what of that its leader has in hand has another copy. For
  /// an exported history, before the leader hears it and answers.
  @inline(never)
  mutating func noteCopies(_ message: RaftMessage, _ replica: Int, from host: NodeID) {
    let node = raft!.replicas[replica].node
    guard message.kind == .appendReply, message.flag, node.role == .leader,
      message.term == node.term
    else { return }
    let log = node.disk.log
    var index = max(node.progress[Int(message.from)].match, log.base) + 1
    while index <= min(message.index, log.lastIndex) {
      let tag = log[index].tag
      if log[index].kind == .put, raft!.pending.contains(tag), raft!.pending[tag].replica == replica
      {
        noteCopy(ofCoordination: raft!.pending[tag].handle, by: host)
      }
      index += 1
    }
  }

  private mutating func sendRefusal(
    to coordinator: UInt16, handle: UInt64, key: UInt32, by host: NodeID, _ replica: Int,
    _ reason: RaftRefusal
  ) {
    let node = raft!.replicas[replica].node
    let group = raft!.replicas[replica].group
    let leader = node.leader.map { raft!.groups[group][Int($0)].rawValue } ?? .max
    send(
      Message(
        kind: .raftRefused, from: host.rawValue, to: coordinator, failure: reason.rawValue,
        handle: handle, tag: UInt64(group), key: key, other: leader == host.rawValue ? .max : leader
      ))
  }

  mutating func receiveRaftReply(_ message: Message) {
    guard coordinations.contains(message.handle) else { return }
    remember(leader: message.from, of: Int(message.tag), at: NodeID(message.to))
    coordinations[message.handle].entry = message.entry
    if message.from != message.to { coordinations[message.handle].hops &+= 1 }
    sharded!.countServed(message.key)
    let coordination = coordinations[message.handle]
    traces.answered(
      coordination.trace, 0,
      coordination.kind == .read ? .found(message.entry.version.time) : .acknowledged,
      at: now.nanoseconds)
    answer(message.handle, failure: nil)
    coordinations.remove(message.handle)
  }

  /// Not the leader: at once to the one it names, else to another a little later.
  mutating func receiveRaftRefusal(_ message: Message) {
    let node = NodeID(message.to)
    guard coordinations.contains(message.handle) else { return }
    if message.from != message.to { coordinations[message.handle].hops &+= 1 }
    let reason = RaftRefusal(rawValue: message.failure)!
    if reason == .notLeader { remember(leader: message.other, of: Int(message.tag), at: node) }
    if reason == .moved { routeIsStale(at: node) }
    traces.step(
      coordinations[message.handle].trace, reason == .notLeader ? .notLeader : .shardMoves,
      by: node, to: NodeID(message.from), at: now.nanoseconds)
    if reason == .notLeader, message.other != .max {
      askLeader(message.handle, at: node, attempt: 1)
    } else {
      queue.push(
        time: now.nanoseconds + Self.raftRetry, kind: .raftRetry, node: node.rawValue,
        a: hosts[node.index].epoch, b: message.handle)
    }
  }

  mutating func raftRetryDue(_ event: Event) {
    let node = NodeID(event.node)
    guard event.a == hosts[node.index].epoch, coordinations.contains(event.b) else { return }
    guard usesRaft else {
      askGroupAgain(event.b, at: node)
      return
    }
    askLeader(event.b, at: node, attempt: UInt8(raft!.stream.below(UInt32(raft!.size))))
  }

  mutating func remember(leader: UInt16, of group: Int, at node: NodeID) {
    raft!.hints[node.index * raft!.groups.count + group] = leader
  }

  /// Nobody answered in time: whoever was asked is asked first no more.
  mutating func forgetLeader(of coordination: Coordination) {
    guard usesRaft else { return }
    let node = NodeID(coordination.coordinator)
    remember(leader: .max, of: sharded!.group(of: coordination.key, at: node), at: node)
  }
}

/// Why a server of a group sends a request back.
enum RaftRefusal: UInt8 {
  case notLeader
  /// The key's shard is another group's: the directory that the request went by is old.
  case moved
  /// The shard is being handed over: ask again a little later.
  case frozen
}
