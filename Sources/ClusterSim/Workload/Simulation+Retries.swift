// Clients that try a failed operation again. It stays one operation, from the call to the last answer;
// each attempt has a handle of its own, so that the answer to an attempt given up is nobody's.
extension Simulation {
  private static var isOver: UInt32 { 0 }
  private static var isDue: UInt32 { 1 }
  private static var isTooLate: UInt32 { 2 }

  /// Whether a failed attempt leaves it open that the operation happened: a write that somebody may
  /// have begun to apply.
  func mayHaveHappened(_ operation: Operation, _ reason: FailureReason) -> Bool {
    switch reason {
    case .notEnoughReplicas, .noCoordinator, .noWebServer: false
    case .timeout, .noAnswer: operation.kind == .write
    case .overloaded: operation.kind == .write && !operation.refusedAtDoor
    }
  }

  /// The first attempt of an operation.
  @inline(never)
  mutating func prepareRetries(
    _ operation: inout Operation, _ coordinator: UInt16?, isPinned: Bool
  ) {
    operation.coordinator = coordinator ?? .max
    operation.isPinned = isPinned
    if !isPinned { retries.earn(Int(operation.location), settings.client) }
  }

  /// The present attempt may be given up in favour of another.
  @inline(never)
  mutating func expectAttempt(_ handle: UInt64) {
    let client = settings.client
    guard !operations[handle].isPinned, Int(operations[handle].attempt) < client.retries else {
      return
    }
    queue.push(
      time: now.nanoseconds + client.attemptTimeout.nanoseconds, kind: .clientRetry,
      a: Self.isOver, b: handle)
  }

  /// An attempt failed: true where another follows. The operation goes on under a new handle; the
  /// caller takes the old one out.
  @inline(never)
  mutating func triesAgain(_ operation: Operation, _ reason: FailureReason) -> Bool {
    let client = settings.client
    let location = Int(operation.location)
    guard !operation.isPinned, Int(operation.attempt) < client.retries else { return false }
    let wait = retries.wait(Int(operation.attempt) + 1, client)
    let end = operation.invoked + client.timeout.nanoseconds
    guard now.nanoseconds + wait < end else { return false }
    guard retries.spend(location, client) else {
      metrics.refusedRetry(operation)
      traces.step(operation.trace, .overBudget, by: clients[location].host, at: now.nanoseconds)
      return false
    }
    metrics.retried(operation)
    traces.step(
      operation.trace, .failed(reason), by: clients[location].host,
      to: reason == .noCoordinator ? nil : NodeID(operation.server), at: now.nanoseconds)
    var again = operation
    again.mayHaveHappened = again.mayHaveHappened || mayHaveHappened(operation, reason)
    again.attempt += 1
    again.missedAt = nil
    again.openAt = .max
    again.trace = traces.beginAttempt(operation.trace)
    if again.kind == .write, again.mayHaveHappened { retries.repeats(write: again.value) }
    let handle = operations.insert(again)
    // Not into the line of time-outs, which wants them in order.
    queue.push(time: end, kind: .clientRetry, a: Self.isTooLate, b: handle)
    queue.push(
      time: now.nanoseconds + wait, kind: .clientRetry, a: Self.isDue, b: handle)
    return true
  }

  /// A wait is over, an attempt has not been answered, or the client's patience is at its end.
  mutating func retryDue(_ event: Event) {
    guard operations.contains(event.b) else { return }
    if event.a == Self.isDue {
      sendAgain(event.b)
    } else if event.a == Self.isTooLate {
      let operation = operations.remove(event.b)
      closeCacheRequest(operation)
      fail(operation, .noAnswer)
    } else if triesAgain(operations[event.b], .noAnswer) {
      closeCacheRequest(operations.remove(event.b))
    }
  }

  private mutating func sendAgain(_ handle: UInt64) {
    if settings.path.isThere {
      sendAgainThroughPath(handle)
      return
    }
    var operation = operations[handle]
    let location = Int(operation.location)
    let goesToCache =
      settings.cache.enabled && (operation.kind == .read || settings.cache.mode.takesWrites)
    let cache = goesToCache ? chooseCache(for: operation.key, location: location) : nil
    let elsewhere = storageNodes.filter { serves($0) }
    let coordinator = clients[location].chooseCoordinator(
      butNot: operation.coordinator, elsewhere: elsewhere)
    guard cache != nil || coordinator != nil else {
      operations.remove(handle)
      if !triesAgain(operation, .noCoordinator) { fail(operation, .noCoordinator) }
      return
    }
    operation.coordinator = coordinator ?? .max
    operation.server = cache?.rawValue ?? coordinator!
    if let cache, settings.cache.servers > 1 { openCacheRequest(&operation, at: cache) }
    operations[handle] = operation
    traces.sent(operation.trace, to: NodeID(operation.server), isCache: cache != nil)
    traces.step(
      operation.trace, .again, by: clients[location].host, to: NodeID(operation.server),
      at: now.nanoseconds)
    sendRequest(operation, handle, toCache: cache != nil, operation.coordinator)
    expectAttempt(handle)
  }

  /// The version that stands for what a disk or a reader holds: that which the write was acknowledged
  /// under, where it was sent more than once and each attempt got a version of its own.
  @inline(__always)
  func standing(_ found: Versioned, _ key: UInt32) -> Version {
    retries.hasRepeatedWrites ? acknowledged.standing(found, key: key) : found.version
  }
}
