extension Settings {
  /// The engine `primary-replica`; every span is on a server's own clock.
  public struct Replication: Equatable, Sendable {
    public var mode = ReplicationMode.async
    public var reads = ReplicationReads.primary
    /// Async: a log entry is sent so long after it was written.
    public var shipDelay = Span.milliseconds(20)
    /// MySQL's default.
    public var semiSyncTimeout = Span.milliseconds(10_000)
    public var failover = FailoverMode.hot
    /// What a cold standby takes to start before it serves.
    public var startUp = Span.milliseconds(5000)
    public var fencing = true
    public var lease = Span.milliseconds(1000)
    public var failBack = false
    public var heartbeat = Span.milliseconds(100)
    /// How long a promotion waits for the members' positions.
    public var canvass = Span.milliseconds(200)
    /// What it takes until a node sends to a new primary that it has heard of.
    public var redirect = Span.milliseconds(500)
    /// Log entries that are kept for replicas that come back; who needs older ones takes a copy.
    public var logLimit = 1000
  }

  public enum ReplicationMode: String, CaseIterable, Sendable {
    case async
    case semiSync = "semi-sync"
    case sync
  }
  public enum ReplicationReads: String, CaseIterable, Sendable { case primary, any }
  public enum FailoverMode: String, CaseIterable, Sendable { case manual, hot, cold }
}
