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

    mutating func removeAll() {
      kept.removeAll(keepingCapacity: true)
      oldest = 0
    }

    /// True where another had to go.
    mutating func append(_ operation: Kept, limit: Int) -> Bool {
      if kept.count < limit {
        kept.append(operation)
        return false
      }
      kept[oldest] = operation
      oldest = oldest + 1 == limit ? 0 : oldest + 1
      return true
    }
  }

  /// Something is not kept any more.
  private(set) var hasForgotten = false
  private var writes = Ring()
  private var others = Ring()

  mutating func append(_ operation: Kept, limit: Int) {
    let isOther = !operation.isWrite || operation.outcome != .ok
    if isOther
      ? others.append(operation, limit: limit) : writes.append(operation, limit: limit)
    {
      hasForgotten = true
    }
  }

  /// Keeps the memory.
  mutating func removeAll() {
    writes.removeAll()
    others.removeAll()
  }

  /// In no particular order.
  var all: ContiguousArray<Kept> { writes.kept + others.kept }
}
