import Consistency

/// The definition of linearizability, tried out: every order of the operations, and of every choice
/// among those that may not have happened. Knows nothing of the code under test.
struct BruteForce {
  struct Operation {
    var record: OperationRecord
    var kind: OperationRecord.Kind
    var begin: Int
    var end: Int
  }

  var options = CheckOptions()

  /// Operations of one key, paired by hand.
  static func operations(_ records: [OperationRecord]) -> [Operation] {
    var operations: [Operation] = []
    for (place, record) in records.enumerated() {
      if record.kind == .invoke {
        operations.append(Operation(record: record, kind: .info, begin: place, end: .max))
        continue
      }
      let open = operations.lastIndex { $0.record.process == record.process }!
      operations[open].kind = record.kind
      if record.kind != .info { operations[open].end = place }
      if record.kind == .ok, record.function == .read {
        operations[open].record.value = record.value
      }
    }
    return operations
  }

  func isLinearizable(_ records: [OperationRecord]) -> Bool {
    isLinearizable(Self.operations(records))
  }

  func isLinearizable(_ operations: [Operation]) -> Bool {
    let counted = operations.filter {
      switch ($0.record.function, $0.kind) {
      case (.read, .info), (.read, .fail), (.write, .fail): false
      case (.cas, .fail): options.failedCas == .observed
      default: true
      }
    }
    return search(counted, options.initial)
  }

  private func search(_ rest: [Operation], _ state: HistoryValue?) -> Bool {
    // Everything left may be left undone.
    if rest.allSatisfy({ $0.kind == .info }) { return true }
    let deadline = rest.map(\.end).min()!
    for (place, next) in rest.enumerated() where next.begin < deadline {
      guard let after = step(next, state) else { continue }
      var left = rest
      left.remove(at: place)
      if search(left, after) { return true }
    }
    return false
  }

  /// The state after the operation; nil where it cannot happen in this state.
  private func step(_ operation: Operation, _ state: HistoryValue?) -> HistoryValue?? {
    let record = operation.record
    switch (record.function, operation.kind) {
    case (.read, _):
      if record.value == nil, options.nilRead == .any { return .some(state) }
      return record.value == state ? .some(state) : nil
    case (.write, _): return .some(record.value)
    case (.cas, .fail): return state == record.from ? nil : .some(state)
    case (.cas, _): return state == record.from ? .some(record.value) : nil
    }
  }
}
