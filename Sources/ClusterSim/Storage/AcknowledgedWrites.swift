/// What the outside world knows of each key: which acknowledged write is the newest, and since when.
///
/// It watches from outside and never helps the protocol. Bounded: the last advances of each key.
struct AcknowledgedWrites {
  /// A write that was newer than every one acknowledged before it.
  struct Advance {
    var version: Version
    var at: Int64
    /// Advances of this key up to and with this one.
    var ordinal: UInt32
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
    case lost
  }

  /// A write that was invoked at `invoked` is acknowledged now.
  @discardableResult
  mutating func acknowledge(
    _ version: Version, key: UInt32, invoked: Int64, at now: Int64
  ) -> Outcome {
    let index = Int(key)
    if index >= counts.count {
      let size = max(index + 1, counts.count * 2)
      counts.append(contentsOf: repeatElement(0, count: size - counts.count))
      advances.append(
        contentsOf: repeatElement(
          Advance(version: .none, at: 0, ordinal: 0), count: size * Self.kept - advances.count))
    }
    guard frontier(key) < version else {
      let (since, _) = staleness(of: version, frontier: frontier(key), key: key)
      return since < invoked ? .lost : .discarded
    }
    counts[index] += 1
    advances[slot(index, counts[index] - 1)] = Advance(
      version: version, at: now, ordinal: counts[index])
    return .newest
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

  /// Acknowledged writes of a key that are newer than `version`, of those kept.
  func newer(than version: Version, key: UInt32) -> Int {
    let index = Int(key)
    guard index < counts.count else { return 0 }
    return (0..<min(counts[index], UInt32(Self.kept))).reduce(0) {
      $0 + (advances[slot(index, counts[index] - 1 - $1)].version > version ? 1 : 0)
    }
  }

  @inline(__always)
  private func slot(_ index: Int, _ place: UInt32) -> Int {
    index * Self.kept + Int(place) % Self.kept
  }
}
