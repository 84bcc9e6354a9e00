/// Something that an operation went through beyond the usual: an attempt that failed, a leader that
/// was none.
public struct TraceStep: Sendable, Equatable {
  public enum What: Equatable, Sendable {
    /// The attempt at `to` ended so; the client tries again.
    case failed(FailureReason)
    /// Sent to `to` again.
    case again
    /// The client would have tried again, but its location's retries are spent.
    case overBudget
    /// Raft: `to` is not the leader.
    case notLeader
    /// Raft: the key's shard is not at `to` any more, or on its way.
    case shardMoves
    /// Raft: the coordinator asks `to` instead.
    case asked
    /// Raft: nobody is known to lead; the coordinator waits a little.
    case noLeader
    /// The balancer sends it to the web server `to`, or holds none healthy.
    case balanced
    case noWebServer
    /// The web server turned it away: its line was full.
    case lineFull
    /// A worker of the web server took it up after so long in the line, ns.
    case begun(waited: Int64)
    /// The web server has worked on it for so long, ns, and asks `to`; 0 where it asks a second one.
    case passedOn(worked: Int64)
    /// The web server answers the balancer.
    case answered

    /// As in history files.
    public var name: String {
      switch self {
      case .failed(let reason): reason.name
      case .again: "again"
      case .overBudget: "over-budget"
      case .notLeader: "not-leader"
      case .shardMoves: "shard-moves"
      case .asked: "asked"
      case .noLeader: "no-leader"
      case .balanced: "balanced"
      case .noWebServer: "no-web-server"
      case .lineFull: "line-full"
      case .begun: "begun"
      case .passedOn: "passed-on"
      case .answered: "answered"
      }
    }
  }
  public let what: What
  /// The clients' host or the coordinator.
  public let by: NodeID
  public let to: NodeID?
  /// ns of virtual time.
  public let at: Int64
  /// Of the operation; 0 in a place never used.
  let number: UInt64
  /// The place of the operation's step before this one; -1 for the first.
  let previous: Int32
}
