/// A last-write-wins version: the coordinator's own clock, ties by the coordinator's id.
struct Version: Comparable, Hashable {
  /// Nanoseconds on the clock of the coordinator that took the write.
  var time: Int64
  var node: UInt16

  /// Before every version: the key is not here.
  static let none = Version(time: -1, node: 0)
  /// The value that every key holds before the first write.
  static let initial = Version(time: 0, node: 0)

  @inline(__always)
  static func < (left: Version, right: Version) -> Bool {
    left.time != right.time ? left.time < right.time : left.node < right.node
  }

  /// One number in the same order, for histories: good for 13 virtual days.
  var ordinal: Int64 { time << 13 | Int64(node & 0x1FFF) }
}

/// A version with the write that made it; 0 is the initial value.
///
/// With vector versions it stands for a set of siblings: its version and value are those of the
/// member with the latest clock.
struct Versioned: Hashable {
  var version: Version
  /// The siblings, by their number in the table; 0 with last-write-wins and for the initial value.
  var set: UInt32 = 0
  /// Number of the write operation, from 1; it is the value a history shows.
  var value: UInt64

  static let none = Versioned(version: .none, value: 0)
  static let initial = Versioned(version: .initial, value: 0)
}
