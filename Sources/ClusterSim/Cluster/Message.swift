/// What a message says.
enum MessageKind: UInt8 {
  // Clients and caches.
  case clientRead, clientWrite, clientReply
  case cacheGet, cacheReply, cacheInvalidate
  /// Cache-aside: the server has it not; the client keeps there what it read from the store.
  case cacheMiss, cacheSet
  /// A write that goes to the cache server (write-through and write-back).
  case cachePut
  /// Several reads at once: its tag names the query.
  case clientQuery
  case ping, pong
  // Coordinators and replicas.
  case replicaRead, replicaReadReply, replicaWrite, replicaWriteAck, replicaRefused
  case repairWrite
  case hintReplay, hintAck
  case transfer, transferAck
  case treeAsk, treeAnswer, treeKeys, treeWanted
  // Raft: from coordinators, and between the servers of a group (with entries: work for the disk).
  case raftRequest, raftReply, raftRefused, raft, raftAppend
  // Replica groups: from coordinators, and between the servers of a group (logShip: work).
  case logRead, logWrite, logReply, logShip, logControl, logAnnounce
  /// Between primaries of a group.
  case peer
  /// A part of a copy of a group, and that it is held.
  case copyPart, copyHeld
  // Shards: a node asks for the directory; between its keeper and groups; keys on their way.
  case directoryAsk, shard, shardCopy
  // Membership.
  case gossip, confirmAsk, confirmAnswer
  case swimPing, swimAck, swimPingReq, swimNack
  // The web tier: client to balancer, balancer to web server, and back; health checks.
  case pathRead, pathWrite, webRead, webWrite, webReply, pathReply
  case probe, probeAnswer
}

extension MessageKind {
  /// Sent without connection: may be lost, doubled and overtaken. All else uses
  /// `network.transport`.
  @inline(__always)
  var isDatagram: Bool {
    switch self {
    case .ping, .pong, .gossip, .confirmAsk, .confirmAnswer, .swimPing, .swimAck, .swimPingReq,
      .swimNack:
      true
    default: false
    }
  }

  /// Sent over a connection whatever `network.transport` says: HTTP between clients, balancers and web
  /// servers. A doubled write that waits in a line would be applied long after its answer.
  @inline(__always)
  var isStream: Bool {
    switch self {
    case .pathRead, .pathWrite, .webRead, .webWrite, .webReply, .pathReply, .probe, .probeAnswer:
      true
    default: false
    }
  }

  /// Whether `tag` names a payload in the gossip slab.
  @inline(__always)
  var carriesGossip: Bool {
    switch self {
    case .gossip, .swimPing, .swimAck, .swimPingReq, .swimNack: true
    default: false
    }
  }
}

extension MessageKind {
  /// A replica's work for it ends on its disk.
  @inline(__always)
  var changesDisk: Bool {
    switch self {
    case .replicaWrite, .repairWrite, .hintReplay, .transfer, .logWrite: true
    default: false
    }
  }
}

extension MessageKind {
  /// On the way from a client to the coordinator: who gets it twice writes twice.
  var isWriteRequest: Bool {
    switch self {
    case .clientWrite, .cachePut, .pathWrite, .webWrite, .logWrite: true
    default: false
    }
  }
}

extension MessageKind {
  /// Its tag names a message between the servers of a Raft group.
  @inline(__always)
  var carriesRaft: Bool { self == .raft || self == .raftAppend }
}

extension MessageKind {
  /// Its tag names a message between the servers of a replica group.
  @inline(__always)
  var carriesLog: Bool { self == .logShip || self == .logControl }
}

extension MessageKind {
  /// Its tag names a message about shards.
  @inline(__always)
  var carriesShard: Bool { self == .shard || self == .shardCopy }
}

/// A message in flight: a trivial value in the message slab, where it shares one line of the processor's
/// cache with what the slab knows of its place. The fields stand in the order that leaves no gaps.
struct Message {
  var kind: MessageKind
  /// Set on a reply: why it failed, 0 for ok, else `FailureReason.rawValue + 1`.
  var failure: UInt8
  var from: UInt16
  var to: UInt16
  /// A reply from a cache: the object was there. A failure of the web tier: it never got further.
  var hit: Bool
  /// A reply from a cache: the answer to a fetch that another request had begun before.
  var shared: Bool
  /// The coordination, hint or transfer that this belongs to; of a request the operation's trace.
  var handle: UInt64
  /// The requester's own handle, given back with the reply; a gossip's payload; of a write to a replica
  /// the operation's trace.
  var tag: UInt64
  var key: UInt32
  /// Node that a stand-in's write is meant for; the coordinator a cache shall ask; a subject.
  var other: UInt16
  /// The place of the replica among a coordination's targets.
  var place: UInt8
  /// How often a stream has sent it again.
  var attempt: UInt8
  var entry: Versioned

  @inline(__always)
  init(
    kind: MessageKind, from: UInt16, to: UInt16, failure: UInt8 = 0, hit: Bool = false,
    shared: Bool = false, handle: UInt64 = 0, tag: UInt64 = 0, key: UInt32 = 0, other: UInt16 = 0,
    place: UInt8 = 0, attempt: UInt8 = 0, entry: Versioned = .none
  ) {
    self.kind = kind
    self.failure = failure
    self.from = from
    self.to = to
    self.hit = hit
    self.shared = shared
    self.handle = handle
    self.tag = tag
    self.key = key
    self.other = other
    self.place = place
    self.attempt = attempt
    self.entry = entry
  }
}
