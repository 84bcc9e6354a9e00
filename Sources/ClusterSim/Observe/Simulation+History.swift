import Consistency

extension Simulation {
  /// Begins to record; at most `limit` lines are kept at a time, so that what is kept stays a true
  /// beginning.
  public mutating func recordHistory(limit: Int) {
    if recorder == nil { recorder = RunRecorder(limit: limit) }
  }

  /// Takes out what was recorded since the last call, in order of time.
  public mutating func takeHistory() -> [OperationRecord] { recorder?.take() ?? [] }

  /// Lines that were not kept because of the limit.
  public var historyRefused: Int { recorder?.refused ?? 0 }

  @inline(__always)
  mutating func record(
    _ operation: Operation, _ kind: OperationRecord.Kind, found: Versioned = .none,
    hasSiblings: Bool = false, clock: VectorClock? = nil
  ) {
    if recorder == nil { return }
    append(operation, kind, found, hasSiblings, clock)
  }

  /// The place of a version in the order of its key's versions; nil where they have none: clocks do
  /// not order versions that are kept side by side.
  func historyVersion(_ found: Versioned) -> Int64? {
    switch settings.storage.versions {
    // A place in a log says who wrote it, too.
    case .lastWriteWins:
      max(0, usesReplication ? found.version.time : found.version.ordinal)
    case .vector: nil
    }
  }

  private mutating func append(
    _ operation: Operation, _ kind: OperationRecord.Kind, _ found: Versioned, _ hasSiblings: Bool,
    _ clock: VectorClock?
  ) {
    let value: UInt64? =
      switch operation.kind {
      case .write: operation.value
      case .read: kind == .ok && found.version > .initial ? found.value : nil
      }
    var record = OperationRecord(
      process: Int64(operation.process), kind: kind,
      function: operation.kind == .read ? .read : .write,
      key: keys.names[Int(operation.key)], value: value.map { HistoryValue($0) },
      time: now.nanoseconds, version: kind == .ok ? historyVersion(found) : nil)
    record.hasSiblings = hasSiblings
    record.isUnordered = kind == .ok && clock == nil && settings.storage.versions == .vector
    record.clock = clock.map { clock in
      VersionClock(
        clock.entries.map {
          .init(node: hosts[$0.node.index].name, number: Int64($0.counter), isSingle: false)
        }
          + clock.dots.map {
            .init(node: hosts[$0.node.index].name, number: Int64($0.counter), isSingle: true)
          })
    }
    if kind != .invoke {
      record.attempts = Int(operation.attempt) + 1
      record.steps = traces.steps(of: operation.trace).map { step in
        OperationRecord.Step(
          time: step.at, by: hosts[step.by.index].name, to: step.to.map { hosts[$0.index].name },
          what: step.what.name)
      }
    }
    recorder!.append(record)
  }
}
