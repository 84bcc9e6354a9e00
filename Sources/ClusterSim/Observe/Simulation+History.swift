import Consistency

/// A line of the history before it is written, and the trace of its operation.
struct HistoryLine: Sendable {
  var record: OperationRecord
  var trace: UInt64
}

extension Simulation {
  /// Begins to record; at most `limit` lines are kept at a time, so that what is kept stays a true
  /// beginning. `courses`: completions also tell who was asked and what came of it.
  public mutating func recordHistory(limit: Int, courses: Bool = true) {
    guard recorder == nil else { return }
    recorder = RunRecorder(limit: limit)
    if courses { traces.ledger = TraceLedger() }
  }

  /// Takes out what was recorded since the last call, in order of time.
  public mutating func takeHistory() -> [OperationRecord] {
    written(recorder?.take() ?? [])
  }

  /// Takes out what was recorded since the last call and is settled: late answers, hints and repairs
  /// have had the store's and the client's time-outs together to come.
  public mutating func takeSettledHistory() -> [OperationRecord] {
    let patience = settings.client.timeout.nanoseconds + settings.storage.timeout.nanoseconds
    let limit = now.nanoseconds - patience
    return written(recorder?.take { $0.record.time! <= limit } ?? [])
  }

  /// Lines that were not kept because of the limit.
  public var historyRefused: Int { recorder?.refused ?? 0 }

  /// Hints and repairs of which no line of the history tells, as they came too late or for no client;
  /// nil where none is recorded.
  public var historyUntold: (hints: Int, repairs: Int)? {
    traces.ledger.map { ($0.untoldHints, $0.untoldRepairs) }
  }

  private mutating func written(_ lines: [HistoryLine]) -> [OperationRecord] {
    guard traces.ledger != nil else { return lines.map(\.record) }
    return lines.map { line in
      guard line.record.kind != .invoke else { return line.record }
      let number = TraceRing.number(line.trace)
      var record = line.record
      record.course = traces.ledger!.entry(number).map { course($0) }
      traces.ledger!.close(number)
      return record
    }
  }

  private func course(_ entry: TraceLedger.Entry) -> OperationCourse {
    let trace = entry.trace
    func name(_ node: NodeID) -> String { hosts[node.index].name }
    var course = OperationCourse()
    // Through a web server it is that one's choice, and has no name here.
    if trace.isThroughCache, let server = trace.server, hosts[server.index].kind == .cache {
      course.cache = name(server)
    }
    course.isCacheHit = trace.isCacheHit
    course.coordinator = trace.coordinator.map(name)
    course.needed = Int(trace.needed)
    course.asked = trace.asked.map { asked in
      var stamp: Int64?
      let answer: OperationCourse.Asked.Answer?
      switch asked.answer {
      case .none: answer = nil
      case .acknowledged: answer = .acknowledged
      case .refused: answer = .refused
      case .found(let version):
        answer = version < 0 ? .nothing : .found
        stamp = version < 0 ? nil : version
      }
      return OperationCourse.Asked(
        node: name(asked.node),
        standsInFor: asked.meantFor == asked.node ? nil : name(asked.meantFor),
        counts: asked.counts, answer: answer, answeredAt: answer == nil ? nil : asked.answeredAt,
        stamp: stamp, isRepaired: asked.repaired)
    }
    course.unlisted = max(0, Int(trace.askedCount) - OperationTrace.kept)
    course.repliedAt = trace.repliedAt > 0 ? trace.repliedAt : nil
    course.copies = entry.copies.map { OperationCourse.Copy(node: name($0.node), time: $0.at) }
    course.hints = Int(trace.hints)
    course.repairs = Int(trace.repairs)
    course.reason = trace.failure?.name
    return course
  }

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
    recorder!.append(HistoryLine(record: record, trace: operation.trace))
    // What is not kept has no line to be told on: the run is refused.
    if recorder!.refused > 0 { traces.ledger = nil }
  }
}
