/// A message between the servers of one replica group, named by their places in it.
struct PrimaryReplicaMessage {
  enum Kind: UInt8 {
    /// Log entries, or none: then a sign of life. And what the replica has to say to it.
    case ship, shipped, behind, refused
    /// All keys of the group as of a position, for who cannot go on from its own log.
    case copy
    /// Who wants to promote asks where everybody stands; the answer may be a promise.
    case canvass, standing
    /// Its receiver is the primary from now on.
    case promote
  }
  var kind: Kind
  var from: UInt8
  var to: UInt8
  /// The sender's timeline; of a canvass and its answers the one that is wanted.
  var timeline: UInt32
  /// ship: the position before its entries; shipped: the last position received; behind, standing:
  /// the last one of the log; copy: the position it stands for.
  var position: UInt64 = 0
  /// The timeline of the entry at `position`.
  var positionTimeline: UInt32 = 0
  /// ship and its answers: when it was sent, on the primary's own clock.
  var sentAt: Int64 = 0
  /// standing: the newest timeline that the sender has promised or followed.
  var promised: UInt32 = 0
  /// standing: granted. canvass: asked for by a person.
  var flag = false
  /// behind, standing: the disk holds no copy at all.
  var isBlank = false
  /// promote: who takes part, one bit a place.
  var places: UInt32 = 0
  var entries: [LogRecord] = []
  /// copy: where the timelines begin, the memberships, and the shards that the group holds.
  var timelines: [ReplicationLog.Timeline] = []
  var memberships: [ReplicationLog.Membership] = []
  var shards = GroupShards(group: 0)
}

/// What a server wants done; the caller performs it in this order.
enum PrimaryReplicaEffect: Equatable {
  case send(PrimaryReplicaMessage)
  /// The primary's log is as far as the mode asks for: visible from now on, and acknowledged.
  case commit(position: UInt64, entry: LogRecord)
  /// The keys of the group are replaced by those of the copy in hand.
  case restore(position: UInt64)
  /// It asks the others who shall be promoted.
  case canvassing
  /// Nobody is promoted: a member still hears the primary, or too few answered.
  case calledOff(heard: Bool)
  case promoted
  /// Promoted, and everything is replayed: it takes requests.
  case ready
  /// There is a newer timeline, or it handed over.
  case demoted
  /// Semi-sync: nobody acknowledged in time, from now on it does not wait; and the way back.
  case fellBack, semiSyncAgain
}

extension PrimaryReplicaMessage: Equatable {}

/// How one replica group behaves. Spans are nanoseconds on the server's own clock.
struct PrimaryReplicaOptions {
  enum Mode: UInt8 { case async, semiSync, sync }
  var mode = Mode.async
  /// A replica that holds the primary dead sees to it that somebody is promoted.
  var automatic = true
  /// What a promoted server takes to start.
  var startUp: Int64 = 0
  /// Async: an entry is sent so long after it was written.
  var shipDelay: Int64 = 20_000_000
  var semiSyncTimeout: Int64 = 10_000_000_000
  var heartbeat: Int64 = 100_000_000
  /// Nobody is promoted without a majority, and who does not hear one for `lease` serves nobody.
  var fencing = true
  var lease: Int64 = 1_000_000_000
  /// How long positions are waited for.
  var canvass: Int64 = 200_000_000
  /// The server with which the group began takes over again once it has caught up.
  var failBack = false
  var logLimit = 1000
  /// Entries in one message, and entries under way to one replica.
  var batch = 64
  var window: UInt64 = 1024
  /// A primary gives up its lease a tenth before the others count it as over.
  var leaseHeld: Int64 { lease / 10 * 9 }
}
