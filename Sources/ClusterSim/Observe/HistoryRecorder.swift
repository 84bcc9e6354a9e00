import Consistency

/// Keeps the history of operations until somebody takes it; bounded, the newest are refused at the
/// bound and counted, so that what is kept stays a true beginning.
struct HistoryRecorder: Sendable {
  let limit: Int
  var records: [OperationRecord] = []
  var refused = 0
}

extension Simulation {
  /// Begins to record; at most `limit` lines are kept at a time.
  public mutating func recordHistory(limit: Int) {
    if recorder == nil { recorder = HistoryRecorder(limit: limit) }
  }

  /// Takes out what was recorded since the last call, in order of time.
  public mutating func takeHistory() -> [OperationRecord] {
    let records = recorder?.records ?? []
    recorder?.records.removeAll(keepingCapacity: true)
    return records
  }

  /// Lines that were not kept because of the limit.
  public var historyRefused: Int { recorder?.refused ?? 0 }

  @inline(__always)
  mutating func record(
    _ operation: Operation, _ kind: OperationRecord.Kind, found: Versioned = .none
  ) {
    if recorder == nil { return }
    append(operation, kind, found)
  }

  private mutating func append(
    _ operation: Operation, _ kind: OperationRecord.Kind, _ found: Versioned
  ) {
    guard recorder!.records.count < recorder!.limit else {
      recorder!.refused += 1
      return
    }
    let value: UInt64? =
      switch operation.kind {
      case .write: operation.value
      case .read: kind == .ok && found.version > .initial ? found.value : nil
      }
    recorder!.records.append(
      OperationRecord(
        process: Int64(operation.process), kind: kind,
        function: operation.kind == .read ? .read : .write,
        key: keys.names[Int(operation.key)], value: value.map { HistoryValue($0) },
        time: now.nanoseconds,
        version: kind == .ok ? max(0, found.version.ordinal) : nil))
  }
}
