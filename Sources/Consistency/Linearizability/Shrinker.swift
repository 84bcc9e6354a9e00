/// Finds a smallest part of a register's history that still cannot be explained.
///
/// An operation may only be left out where a history that can be explained would stay so; then the
/// part's violation is the whole's. Observations may always go. A write or cas may go if no
/// observation that stays could have found what it set: it begins after the observation ends, or a
/// certain write lies wholly between the two. Yet of the writes of a value that is observed one
/// stays, or every stale read would shrink to a read of something that nobody wrote. From the result
/// no single operation can go.
struct Shrinker {
  private var check: LinearizabilityCheck
  private let options: CheckOptions

  /// States that a part may take to be judged, beside twice what the whole took: that something can be
  /// left out is found fast, or not worth the time.
  private static let statesPerPart = 100_000

  init(_ check: LinearizabilityCheck, options: CheckOptions) {
    self.check = check
    self.options = options
    self.check.limit = min(options.limit, Self.statesPerPart + 2 * check.tried)
  }

  /// `operations` in the order of their invocations; `failure` is the place of the one whose
  /// completion nothing explains. Nil where the limit keeps the part from being found.
  mutating func smallest(_ operations: [HistoryOperation], failure: Int) -> [HistoryOperation]? {
    let end = operations[failure].complete
    guard var part = recent(begun(operations, before: end)) else { return nil }
    var size = part.count / 2
    while size >= 1 {
      var hasShrunk = false
      var start = 0
      while start < part.count {
        guard check.mayContinue() else { return nil }
        let range = start..<min(start + size, part.count)
        let kept = without(range, part)
        if kept.count < part.count, violates(kept) {
          part = kept
          hasShrunk = true
        } else {
          start += size
        }
      }
      if size > 1 {
        size /= 2
      } else if !hasShrunk {
        break
      }
    }
    return part
  }

  /// What had begun at an event: a history that cannot be explained cannot become so by going on. Who
  /// had not ended by then has found nothing yet, and may find what is not even begun.
  private func begun(_ operations: [HistoryOperation], before end: Int32) -> [HistoryOperation] {
    operations.compactMap { operation in
      guard operation.invoke < end, LinearizabilityCheck.search(operation, options) != nil else {
        return nil
      }
      guard operation.complete > end, operation.outcome != .open else { return operation }
      switch operation.function {
      case .write: return operation
      case .read: return nil
      case .cas:
        guard operation.outcome == .ok else { return nil }
        var open = operation
        open.outcome = .open
        open.complete = HistoryOperation.never
        return open
      }
    }
  }

  /// The last operations, as many as it takes, and what they could have seen.
  private mutating func recent(_ operations: [HistoryOperation]) -> [HistoryOperation]? {
    var count = 8
    while check.mayContinue() {
      let kept = without(0..<max(0, operations.count - count), operations)
      if violates(kept) { return kept }
      if kept.count == operations.count { return nil }
      count *= 2
    }
    return nil
  }

  private mutating func violates(_ operations: [HistoryOperation]) -> Bool {
    if case .no = check.answer(operations) { return true }
    return false
  }

  /// The operations without as many of those in `range` as may be left out together.
  func without(_ range: Range<Int>, _ operations: [HistoryOperation]) -> [HistoryOperation] {
    let candidates = LastWriters(operations, initial: check.initial)
    var isKept = operations.indices.map { !range.contains($0) }
    // What stays demands what it could have seen, which may demand more in turn.
    var demanding = operations.indices.filter { isKept[$0] }
    while let place = demanding.popLast() {
      for writer in candidates.of(place, in: operations) where !isKept[writer] {
        isKept[writer] = true
        demanding.append(writer)
      }
      let sources = candidates.sources(of: place, in: operations)
      if let last = sources.last, !sources.contains(where: { isKept[$0] }) {
        isKept[last] = true
        demanding.append(last)
      }
    }
    return operations.indices.filter { isKept[$0] }.map { operations[$0] }
  }
}

/// Which operations an observation could have found the register set by.
private struct LastWriters {
  /// Certain writes by their completion, with the latest invocation of any up to there.
  private var completions: [Int32] = []
  private var latest: [Int32] = []
  private var setters: [ValueTable.ID: [Int]] = [:]
  private var allSetters: [Int] = []
  private let initial: ValueTable.ID

  init(_ operations: [HistoryOperation], initial: ValueTable.ID) {
    self.initial = initial
    let certain = operations.filter(\.isSetter).sorted { $0.complete < $1.complete }
    var invoke: Int32 = -1
    for operation in certain {
      invoke = max(invoke, operation.invoke)
      completions.append(operation.complete)
      latest.append(invoke)
    }
    for (place, operation) in operations.enumerated()
    where operation.function != .read && operation.outcome != .fail {
      setters[operation.value, default: []].append(place)
      allSetters.append(place)
    }
  }

  /// The operations that may have set the register last before the observation took effect.
  func of(_ place: Int, in operations: [HistoryOperation]) -> [Int] {
    let observer = operations[place]
    let possible: [Int]
    if observer.function == .cas, observer.outcome == .fail {
      // Any value but one would do, so every write that sets another may be the one it met.
      possible = allSetters.filter { operations[$0].value != observer.from }
    } else if let value = found(observer) {
      possible = setters[value] ?? []
    } else {
      return []
    }
    let blocked = latestBefore(observer.invoke)
    return possible.filter {
      $0 != place && operations[$0].invoke < observer.complete
        && operations[$0].complete >= blocked
    }
  }

  /// The operations that set what was observed and began before the observation ended.
  func sources(of place: Int, in operations: [HistoryOperation]) -> [Int] {
    let observer = operations[place]
    guard let value = found(observer), value != initial else { return [] }
    return (setters[value] ?? []).filter {
      $0 != place && operations[$0].invoke < observer.complete
    }
  }

  /// The one value that the operation found; nil for a write and for a failed cas.
  private func found(_ operation: HistoryOperation) -> ValueTable.ID? {
    switch (operation.function, operation.outcome) {
    case (.read, _): operation.value
    case (.write, _), (.cas, .fail): nil
    case (.cas, _): operation.from
    }
  }

  /// The latest invocation of a certain write that completes before this event.
  private func latestBefore(_ event: Int32) -> Int32 {
    var low = 0
    var high = completions.count
    while low < high {
      let middle = (low + high) / 2
      if completions[middle] < event { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? -1 : latest[low - 1]
  }
}
