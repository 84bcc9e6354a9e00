/// An operation from its invocation to its end, with keys, values and processes as numbers of the
/// history it belongs to.
struct HistoryOperation: Sendable {
  enum Outcome: UInt8, Sendable {
    /// It happened between the two events.
    case ok
    /// It certainly did not happen.
    case fail
    /// It may happen at any time after its invocation, or never: `info`, or no completion at all.
    case open
  }

  var process: Int64
  /// The numbers of those operations that follow one another in one session: a process until its
  /// first `info`, after which nothing is known to follow anything.
  var session: Int32
  var function: OperationRecord.Function
  var outcome: Outcome
  var key: Int32
  /// What is written, was read, or is put in place by a cas.
  var value: ValueTable.ID
  /// What a cas expects to find.
  var from: ValueTable.ID
  /// The places of its two events in the order of the history; `never` for a missing completion.
  var invoke: Int32
  var complete: Int32
  var invokeTime: Int64?
  var completeTime: Int64?
  var version: Int64?
  /// A read that found several values: it counts as one that failed, and leaves its key open.
  var hasSiblings = false
  /// The version that it found or wrote has no known place among the key's versions.
  var isUnordered = false
  /// Of versions with vector clocks: what the one written, or those found, know.
  var clock: VersionClock?
  /// Where it is invoked in the file, from 1.
  var line: Int32

  static let never = Int32.max

  /// Whether it certainly set the register.
  var isSetter: Bool { function != .read && outcome == .ok }
}
