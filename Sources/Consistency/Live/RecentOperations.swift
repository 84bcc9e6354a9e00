/// The last operations of one key that ended: acknowledged writes apart from the rest, because the
/// newest write explains a stale read however many reads came since.
struct RecentOperations: Sendable {
  /// An ended operation.
  struct Kept: Sendable {
    var process: Int64
    var isWrite: Bool
    var outcome: LiveWindow.Outcome
    var value: ValueTable.ID
    var version: Int64?
    var invoke: Int64
    var complete: Int64
    /// Places of its events among all events of the run.
    var begin: Int
    var end: Int
    var tag: UInt64
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
