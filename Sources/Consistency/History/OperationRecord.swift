/// One line of an operation history: an invocation, or how it ended.
///
/// The rules are Jepsen's: `fail` certainly did not happen, `info` may have happened or may happen
/// at any later time, and a process with an `info` is never used again.
public struct OperationRecord: Equatable, Sendable {
  public enum Kind: String, Sendable { case invoke, ok, fail, info }
  public enum Function: String, Sendable { case read, write, cas }

  public var process: Int64
  public var kind: Kind
  public var function: Function
  /// Empty where the history is about one register that has no name.
  public var key: String
  /// What is written or was read; what a cas puts in place. Nil at a read's invocation, where a
  /// read found nothing, and where a completion does not repeat it.
  public var value: HistoryValue?
  /// What a cas expects to find; nil for every other function.
  public var from: HistoryValue?
  /// Whether the line states a value: tells a cas from nil to nil from one that repeats nothing.
  public var hasValue: Bool
  /// Nanoseconds; nil where the line has none, as Jepsen's shorter histories.
  public var time: Int64?
  /// On `ok`: the place of the version in the order in which the store holds the key's versions.
  public var version: Int64?
  /// On the `ok` of a read: it found several values side by side, of which `value` is one. No register
  /// answers so: such a read says nothing about one, and the key's answer is `unknown` at best.
  public var hasSiblings = false
  /// On `ok`: it cannot be told where what was found or written stands among the key's versions, as a
  /// write that was sent twice has two that know nothing of each other. It leaves session guarantees
  /// open.
  public var isUnordered = false

  /// On `ok`, where the store holds versions with vector clocks: what the version that was written, or
  /// those that were found, know. For the session guarantees, as `version` where there is one order.
  public var clock: VersionClock?
  /// On a completion: requests that the client made for it. Written, never read: nobody who judges
  /// needs them.
  public var attempts = 1
  /// What it went through beyond one request and its answer.
  public var steps: [Step] = []
  /// On a completion: what the store did for it. Written, never read, as `steps`.
  public var course: OperationCourse?

  /// A retry of the client, or a coordinator's search for a leader.
  public struct Step: Equatable, Sendable {
    /// Nanoseconds.
    public var time: Int64
    public var by: String
    public var to: String?
    /// `again`, `asked`, or how the attempt at `to` ended.
    public var what: String

    public init(time: Int64, by: String, to: String?, what: String) {
      self.time = time
      self.by = by
      self.to = to
      self.what = what
    }
  }

  public init(
    process: Int64, kind: Kind, function: Function, key: String, value: HistoryValue?,
    from: HistoryValue? = nil, time: Int64?, version: Int64? = nil
  ) {
    self.process = process
    self.kind = kind
    self.function = function
    self.key = key
    self.value = value
    self.from = from
    hasValue = value != nil || from != nil
    self.time = time
    self.version = version
  }
}
