/// Every knob of a simulation. `SettingCatalogue` gives each its path, range, unit and meaning;
/// all times are spans of virtual time.
public struct Settings: Equatable, Sendable {
  public var storage = Storage()
  public var cache = Cache()
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
    /// A write is on the disk before it is acknowledged; without it, at the next `syncInterval`.
    public var fsync = true
    public var syncInterval = Span.seconds(1)
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
  }

  public enum Engine: String, CaseIterable, Sendable { case leaderless }
  public enum Quorum: String, CaseIterable, Sendable { case strict, sloppy }
  public enum Targets: String, CaseIterable, Sendable { case all, quorum }

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
  }

  public enum Detector: String, CaseIterable, Sendable { case heartbeat }

  public struct Ring: Equatable, Sendable {
    public var vnodes = 64
    /// Copies of keys sent per second while a node joins or leaves.
    public var moveRate = 400
  }

  public struct Network: Equatable, Sendable {
    /// One-way base latency inside a location and between locations.
    public var local = Span.microseconds(300)
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

  public enum KeyChoice: String, CaseIterable, Sendable { case zipf, uniform, hot }
}
