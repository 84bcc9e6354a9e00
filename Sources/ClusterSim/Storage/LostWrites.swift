/// A write that a client was told is done and that is lost for good.
public struct LostWrite: Sendable, Equatable {
  public enum Cause: UInt8, CaseIterable, Sendable {
    /// Last-write-wins discarded it for a version that was acknowledged before it began.
    case clocks
    /// The last copy lay on a disk that was wiped.
    case wiped
    /// The last copy was not synced when its node was killed.
    case unsynced
    /// The last copy was a hint that expired or found no room.
    case hints
    /// The last copy was in a message that never arrived.
    case message
    /// It was dirty in the memory of a write-back cache server that died.
    case cache
    /// It was not in the log of the replica that was promoted.
    case failover
    /// An old primary acknowledged it after another had been promoted.
    case splitBrain
    /// With several primaries: a concurrent write had the later clock.
    case conflict
    /// An older write that its client had sent again overwrote it.
    case repeated

    public var name: String {
      switch self {
      case .clocks: "clocks"
      case .wiped: "wiped"
      case .unsynced: "unsynced"
      case .hints: "hints"
      case .message: "message"
      case .cache: "cache"
      case .failover: "failover"
      case .splitBrain: "split-brain"
      case .conflict: "conflict"
      case .repeated: "repeated"
      }
    }
  }
  public let cause: Cause
  /// Number of the write operation, the value that histories show.
  public let value: UInt64
  public let key: String
  public let coordinator: NodeID
  public let acknowledged: Instant
  /// When it was lost: not before it was acknowledged.
  public let at: Instant
  /// What won over it: the write's number and its coordinator; nil where nothing did.
  public let winner: UInt64?
  public let winnerCoordinator: NodeID?
  /// The replica group of its key, from 0; nil with an engine without groups.
  var group: Int?
}

/// The acknowledged writes that were lost: all are counted, the newest are kept by name.
public struct LostWrites: Sendable {
  public static let kept = 64
  public private(set) var newest: [LostWrite] = []
  private var counts = [Int](repeating: 0, count: LostWrite.Cause.allCases.count)

  /// By replica group, where the engine has any.
  private var ofGroups: [Int] = []

  public var count: Int { counts.reduce(0, +) }
  public func count(_ cause: LostWrite.Cause) -> Int { counts[Int(cause.rawValue)] }

  public func count(ofGroup group: Int) -> Int {
    group < ofGroups.count ? ofGroups[group] : 0
  }
  /// The newest of a group, oldest first.
  public func newest(ofGroup group: Int) -> [LostWrite] { newest.filter { $0.group == group } }

  mutating func append(_ write: LostWrite) {
    if let group = write.group {
      while ofGroups.count <= group { ofGroups.append(0) }
      ofGroups[group] += 1
    }
    counts[Int(write.cause.rawValue)] += 1
    if newest.count == Self.kept { newest.removeFirst() }
    newest.append(write)
  }
}
