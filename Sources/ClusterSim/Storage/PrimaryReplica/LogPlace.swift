/// Where a write stands among all writes of its key, as one number in their order: how often the key's
/// shard had moved, the timeline of the primary that wrote it, the position in that group's log. Each
/// group counts positions of its own, so what a later home writes is newer whatever its log counts.
public struct LogPlace: Equatable, Sendable {
  static let positionBits: Int64 = 30
  static let timelineBits: Int64 = 25
  /// Moves of one shard that versions have room for.
  static let maxGeneration = 255

  public let generation: UInt8
  /// Number and author, as in `PrimaryReplicaNode.Disk`.
  let timelineAndAuthor: UInt32
  public let position: UInt64

  /// The number of the timeline.
  public var timeline: Int { Int(timelineAndAuthor >> 4) }

  init(_ generation: UInt8, _ timeline: UInt32, _ position: UInt64) {
    precondition(timeline < 1 << Self.timelineBits && position < 1 << Self.positionBits)
    self.generation = generation
    timelineAndAuthor = timeline
    self.position = position
  }

  /// - Parameter time: that of a version, not negative; 0 is the start.
  public init(time: Int64) {
    generation = UInt8(truncatingIfNeeded: time >> (Self.positionBits + Self.timelineBits))
    timelineAndAuthor = UInt32(time >> Self.positionBits & (1 << Self.timelineBits - 1))
    position = UInt64(time & (1 << Self.positionBits - 1))
  }

  var time: Int64 {
    (Int64(generation) << Self.timelineBits | Int64(timelineAndAuthor)) << Self.positionBits
      | Int64(position)
  }
}
