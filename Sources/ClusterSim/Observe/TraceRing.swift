/// The traces of the last operations, and beyond them of the last that failed, were slow or stale.
///
/// In chunks, so that a checkpoint shares all but those that change after it.
public struct TraceRing: Sendable {
  private static let chunk = 64

  private var chunks: ContiguousArray<ContiguousArray<OperationTrace>> = []
  /// Operations begun.
  public private(set) var count: UInt64 = 0
  private let capacity: UInt64
  private var notable: ContiguousArray<OperationTrace> = []
  private var oldestNotable = 0
  private let notableLimit: Int
  var slow: Int64

  init(_ settings: Settings.Observe) {
    let chunks = (settings.traces + Self.chunk - 1) / Self.chunk
    capacity = UInt64(chunks * Self.chunk)
    notableLimit = settings.notable
    slow = settings.slow.nanoseconds
  }

  /// The trace of this number, if it is kept.
  public func trace(_ number: UInt64) -> OperationTrace? {
    if isHeld(number) { return chunks[Self.chunk(number, capacity)][Self.place(number)] }
    return notable.first { $0.number == number }
  }

  /// Failed, slow and stale operations, newest first, at most `limit`.
  public func trouble(limit: Int) -> [OperationTrace] {
    var found: [OperationTrace] = []
    var number = count
    while found.count < limit, isHeld(number) {
      let trace = chunks[Self.chunk(number, capacity)][Self.place(number)]
      if isNotable(trace) { found.append(trace) }
      number -= 1
    }
    var place = notable.count
    while found.count < limit, place > 0 {
      place -= 1
      found.append(notable[(oldestNotable + place) % notable.count])
    }
    return found
  }

  /// Whether it failed, was stale, or took longer than `observe.slow`.
  public func isNotable(_ trace: OperationTrace) -> Bool {
    switch trace.outcome {
    case .pending: false
    case .fail, .info: true
    case .ok: trace.isStale || trace.ended - trace.invoked > slow
    }
  }

  private func isHeld(_ number: UInt64) -> Bool {
    number > 0 && number <= count && count - number < capacity
  }

  private static func chunk(_ number: UInt64, _ capacity: UInt64) -> Int {
    Int((number - 1) % capacity) / chunk
  }

  private static func place(_ number: UInt64) -> Int { Int(number - 1) % chunk }

  // MARK: What happens to an operation

  mutating func begin(_ operation: Operation) -> UInt64 {
    count += 1
    let trace = OperationTrace(operation, number: count)
    let chunk = Self.chunk(count, capacity)
    let place = Self.place(count)
    if chunk == chunks.count {
      chunks.append([])
      chunks[chunk].reserveCapacity(Self.chunk)
    }
    if place == chunks[chunk].count {
      chunks[chunk].append(trace)
    } else {
      keepIfNotable(chunks[chunk][place])
      chunks[chunk][place] = trace
    }
    return count
  }

  private mutating func keepIfNotable(_ trace: OperationTrace) {
    guard isNotable(trace) else { return }
    if notable.count < notableLimit {
      notable.append(trace)
    } else {
      notable[oldestNotable] = trace
      oldestNotable = (oldestNotable + 1) % notableLimit
    }
  }

  @inline(__always)
  private mutating func change(_ number: UInt64, _ body: (inout OperationTrace) -> Void) {
    guard isHeld(number) else { return }
    body(&chunks[Self.chunk(number, capacity)][Self.place(number)])
  }

  mutating func sent(_ number: UInt64, to server: NodeID, isCache: Bool) {
    change(number) {
      $0.server = server
      $0.isThroughCache = isCache
    }
  }

  mutating func end(
    _ number: UInt64, _ outcome: OperationTrace.Outcome, _ found: Versioned,
    _ failure: FailureReason?, hit: Bool, at now: Int64
  ) {
    change(number) {
      $0.outcome = outcome
      $0.ended = now
      $0.failure = failure
      $0.isCacheHit = hit
      if outcome == .ok {
        $0.version = found.version.time
        if $0.isRead { $0.value = found.value }
      }
    }
  }

  mutating func stale(_ number: UInt64, by time: Int64, versions: Int) {
    change(number) {
      $0.staleBy = time
      $0.versionsBehind = Int32(clamping: versions)
    }
  }

  mutating func coordinated(_ number: UInt64, by node: NodeID, needed: Int, at now: Int64) {
    change(number) {
      $0.coordinator = node
      $0.needed = UInt8(clamping: needed)
      $0.coordinatedAt = now
    }
  }

  mutating func asked(_ coordination: Coordination) {
    change(coordination.trace) { trace in
      trace.askedCount = coordination.targetCount
      for place in 0..<min(Int(trace.askedCount), OperationTrace.kept) {
        trace.replicas[place] = OperationTrace.Asked(
          node: NodeID(coordination.targets[place]), meantFor: NodeID(coordination.meantFor[place]),
          counts: place < Int(coordination.countedTargets))
      }
    }
  }

  mutating func answered(
    _ number: UInt64, _ place: UInt8, _ answer: OperationTrace.Answer, at now: Int64
  ) {
    guard place < OperationTrace.kept else { return }
    change(number) {
      $0.replicas[Int(place)].answer = answer
      $0.replicas[Int(place)].answeredAt = now
    }
  }

  mutating func replied(_ number: UInt64, at now: Int64) {
    change(number) { $0.repliedAt = now }
  }

  mutating func hinted(_ number: UInt64) { change(number) { $0.hints += 1 } }

  mutating func repaired(_ number: UInt64, _ place: UInt8) {
    change(number) {
      $0.repairs += 1
      if place < OperationTrace.kept { $0.replicas[Int(place)].repaired = true }
    }
  }
}
