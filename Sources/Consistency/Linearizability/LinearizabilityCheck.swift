/// Whether the operations of one register can be put into one order that respects their times and
/// explains what each returned.
struct LinearizabilityCheck: Sendable {
  enum Answer: Equatable, Sendable {
    case yes
    /// No order explains the operations from this one's completion on: its place in the list.
    case no(at: Int)
    /// The limit of states was met.
    case unknown
  }

  let initial: ValueTable.ID
  private let options: CheckOptions
  /// States tried per check.
  var limit: Int
  /// Asked during the search; once it says no, answers mean nothing.
  let mayContinue: @Sendable () -> Bool
  /// By value: the number of the last check in which something could observe it.
  private var observed: ContiguousArray<Int32>
  private var checks: Int32 = 0
  /// States tried by the last check.
  private(set) var tried = 0

  /// `valueCount`: how many values the operations' numbers speak of.
  init(
    initial: ValueTable.ID, valueCount: Int, options: CheckOptions,
    while mayContinue: @escaping @Sendable () -> Bool = { true }
  ) {
    self.initial = initial
    self.mayContinue = mayContinue
    self.options = options
    limit = options.limit
    observed = ContiguousArray(repeating: 0, count: valueCount)
  }

  /// What the search needs to know of an operation; nil where it constrains nothing.
  static func search(
    _ operation: HistoryOperation, _ options: CheckOptions
  ) -> SearchOperation? {
    let kind: SearchOperation.Kind
    switch (operation.function, operation.outcome) {
    case (.read, .ok):
      if operation.value == ValueTable.none, options.nilRead == .any { return nil }
      kind = .read
    case (.read, _), (.write, .fail): return nil
    case (.write, _): kind = .write
    case (.cas, .fail):
      if options.failedCas == .drop { return nil }
      return SearchOperation(
        kind: .avoid, isRequired: true, value: operation.from, from: ValueTable.none)
    case (.cas, _): kind = .cas
    }
    return SearchOperation(
      kind: kind, isRequired: operation.outcome == .ok, value: operation.value,
      from: kind == .cas ? operation.from : ValueTable.none)
  }

  /// Judges operations in the order of their invocations.
  mutating func answer(_ operations: [HistoryOperation]) -> Answer {
    let parts = operations.map { Self.search($0, options) }
    markObserved(parts)
    var search = RegisterSearch(initial: initial, limit: limit)
    defer { tried = search.tried }
    var slots = ContiguousArray<Int32>(repeating: -1, count: operations.count)
    for event in Self.events(operations, parts) {
      let place = Int(event & 0x7fff_ffff)
      if slots[place] < 0 {
        let part = parts[place]!
        // What may never happen and nobody could see need not be thought about.
        if !part.isRequired, observed[Int(part.value)] != checks { continue }
        slots[place] = Int32(search.invoke(part))
      } else {
        guard let isExplained = complete(Int(slots[place]), &search) else { return .unknown }
        if !isExplained { return .no(at: place) }
        if search.isExhausted { return .unknown }
      }
    }
    return .yes
  }

  /// Whether some order explains that the operation completes; nil where `mayContinue` ended it.
  private func complete(_ slot: Int, _ search: inout RegisterSearch) -> Bool? {
    search.begin(completing: slot)
    while mayContinue() {
      // A state takes time with the square of the width; asking now and then takes none.
      var credit = max(1, 1024 / (search.width * search.width))
      if let isExplained = search.proceed(&credit) { return isExplained }
    }
    return nil
  }

  /// Notes every value that an operation may have to find. A failed cas finds all but one.
  private mutating func markObserved(_ parts: [SearchOperation?]) {
    checks += 1
    let hasAvoid = parts.contains { $0?.kind == .avoid }
    for part in parts.compacted {
      if part.kind == .read { observed[Int(part.value)] = checks }
      if part.kind == .cas { observed[Int(part.from)] = checks }
      if hasAvoid { observed[Int(part.value)] = checks }
    }
  }

  /// Both events of every operation that counts, in order; the low half is the operation's place.
  private static func events(
    _ operations: [HistoryOperation], _ parts: [SearchOperation?]
  ) -> ContiguousArray<UInt64> {
    var events: ContiguousArray<UInt64> = []
    events.reserveCapacity(operations.count * 2)
    for (place, operation) in operations.enumerated() {
      guard let part = parts[place] else { continue }
      events.append(UInt64(operation.invoke) << 32 | UInt64(place))
      if part.isRequired { events.append(UInt64(operation.complete) << 32 | UInt64(place)) }
    }
    events.sort()
    return events
  }
}

extension Array where Element == SearchOperation? {
  fileprivate var compacted: some Sequence<SearchOperation> { lazy.compactMap { $0 } }
}
