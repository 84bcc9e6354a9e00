// Web servers at work: a bounded line, workers, and what each worker waits for.
extension Simulation {
  /// A request comes: it begins at once, waits in the line, or is turned away.
  mutating func acceptWebRequest(_ handle: UInt64, at host: NodeID) {
    let request = messages[handle]
    let index = hosts[host.index].webIndex
    if hosts[host.index].gray {
      messages.remove(handle)
      return
    }
    let hasWorker = hosts[host.index].workers.busy < settings.path.workers
    guard hasWorker || hosts[host.index].workers.waiting.count < settings.path.queue else {
      messages.remove(handle)
      tier.servers[index].refuse()
      traceStep(request.handle, .lineFull, by: host)
      send(
        Message(
          kind: .webReply, from: request.to, to: request.from,
          failure: FailureReason.overloaded.rawValue + 1, hit: true, tag: request.tag,
          key: request.key))
      return
    }
    tier.servers[index].come(at: now.nanoseconds)
    messages[handle].handle = tier.calls.insert(
      WebCall(
        web: request.to, balancer: request.from, forward: request.tag, operation: request.handle,
        isRead: request.kind == .webRead, key: request.key, entry: request.entry,
        came: now.nanoseconds))
    if hasWorker {
      _ = hosts[host.index].workers.occupy(of: settings.path.workers)
      beginJob(handle, at: host)
    } else {
      hosts[host.index].workers.wait(handle, at: now.nanoseconds)
    }
  }

  /// A worker takes a request up; gives the time it will work on it, ns.
  @inline(never)
  mutating func beginWebWork(_ message: Message) -> Int64 {
    let host = Int(message.to)
    let waited = now.nanoseconds - tier.calls[message.handle].came
    tier.calls[message.handle].began = now.nanoseconds
    tier.servers[hosts[host].webIndex].begin(waited: waited, at: now.nanoseconds)
    traceStep(tier.calls[message.handle].operation, .begun(waited: waited), by: NodeID(message.to))
    return settings.path.service.sample(&hosts[host].stream)
  }

  /// Worked on: it goes to cache or store as a client's request would, and keeps its worker.
  @inline(never)
  mutating func passOn(_ message: Message) {
    let handle = message.handle
    let host = NodeID(message.to)
    let location = Int(hosts[host.index].location)
    tier.servers[hosts[host.index].webIndex].passOn(at: now.nanoseconds)
    let call = tier.calls[handle]
    let goesToCache = settings.cache.enabled && (call.isRead || settings.cache.mode.takesWrites)
    let cache = goesToCache ? chooseCache(for: call.key, location: location) : nil
    let coordinator = clients[location].chooseCoordinator()
    guard let server = cache?.rawValue ?? coordinator else {
      answerCall(
        handle,
        Message(
          kind: .clientReply, from: message.to, to: message.to,
          failure: FailureReason.noCoordinator.rawValue + 1, hit: true, tag: handle, key: call.key))
      return
    }
    tier.calls[handle].askedAt = server
    if let cache, settings.cache.servers > 1 {
      tier.calls[handle].openAt = server
      openCacheLoad(at: cache, for: call.key, location: location)
    }
    tier.callDeadlines.insert(
      due: now.nanoseconds + settings.path.timeout.nanoseconds, handle: handle)
    arm(.calls)
    traceStep(
      call.operation, .passedOn(worked: now.nanoseconds - call.began), by: host,
      to: NodeID(server))
    if cache != nil, operations.contains(call.operation) {
      traces.throughCache(operations[call.operation].trace)
    }
    let kind: MessageKind =
      call.isRead
      ? (cache == nil ? .clientRead : .cacheGet) : (cache == nil ? .clientWrite : .cachePut)
    send(
      Message(
        kind: kind, from: message.to, to: server, handle: trace(of: call), tag: handle,
        key: call.key, other: coordinator ?? .max, entry: call.entry))
  }

  /// Cache or store answered a web server.
  @inline(never)
  mutating func finishCall(_ message: Message) {
    let handle = message.tag
    guard tier.calls.contains(handle) else { return }
    let call = tier.calls[handle]
    let location = Int(hosts[Int(call.web)].location)
    if message.kind == .cacheReply, call.isRead { countCache(call, hit: message.hit) }
    if message.failure == 0 {
      if call.missedAt != .max {
        send(
          Message(
            kind: .cacheSet, from: call.web, to: call.missedAt, key: call.key,
            entry: message.entry))
      }
      if !call.isRead, settings.cache.enabled {
        invalidate(call.key, location: location, past: call.askedAt, from: call.web)
      }
    }
    answerCall(handle, message)
  }

  /// Cache-aside: the web server reads the store itself, and will tell the cache server.
  @inline(never)
  mutating func readAside(forWeb message: Message) {
    let handle = message.tag
    guard tier.calls.contains(handle) else { return }
    let call = tier.calls[handle]
    countCache(call, hit: false)
    closeCacheLoad(ofCall: handle)
    guard message.other != .max else {
      answerCall(
        handle,
        Message(
          kind: .clientReply, from: message.from, to: message.to,
          failure: FailureReason.noCoordinator.rawValue + 1, hit: true, tag: handle, key: call.key))
      return
    }
    tier.calls[handle].missedAt = message.from
    tier.calls[handle].askedAt = message.other
    traceStep(
      call.operation, .passedOn(worked: 0), by: NodeID(call.web), to: NodeID(message.other))
    send(
      Message(
        kind: .clientRead, from: call.web, to: message.other, handle: trace(of: call), tag: handle,
        key: call.key))
  }

  /// 0 where nobody waits any more.
  private func trace(of call: WebCall) -> UInt64 {
    operations.contains(call.operation) ? operations[call.operation].trace : 0
  }

  private mutating func countCache(_ call: WebCall, hit: Bool) {
    guard operations.contains(call.operation) else { return }
    metrics.asked(cacheFor: operations[call.operation], hit: hit)
  }

  private mutating func closeCacheLoad(ofCall handle: UInt64) {
    let server = tier.calls[handle].openAt
    guard server != .max else { return }
    tier.calls[handle].openAt = .max
    endCacheLoad(at: NodeID(server), location: Int(hosts[Int(tier.calls[handle].web)].location))
  }

  /// The answer goes back to the balancer as it came, and the worker is free.
  private mutating func answerCall(_ handle: UInt64, _ answer: Message) {
    closeCacheLoad(ofCall: handle)
    let call = tier.calls.remove(handle)
    let host = NodeID(call.web)
    tier.servers[hosts[host.index].webIndex].end(
      stayed: now.nanoseconds - call.came, ok: answer.failure == 0, at: now.nanoseconds)
    traceStep(call.operation, .answered, by: host)
    var reply = answer
    reply.kind = .webReply
    reply.from = call.web
    reply.to = call.balancer
    reply.tag = call.forward
    reply.attempt = 0
    send(reply)
    releaseWebWorker(at: host)
  }

  /// The next in line begins, unless there are fewer workers now.
  private mutating func releaseWebWorker(at host: NodeID) {
    hosts[host.index].workers.busy -= 1
    startWaiting(at: host)
  }

  /// Workers that are free take up who waits. A request that ends at once frees its worker again: in
  /// this loop, or a long line of them would go as deep.
  mutating func startWaiting(at host: NodeID) {
    guard !tier.isStarting else { return }
    tier.isStarting = true
    defer { tier.isStarting = false }
    while hosts[host.index].workers.busy < settings.path.workers,
      let next = hosts[host.index].workers.takeWaiting(at: now.nanoseconds)
    {
      if messages[next].kind == .probe {
        answerProbe(next)
        continue
      }
      hosts[host.index].workers.busy += 1
      beginJob(next, at: host)
    }
  }

  /// Cache or store did not answer in time: nobody knows what became of it.
  mutating func abandonCall(_ handle: UInt64) {
    let call = tier.calls[handle]
    if hosts[Int(call.web)].state == .frozen {
      queue.push(time: now.nanoseconds, kind: .webDue, node: call.web, b: handle)
      return
    }
    answerCall(
      handle,
      Message(
        kind: .clientReply, from: call.web, to: call.web,
        failure: FailureReason.timeout.rawValue + 1, tag: handle, key: call.key))
  }

  /// A time-out that passed while the web server was frozen.
  mutating func webDue(_ event: Event) {
    if tier.calls.contains(event.b) { abandonCall(event.b) }
  }
}
