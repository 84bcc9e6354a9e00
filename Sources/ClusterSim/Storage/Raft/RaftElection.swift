/// One election of a Raft group, timed: real state machines, stated latencies, exact timers
/// (dissertation, chapter 9). Servers that are down take no part.
public struct RaftElection {
  /// What is elected under which conditions.
  public struct Conditions: Sendable {
    public var servers = 5
    /// Servers that run: the first ones.
    public var alive = 4
    public var shortest = Span.milliseconds(150)
    public var longest = Span.milliseconds(300)
    /// One way, drawn for each message.
    public var latency = Distribution.constant(.milliseconds(5))
    /// A durable write of term and vote: a candidate's before it asks, a voter's before it answers.
    public var disk = Distribution.constant(.zero)
    /// The old leader's last heartbeats reach all at about the same time, one latency after they were
    /// sent, and it dies at any moment before the next ones; else timers begin fresh and nobody led.
    public var afterCrash = false
    /// Each server has a longer log than the one before it, so that not all can be elected.
    public var logsDiffer = false

    public init() {}
  }
  public struct Outcome: Sendable {
    /// From the crash, or from the start, until a majority has voted; nil where the limit came first.
    public var milliseconds: Double?
    /// Terms that were begun.
    public var terms = 0
  }

  private var nodes: ContiguousArray<RaftNode> = []
  private let conditions: Conditions
  private var stream: RandomStream
  private var now: Int64 = 0
  /// Under way, by arrival; few at a time.
  private var line: [(at: Int64, message: RaftMessage)] = []
  private var effects: [RaftEffect] = []
  private var electedAt: Int64?

  /// Elects once; gives up after `limit` of virtual time.
  public static func run(
    _ conditions: Conditions, seed: UInt64, limit: Span = .seconds(10)
  ) -> Outcome {
    var election = RaftElection(conditions, seed)
    let crash = election.crash()
    return election.run(from: crash, limit: limit.nanoseconds)
  }

  private init(_ conditions: Conditions, _ seed: UInt64) {
    self.conditions = conditions
    stream = RandomStream(seed: seed, purpose: StreamPurpose.raftElection.rawValue)
    var options = RaftOptions()
    options.electionMin = conditions.shortest.nanoseconds
    options.electionMax = conditions.longest.nanoseconds
    options.heartbeat = conditions.shortest.nanoseconds / 2
    let all: UInt32 = 1 << UInt32(conditions.servers) - 1
    for place in 0..<conditions.alive {
      var disk = RaftDisk(baseVoters: all)
      if conditions.afterCrash { disk.term = 1 }
      if conditions.logsDiffer {
        for _ in 0...place { disk.log.append(RaftEntry(term: 1, kind: .noop)) }
      }
      nodes.append(
        RaftNode(me: UInt8(place), disk: disk, options: options, now: 0, stream: &stream))
    }
  }

  /// When the old leader dies, after its last heartbeats were sent at 0.
  private mutating func crash() -> Int64 {
    guard conditions.afterCrash else { return 0 }
    for place in nodes.indices {
      nodes[place].rest(conditions.latency.sample(&stream), &stream)
    }
    return Int64(stream.unit() * Double(conditions.shortest.nanoseconds / 2))
  }

  private mutating func run(from crash: Int64, limit: Int64) -> Outcome {
    var outcome = Outcome()
    while electedAt == nil, step(until: crash + limit) {}
    outcome.terms = Int(nodes.map(\.term).max()!) - (conditions.afterCrash ? 1 : 0)
    outcome.milliseconds = electedAt.map { Double($0 - crash) / 1e6 }
    return outcome
  }

  /// Does the next thing; false where nothing is due by `end`.
  private mutating func step(until end: Int64) -> Bool {
    let timer = nodes.indices.min { nodes[$0].due < nodes[$1].due }!
    if let first = line.first, first.at <= nodes[timer].due {
      guard first.at <= end else { return false }
      now = first.at
      line.removeFirst()
      act(Int(first.message.to)) { $0.receive(first.message, now: $1, &$2, &$3) }
      return true
    }
    guard nodes[timer].due <= end else { return false }
    now = nodes[timer].due
    act(timer) { $0.fire(now: $1, &$2, &$3) }
    return true
  }

  private mutating func act(
    _ place: Int,
    _ body: (inout RaftNode, Int64, inout RandomStream, inout [RaftEffect]) -> Void
  ) {
    body(&nodes[place], now, &stream, &effects)
    for effect in effects {
      switch effect {
      case .send(let message):
        guard Int(message.to) < conditions.alive else { continue }
        var at = now + conditions.latency.sample(&stream)
        switch message.kind {
        case .vote, .voteReply: at += conditions.disk.sample(&stream)
        case .preVote, .preVoteReply, .append, .appendReply, .snapshot, .timeoutNow: break
        }
        let slot = line.firstIndex { $0.at > at } ?? line.count
        line.insert((at, message), at: slot)
      case .elected: if electedAt == nil { electedAt = now }
      case .apply, .restore, .readReady, .readRefused, .steppedDown: break
      }
    }
    effects.removeAll(keepingCapacity: true)
  }
}
