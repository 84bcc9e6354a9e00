/// What the outside world knows of each key: which acknowledged write is the newest, and since when.
///
/// It watches from outside and never helps the protocol. Bounded: the last advances of each key.
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
    let index = Int(key)
    let count = counts[index]
    var since: Int64 = 0
    var behind = 0
    let oldest = count > UInt32(Self.kept) ? count - UInt32(Self.kept) : 0
    var place = count
    while place > oldest {
      place -= 1
      let advance = advances[slot(index, place)]
      if advance.version > frontier { continue }
      if advance.version <= version { break }
      since = advance.at
      behind += 1
    }
    return (since, behind)
  }

  /// Advances of a key that are newer than `version` and not counted as lost yet, of those kept,
  /// newest first.
  func newer(than version: Version, key: UInt32) -> [Advance] {
    kept(key).map { advances[$0] }.filter { $0.version > version && !$0.isLost }
  }

  /// Marks what `newer(than:key:)` gives as lost for good.
  mutating func lose(newerThan version: Version, key: UInt32) {
    for place in kept(key) where advances[place].version > version {
      advances[place].isLost = true
    }
  }

  /// Places of the advances kept of a key, newest first.
  private func kept(_ key: UInt32) -> [Int] {
    let index = Int(key)
    guard index < counts.count else { return [] }
    return (0..<min(counts[index], UInt32(Self.kept))).map { slot(index, counts[index] - 1 - $0) }
  }

  @inline(__always)
  private func slot(_ index: Int, _ place: UInt32) -> Int {
    index * Self.kept + Int(place) % Self.kept
  }
}
