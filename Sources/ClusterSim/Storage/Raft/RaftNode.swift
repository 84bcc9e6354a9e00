/// One server of a Raft group (Ongaro, "Consensus: Bridging Theory and Practice", 2014; chapter and
/// section numbers here are those of the dissertation). It knows no network and no clock: time comes
/// in with every call, what it wants done goes out as effects.
///
/// Servers are places 0 to 15 of the group; a set of them is one bit each.
struct RaftNode {
  static let maxServers = 16
  enum Role: UInt8 { case follower, preCandidate, candidate, leader }

  /// What a leader knows of one follower.
  struct Progress {
    var next: UInt64 = 1
    var match: UInt64 = 0
    /// One message at a time until the logs are known to match.
    var probing = true
    var round: UInt64 = 0
    var ackedAt = Int64.min
  }
  struct PendingRead {
    var tag: UInt64
    var index: UInt64
    var round: UInt64
  }

  let me: UInt8
  var options: RaftOptions

  // Survives a crash.
  var disk: RaftDisk

  // Lost in a crash.
  var role = Role.follower
  var leader: UInt8?
  var commit: UInt64 = 0
  var applied: UInt64 = 0
  var digest = StateHash()
  var writes: RaftWrites
  var shards: GroupShards
  /// By shard, the one that it was cut off from: a fact, the same for everybody who knows of it.
  var parents: ContiguousArray<UInt16> = []
  /// The newest voters in the log: they count from the moment they are appended (4.1).
  var voters: UInt32
  var votes: UInt32 = 0
  /// Servers that a leader sends its log to though they have no vote: newcomers, and one that is
  /// being removed until it knows.
  var learners: UInt32 = 0
  var progress = ContiguousArray(repeating: Progress(), count: RaftNode.maxServers)
  /// When the leader was last heard, and when its silence has lasted too long.
  var heard = Int64.min
  var electionDue: Int64 = 0
  var heartbeatDue = Int64.max
  var electedAt: Int64 = 0
  var round: UInt64 = 0
  var reads: [PendingRead] = []
  /// The place to which leadership is handed, and until when the leader waits for it.
  var heir: UInt8?
  var heirUntil: Int64 = 0
  /// A handed-over leadership may be taken at any moment: no lease any more in this term.
  var leaseVoid = false

  #if DEBUG
    /// Only builds for tests can have one.
    var bug: RaftBug?
  #endif

  init(
    me: UInt8, disk: RaftDisk, options: RaftOptions, now: Int64, stream: inout RandomStream
  ) {
    self.me = me
    self.disk = disk
    self.options = options
    voters = disk.log.newestVoters ?? disk.baseVoters
    commit = disk.log.base
    applied = disk.log.base
    digest = disk.baseDigest
    writes = disk.baseWrites
    shards = disk.baseShards
    // It may have promised a leader's lease before the crash.
    if options.reads == .lease, disk.term > 0 { heard = now }
    rest(now, &stream)
  }

  var term: UInt32 { disk.term }
  var isVoter: Bool { voters >> UInt32(me) & 1 == 1 }
  /// All that a leader sends its log to, itself among them.
  var peers: UInt32 { voters | learners }
  var majority: Int { voters.nonzeroBitCount / 2 + 1 }

  /// The next moment at which `fire` has something to do.
  var due: Int64 { role == .leader ? heartbeatDue : electionDue }

  @inline(__always)
  func has(_ wanted: RaftBug) -> Bool {
    #if DEBUG
      return bug == wanted
    #else
      return false
    #endif
  }

  /// A fresh election time-out.
  mutating func rest(_ now: Int64, _ stream: inout RandomStream) {
    let range = Int(options.electionMax - options.electionMin)
    electionDue = now + options.electionMin + Int64(range > 0 ? stream.below(range) : 0)
  }

  // MARK: Time

  /// Time has come for whatever is due.
  mutating func fire(now: Int64, _ stream: inout RandomStream, _ effects: inout [RaftEffect]) {
    switch role {
    case .leader:
      guard now >= heartbeatDue else { return }
      if !hearsMajority(now) {
        becomeFollower(term, now, &stream, &effects)
        return
      }
      if heir != nil, now >= heirUntil { heir = nil }
      heartbeatDue = now + options.heartbeat
      broadcast(now, &effects)
    case .follower, .preCandidate, .candidate:
      guard now >= electionDue else { return }
      rest(now, &stream)
      leader = nil
      guard isVoter else { return }
      if options.preVote {
        askBefore(now, &stream, &effects)
      } else {
        campaign(now, transfer: false, &effects)
      }
    }
  }

  /// A leader that no majority has answered for an election time-out serves nobody (6.2).
  private func hearsMajority(_ now: Int64) -> Bool {
    let limit = now - options.electionMax
    if electedAt > limit { return true }
    return acknowledged { progress[$0].ackedAt >= limit } >= majority
  }

  /// Voters that pass a test, this server among them.
  func acknowledged(_ test: (Int) -> Bool) -> Int {
    var count = 0
    for place in 0..<Self.maxServers where voters >> UInt32(place) & 1 == 1 {
      if place == Int(me) || test(place) { count += 1 }
    }
    return count
  }

  // MARK: Messages

  mutating func receive(
    _ message: RaftMessage, now: Int64, _ stream: inout RandomStream,
    _ effects: inout [RaftEffect]
  ) {
    switch message.kind {
    case .preVote:
      answerPreVote(message, now, &effects)
      return
    case .preVoteReply:
      if !message.flag, message.term > term { becomeFollower(message.term, now, &stream, &effects) }
      if message.flag, role == .preCandidate, message.term == term + 1 {
        votes |= 1 << UInt32(message.from)
        if hasWon { campaign(now, transfer: false, &effects) }
      }
      return
    case .vote where options.sticky && !message.flag && hearsLeader(now): return
    case .vote, .voteReply, .append, .appendReply, .snapshot, .timeoutNow: break
    }
    if message.term > term { becomeFollower(message.term, now, &stream, &effects) }
    switch message.kind {
    case .vote: answerVote(message, now, &stream, &effects)
    case .voteReply:
      guard role == .candidate, message.term == term, message.flag else { return }
      votes |= 1 << UInt32(message.from)
      if hasWon { lead(now, &effects) }
    case .append: receiveAppend(message, now, &stream, &effects)
    case .appendReply: receiveAppendReply(message, now, &stream, &effects)
    case .snapshot: receiveSnapshot(message, now, &stream, &effects)
    case .timeoutNow:
      guard message.term == term, isVoter, role != .leader else { return }
      rest(now, &stream)
      campaign(now, transfer: true, &effects)
    case .preVote, .preVoteReply: break
    }
  }

  /// Whether a leader was heard within the shortest election time-out.
  func hearsLeader(_ now: Int64) -> Bool {
    role == .leader || (heard != .min && now - heard < options.electionMin)
  }

  var hasWon: Bool { (votes & voters).nonzeroBitCount >= majority }

  mutating func becomeFollower(
    _ newTerm: UInt32, _ now: Int64, _ stream: inout RandomStream, _ effects: inout [RaftEffect]
  ) {
    let led = role == .leader
    if newTerm > term {
      disk.term = newTerm
      disk.vote = nil
      leader = nil
    }
    role = .follower
    votes = 0
    learners = 0
    heir = nil
    guard led else { return }
    leader = nil
    heartbeatDue = .max
    rest(now, &stream)
    for read in reads { effects.append(.readRefused(tag: read.tag)) }
    reads.removeAll()
    effects.append(.steppedDown)
  }
}
