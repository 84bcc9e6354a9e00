/// What the outside world knows of each key: which acknowledged write is the newest, and since when.
///
/// It watches from outside and never helps the protocol. Bounded: the last advances of each key, and of
/// all keys the last quarter of a million before those.
struct AcknowledgedWrites {
  /// A write that was newer than every one acknowledged before it.
  struct Advance {
    var write: Versioned
    var at: Int64
    /// Advances of this key up to and with this one.
    var ordinal: UInt32
    /// Counted as lost for good.
    var isLost = false
    var version: Version { write.version }
  }
  static let kept = 8
  private var advances: ContiguousArray<Advance> = []
  private var counts: ContiguousArray<UInt32> = []
  private var older = OlderAdvances()

  /// The newest acknowledged version of a key.
  @inline(__always)
  func frontier(_ key: UInt32) -> Version {
    let index = Int(key)
    guard index < counts.count, counts[index] > 0 else { return .initial }
    return advances[slot(index, counts[index] - 1)].version
  }

  /// What became of a write that was acknowledged.
  enum Outcome {
    case newest
    /// A concurrent write with a newer version had been acknowledged before: this one is discarded.
    case discarded
    /// The newer version had been acknowledged before this write even began: clocks disagree, and an
    /// acknowledged write is lost.
    case lost(winner: Versioned)
  }

  /// A write that was invoked at `invoked` is acknowledged now.
  @discardableResult
  mutating func acknowledge(
    _ write: Versioned, key: UInt32, invoked: Int64, at now: Int64
  ) -> Outcome {
    let version = write.version
    let index = Int(key)
    if index >= counts.count {
      let size = max(index + 1, counts.count * 2)
      counts.append(contentsOf: repeatElement(0, count: size - counts.count))
      advances.append(
        contentsOf: repeatElement(
          Advance(write: .none, at: 0, ordinal: 0), count: size * Self.kept - advances.count))
    }
    guard frontier(key) < version else {
      let (since, _) = staleness(of: version, frontier: frontier(key), key: key)
      guard since < invoked else { return .discarded }
      return .lost(winner: advances[slot(index, counts[index] - 1)].write)
    }
    if counts[index] >= UInt32(Self.kept) {
      older.append(advances[slot(index, counts[index])], key: index)
    }
    counts[index] += 1
    advances[slot(index, counts[index] - 1)] = Advance(
      write: write, at: now, ordinal: counts[index])
    return .newest
  }

  /// The version under which the write that wrote this value was acknowledged, where that is kept;
  /// else the version it was found with.
  func standing(_ found: Versioned, key: UInt32) -> Version {
    let index = Int(key)
    guard found.version > .initial, index < counts.count else { return found.version }
    for place in 0..<min(counts[index], UInt32(Self.kept)) {
      let write = advances[slot(index, counts[index] - 1 - place)].write
      if write.value == found.value { return write.version }
    }
    return found.version
  }

  /// How stale a read is that was invoked while `frontier` was the newest acknowledged version and
  /// returned the older `version`: since when (ns) that had been replaced, and by how many
  /// acknowledged versions it was behind. Where the replacement is no longer kept: the oldest kept.
  func staleness(of version: Version, frontier: Version, key: UInt32) -> (since: Int64, behind: Int)
  {
    var since = Int64.max
    var oldest = Int64.max
    var behind = 0
    visit(key) { advance in
      if advance.version <= version { return false }
      oldest = advance.at
      if advance.version <= frontier {
        since = advance.at
        behind += 1
      }
      return true
    }
    return (min(since, oldest), max(1, behind))
  }

  /// Advances of a key that are newer than `version` and not counted as lost yet, of those kept,
  /// newest first.
  func newer(than version: Version, key: UInt32) -> [Advance] {
    var found: [Advance] = []
    visit(key) { advance in
      guard advance.version > version else { return false }
      if !advance.isLost { found.append(advance) }
      return true
    }
    return found
  }

  /// Marks what `newer(than:key:)` gives as lost for good.
  mutating func lose(newerThan version: Version, key: UInt32) {
    let index = Int(key)
    guard index < counts.count else { return }
    for place in 0..<min(counts[index], UInt32(Self.kept)) {
      let slot = slot(index, counts[index] - 1 - place)
      guard advances[slot].version > version else { return }
      advances[slot].isLost = true
    }
    older.lose(newerThan: version, key: index)
  }

  /// Visits the advances kept of a key, newest first, until `body` says no. Their versions fall.
  @inline(__always)
  private func visit(_ key: UInt32, _ body: (Advance) -> Bool) {
    let index = Int(key)
    guard index < counts.count else { return }
    for place in 0..<min(counts[index], UInt32(Self.kept)) {
      guard body(advances[slot(index, counts[index] - 1 - place)]) else { return }
    }
    older.visit(key: index, body)
  }

  @inline(__always)
  private func slot(_ index: Int, _ place: UInt32) -> Int {
    index * Self.kept + Int(place) % Self.kept
  }
}
