/// Messages between who keeps the directory, the nodes that route by it, and the groups.
enum ShardMessage {
  /// The directory as it is.
  case directory(ShardDirectory)
  case command(ShardCommand)
  case order(CopyOrder)
  case batch(CopyBatch)
  case answer(ShardMove.Answer)
  /// The server asked does not lead the group; whom it takes for the leader, `.max` for nobody.
  case refusal(request: UInt64, group: Int, leader: UInt16)
}

/// A step of a move, for the log of a group.
struct ShardCommand {
  let group: Int
  let shard: Int
  let step: GroupShards.Step
  let move: UInt32
  let request: UInt64
  /// Of `own`: how often the shard has moved then.
  let generation: UInt32
  /// How many shards there were when the keeper asked; the one that moves is not cut meanwhile.
  let known: Int
  /// It is the group that has the shard by the directory.
  let isSource: Bool
}

/// To a server of the old group: send keys of the shard to a server of the new one.
struct CopyOrder {
  let move: UInt32
  let request: UInt64
  let shard: Int
  let source: Int
  let target: Int
  /// Whom the keeper of the directory takes for the new group's leader.
  let to: UInt16
  let cursor: UInt32
  let limit: Int
  let since: UInt64?
  let settles: Bool
  /// Keys from this number on are younger than the move.
  let firstNew: UInt32
  /// Who read all that the new group has by now; nil where that were several.
  let reader: UInt64?
}

/// Keys on their way to the new group, for its log: as entries of it (Raft), or as they are.
struct CopyBatch {
  let move: UInt32
  let shard: Int
  let target: Int
  /// Who waits for the answer, and the answer.
  let keeper: UInt16
  let answer: ShardMove.Answer
  var entries: [RaftEntry] = []
  var keys: [(key: UInt32, entry: Versioned)] = []
}

extension Span {
  /// As text with about three digits: `6.19ms`, `4.25s`.
  public var rough: String {
    var step: Int64 = 1
    while nanoseconds / step >= 1000 { step *= 10 }
    return Span(nanoseconds: nanoseconds / step * step).description
  }
}

/// A move as it is told: under way or over.
public struct ShardMoveView: Sendable, Equatable {
  public let number: Int
  /// Shard and groups count from 1.
  public let shard: Int
  public let from: Int
  public let to: Int
  /// `copying`, `handing over`, `moved`, `called off`…
  public let state: String
  public let isOver: Bool
  public let beganAt: Instant
  public let endedAt: Instant?
  public let keys: Int
  public let bytes: Int
  /// Keys that were copied while writes waited.
  public let keysLate: Int
  /// From the moment at which the old group took no writes any more until the directory named the new.
  public let writesWaited: Span?
  /// Times that the old group sent a request away meanwhile; one may be sent away several times.
  public let refused: Int

  init(_ move: ShardMove, valueSize: Int) {
    number = Int(move.number)
    shard = move.shard + 1
    from = move.source + 1
    to = move.target + 1
    state =
      switch move.phase {
      case .receive, .copy: "copying"
      case .freeze, .settle, .release, .own: "handing over"
      case .undoSource, .undoTarget: "taking back"
      case .done: "moved"
      case .undone: "called off"
      }
    isOver = move.isOver
    beganAt = Instant(nanoseconds: move.beganAt)
    endedAt = move.endedAt.map { Instant(nanoseconds: $0) }
    keys = move.keys
    bytes = move.keys * valueSize
    keysLate = move.keysLate
    writesWaited = move.frozenAt.flatMap { frozen in
      move.endedAt.map { Span(nanoseconds: $0 - frozen) }
    }
    refused = move.refused
  }
}
