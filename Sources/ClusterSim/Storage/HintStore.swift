/// A write kept for a replica that missed it (Dynamo section 4.6).
struct Hint {
  var key: UInt32
  var entry: Versioned
  /// When it was kept, for the window.
  var since: Int64
}

/// The hints one node keeps on its disk, a line for each node they are meant for.
///
/// A hint leaves its line when it is sent and comes back to it when no acknowledgement arrives.
struct HintStore {
  private struct Sent {
    var target: UInt16
    var hint: Hint
    var due: Int64
  }
  private var waiting: ContiguousArray<Fifo<Hint>> = []
  private var sent = Slab<Sent>()
  /// Newest hinted version of each key, so that a stand-in can answer reads.
  private var newest = ReplicaStore()
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  mutating func add(_ hint: Hint, for target: NodeID) {
    while waiting.count <= target.index { waiting.append(Fifo()) }
    waiting[target.index].append(hint)
    newest.apply(hint.entry, to: hint.key)
    count += 1
  }

  /// The newest version of a key among the hints kept since the store was last empty.
  @inline(__always)
  func newest(_ key: UInt32) -> Versioned { newest.get(key) }

  func count(for target: NodeID) -> Int {
    var count = target.index < waiting.count ? waiting[target.index].count : 0
    sent.visit { _, entry in if entry.target == target.rawValue { count += 1 } }
    return count
  }

  func waits(for target: NodeID) -> Bool {
    target.index < waiting.count && !waiting[target.index].isEmpty
  }

  /// Highest node index that hints may be kept for, plus one.
  var targetLimit: Int { waiting.count }

  /// Takes the oldest hint for `target` out to be sent, with the handle its acknowledgement names.
  mutating func send(to target: NodeID, due: Int64) -> (handle: UInt64, hint: Hint)? {
    guard let hint = waiting[target.index].popFirst() else { return nil }
    return (sent.insert(Sent(target: target.rawValue, hint: hint, due: due)), hint)
  }

  /// The target has it: the hint is gone. False where the acknowledgement came late or twice.
  mutating func acknowledged(_ handle: UInt64) -> Bool {
    guard sent.contains(handle) else { return false }
    sent.remove(handle)
    forgetOne()
    return true
  }

  /// Puts back what was sent and not acknowledged by `now`.
  mutating func reclaim(before now: Int64) {
    guard !sent.isEmpty else { return }
    var overdue: [UInt64] = []
    sent.visit { handle, entry in if entry.due <= now { overdue.append(handle) } }
    for handle in overdue {
      let entry = sent.remove(handle)
      waiting[Int(entry.target)].append(entry.hint)
    }
  }

  /// Drops what is older than the window; says how many.
  mutating func expire(before time: Int64) -> Int {
    var dropped = 0
    for target in waiting.indices {
      while let hint = waiting[target].first, hint.since < time {
        _ = waiting[target].popFirst()
        forgetOne()
        dropped += 1
      }
    }
    return dropped
  }

  private mutating func forgetOne() {
    count -= 1
    if count == 0 { newest.removeAll() }
  }

  func mix(into hash: inout StateHash) { hash.mix(UInt64(count)) }
}
