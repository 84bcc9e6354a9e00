// The clients: an open loop of Poisson arrivals at each location.
extension Simulation {
  mutating func scheduleArrival(location: Int) {
    let share = clients[location].weight / clients.reduce(0) { $0 + $1.weight }
    let rate = traceIsOver ? 0 : settings.workload.rate * burst * share
    guard rate > 0 else {
      // Nothing to send: look again soon, the rate may be raised while it runs.
      queue.push(
        time: now.nanoseconds + 100_000_000, kind: .arrival, a: UInt32(location) | Self.idleArrival)
      return
    }
    let gap = clients[location].arrivals.exponential() * 1e9 / rate
    queue.push(
      time: now.nanoseconds + Int64(min(gap, 3.6e12)), kind: .arrival, a: UInt32(location))
  }

  /// Marks an arrival that only looks whether the rate is above zero again.
  private static var idleArrival: UInt32 { 1 << 16 }

  @inline(__always)
  mutating func beginNextOperation(location marked: Int) {
    let location = marked & 0xFFFF
    if settings.workload.queryShare > 0, marked == location,
      queries.stream.unit() < settings.workload.queryShare
    {
      beginQuery(location: location)
    } else if marked == location, !traceIsOver {
      let isRead = workloadStream.unit() < settings.workload.readShare
      var key = configuration.trace == nil ? drawKey() : tracedKey()
      if let hotShare, workloadStream.unit() < hotShare { key = 0 }
      if splits.isEmpty {
        beginOperation(isRead ? .read : .write, key: key, location: location, via: nil)
      } else {
        beginSplit(isRead ? .read : .write, key: key, location: location)
      }
    }
    scheduleArrival(location: location)
  }

  @inline(__always)
  private mutating func drawKey() -> UInt32 {
    UInt32(truncatingIfNeeded: sampler.draw(&workloadStream))
  }

  /// The key of the trace's next request. After the last one of a trace that does not repeat no
  /// arrival is scheduled, so none asks.
  private mutating func tracedKey() -> UInt32 {
    let requests = configuration.trace!.requests
    defer { tracePosition += 1 }
    return requests[tracePosition % requests.count]
  }

  /// Whether the trace has come to its end and does not begin again.
  private var traceIsOver: Bool {
    guard let trace = configuration.trace, !trace.repeats else { return false }
    return tracePosition >= trace.requests.count
  }

  /// Invokes an operation. With `via` it goes to that coordinator, past the cache.
  @inline(__always)
  mutating func beginOperation(
    _ kind: Operation.Kind, key: UInt32, location: Int, via: NodeID?
  ) {
    let process = clients[location].takeProcess(new: &nextProcess)
    if kind == .write { nextWrite += 1 }
    var operation = Operation(
      kind: kind, location: UInt8(location), phase: metrics.currentPhase, process: process,
      key: key, invoked: now.nanoseconds,
      frontier: kind == .read ? acknowledged.frontier(key) : .none,
      acknowledgedSet: kind == .read ? vector.acknowledged(key) : 0,
      value: kind == .write ? nextWrite : 0, server: 0,
      context: kind == .write ? vector.context(location, key) : 0)
    metrics.began(operation, answerable: isAnswerableNow(kind, key: key, location: location))
    if readRecorder != nil, kind == .read, via == nil { readRecorder!.append(key) }
    witnessBegin(&operation)
    if settings.path.isThere, via == nil {
      beginThroughPath(operation)
      return
    }
    let cache =
      via == nil && settings.cache.enabled && (kind == .read || settings.cache.mode.takesWrites)
      ? chooseCache(for: key, location: location) : nil
    let coordinator = via?.rawValue ?? clients[location].chooseCoordinator()
    if settings.client.retries > 0 { prepareRetries(&operation, coordinator, isPinned: via != nil) }
    guard cache != nil || coordinator != nil else {
      if !triesAgain(operation, .noCoordinator) { fail(operation, .noCoordinator) }
      return
    }
    operation.server = cache?.rawValue ?? coordinator!
    if let cache, settings.cache.servers > 1 { openCacheRequest(&operation, at: cache) }
    traces.sent(operation.trace, to: NodeID(operation.server), isCache: cache != nil)
    let handle = operations.insert(operation)
    operationDeadlines.insert(
      due: now.nanoseconds + settings.client.timeout.nanoseconds, handle: handle)
    arm(.operations)
    if settings.client.retries > 0 { expectAttempt(handle) }
    sendRequest(operation, handle, toCache: cache != nil, coordinator ?? .max)
  }

  @inline(__always)
  mutating func sendRequest(
    _ operation: Operation, _ handle: UInt64, toCache: Bool, _ coordinator: UInt16
  ) {
    send(
      Message(
        kind: Self.requestKind(operation.kind, toCache: toCache),
        from: clients[Int(operation.location)].host.rawValue, to: operation.server,
        handle: operation.trace, tag: handle, key: operation.key, other: coordinator,
        entry: Versioned(version: .none, set: operation.context, value: operation.value)))
  }

  private static func requestKind(_ kind: Operation.Kind, toCache: Bool) -> MessageKind {
    switch kind {
    case .read: toCache ? .cacheGet : .clientRead
    case .write: toCache ? .cachePut : .clientWrite
    }
  }

  /// An answer for a client; one that comes after the client gave up is nobody's.
  @inline(__always)
  mutating func finishOperation(_ message: Message) {
    guard operations.contains(message.tag) else { return }
    let operation = operations.remove(message.tag)
    closeCacheRequest(operation)
    if message.kind == .cacheReply, operation.kind == .read {
      metrics.asked(cacheFor: operation, hit: message.hit)
    }
    if message.failure != 0 {
      finishFailed(operation, message)
      return
    }
    metrics.succeeded(operation, at: now.nanoseconds)
    if operation.query != 0 { endPart(operation, ok: true, hops: Int(message.place) + 1) }
    if settings.workload.families { countFamily(operation, ok: true) }
    if message.handle > 0 {
      metrics.waited(
        operation, latency: now.nanoseconds - operation.invoked,
        for: Int64(truncatingIfNeeded: message.handle) - 1)
    }
    witnessEnd(operation, .ok, found: message.entry, hit: message.hit)
    clients[Int(operation.location)].release(process: operation.process)
    if !splits.isEmpty, operation.kind == .write { noteFilled(operation.key) }
    if settings.storage.versions == .vector {
      finishSiblings(operation, message)
      return
    }
    switch operation.kind {
    case .read:
      if let cache = operation.missedAt { setAside(operation, message.entry, at: cache) }
      // A replica without the key answers with no version: as stale as the initial one.
      if max(standing(message.entry, operation.key), .initial) < operation.frontier {
        noteStale(operation, message)
      }
    case .write: finishWrite(operation, message.entry.version)
    }
  }

  @inline(never)
  private mutating func finishFailed(_ operation: Operation, _ message: Message) {
    var operation = operation
    let reason = FailureReason(rawValue: message.failure - 1)!
    operation.refusedAtDoor = message.hit
    if settings.client.retries == 0 || !triesAgain(operation, reason) { fail(operation, reason) }
  }

  private mutating func noteStale(_ operation: Operation, _ message: Message) {
    let (since, behind) = acknowledged.staleness(
      of: standing(message.entry, operation.key), frontier: operation.frontier, key: operation.key)
    traces.stale(operation.trace, by: operation.invoked - since, versions: behind)
    metrics.wasStale(
      operation, fromCache: isDoingOfCache(operation, message), by: operation.invoked - since,
      versions: behind)
  }

  @inline(__always)
  private mutating func finishWrite(_ operation: Operation, _ version: Version) {
    let write = Versioned(version: version, value: operation.value)
    if usesMultiPrimary {
      let outcome = acknowledged.acknowledge(
        write, key: operation.key, invoked: operation.invoked, at: now.nanoseconds)
      var byClocks = false
      if case .lost = outcome { byClocks = true }
      auditPeerAcknowledged(operation, write, byClocks: byClocks)
      if settings.cache.enabled { invalidate(operation) }
      return
    }
    if usesReplication {
      acknowledged.acknowledge(
        write, key: operation.key, invoked: operation.invoked, at: now.nanoseconds)
      auditAcknowledged(operation, version)
      if settings.cache.enabled { invalidate(operation) }
      return
    }
    switch acknowledged.acknowledge(
      write, key: operation.key, invoked: operation.invoked, at: now.nanoseconds)
    {
    case .newest: break
    // With Raft the log orders all writes: a later answer to an earlier one takes nothing away.
    case .discarded where usesRaft: break
    case .discarded:
      metrics.discarded(location: Int(operation.location), phase: operation.phase)
    case .lost(let winner): lostToClocks(write, key: operation.key, winner: winner)
    }
    noteWrittenBack(operation, version)
    if settings.cache.enabled { invalidate(operation) }
  }

  private mutating func finishSiblings(_ operation: Operation, _ message: Message) {
    switch operation.kind {
    case .read: finishSiblingRead(operation, message)
    case .write:
      finishSiblingWrite(operation, message.entry)
      if settings.cache.enabled { invalidate(operation) }
    }
  }

  /// The operation failed. A write that may have been applied is `info`, and its process rests.
  mutating func fail(_ operation: Operation, _ reason: FailureReason) {
    let unknown = operation.mayHaveHappened || mayHaveHappened(operation, reason)
    if operation.kind == .write { vector.endMerge(Int(operation.location), operation.key) }
    metrics.failed(operation, reason, unknown: unknown)
    witnessEnd(operation, unknown ? .info : .fail, failure: reason)
    if operation.query != 0 { endPart(operation, ok: false, hops: 0) }
    if settings.workload.families { countFamily(operation, ok: false) }
    if !unknown { clients[Int(operation.location)].release(process: operation.process) }
  }

  // MARK: Time-outs

  /// Sees to it that a wake-up for the line is in the queue.
  @inline(__always)
  mutating func arm(_ line: DeadlineLine) {
    switch line {
    case .operations: Self.arm(&operationDeadlines, of: operations, line, &queue, now.nanoseconds)
    case .coordinations:
      Self.arm(&coordinationDeadlines, of: coordinations, line, &queue, now.nanoseconds)
    case .fetches: Self.arm(&fetchDeadlines, of: fetches, line, &queue, now.nanoseconds)
    case .forwards:
      Self.arm(&tier.forwardDeadlines, of: tier.forwards, line, &queue, now.nanoseconds)
    case .calls: Self.arm(&tier.callDeadlines, of: tier.calls, line, &queue, now.nanoseconds)
    }
  }

  @inline(__always)
  private static func arm<Element>(
    _ deadlines: inout DeadlineQueue, of slab: ExclusiveSlab<Element>, _ line: DeadlineLine,
    _ queue: inout EventQueue, _ now: Int64
  ) {
    deadlines.dropVoid(of: slab)
    guard !deadlines.armed, let first = deadlines.first else { return }
    deadlines.armed = true
    queue.push(time: max(first.due, now), kind: .deadline, a: line.rawValue)
  }

  mutating func passDeadlines(_ line: DeadlineLine) {
    switch line {
    case .operations:
      operationDeadlines.armed = false
      while let handle = operationDeadlines.pop(ifAtOrBefore: now.nanoseconds) {
        guard operations.contains(handle) else { continue }
        let operation = operations.remove(handle)
        closeCacheRequest(operation)
        fail(operation, .noAnswer)
      }
    case .fetches:
      fetchDeadlines.armed = false
      while let handle = fetchDeadlines.pop(ifAtOrBefore: now.nanoseconds) {
        if fetches.contains(handle) { abandonFetch(handle) }
      }
    case .forwards:
      tier.forwardDeadlines.armed = false
      while let handle = tier.forwardDeadlines.pop(ifAtOrBefore: now.nanoseconds) {
        if tier.forwards.contains(handle) { abandonForward(handle) }
      }
    case .calls:
      tier.callDeadlines.armed = false
      while let handle = tier.callDeadlines.pop(ifAtOrBefore: now.nanoseconds) {
        if tier.calls.contains(handle) { abandonCall(handle) }
      }
    case .coordinations:
      coordinationDeadlines.armed = false
      while let handle = coordinationDeadlines.pop(ifAtOrBefore: now.nanoseconds) {
        guard coordinations.contains(handle) else { continue }
        let node = coordinations[handle].coordinator
        if hosts[Int(node)].state == .frozen {
          queue.push(time: now.nanoseconds, kind: .coordinationDue, node: node, b: handle)
        } else {
          endCoordination(handle, timedOut: true)
        }
      }
    }
    arm(line)
  }
}
