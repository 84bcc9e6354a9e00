/// What an event is about; the handler reads `node`, `a` and `b` by it.
enum EventKind: UInt8, CaseIterable {
  /// A message arrives: `node` is the receiver, `b` the handle in the message slab.
  case deliver
  /// A host's worker has finished a job: `a` is the host's epoch, `b` the message worked on.
  case jobDone
  /// The clients of location `a` begin their next operation.
  case arrival
  /// The clients of location `a` ping their servers.
  case pingRound
  /// A line of time-outs (`a`: a `DeadlineLine`) has one that is due.
  case deadline
  /// A coordinator's own time-out, put off while it was frozen: `b` is the coordination.
  case coordinationDue
  /// The planned action number `a` is due.
  case actionDue
  /// A fault that lasts for a while, number `a`, ends.
  case faultEnds
  /// The measurements of an interval are taken.
  case sample
  /// Whether the cluster is whole again after a fault is looked at.
  case recoveryCheck
  /// A node's gossip round: `a` is its epoch.
  case gossip
  /// A node replays hints: `a` is its epoch.
  case hintDrain
  /// A node's anti-entropy: `a` is its epoch, `b` 0 for a round, else an exchange and one more.
  case antiEntropy
  /// A Raft server's timer: `a` is the host's epoch, `b` the replica.
  case raftTimer
  /// A coordinator looks for a leader again: `a` is its epoch, `b` the coordination.
  case raftRetry
  /// A step of moving data to its new homes.
  case movement
  /// Copies at nodes that are no homes any more are dropped.
  case cleanup
  /// `bench hold`.
  case hold
  /// `bench gossip`: a node's heartbeat is due.
  case benchHeartbeat
  /// A timer of SWIM: `a` is the node's epoch, `b` the detector's generation and which timer.
  case swim
  /// A cache server flushes its dirty keys: `a` is its epoch.
  case cacheFlush
  /// A server's timer in a replica group: `a` is the host's epoch, `b` the server.
  case replicationTimer
  /// A replica has replayed an entry: `a` is the host's epoch, `b` the server.
  case replay
  /// A primary tells everybody where it is: `a` is its epoch, `b` server and timeline.
  case logAnnounce
  /// A node sends to a new primary from now on: `a` is its epoch, `b` server and timeline.
  case addressMoves
  /// A timer of one of several primaries: `a` is the host's epoch, `b` the server.
  case peerTimer
  /// A client tries an operation again, or gives an attempt up: `b` is the operation, `a` which.
  case clientRetry
  /// The next part of a copy is due: `a` is the sender's epoch, `b` the copy.
  case copyStep
  /// Whoever keeps the directory goes on with a move: `a` is its epoch, `b` the number of the move.
  case shardMove
  /// A balancer probes its web servers: `a` is its epoch.
  case healthRound
  /// The time of a round of probes, `b`, is over: `a` is the balancer's epoch.
  case healthDue
  /// A web server's wait for cache or store, put off while it was frozen: `b` is the call.
  case webDue

  /// Waits while its host is frozen.
  @inline(__always)
  var runsOnHost: Bool {
    switch self {
    case .deliver, .jobDone, .gossip, .hintDrain, .antiEntropy, .coordinationDue, .swim,
      .cacheFlush, .raftTimer, .raftRetry, .replicationTimer, .replay, .logAnnounce,
      .addressMoves, .peerTimer, .copyStep, .shardMove, .healthRound, .healthDue, .webDue:
      true
    case .arrival, .clientRetry, .pingRound, .deadline, .actionDue, .faultEnds, .sample,
      .recoveryCheck,
      .movement, .cleanup, .hold, .benchHeartbeat:
      false
    }
  }
}

/// One thing that will happen: a trivial value of 32 bytes.
///
/// Larger payloads live in a slab and are named by a handle in `a` or `b`: an array inside the
/// event would cost a factor of nine.
struct Event: Equatable {
  /// Virtual nanoseconds.
  var time: Int64
  /// The order among events of the same time, given out by the queue: first pushed, first popped.
  var sequence: UInt64
  var kind: EventKind
  var node: UInt16
  var a: UInt32
  var b: UInt64
}
