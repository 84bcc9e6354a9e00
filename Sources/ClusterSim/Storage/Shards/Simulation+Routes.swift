// The directory and those who route by it. One node keeps it; every other one has a copy that may be
// old, and asks for a new one only when a group tells it that a key has gone (as with MongoDB's
// mongos and its config servers, or MOVED in Redis Cluster). Without the keeper old routes go on
// working, and new ones are not to be had.
extension Simulation {
  /// How long a node waits for a directory before it asks again, ns.
  private static var directoryPatience: Int64 { 200_000_000 }

  /// The node that keeps the directory: the first that has not left.
  public var directoryKeeper: NodeID? {
    guard sharded != nil else { return nil }
    return storageNodes.first { hosts[$0.index].ringRole != .left }
  }

  /// The epoch of the directory by which a node routes; nil with the engine without groups.
  public func routeEpoch(of node: NodeID) -> Int? { sharded?.route(of: node).epoch }

  /// A group said that a key has gone.
  mutating func routeIsStale(at node: NodeID) {
    moves.staleRoutes += 1
    guard let keeper = directoryKeeper else { return }
    if keeper == node {
      sharded!.tell(node, sharded!.directory)
      return
    }
    while moves.askedAt.count <= node.index { moves.askedAt.append(.min / 2) }
    guard now.nanoseconds - moves.askedAt[node.index] >= Self.directoryPatience else { return }
    moves.askedAt[node.index] = now.nanoseconds
    moves.directoryAsked += 1
    send(Message(kind: .directoryAsk, from: node.rawValue, to: keeper.rawValue))
  }

  /// At the keeper.
  mutating func answerDirectory(_ message: Message) {
    guard sharded != nil else { return }
    sendShard(.directory(sharded!.directory), from: message.to, to: message.from)
  }

  mutating func receiveDirectory(_ directory: ShardDirectory, at node: NodeID) {
    if moves.askedAt.count > node.index { moves.askedAt[node.index] = .min / 2 }
    moves.directoryTold += 1
    sharded!.tell(node, directory)
  }

  mutating func sendShard(_ content: ShardMessage, from: UInt16, to: UInt16) {
    var isWork = false
    if case .batch = content { isWork = true }
    let handle = moves.payloads.insert(content)
    send(Message(kind: isWork ? .shardCopy : .shard, from: from, to: to, tag: handle))
  }

  mutating func receiveShard(_ message: Message) {
    let content = moves.payloads[message.tag]
    moves.payloads.release(message.tag)
    let host = NodeID(message.to)
    switch content {
    case .directory(let directory): receiveDirectory(directory, at: host)
    case .command, .order, .batch: serveMove(content, at: host, from: message.from)
    case .answer(let answer):
      guard moves.current != nil, directoryKeeper == host else { return }
      var answer = answer
      if has(.ownsBeforeCopied), moves.current!.phase == .copy { answer.next = nil }
      actAsKeeper { move, now, effects in move.receive(answer, now: now, &effects) }
    case .refusal(let request, let group, let leader):
      guard usesRaft else { return }
      remember(leader: leader, of: group, at: host)
      guard let move = moves.current, move.request == request, leader != .max else { return }
      moves.current!.askSoon(now: now.nanoseconds)
      armShardMove()
    }
  }
}

/// What shards' moves need beside the directory.
struct ShardMoves {
  /// An answer that a leader owes the keeper once an entry is applied.
  struct Owed {
    let replica: Int
    let keeper: UInt16
    let answer: ShardMove.Answer
  }
  /// What a primary sends once its log is secure up to a position.
  struct Secured {
    /// When that is.
    enum Rule {
      /// With one primary: no promotion takes it back.
      case log
      /// With several: everybody has it, or everybody whom it does not hold dead.
      case everybody, everybodyAlive
      /// Everybody has taken the freeze, and has said so after its last write.
      case frozen(move: UInt32)
    }
    let server: Int
    /// The primary's; void once it leads no more, or leads another one.
    let timeline: UInt32
    let position: UInt64
    let rule: Rule
    let request: UInt64
    var content: ShardMessage
    let to: UInt16
  }
  static let kept = 64

  var payloads = SharedSlab<ShardMessage>()
  var owed = Slab<Owed>()
  /// One a request and server; the keeper repeats a request, and asks for one thing at a time.
  var secures: [Secured] = []
  var current: ShardMove?
  var isMoving: Bool { current != nil }
  /// Keys from this number on are younger than the move.
  var firstNew: UInt32 = 0
  /// In turn, whom the keeper asks where it knows no leader.
  var attempt: UInt8 = 0
  /// When the keeper wakes up, and in which of its lives; `.max` where it does not.
  var wakesAt = Int64.max
  var wakesOn: UInt16 = .max
  var wakesIn: UInt32 = 0
  var number: UInt32 = 0
  /// Those that are over, newest last.
  var past: [ShardMove] = []
  /// By host, when it last asked for the directory in vain.
  var askedAt: ContiguousArray<Int64> = []

  var staleRoutes = 0
  var directoryAsked = 0
  var directoryTold = 0
  var splits = 0
}
