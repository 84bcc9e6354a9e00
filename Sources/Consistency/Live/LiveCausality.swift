/// Causality while the history is made: which session each process is in, which write each value is of,
/// and what the operations that may have to be shown were.
///
/// It keeps of every write a clock and its name, within `LiveLimits.causalWords`; once a bad pattern is
/// found, or the bound is met, it keeps nothing.
struct LiveCausality: Sendable {
  /// An operation that may become part of a violation. Small: one is kept of every write.
  struct Told: Sendable {
    var process: Int64
    var invoke: Int64
    /// Means nothing while `end` is below zero: it has none, or is under way.
    var complete: Int64 = 0
    var version = Int64.min
    var begin: Int32
    var end: Int32 = -1
    var value: ValueTable.ID
    var key: UInt32
    var isWrite: Bool
    var hasFailed = false
  }

  private struct Value: Sendable {
    var write: Int32 = -1
    var name: Int32 = -1
    var key: UInt32 = 0
  }

  private var order: CausalOrder
  private var told = GrowingLog<Told>()
  /// By value: the write's number in the order and among the told ones; -1 for none.
  private var writes = GrowingLog<Value>()
  /// By process: its session; -1 for none.
  private var sessions = GrowingLog<Int32>()
  /// What proves the pattern, once it is found.
  private(set) var shown: [Told] = []
  private var isUntellable = false

  /// Processes and values beyond this are not told apart: a table by their number would be too large.
  private static let largest = 1 << 26

  init(wordLimit: Int) { order = CausalOrder(wordLimit: wordLimit) }

  var answer: Answer {
    switch order.finding {
    case .broken: .no
    case .holds where !isUntellable: .yes
    case .holds, .tooLong: .unknown
    }
  }

  /// Why the answer is `unknown`.
  var doubt: CausalDoubt? {
    switch order.finding {
    case .broken: nil
    case .holds: isUntellable ? .untellable : nil
    case .tooLong: .tooLong
    }
  }

  var pattern: CausalOrder.Pattern? {
    guard case .broken(let pattern, _) = order.finding else { return nil }
    return pattern
  }

  private var isOver: Bool { order.isOver || isUntellable }

  /// An operation begins; `value`: what it writes.
  mutating func invoke(_ operation: LiveJudge.OpenOperation) {
    guard !isOver, operation.isWrite else { return }
    guard let session = session(operation.process), operation.value >= 0,
      Int(operation.value) < Self.largest
    else { return giveUp() }
    let name = Int32(told.count)
    let write = order.beginWrite(session, key: Int32(bitPattern: operation.key), name: name)
    told.append(Self.told(operation))
    while writes.count <= Int(operation.value) { writes.append(Value()) }
    writes[Int(operation.value)] = Value(write: write, name: name, key: operation.key)
    settle()
  }

  /// It ends; `found`: the value of an ok read.
  mutating func complete(
    _ operation: LiveJudge.OpenOperation, _ outcome: LiveJudge.Outcome, _ found: ValueTable.ID,
    _ version: Int64?, end: Int, at time: Int64
  ) {
    if isOver { return note(operation, outcome, version, end: end, at: time) }
    guard operation.isWrite else {
      if outcome == .ok { read(operation, found, version, end: end, at: time) }
      return
    }
    // Its invocation gave it one.
    guard let session = session(operation.process) else { return }
    switch outcome {
    case .ok:
      Self.end(&told[Int(writes[Int(operation.value)].name)], version, end, time)
      order.acknowledge(session)
    case .fail:
      order.takeBack(session)
      writes[Int(operation.value)] = Value()
    case .info:
      order.endSession(session)
      sessions[Int(operation.process)] = -1
    case .siblings: break
    }
    settle()
  }

  private mutating func read(
    _ operation: LiveJudge.OpenOperation, _ found: ValueTable.ID, _ version: Int64?, end: Int,
    at time: Int64
  ) {
    guard let session = session(operation.process) else { return giveUp() }
    var reader = Self.told(operation)
    reader.value = found
    Self.end(&reader, version, end, time)
    let value = Int(found) < writes.count ? writes[Int(found)] : Value()
    let write = value.key == operation.key ? value.write : -1
    var name: Int32 = -1
    if order.wantsReader(write) {
      name = Int32(told.count)
      told.append(reader)
    }
    if write >= 0 || found == ValueTable.none {
      order.read(session, key: Int32(bitPattern: operation.key), of: write, name: name)
    } else {
      order.readThinAir(name: name)
    }
    settle(reader)
  }

  /// Of an operation that is part of the pattern and ends after it was found.
  private mutating func note(
    _ operation: LiveJudge.OpenOperation, _ outcome: LiveJudge.Outcome, _ version: Int64?,
    end: Int, at time: Int64
  ) {
    guard outcome == .ok || outcome == .fail,
      let place = shown.firstIndex(where: { Int($0.begin) == operation.begin && $0.end < 0 })
    else { return }
    Self.end(&shown[place], version, end, time)
    shown[place].hasFailed = outcome == .fail
  }

  /// Keeps what proves a pattern that was just found, and gives back the rest.
  private mutating func settle(_ reader: Told? = nil) {
    guard order.isOver else { return }
    if case .broken(_, let names) = order.finding {
      shown = names.compactMap { $0 < 0 ? reader : told[Int($0)] }
    }
    forget()
  }

  private mutating func giveUp() {
    isUntellable = true
    forget()
  }

  private mutating func forget() {
    told = GrowingLog()
    writes = GrowingLog()
    sessions = GrowingLog()
  }

  private mutating func session(_ process: Int64) -> Int32? {
    guard process >= 0, process < Self.largest else { return nil }
    while sessions.count <= Int(process) { sessions.append(-1) }
    if sessions[Int(process)] < 0 { sessions[Int(process)] = order.beginSession() }
    return sessions[Int(process)]
  }

  private static func told(_ operation: LiveJudge.OpenOperation) -> Told {
    Told(
      process: operation.process, invoke: operation.invoke,
      begin: Int32(truncatingIfNeeded: operation.begin), value: operation.value,
      key: operation.key, isWrite: operation.isWrite)
  }

  private static func end(_ told: inout Told, _ version: Int64?, _ end: Int, _ time: Int64) {
    told.complete = time
    told.version = version ?? .min
    told.end = Int32(truncatingIfNeeded: end)
  }
}

extension LiveJudge {
  /// What is linearizable is causal; else what the clients' sessions and reads tell.
  public var causal: Answer {
    if linearizable == .yes { return .yes }
    return isBlind && causality.answer == .yes ? .unknown : causality.answer
  }

  /// Why `causal` is `unknown`; nil where it is not.
  public var causalDoubt: CausalDoubt? {
    guard causal == .unknown else { return nil }
    return causality.doubt ?? .untellable
  }

  /// What is wrong, where causality is broken.
  public var causalPattern: String? { causal == .no ? causality.pattern?.rawValue : nil }

  /// What breaks causality, with the keys' names.
  public func causalViolation(name: (UInt32) -> String) -> CausalViolation? {
    guard causal == .no, let pattern = causality.pattern else { return nil }
    return CausalViolation(
      pattern: pattern.rawValue,
      operations: causality.shown.map { told in
        (
          name(told.key),
          Consistency.Violation.Operation(
            process: told.process, function: told.isWrite ? .write : .read,
            kind: told.end < 0 ? .info : told.hasFailed ? .fail : .ok,
            value: told.value == ValueTable.none ? nil : .integer(Int64(told.value)), from: nil,
            begin: Int(told.begin), end: told.end < 0 ? nil : Int(told.end),
            invokeTime: told.invoke, completeTime: told.end < 0 ? nil : told.complete,
            version: told.version == .min ? nil : told.version, line: Int(told.begin) + 1)
        )
      })
  }
}
