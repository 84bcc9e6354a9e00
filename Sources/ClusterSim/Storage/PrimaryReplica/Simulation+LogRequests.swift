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
    coordination.trace = traceCoordination(request, coordination)
    guard let target = logTarget(request, at: node),
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
        handle: handle, key: coordination.key, entry: coordination.entry))
  }

  private mutating func noteForwarded() {
    if usesMultiPrimary { multiPrimary!.forwarded += 1 } else { replication!.forwarded += 1 }
  }

  private mutating func logTarget(_ request: Message, at node: NodeID) -> NodeID? {
    let group = shardGroup(of: request.key)
    if usesMultiPrimary { return peerTarget(group, at: node) }
    return request.kind == .clientWrite
      ? address(of: group, at: node) : readTarget(group, at: node)
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
  private func address(of group: Int, at node: NodeID) -> NodeID {
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
    let tag = replication!.pending.insert(
      PrimaryReplicaEngine.Pending(
        server: server, coordinator: message.from, handle: message.handle, key: message.key))
    var accepted = false
    act(server) { node, now, effects in
      accepted = node.write(
        coordinator: message.from, key: message.key, value: message.entry.value, tag: tag, now: now,
        &effects)
    }
    guard !accepted else { return }
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
    hosts[host.index].readsServed += 1
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from, handle: message.handle,
        key: message.key, entry: hosts[host.index].store.get(message.key)))
  }

  private func logServer(_ message: Message) -> Int? {
    replication!.server(of: shardGroup(of: message.key), on: NodeID(message.to))
  }

  /// Not the primary, not ready, or without a lease: certainly not done.
  mutating func refuseLog(_ message: Message, _ reason: FailureReason = .notEnoughReplicas) {
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from, failure: reason.rawValue + 1,
        handle: message.handle, key: message.key))
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

  mutating func dropPending(of server: Int) {
    var gone: [UInt64] = []
    replication!.pending.visit { if $1.server == server { gone.append($0) } }
    for handle in gone { replication!.pending.remove(handle) }
  }

  mutating func receiveLogReply(_ message: Message) {
    guard coordinations.contains(message.handle) else { return }
    let coordination = coordinations[message.handle]
    if message.from != message.to { coordinations[message.handle].hops &+= 1 }
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
