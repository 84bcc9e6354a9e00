/// Every knob of a simulation. `SettingCatalogue` gives each its path, range, unit and meaning;
/// all times are spans of virtual time.
public struct Settings: Equatable, Sendable {
  public var storage = Storage()
  public var raft = Raft()
  public var replication = Replication()
  public var cache = Cache()
  public var path = Path()
  public var membership = Membership()
  public var ring = Ring()
  public var network = Network()
  public var host = Host()
  public var client = Client()
  public var workload = Workload()
  public var observe = Observe()

  public init() {}

  public struct Storage: Equatable, Sendable {
    public var engine = Engine.leaderless
    /// Groups over which every engine but `leaderless` splits the keys, and by what.
    public var shards = 8
    public var sharding = Sharding.hash
    /// Keys a second that a shard's move copies while clients run, and how long it may make no
    /// progress before it is called off.
    public var shardCopyRate = 400
    public var shardPatience = Span.seconds(5)
    /// Copies of each key (N), answers a read waits for (R), acknowledgements a write waits for (W).
    public var n = 3
    public var r = 2
    public var w = 2
    public var quorum = Quorum.strict
    /// Whether all N replicas are asked or, chosen at random, only as many as are waited for.
    public var readTargets = Targets.all
    public var writeTargets = Targets.all
    /// A read writes the version it answers with to W replicas before it answers (ABD).
    public var readWriteBack = false
    public var versions = Versions.lastWriteWins
    public var merge = Merge.union
    /// Entries of a version's clock; the one raised longest ago is dropped.
    public var vectorLimit = 10
    /// A write is on the disk before it is acknowledged; without it, at the next `syncInterval`.
    public var fsync = true
    public var syncInterval = Span.seconds(1)
    public var readLevel = Level.count
    public var writeLevel = Level.count
    /// How long a coordinator waits for its replicas.
    public var timeout = Span.milliseconds(400)
    public var readRepair = true
    public var hints = true
    public var hintWindow = Span.seconds(10_800)
    public var hintLimit = 50_000
    /// Hints a holder replays per second.
    public var hintRate = 400
    /// Off as delivered: hints and read repair mend what the usual faults leave, and whoever turns
    /// it on sees what only it can heal. Cassandra's repair is started by hand, too.
    public var antiEntropy = false
    public var antiEntropyInterval = Span.seconds(5)
    /// Keys that one exchange looks into per second.
    public var antiEntropyRate = 400
    /// Levels below the root of a tree: 2^depth leaves.
    public var treeDepth = 8

    /// A replica just keeps the newer version: nothing to undo, nothing beside it.
    @inline(__always)
    var keepsNewest: Bool { fsync && versions == .lastWriteWins }
  }

  public enum Engine: String, CaseIterable, Sendable {
    case leaderless
    case primaryReplica = "primary-replica"
    case multiPrimary = "multi-primary"
    case raft
  }
  /// By the key's hash, by ranges of names, or each family of keys in groups of its own.
  public enum Sharding: String, CaseIterable, Sendable { case hash, range, function }
  public enum Quorum: String, CaseIterable, Sendable { case strict, sloppy }
  public enum Versions: String, CaseIterable, Sendable {
    case lastWriteWins = "last-write-wins"
    case vector
  }
  /// Who merges siblings: the client that reads them, by a write of its own at once, or nobody until
  /// the next write of somebody who has read them all.
  public enum Merge: String, CaseIterable, Sendable { case client, union }
  public enum Targets: String, CaseIterable, Sendable { case all, quorum }

  /// Whose answers a request waits for. Names as in Cassandra.
  public enum Level: String, CaseIterable, Sendable {
    /// R or W of any.
    case count
    case one, quorum, all
    /// A majority of the replicas in the coordinator's location.
    case localQuorum = "local_quorum"
    /// A majority of the replicas in every location that has any.
    case eachQuorum = "each_quorum"

    var goesByLocation: Bool { answers(n: 1, count: 1) == nil }

    /// How many answers of `n` copies it waits for, where that is a number for every key; `count` is
    /// R or W.
    public func answers(n: Int, count: Int) -> Int? {
      switch self {
      case .count: count
      case .one: 1
      case .quorum: n / 2 + 1
      case .all: n
      case .localQuorum, .eachQuorum: nil
      }
    }
  }

  /// The engine `raft`; every span is on a server's own clock.
  public struct Raft: Equatable, Sendable {
    /// Each election time-out is drawn anew from this range.
    public var electionMin = Span.milliseconds(150)
    public var electionMax = Span.milliseconds(300)
    public var heartbeat = Span.milliseconds(50)
    public var preVote = false
    public var reads = RaftReads.index
    /// Applied log entries that are kept before a snapshot takes their place.
    public var snapshotAfter = 1000
  }

  public enum RaftReads: String, CaseIterable, Sendable { case log, index, lease }

  public struct Cache: Equatable, Sendable {
    public var enabled = true
    public var policy = Policy.lru
    /// Objects a cache server holds.
    public var capacity = 200
    public var ttl = Span.seconds(3)
    /// Which caches a client tells to drop the key that it has just written.
    public var invalidate = Invalidate.all
    public var service = Distribution.constant(.microseconds(50))
    public var workers = 256
    public var mode = CacheMode.readThrough
    /// Servers of each location, on a hash ring of their own.
    public var servers = 1
    /// A server may have this many times the average of its location's open requests; the next one
    /// goes on clockwise. 0 for no bound.
    public var bound = 0.0
    /// Up to this share of the TTL is taken off an object's life at random.
    public var ttlJitter = 0.0
    /// One fetch a key at a time; who misses meanwhile waits for its answer.
    public var coalesce = false
    /// Write-back: time between flushes, and keys that may be dirty at a server.
    public var flushInterval = Span.milliseconds(1000)
    public var dirtyLimit = 1000
  }

  /// Who reads the store on a miss, and who writes it when.
  public enum CacheMode: String, CaseIterable, Sendable {
    case readThrough = "read-through"
    case cacheAside = "cache-aside"
    case writeThrough = "write-through"
    case writeBack = "write-back"
  }

  /// The caches of no location, of the writer's own, or of every location.
  public enum Invalidate: String, CaseIterable, Sendable { case none, own, all }

  public enum Policy: String, CaseIterable, Sendable {
    case lru, fifo, lfu, clock, sieve, s3fifo
    case s3fifoLib = "s3fifo-lib"
    case arc
  }

  public struct Membership: Equatable, Sendable {
    public var detector = Detector.heartbeat
    public var gossipInterval = Span.milliseconds(250)
    public var fanout = 3
    public var suspectAfter = Span.milliseconds(1500)
    public var confirmers = 2
    /// How long a suspect may take to be seen rising again before it is held dead.
    public var deadAfter = Span.milliseconds(1500)
    /// Entries of the table that one gossip message carries at most.
    public var packet = 1024

    /// SWIM as memberlist has it for a local network.
    public var swimPeriod = Span.milliseconds(1000)
    public var pingTimeout = Span.milliseconds(500)
    /// Others that are asked to ping for a node (k).
    public var indirect = 3
    public var swimOrder = ProbeOrder.roundRobin
    /// A rumour is sent mult * ceil(log10(n + 1)) times, a suspicion lasts
    /// mult * max(1, log10 n) periods.
    public var rumourMult = 4
    public var suspicionMult = 4
    /// Lifeguard's longest suspicion, as a multiple of the shortest.
    public var suspicionMaxMult = 6
    /// Rumours that one message carries at most.
    public var piggyback = 12
    public var lifeguard = false

    public var phiModel = PhiModel.exponential
    public var phiSuspect = 5.0
    public var phiThreshold = 8.0
    /// Gaps between the heartbeats of a peer that its mean and variance are of, see `ArrivalColumns`.
    public var phiWindow = 1000
    /// What the first gap is taken for; longer ones are not recorded.
    public var phiFirst = Span.seconds(2)
    /// Of the normal model: the least standard deviation, and a silence that is always forgiven.
    public var phiMinDeviation = Span.milliseconds(100)
    public var phiPause = Span.seconds(3)
    /// A pause of the node's own this long stops its verdicts for as long again.
    public var phiLocalPause = Span.seconds(5)
  }

  public enum Detector: String, CaseIterable, Sendable { case heartbeat, swim, phi }
  public enum ProbeOrder: String, CaseIterable, Sendable {
    case roundRobin = "round-robin"
    case random
  }
  public enum PhiModel: String, CaseIterable, Sendable { case exponential, normal }

  public struct Ring: Equatable, Sendable {
    public var vnodes = 64
    /// Copies of keys sent per second while a node joins or leaves.
    public var moveRate = 400
    public var scheme = PlacementScheme.ring
    public var spread = Spread.none
    /// How the `range` scheme begins.
    public var ranges = Ranges.even
    /// A range with more keys than this may be split.
    public var rangeLimit = 100
  }

  /// The keys divided evenly over the nodes, or all in one range on the first node.
  public enum Ranges: String, CaseIterable, Sendable { case even, one }

  public struct Network: Equatable, Sendable {
    /// One-way base latency inside a location and between locations.
    public var local = Span.microseconds(300)
    /// The same inside a zone.
    public var zone = Span.microseconds(300)
    public var between = Span.milliseconds(8)
    /// Drawn for every message and added to the base.
    public var localJitter = Distribution.exponential(.microseconds(150))
    public var betweenJitter = Distribution.exponential(.milliseconds(1))
    /// Share of all messages lost, as a ratio.
    public var loss = 0.0
    /// What requests and replication use; gossip and pings are always datagrams.
    public var transport = Transport.tcp
    /// Takes the place of links and of `transport`'s order between coordinators and replicas.
    public var replicaDelays = ReplicaDelays.links
    /// First wait of a stream before it sends again, doubled each time, until the connection breaks.
    public var retransmit = Span.milliseconds(200)
    public var streamTimeout = Span.seconds(10)
  }

  public enum Transport: String, CaseIterable, Sendable { case tcp, udp }

  public struct Host: Equatable, Sendable {
    /// Servers for replica reads and writes, and for requests being coordinated.
    public var workers = 8
    public var coordinators = 128
    /// Requests that may wait for a server; one more is refused as overloaded.
    public var queue = 512
    public var readService = Distribution.exponential(.microseconds(400))
    public var writeService = Distribution.exponential(.microseconds(500))
    /// What a write takes longer where `storage.fsync` is on.
    public var syncService = Distribution.constant(.zero)
  }

  public struct Client: Equatable, Sendable {
    /// Clients of a location ping every node and their cache server.
    public var pingInterval = Span.milliseconds(500)
    /// A server that has not answered for so long is left out until it answers again.
    public var downAfter = Span.milliseconds(1200)
    /// How long a client waits for an answer before it gives the operation up.
    public var timeout = Span.milliseconds(1000)
    /// Attempts after the first that a failed operation is worth; they end with `timeout`.
    public var retries = 0
    /// An attempt that is not answered for so long is given up where another may follow.
    public var attemptTimeout = Span.milliseconds(400)
    /// The wait before the first retry; doubles with each.
    public var retryBackoff = Span.milliseconds(50)
    /// Up to this share of a wait less, at random.
    public var retryJitter = 0.5
    /// Retries that a first attempt earns the clients of its location; as many as `retries`, or
    /// more, is no limit.
    public var retryBudget = 10.0
    /// Retries that may be saved up.
    public var retryBurst = 50
  }

  public struct Workload: Equatable, Sendable {
    /// Operations per second that all clients together begin.
    public var rate = 600.0
    public var readShare = 0.9
    public var keys = 1000
    public var distribution = KeyChoice.zipf
    public var zipfTheta = 0.99
    /// Share of operations that go to the one hot key, where the distribution is `hot`.
    public var hotShare = 0.5
    public var valueSize = 1024
    /// The keys are `users:…`, `orders:…` and `products:…` in turn; the last get what is left.
    public var families = false
    public var usersShare = 0.3
    public var ordersShare = 0.3
    /// Share of what clients begin that is a query, and the keys that a query reads at once.
    public var queryShare = 0.0
    public var fanOut = 10
    /// A query reads one key of every group instead.
    public var queryAllGroups = false
  }

  /// What is kept of the operations for whoever looks on; it changes nothing in the cluster.
  public struct Observe: Equatable, Sendable {
    /// Judge the history while it is being made.
    public var verdict = true
    /// Operations whose course is kept, newest last.
    public var traces = 4096
    /// Of those that failed, were slow or stale: how many are kept beyond that.
    public var notable = 512
    /// An answer that takes longer counts as slow.
    public var slow = Span.milliseconds(100)
  }
}
