/// The traces of the last operations, and beyond them of the last that failed, were slow or stale.
///
/// In chunks, so that a checkpoint shares all but those that change after it. As with `ExclusiveSlab`
/// nobody asks at every change who owns a chunk: `makeUnique()` finds it out at the entry.
public struct TraceRing: Sendable {
  private static let chunk = TraceChunk.size

  private var chunks: ContiguousArray<TraceChunk> = []
  /// By chunk: its traces where no other copy holds it, else nil.
  private var owned: ContiguousArray<TraceChunk.Cells?> = []
  /// Operations begun.
  public private(set) var count: UInt64 = 0
  /// A power of two, so that a number's place costs no division.
  private let capacity: UInt64
  private var notable: ContiguousArray<OperationTrace> = []
  private var oldestNotable = 0
  private let notableLimit: Int
  /// A ring: the last steps of all operations.
  private var steps: ContiguousArray<TraceStep> = []
  private var nextStep = 0
  var slow: Int64
  /// Nil where no history is exported.
  var ledger: TraceLedger?

  init(_ settings: Settings.Observe) {
    var room = Self.chunk
    while room < settings.traces { room *= 2 }
    capacity = UInt64(room)
    notableLimit = settings.notable
    slow = settings.slow.nanoseconds
  }

  /// Finds out which chunks this copy alone holds. Call it before the first change of a copy.
  mutating func makeUnique() {
    for index in chunks.indices {
      owned[index] = isKnownUniquelyReferenced(&chunks[index]) ? chunks[index].cells : nil
    }
  }

  /// The traces of a chunk, to change them.
  @inline(__always)
  private mutating func cells(_ chunk: Int) -> UnsafeMutablePointer<OperationTrace> {
    if let cells = owned[chunk] { return cells.first }
    return ownCopy(of: chunk)
  }

  @inline(never)
  private mutating func ownCopy(of chunk: Int) -> UnsafeMutablePointer<OperationTrace> {
    chunks[chunk] = TraceChunk(copyOf: chunks[chunk])
    owned[chunk] = chunks[chunk].cells
    return chunks[chunk].cells.first
  }

  /// A trace that is held, to read it.
  @inline(__always)
  private func held(_ number: UInt64) -> OperationTrace {
    chunks[Self.chunk(number, capacity)].cells.first[Self.place(number)]
  }

  /// The trace of this number, if it is kept.
  public func trace(_ number: UInt64) -> OperationTrace? {
    if isHeld(number) { return held(number) }
    return notable.first { $0.number == number }
  }

  /// What the operation went through beyond the usual, in order; only as much as is kept.
  public func steps(of trace: OperationTrace) -> [TraceStep] {
    var found: [TraceStep] = []
    var place = Int(trace.lastStep)
    while steps.indices.contains(place), steps[place].number == trace.number,
      found.last.map({ steps[place].at <= $0.at }) ?? true, found.count < steps.count
    {
      found.append(steps[place])
      place = Int(steps[place].previous)
    }
    return found.reversed()
  }

  /// The steps of the operation of this number.
  func steps(of number: UInt64) -> [TraceStep] {
    trace(Self.number(number)).map { steps(of: $0) } ?? []
  }

  /// Failed, slow and stale operations, newest first, at most `limit`.
  public func trouble(limit: Int) -> [OperationTrace] {
    var found: [OperationTrace] = []
    var number = count
    while found.count < limit, isHeld(number) {
      let trace = held(number)
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
  public func isNotable(_ trace: OperationTrace) -> Bool { trace.isNotable(slow: slow) }

  private func isHeld(_ number: UInt64) -> Bool {
    number > 0 && number <= count && count - number < capacity
  }

  private static func chunk(_ number: UInt64, _ capacity: UInt64) -> Int {
    Int(truncatingIfNeeded: (number &- 1) & (capacity &- 1)) / chunk
  }

  private static func place(_ number: UInt64) -> Int { Int((number &- 1) % UInt64(chunk)) }

  // MARK: What happens to an operation

  mutating func begin(_ operation: Operation) -> UInt64 {
    count += 1
    if ledger != nil { ledger!.begin(operation, number: count) }
    let chunk = Self.chunk(count, capacity)
    let place = Self.place(count)
    if chunk == chunks.count {
      chunks.append(TraceChunk())
      owned.append(chunks[chunk].cells)
    }
    let cells = cells(chunk)
    if count > capacity, cells[place].isNotable(slow: slow) { keep(cells[place]) }
    cells[place].begin(operation, number: count)
    return count
  }

  @inline(never)
  private mutating func keep(_ trace: OperationTrace) {
    if notable.count < notableLimit {
      notable.append(trace)
    } else {
      notable[oldestNotable] = trace
      oldestNotable = (oldestNotable + 1) % notableLimit
    }
  }

  @inline(__always)
  private mutating func change(_ name: UInt64, _ body: (inout OperationTrace) -> Void) {
    if ledger != nil { changeLedger(name, body) }
    changeHeld(name, body)
  }

  @inline(never)
  private mutating func changeLedger(_ name: UInt64, _ body: (inout OperationTrace) -> Void) {
    ledger!.change(
      Self.number(name), attempt: UInt8(truncatingIfNeeded: name >> Self.attemptShift), body)
  }

  @inline(__always)
  private mutating func changeHeld(_ number: UInt64, _ body: (inout OperationTrace) -> Void) {
    let attempt = UInt8(truncatingIfNeeded: number >> Self.attemptShift)
    let number = Self.number(number)
    guard isHeld(number) else { return }
    let trace = cells(Self.chunk(number, capacity)) + Self.place(number)
    // What still happens to an attempt that was given up is not the present one's course.
    guard trace.pointee.attempt == attempt else { return }
    body(&trace.pointee)
  }

  /// Steps kept for every trace kept, on average.
  private static var stepsPerTrace: Int { 4 }

  /// A name of a trace is its number, and above it the attempt.
  private static var attemptShift: UInt64 { 56 }

  /// The trace's number in the name that an attempt goes by.
  static func number(_ name: UInt64) -> UInt64 { name & (1 << attemptShift - 1) }

  /// Another attempt: what is known of the last one's coordinator is cleared. Gives its name.
  mutating func beginAttempt(_ name: UInt64) -> UInt64 {
    if ledger != nil { ledger!.forgetCopies(Self.number(name)) }
    change(name) {
      $0.attempt += 1
      $0.coordinator = nil
      $0.coordinatedAt = 0
      $0.repliedAt = 0
      $0.askedCount = 0
      $0.needed = 0
    }
    return name &+ 1 << Self.attemptShift
  }

  /// Notes a step of the operation.
  mutating func step(
    _ name: UInt64, _ what: TraceStep.What, by: NodeID, to: NodeID? = nil, at now: Int64
  ) {
    let number = Self.number(name)
    guard isHeld(number) else { return }
    let trace = cells(Self.chunk(number, capacity)) + Self.place(number)
    let step = TraceStep(
      what: what, by: by, to: to, at: now, number: number, previous: trace.pointee.lastStep)
    if steps.count < Int(capacity) * Self.stepsPerTrace {
      nextStep = steps.count
      steps.append(step)
    } else {
      nextStep = (nextStep + 1) % steps.count
      steps[nextStep] = step
    }
    trace.pointee.lastStep = Int32(nextStep)
  }

  /// The one server that a coordinator passes its request on to.
  mutating func asked(_ name: UInt64, only server: NodeID) {
    change(name) {
      $0.askedCount = 1
      $0.replicas[0] = OperationTrace.Asked(node: server, meantFor: server, counts: true)
    }
  }

  mutating func sent(_ number: UInt64, to server: NodeID, isCache: Bool) {
    change(number) {
      $0.server = server
      $0.isThroughCache = isCache
    }
  }

  /// A web server passed it on to a cache server.
  mutating func throughCache(_ number: UInt64) { change(number) { $0.isThroughCache = true } }

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

  mutating func hinted(_ name: UInt64) {
    if ledger != nil { ledger!.hinted(Self.number(name)) }
    changeHeld(name) { $0.hints += 1 }
  }

  mutating func repaired(_ name: UInt64, _ place: UInt8) {
    if ledger != nil { ledger!.repaired(Self.number(name)) }
    changeHeld(name) { $0.repairs += 1 }
    guard place < OperationTrace.kept else { return }
    change(name) { $0.replicas[Int(place)].repaired = true }
  }

  /// A server of a group is known to hold the write.
  @inline(never)
  mutating func copied(_ name: UInt64, by node: NodeID, at now: Int64) {
    let attempt = UInt8(truncatingIfNeeded: name >> Self.attemptShift)
    if ledger != nil { ledger!.copied(Self.number(name), attempt: attempt, by: node, at: now) }
  }
}
