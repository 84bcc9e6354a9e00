/// Collects records and pairs them into operations, holding them to the rules of a history.
///
/// Events are ordered by their time; equal times, and events without one, keep the order of the
/// file, so an ok written before an invoke of the same time ended before it began. EDN histories
/// keep the order of the file whatever their times: that is what Jepsen's order means.
public struct HistoryBuilder: Sendable {
  /// One record, its words replaced by numbers.
  private struct Event: Sendable {
    var process: Int64
    var kind: OperationRecord.Kind
    var function: OperationRecord.Function
    var hasValue: Bool
    var hasTime: Bool
    var key: Int32
    var value: ValueTable.ID
    var from: ValueTable.ID
    /// Its own, or that of the record before it.
    var time: Int64
    var version: Int64?
    var hasSiblings: Bool
    var isUnordered: Bool
    var clock: VersionClock?
    var line: Int32
    var column: Int32
  }

  private let limits: HistoryLimits
  private let keepsOrder: Bool
  private let model: CheckOptions.Model
  private var events: ContiguousArray<Event> = []
  private var isOrdered = true
  private var keys: [String] = []
  private var keyNumbers: [String: Int32] = [:]
  private var keyBytes = 0
  private var values = ValueTable()

  /// `keepsOrder`: times are only shown, the order of the records counts. A `register` knows no cas.
  public init(
    keepsOrder: Bool = false, model: CheckOptions.Model = .casRegister,
    limits: HistoryLimits = HistoryLimits()
  ) {
    self.keepsOrder = keepsOrder
    self.model = model
    self.limits = limits
  }

  public var recordCount: Int { events.count }

  /// Takes the next record. Throws where there are too many, or too much text in them.
  public mutating func add(_ placed: HistoryReader.Placed) throws(HistoryProblem) {
    let record = placed.record
    guard events.count < limits.records else {
      throw HistoryProblem(
        line: placed.line, column: placed.column,
        "more than \(limits.records) events in one history", expected: "a shorter part of it")
    }
    if record.function == .cas, model == .register {
      throw HistoryProblem(
        line: placed.line, column: placed.column, "a cas, which the model `register` does not have",
        expected: "reads and writes, or the model `cas-register`")
    }
    let before = events.last?.time ?? .min
    let time = record.time ?? before
    if time < before { isOrdered = false }
    events.append(
      Event(
        process: record.process, kind: record.kind, function: record.function,
        hasValue: record.hasValue, hasTime: record.time != nil, key: number(ofKey: record.key),
        value: values.id(record.value), from: values.id(record.from), time: time,
        version: record.version, hasSiblings: record.hasSiblings,
        isUnordered: record.isUnordered, clock: record.clock,
        line: Int32(clamping: placed.line),
        column: Int32(clamping: placed.column)))
    if let clock = record.clock { keyBytes += clock.entries.count * 32 }
    guard keyBytes + values.textBytes <= limits.textBytes else {
      throw HistoryProblem(
        line: placed.line, column: placed.column,
        "more than \(limits.textBytes) bytes of different keys and values",
        expected: "a shorter part of the history")
    }
  }

  /// Takes the next record of a history that is no file; its number, from 1, stands for its line.
  public mutating func add(_ record: OperationRecord) throws(HistoryProblem) {
    try add(HistoryReader.Placed(record: record, line: events.count + 1, column: 1))
  }

  private mutating func number(ofKey key: String) -> Int32 {
    if let known = keyNumbers[key] { return known }
    let number = Int32(keys.count)
    keyNumbers[key] = number
    keys.append(key)
    keyBytes += key.utf8.count
    return number
  }

  /// The paired history. Throws at the first event that contradicts an earlier one.
  public consuming func history() throws(HistoryProblem) -> History {
    if !isOrdered, !keepsOrder {
      let order = events.indices.sorted {
        (events[$0].time, $0) < (events[$1].time, $1)
      }
      events = ContiguousArray(order.map { events[$0] })
    }
    var operations: ContiguousArray<HistoryOperation> = []
    operations.reserveCapacity(events.count / 2)
    var openOf: [Int64: Int32] = [:]
    var sessionOf: [Int64: Int32] = [:]
    var sessions: Int32 = 0
    for (place, event) in events.enumerated() {
      guard event.kind != .invoke else {
        if let open = openOf.updateValue(Int32(operations.count), forKey: event.process) {
          throw problem(
            event,
            "process \(event.process) invokes while what it invoked at line "
              + "\(operations[Int(open)].line) is still open",
            "its ok, fail or info first")
        }
        let session = sessionOf[event.process] ?? sessions
        if session == sessions {
          sessionOf[event.process] = session
          sessions += 1
        }
        operations.append(operation(event, Int32(place), session))
        continue
      }
      guard let open = openOf.removeValue(forKey: event.process) else {
        throw problem(
          event, "\(event.kind.rawValue) of process \(event.process), which has nothing open",
          "an invoke before it")
      }
      try complete(&operations[Int(open)], event, Int32(place))
      if event.kind == .info { sessionOf[event.process] = nil }
    }
    // A key that only completions name is none.
    return History(keys: keys, values: values, operations: operations)
  }

  private func problem(_ event: Event, _ problem: String, _ expected: String) -> HistoryProblem {
    HistoryProblem(
      line: Int(event.line), column: Int(event.column), problem, expected: expected)
  }

  private func operation(_ event: Event, _ place: Int32, _ session: Int32) -> HistoryOperation {
    HistoryOperation(
      process: event.process, session: session, function: event.function, outcome: .open,
      key: event.key, value: event.function == .read ? ValueTable.none : event.value,
      from: event.from, invoke: place, complete: HistoryOperation.never,
      invokeTime: event.hasTime ? event.time : nil, completeTime: nil, version: nil,
      line: event.line)
  }

  private func complete(
    _ operation: inout HistoryOperation, _ event: Event, _ place: Int32
  ) throws(HistoryProblem) {
    guard event.function == operation.function else {
      throw problem(
        event,
        "\(event.kind.rawValue) of a \(event.function.rawValue), but process "
          + "\(event.process) invoked a \(operation.function.rawValue) at line \(operation.line)",
        "the end of that")
    }
    // Without a key it is the one of the invocation: Jepsen's failures often lose it.
    guard event.key == operation.key || keys[Int(event.key)].isEmpty else {
      throw problem(
        event,
        "the \(event.kind.rawValue) is for another key than the invoke at line "
          + "\(operation.line)", "the same key")
    }
    switch event.kind {
    case .invoke, .info: return
    case .fail: operation.outcome = .fail
    case .ok:
      operation.outcome = event.hasSiblings ? .fail : .ok
      operation.hasSiblings = event.hasSiblings
      operation.isUnordered = event.isUnordered
      operation.clock = event.clock
      operation.version = event.version
      if operation.function == .read {
        operation.value = event.value
      } else if event.hasValue,
        event.value != operation.value || event.from != operation.from
      {
        throw problem(
          event,
          "the ok of a \(event.function.rawValue) has another value than its invoke at "
            + "line \(operation.line)", "the same value, or none")
      }
    }
    operation.complete = place
    operation.completeTime = event.hasTime ? event.time : nil
  }
}

extension HistoryBuilder {
  /// A history from records that never were a file; their numbers, from 1, stand for lines.
  public static func history(
    _ records: some Sequence<OperationRecord>
  ) throws(HistoryProblem) -> History {
    var builder = HistoryBuilder()
    for record in records { try builder.add(record) }
    return try builder.history()
  }
}
