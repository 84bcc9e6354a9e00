/// Causality of a whole history: tells it to a `CausalOrder`, event by event.
///
/// A file may name a read before the write that it found. Then the read's session waits until the
/// write has been told; sessions that wait for one another to the end are a circle.
struct CausalCheck {
  enum Result: Equatable {
    case holds
    /// The pattern, and the numbers of the operations that form it.
    case broken(CausalOrder.Pattern, [Int32])
    case unknown(CausalDoubt)
  }

  private struct Written: Hashable {
    var key: Int32
    var value: ValueTable.ID
  }

  /// One end of an operation.
  private struct Event {
    var number: Int32
    var isInvocation: Bool
  }

  private let operations: ContiguousArray<HistoryOperation>
  private let initial: ValueTable.ID
  private let options: CheckOptions
  private var order: CausalOrder
  /// The values that somebody writes.
  private var written: Set<Written> = []
  /// Their writes, as far as they were told.
  private var told: [Written: Int32] = [:]
  /// By the session's number in the history: its number in `order`.
  private var sessions: [Int32: Int32] = [:]
  /// Events of sessions that wait, each session's in order, and what it waits for.
  private var parked: [Int32: [Event]] = [:]
  private var waiting: [Written: [Int32]] = [:]

  static func result(
    _ operations: ContiguousArray<HistoryOperation>, initial: ValueTable.ID,
    _ options: CheckOptions, while mayContinue: () -> Bool = { true }
  ) -> Result {
    var check = CausalCheck(operations, initial, options)
    guard check.noteWritten() else { return .unknown(.writtenTwice) }
    check.tellAll(while: mayContinue)
    return switch check.order.finding {
    case .holds: .holds
    case .broken(let pattern, let numbers): .broken(pattern, numbers)
    case .tooLong: .unknown(.tooLong)
    }
  }

  private init(
    _ operations: ContiguousArray<HistoryOperation>, _ initial: ValueTable.ID,
    _ options: CheckOptions
  ) {
    self.operations = operations
    self.initial = initial
    self.options = options
    order = CausalOrder(wordLimit: options.causalWords)
  }

  /// False where a value of a key is written twice, or the initial one is.
  private mutating func noteWritten() -> Bool {
    for operation in operations where operation.function != .read && operation.outcome != .fail {
      if operation.value == initial { return false }
      let value = Written(key: operation.key, value: operation.value)
      if !written.insert(value).inserted { return false }
    }
    return true
  }

  private mutating func tellAll(while mayContinue: () -> Bool) {
    let end = operations.reduce(0) {
      max($0, $1.complete == HistoryOperation.never ? $1.invoke : max($1.invoke, $1.complete))
    }
    var events = ContiguousArray<Event?>(repeating: nil, count: Int(end) + 1)
    for (number, operation) in operations.enumerated() {
      events[Int(operation.invoke)] = Event(number: Int32(number), isInvocation: true)
      if operation.complete == HistoryOperation.never { continue }
      events[Int(operation.complete)] = Event(number: Int32(number), isInvocation: false)
    }
    for event in events {
      guard let event, !order.isOver, mayContinue() else { continue }
      let session = operations[Int(event.number)].session
      if parked[session] != nil {
        parked[session]!.append(event)
      } else {
        tell([event], of: session)
      }
    }
    let circle = parked.values.map { $0[0].number }.sorted()
    if !circle.isEmpty { order.foundCircle(circle) }
  }

  /// Tells the events of a session until it must wait, and then those of all that waited for them.
  private mutating func tell(_ events: [Event], of session: Int32) {
    var ready = [(session, events)]
    while let (session, events) = ready.popLast() {
      for (place, event) in events.enumerated() {
        if let missing = tell(event) {
          parked[session] = Array(events[place...])
          waiting[missing, default: []].append(session)
          break
        }
        let operation = operations[Int(event.number)]
        guard event.isInvocation, operation.function != .read, !waiting.isEmpty else { continue }
        let value = Written(key: operation.key, value: operation.value)
        for session in waiting.removeValue(forKey: value) ?? [] {
          ready.append((session, parked.removeValue(forKey: session)!))
        }
      }
    }
  }

  /// The written value that must be told first; nil where the event was told.
  private mutating func tell(_ event: Event) -> Written? {
    let operation = operations[Int(event.number)]
    let value = Written(key: operation.key, value: operation.value)
    switch (operation.function, event.isInvocation) {
    case (.read, true): return nil
    case (.read, false):
      guard operation.outcome == .ok else { return nil }
      if operation.value == ValueTable.none, options.nilRead == .any { return nil }
      return tellRead(event.number, of: operation.value)
    case (.write, true): beginWrite(event.number)
    case (.cas, true):
      // A failed one says at most what it did not find.
      if operation.outcome == .fail { return nil }
      if operation.outcome == .ok, let missing = tellRead(event.number, of: operation.from) {
        return missing
      }
      beginWrite(event.number)
    case (.write, false), (.cas, false):
      let session = session(operation)
      if operation.outcome == .ok { order.acknowledge(session) }
      if operation.outcome == .fail, operation.function == .write {
        order.takeBack(session)
        if !written.contains(value) { told[value] = nil }
      }
    }
    return nil
  }

  private mutating func session(_ operation: HistoryOperation) -> Int32 {
    if let known = sessions[operation.session] { return known }
    let number = order.beginSession()
    sessions[operation.session] = number
    return number
  }

  private mutating func beginWrite(_ number: Int32) {
    let operation = operations[Int(number)]
    let write = order.beginWrite(session(operation), key: operation.key, name: number)
    let value = Written(key: operation.key, value: operation.value)
    // Of a write that fails while another writes the same, reads find the other.
    if operation.outcome == .fail, written.contains(value) { return }
    told[value] = write
  }

  private mutating func tellRead(_ number: Int32, of found: ValueTable.ID) -> Written? {
    let operation = operations[Int(number)]
    let value = Written(key: operation.key, value: found)
    if let write = told[value] {
      order.read(session(operation), key: operation.key, of: write, name: number)
    } else if written.contains(value) {
      return value
    } else if found == initial {
      order.read(session(operation), key: operation.key, of: -1, name: number)
    } else {
      order.readThinAir(name: number)
    }
    return nil
  }
}
