// A request's way through the balancer: client, balancer, web server, and the answer back the same way.
extension Simulation {
  /// Sends a new operation of a client to its location's balancer and gives its handle.
  @inline(never)
  @discardableResult
  mutating func beginThroughPath(_ begun: Operation) -> UInt64 {
    var operation = begun
    let location = Int(operation.location)
    if settings.client.retries > 0 { prepareRetries(&operation, nil, isPinned: false) }
    operation.server = tier.balancers[location].host.rawValue
    traces.sent(operation.trace, to: NodeID(operation.server), isCache: false)
    let handle = operations.insert(operation)
    operationDeadlines.insert(
      due: now.nanoseconds + settings.client.timeout.nanoseconds, handle: handle)
    arm(.operations)
    if settings.client.retries > 0 { expectAttempt(handle) }
    sendToBalancer(operation, handle)
    return handle
  }

  /// Sends it once more, as a new attempt.
  @inline(never)
  mutating func sendAgainThroughPath(_ handle: UInt64) {
    let operation = operations[handle]
    operations[handle].refusedAtDoor = false
    traces.sent(operation.trace, to: NodeID(operation.server), isCache: false)
    traces.step(
      operation.trace, .again, by: clients[Int(operation.location)].host,
      to: NodeID(operation.server), at: now.nanoseconds)
    sendToBalancer(operation, handle)
    expectAttempt(handle)
  }

  private mutating func sendToBalancer(_ operation: Operation, _ handle: UInt64) {
    send(
      Message(
        kind: operation.kind == .read ? .pathRead : .pathWrite,
        from: clients[Int(operation.location)].host.rawValue, to: operation.server,
        handle: UInt64(operation.process), tag: handle, key: operation.key,
        entry: Versioned(version: .none, set: operation.context, value: operation.value)))
  }

  /// What belongs to the tier; the rest of the cluster never sees these kinds.
  @inline(never)
  mutating func receiveOnPath(_ handle: UInt64, at host: NodeID) {
    switch messages[handle].kind {
    case .pathRead, .pathWrite: balance(messages.remove(handle), at: host)
    case .webRead, .webWrite: acceptWebRequest(handle, at: host)
    case .webReply: passBack(messages.remove(handle))
    case .pathReply: finishOperation(messages.remove(handle))
    case .probe: acceptProbe(handle, at: host)
    case .probeAnswer: notePassed(messages.remove(handle))
    default: preconditionFailure("\(messages[handle].kind) is not of the web tier")
    }
  }

  /// A balancer takes no time of its own to choose: what it costs is two more links.
  private mutating func balance(_ request: Message, at host: NodeID) {
    if hosts[host.index].gray { return }
    let location = Int(hosts[host.index].location)
    guard !tier.balancers[location].pool.healthy.isEmpty else {
      tier.balancers[location].turnAway()
      traceStep(request.tag, .noWebServer, by: host)
      send(
        Message(
          kind: .pathReply, from: request.to, to: request.from,
          failure: FailureReason.noWebServer.rawValue + 1, hit: true, tag: request.tag,
          key: request.key))
      return
    }
    let place = settings.path.policy.rule.choose(
      &tier.balancers[location].pool, client: UInt32(truncatingIfNeeded: request.handle),
      &tier.stream)
    tier.balancers[location].forward(to: place)
    let web = tier.balancers[location].servers[place].host
    let forward = tier.forwards.insert(
      Forward(
        operation: request.tag, client: request.from, location: UInt16(location),
        place: UInt16(place)))
    tier.forwardDeadlines.insert(
      due: now.nanoseconds + clientPatience, handle: forward)
    arm(.forwards)
    traceStep(request.tag, .balanced, by: host, to: web)
    var onward = request
    onward.kind = request.kind == .pathRead ? .webRead : .webWrite
    onward.from = host.rawValue
    onward.to = web.rawValue
    onward.handle = request.tag
    onward.tag = forward
    send(onward)
  }

  /// How long a client keeps a connection without an answer, ns.
  private var clientPatience: Int64 {
    let client = settings.client
    return client.retries == 0
      ? client.timeout.nanoseconds : min(client.timeout, client.attemptTimeout).nanoseconds
  }

  /// A web server answered: so does the balancer.
  private mutating func passBack(_ reply: Message) {
    guard tier.forwards.contains(reply.tag) else { return }
    let forward = tier.forwards.remove(reply.tag)
    tier.balancers[Int(forward.location)].hear(from: Int(forward.place))
    var onward = reply
    onward.kind = .pathReply
    onward.from = reply.to
    onward.to = forward.client
    onward.tag = forward.operation
    send(onward)
  }

  /// The client has given up: its connection is closed, and with it the one to the web server.
  mutating func abandonForward(_ handle: UInt64) {
    let forward = tier.forwards.remove(handle)
    tier.balancers[Int(forward.location)].giveUp(on: Int(forward.place))
  }

  /// A step of the operation with this handle, where somebody still waits for it.
  mutating func traceStep(
    _ operation: UInt64, _ what: TraceStep.What, by host: NodeID, to: NodeID? = nil
  ) {
    guard operations.contains(operation) else { return }
    traces.step(
      operations[operation].trace, what, by: host, to: to, at: now.nanoseconds)
  }
}
