/// The last operations of one key that ended: acknowledged writes apart from the rest, because the
/// newest write explains a stale read however many reads came since.
struct RecentOperations: Sendable {
  /// An ended operation. Small, because one is written for every operation, each at another place.
  struct Kept: Sendable {
    var process: Int64
    var invoke: Int64
    var complete: Int64
    var tag: UInt64
    private var versionOrNone: Int64
    /// Places of its events among all events of the run.
    var begin: Int32
    var end: Int32
    var value: ValueTable.ID
    var isWrite: Bool
    var outcome: LiveWindow.Outcome

    init(
      process: Int64, isWrite: Bool, outcome: LiveWindow.Outcome, value: ValueTable.ID,
      version: Int64?, invoke: Int64, complete: Int64, begin: Int, end: Int, tag: UInt64
    ) {
      self.process = process
      self.invoke = invoke
      self.complete = complete
      self.tag = tag
      versionOrNone = version ?? .min
      self.begin = Int32(truncatingIfNeeded: begin)
      self.end = Int32(truncatingIfNeeded: end)
      self.value = value
      self.isWrite = isWrite
      self.outcome = outcome
    }

    var version: Int64? { versionOrNone == .min ? nil : versionOrNone }
  }

  private struct Ring: Sendable {
    var kept: ContiguousArray<Kept> = []
    var oldest = 0

    mutating func append(_ operation: Kept, limit: Int) {
      if kept.count < limit {
        kept.append(operation)
      } else {
        kept[oldest] = operation
        oldest = oldest + 1 == limit ? 0 : oldest + 1
      }
    }
  }

  private var writes = Ring()
  private var others = Ring()

  mutating func append(_ operation: Kept, limit: Int) {
    if operation.isWrite, operation.outcome == .ok {
      writes.append(operation, limit: limit)
    } else {
      others.append(operation, limit: limit)
    }
  }

  /// In no particular order.
  var all: ContiguousArray<Kept> { writes.kept + others.kept }
}
