/// What an event is about; the handler reads `node`, `a` and `b` by it.
enum EventKind: UInt8, CaseIterable {
  /// A message arrives: `node` is the receiver, `a` the handle in the message slab.
  case deliver
  /// A host's worker has finished a job.
  case jobDone
  /// The workload sends its next operation.
  case arrival
  /// A timer of a protocol machine.
  case timer
  /// The last moment of an operation.
  case deadline
  /// An action of the learner or the scenario takes effect.
  case actionDue
  /// The measurements of an interval are taken.
  case sample
  /// A node's gossip round.
  case gossip
  /// Hints are drained to a node that came back.
  case hintDrain
  /// A step of moving data to its new home.
  case movement
  /// `bench hold`.
  case hold
  /// `bench gossip`: a node's heartbeat is due.
  case benchHeartbeat
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
