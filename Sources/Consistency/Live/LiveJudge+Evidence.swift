// What a violation is made of.
extension LiveJudge {
  mutating func keep(
    _ operation: OpenOperation, _ key: UInt32, _ outcome: LiveWindow.Outcome,
    _ found: ValueTable.ID, _ version: Int64?, _ time: Int64
  ) {
    let kept = RecentOperations.Kept(
      process: operation.process, isWrite: operation.isWrite, outcome: outcome,
      value: operation.isWrite ? operation.value : found, version: version,
      invoke: operation.invoke, complete: time, begin: operation.begin, end: events - 1,
      tag: operation.tag)
    recents[Int(key)].append(kept, limit: limits.recent)
    let window = Int(registers[Int(key)].window)
    if window >= 0 { windows[window].recent.append(kept, limit: limits.recentOverlapping) }
  }

  /// The smallest part of the kept operations that is not explained.
  func evidence(_ key: UInt32, at time: Int64) -> Violation {
    var kept = recents[Int(key)].all
    let window = Int(registers[Int(key)].window)
    if window >= 0 {
      let known = Set(kept.map(\.begin))
      kept += windows[window].recent.all.filter { !known.contains($0.begin) }
    }
    for operation in open where operation.isOpen && operation.key == key && operation.isWrite {
      kept.append(
        RecentOperations.Kept(
          process: operation.process, isWrite: true, outcome: .open, value: operation.value,
          version: nil, invoke: operation.invoke, complete: 0, begin: operation.begin, end: 0,
          tag: operation.tag))
    }
    kept.sort { $0.begin < $1.begin }
    // A value whose write is not kept was written before all that is, as far as one can tell; a value
    // beyond all that were written was written by nobody.
    let isWhole = !recents[Int(key)].hasForgotten
    let isInvented = isWhole || kept.contains { !$0.isWrite && $0.value > largestWritten }
    for withForgotten in isInvented ? [true, false] : [true] {
      if let part = Self.smallest(kept, key, withForgotten: withForgotten, limits) {
        return Violation(
          key: key, at: time, operations: part.operations, tags: part.tags,
          outOf: operationCount(ofKey: key), isSmallest: true)
      }
    }
    // What would show it is no longer kept: the last operations.
    let last = kept.suffix(6).map { Self.operation($0, key, shift: 0) }
    var values = ValueTable()
    return Violation(
      key: key, at: time,
      operations: last.map { operation in
        var shown = operation
        shown.value = shown.value == 0 ? 0 : values.id(.integer(Int64(shown.value)))
        return Consistency.Violation.Operation(shown, values)
      }, tags: kept.suffix(6).map(\.tag), outOf: operationCount(ofKey: key), isSmallest: false)
  }

  private static func smallest(
    _ kept: ContiguousArray<RecentOperations.Kept>, _ key: UInt32, withForgotten: Bool,
    _ limits: LiveLimits
  ) -> (operations: [Consistency.Violation.Operation], tags: [UInt64])? {
    var operations: [HistoryOperation] = []
    var known = Set(kept.filter(\.isWrite).map(\.value))
    known.insert(ValueTable.none)
    for read in kept where withForgotten && known.insert(read.value).inserted {
      operations.append(forgottenWrite(read.value, key, place: operations.count))
    }
    // None of them is before another.
    let before = operations.count
    for place in operations.indices { operations[place].complete = Int32(before + place) }
    var tags = [UInt64](repeating: 0, count: before)
    for item in kept {
      operations.append(operation(item, key, shift: before * 2))
      tags.append(item.tag)
    }
    let lines = operations.map(\.line)
    // By which what is left of them is known again.
    for place in operations.indices { operations[place].line = Int32(place) }
    // The check looks values up by their number: make the numbers small.
    var values = ValueTable()
    for place in operations.indices where operations[place].value != ValueTable.none {
      operations[place].value = values.id(.integer(Int64(operations[place].value)))
    }
    var options = CheckOptions()
    options.limit = limits.evidenceStates
    var check = LinearizabilityCheck(
      initial: ValueTable.none, valueCount: values.values.count, options: options)
    guard case .no(let failure) = check.answer(operations) else { return nil }
    var shrinker = Shrinker(check, options: options)
    guard let shown = shrinker.smallest(operations, failure: failure) else { return nil }
    let part = shown.map { operation in
      var operation = operation
      operation.line = lines[Int(operation.line)]
      return Consistency.Violation.Operation(operation, values)
    }
    return (part, shown.map { tags[Int($0.line)] })
  }

  /// Its line is that of its invocation in the exported history, which has a line for every event.
  private static func operation(
    _ kept: RecentOperations.Kept, _ key: UInt32, shift: Int
  ) -> HistoryOperation {
    HistoryOperation(
      process: kept.process, session: 0, function: kept.isWrite ? .write : .read,
      outcome: kept.outcome == .ok ? .ok : .open, key: Int32(key), value: kept.value,
      from: ValueTable.none, invoke: kept.begin &+ Int32(truncatingIfNeeded: shift),
      complete: kept.outcome == .ok
        ? kept.end &+ Int32(truncatingIfNeeded: shift) : HistoryOperation.never,
      invokeTime: kept.invoke, completeTime: kept.outcome == .ok ? kept.complete : nil,
      version: kept.version, line: kept.begin &+ 1)
  }

  private static func forgottenWrite(
    _ value: ValueTable.ID, _ key: UInt32, place: Int
  ) -> HistoryOperation {
    HistoryOperation(
      process: -1, session: 0, function: .write, outcome: .ok, key: Int32(key), value: value,
      from: ValueTable.none, invoke: Int32(place), complete: 0, invokeTime: nil,
      completeTime: nil, version: nil, line: 0)
  }
}
