/// The last operations of one key that ended, oldest first from `oldest`.
struct RecentOperations: Sendable {
  /// An ended operation; its process shows in its events.
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

  private var kept: ContiguousArray<Kept> = []
  private var oldest = 0

  mutating func append(_ operation: Kept, limit: Int) {
    if kept.count < limit {
      kept.append(operation)
      return
    }
    // The newest acknowledged write and what stands beside it explain a stale read however many
    // reads came since: reads go first.
    if !operation.isWrite, !kept[oldest].isWrite || kept[oldest].outcome != .ok {
      kept[oldest] = operation
      oldest = (oldest + 1) % limit
      return
    }
    var ordered = all
    let place = ordered.firstIndex { !$0.isWrite || $0.outcome != .ok } ?? 0
    ordered.remove(at: place)
    ordered.append(operation)
    kept = ordered
    oldest = 0
  }

  /// In the order of their ends.
  var all: ContiguousArray<Kept> {
    ContiguousArray(kept[oldest...]) + kept[..<oldest]
  }
}
