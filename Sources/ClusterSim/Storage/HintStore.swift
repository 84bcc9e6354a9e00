/// A write kept for a replica that missed it (Dynamo section 4.6).
struct Hint {
  var key: UInt32
  var entry: Versioned
  /// When it was kept, for the window.
  var since: Int64
}

/// The hints one node keeps on its disk, a line for each node they are meant for.
///
/// A hint leaves its line when it is sent and comes back to it when no acknowledgement arrives. A
/// target that does not keep up is sent fewer at a time and given longer, so that replays do not
/// bury it.
struct HintStore {
  private struct Sent {
    var target: UInt16
    var hint: Hint
    var due: Int64
  }
  private struct Line {
    var waiting = Fifo<Hint>()
    /// Sent and not yet acknowledged or overdue.
    var outstanding = 0
    /// The time-out is doubled so many times.
    var patience = 0
  }
  /// Hints under way to one target at most.
  static var window: Int { 64 }
  private static var longestPatience: Int { 4 }

  private var lines: ContiguousArray<Line> = []
  private var sent = Slab<Sent>()
  /// Newest hinted version of each key, so that a stand-in can answer reads.
  private var newest = ReplicaStore()
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// `newest`: what is known of the key from now on, this hint and those before.
  mutating func add(_ hint: Hint, for target: NodeID, newest entry: Versioned) {
    while lines.count <= target.index { lines.append(Line()) }
    lines[target.index].waiting.append(hint)
    newest.replace(entry, at: hint.key)
    count += 1
  }

  /// The newest version of a key among the hints kept since the store was last empty.
  @inline(__always)
  func newest(_ key: UInt32) -> Versioned { newest.get(key) }

  func count(for target: NodeID) -> Int {
    guard target.index < lines.count else { return 0 }
    return lines[target.index].waiting.count + lines[target.index].outstanding
  }

  /// Whether a hint for `target` can be sent now.
  func canSend(to target: NodeID) -> Bool {
    target.index < lines.count && !lines[target.index].waiting.isEmpty
      && lines[target.index].outstanding < Self.window >> lines[target.index].patience
  }

  /// Highest node index that hints may be kept for, plus one.
  var targetLimit: Int { lines.count }

  /// Takes the oldest hint for `target` out to be sent, with the handle its acknowledgement names.
  /// It counts as lost when nothing is heard for `timeout` (ns), doubled for a target that was late.
  mutating func send(
    to target: NodeID, now: Int64, timeout: Int64
  ) -> (handle: UInt64, hint: Hint)? {
    guard let hint = lines[target.index].waiting.popFirst() else { return nil }
    lines[target.index].outstanding += 1
    let due = now + timeout << Int64(lines[target.index].patience)
    return (sent.insert(Sent(target: target.rawValue, hint: hint, due: due)), hint)
  }

  /// The target has it: the hint is gone. False where the acknowledgement came late or twice.
  mutating func acknowledged(_ handle: UInt64) -> Bool {
    guard sent.contains(handle) else { return false }
    let target = Int(sent.remove(handle).target)
    lines[target].outstanding -= 1
    lines[target].patience = max(0, lines[target].patience - 1)
    forgetOne()
    return true
  }

  /// Takes every hint for `target` out, sent or not.
  mutating func takeAll(for target: NodeID) -> [Hint] {
    guard count(for: target) > 0 else { return [] }
    var taken: [Hint] = []
    var under: [UInt64] = []
    sent.visit { handle, entry in if entry.target == target.rawValue { under.append(handle) } }
    for handle in under {
      taken.append(sent.remove(handle).hint)
      lines[target.index].outstanding -= 1
      forgetOne()
    }
    while let hint = lines[target.index].waiting.popFirst() {
      taken.append(hint)
      forgetOne()
    }
    return taken
  }

  /// Puts back what was sent and not acknowledged by `now`; its target gets fewer and more time.
  mutating func reclaim(before now: Int64) {
    guard !sent.isEmpty else { return }
    var overdue: [UInt64] = []
    sent.visit { handle, entry in if entry.due <= now { overdue.append(handle) } }
    var late = NodeSet()
    for handle in overdue {
      let entry = sent.remove(handle)
      lines[Int(entry.target)].outstanding -= 1
      lines[Int(entry.target)].waiting.append(entry.hint)
      late.insert(NodeID(entry.target))
    }
    for target in late {
      lines[target.index].patience = min(Self.longestPatience, lines[target.index].patience + 1)
    }
  }

  /// Drops what is older than the window; gives the keys, one for each hint.
  mutating func expire(before time: Int64) -> ContiguousArray<UInt32> {
    var dropped: ContiguousArray<UInt32> = []
    for target in lines.indices {
      while let hint = lines[target].waiting.first, hint.since < time {
        _ = lines[target].waiting.popFirst()
        forgetOne()
        dropped.append(hint.key)
      }
    }
    return dropped
  }

  /// Drops what was kept at `time` or later: it had not reached the disk. Gives the keys, one for
  /// each hint. Nothing may be under way. What is known of the keys is forgotten: `know` says it anew.
  mutating func loseKept(since time: Int64) -> ContiguousArray<UInt32> {
    precondition(sent.isEmpty, "hints lost while some are under way")
    var lost: ContiguousArray<UInt32> = []
    for target in lines.indices {
      for _ in 0..<lines[target].waiting.count {
        let hint = lines[target].waiting.popFirst()!
        if hint.since < time { lines[target].waiting.append(hint) } else { lost.append(hint.key) }
      }
    }
    count -= lost.count
    newest.removeAll()
    return lost
  }

  /// Says anew what is known of a key, after hints were lost.
  mutating func know(_ entry: Versioned, of key: UInt32) { newest.replace(entry, at: key) }

  func visitNewest(_ body: (Versioned) -> Void) { newest.visit { body($1) } }

  /// Visits every hint kept, also those sent and not acknowledged.
  func visit(_ body: (Hint) -> Void) {
    for line in lines {
      for place in 0..<line.waiting.count { body(line.waiting[place]) }
    }
    sent.visit { body($1.hint) }
  }

  private mutating func forgetOne() {
    count -= 1
    if count == 0 { newest.removeAll() }
  }

  func mix(into hash: inout StateHash) { hash.mix(UInt64(count)) }
}
