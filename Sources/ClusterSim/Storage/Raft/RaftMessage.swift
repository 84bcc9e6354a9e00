/// A message between the servers of one Raft group, named by their places in it.
struct RaftMessage {
  enum Kind: UInt8 {
    case preVote, preVoteReply, vote, voteReply, append, appendReply, snapshot, timeoutNow
  }
  var kind: Kind
  var from: UInt8
  var to: UInt8
  var term: UInt32
  /// vote: the candidate's last index; append: the index before the entries; appendReply: the last
  /// index that matches, or where the leader shall try; snapshot: its last index.
  var index: UInt64 = 0
  /// The term of the entry at `index`.
  var indexTerm: UInt32 = 0
  /// append: the leader's commit index; a refusing appendReply: the index that did not match.
  var commit: UInt64 = 0
  /// append and its reply: the leader's confirmation round (read index), and when it was sent by the
  /// leader's own clock (lease).
  var round: UInt64 = 0
  var sentAt: Int64 = 0
  /// Replies: yes. A vote request: on behalf of a leader that hands over.
  var flag = false
  var entries: [RaftEntry] = []
  /// A snapshot's voters, its digest, its newest writes and its shards.
  var voters: UInt32 = 0
  var digest = StateHash()
  var writes = RaftWrites()
  var shards = GroupShards(group: 0)
}

/// What a Raft server wants done; the caller performs it in this order.
enum RaftEffect {
  case send(RaftMessage)
  /// The entry is committed, and next in order for the state machine.
  case apply(index: UInt64, entry: RaftEntry)
  /// The state machine is replaced by the one of the snapshot in hand.
  case restore(index: UInt64)
  /// A read may be answered from the state machine now.
  case readReady(tag: UInt64)
  /// This server lost its leadership before it could answer.
  case readRefused(tag: UInt64)
  case elected
  case steppedDown
}

/// How one Raft group behaves. Spans are nanoseconds on the server's own clock.
struct RaftOptions {
  enum Reads: UInt8 { case log, readIndex, lease }
  /// An election time-out is drawn anew from this range each time.
  var electionMin: Int64 = 150_000_000
  var electionMax: Int64 = 300_000_000
  var heartbeat: Int64 = 50_000_000
  /// Ask before the term is raised (dissertation 9.6).
  var preVote = false
  var reads = Reads.readIndex
  /// A lease lasts so many thousandths of the shortest election time-out.
  var leaseThousandths: Int64 = 900
  /// Entries in one message.
  var batch = 64
  /// Applied entries that are kept before they become a snapshot.
  var snapshotAfter = 1024

  /// Whether a server that hears its leader refuses to vote (dissertation 4.2.3 and 6.4.1).
  var sticky: Bool { preVote || reads == .lease }
}

/// Mistakes that implementers make, planted on purpose to show that the invariants find them.
enum RaftBug: CaseIterable {
  case twoVotesATerm, commitsOldTermByCount, voteNotPersisted, logNotTruncated, staleLogLeads
}
