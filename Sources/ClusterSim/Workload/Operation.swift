/// A client's operation under way.
struct Operation {
  enum Kind: UInt8 { case read, write }
  let kind: Kind
  let location: UInt8
  /// Phase in which it was invoked, counted from the start of the run.
  let phase: UInt32
  let process: UInt32
  let key: UInt32
  let invoked: Int64
  /// The newest acknowledged version when a read was invoked.
  let frontier: Version
  /// With vector versions: the acknowledged versions then.
  let acknowledgedSet: UInt32
  /// A write's value: its number among all writes.
  let value: UInt64
  /// Where it was sent: a coordinator or a cache server.
  var server: UInt16
  /// Cache-aside: the cache server that had it not.
  var missedAt: UInt16?
  /// The one of several cache servers that has not answered yet; `.max` for none.
  var openAt = UInt16.max
  /// What its client had read when it began, with vector versions.
  var context: UInt32 = 0
  /// Attempts that failed before the present one.
  var attempt: UInt8 = 0
  /// A write of which an attempt that failed may have been applied.
  var mayHaveHappened = false
  /// The web tier turned the present attempt away: it certainly did not happen.
  var refusedAtDoor = false
  /// A person chose its coordinator: it is not tried elsewhere.
  var isPinned = false
  /// Whom it was sent to, or to whom the cache server was to turn; `.max` where nobody answered.
  var coordinator: UInt16 = .max
  /// Its names among the traces and at the judge.
  var trace: UInt64 = 0
  var judged: Int32 = -1
  /// The query that it is a part of; 0 where it stands for itself.
  var query: UInt64 = 0
}

/// A cache server's request to the store under way.
struct CacheFetch {
  enum Kind: UInt8 {
    /// A get that missed, and one that waits for another's fetch; both hold a worker meanwhile.
    case get, follower
    /// A write that goes through, holding a worker, and a dirty key on its way to the store.
    case put, flush
  }
  let kind: Kind
  let cache: UInt16
  let client: UInt16
  let operation: UInt64
  let key: UInt32
  /// The cache's life in which it began; a restart voids it.
  let epoch: UInt32
  /// The next of those that wait for this one's answer.
  var follower: UInt64?
}

/// All clients of one location: they share connections, and so what they know of the servers.
struct ClientGroup {
  let host: NodeID
  /// Its cache servers, and the ring that they share the keys by; nil where there is one.
  let caches: [NodeID]
  let cacheRing: HashRing?
  var loads: CacheLoads
  let weight: Double
  var arrivals: RandomStream
  /// By host index: when a ping was last answered; servers start with the benefit of doubt.
  var lastPong: ContiguousArray<Int64> = []
  /// By host index: answered within `client.down_after`.
  var isUp: ContiguousArray<Bool> = []
  /// Coordinators in use: storage nodes of the own location that answer, else any that answer.
  var coordinators: ContiguousArray<UInt16> = []
  private var nextCoordinator = 0
  /// Processes without an operation under way, last used first.
  private(set) var idle: ContiguousArray<UInt32> = []

  init(
    host: NodeID, caches: [NodeID], ring: HashRing?, weight: Double, arrivals: RandomStream
  ) {
    self.host = host
    self.caches = caches
    cacheRing = ring
    loads = CacheLoads(servers: caches.count)
    self.weight = weight
    self.arrivals = arrivals
  }

  /// The next coordinator in turn.
  mutating func chooseCoordinator() -> UInt16? {
    guard !coordinators.isEmpty else { return nil }
    nextCoordinator = (nextCoordinator + 1) % coordinators.count
    return coordinators[nextCoordinator]
  }

  /// The next coordinator in turn that is not `last`, which has just failed; another location's where
  /// the own has no other, and `last` again where nobody else answers.
  mutating func chooseCoordinator(butNot last: UInt16, elsewhere: [NodeID]) -> UInt16? {
    for _ in coordinators.indices {
      if let next = chooseCoordinator(), next != last { return next }
    }
    let others = elsewhere.filter { $0.rawValue != last && isUp[$0.index] }
    guard !others.isEmpty else { return coordinators.first }
    nextCoordinator &+= 1
    return others[nextCoordinator % others.count].rawValue
  }

  /// A process that is free, or a new one.
  mutating func takeProcess(new next: inout UInt32) -> UInt32 {
    if let process = idle.popLast() { return process }
    next += 1
    return next - 1
  }

  /// The process may invoke again. One with an unknown outcome may not (Jepsen's rule).
  mutating func release(process: UInt32) { idle.append(process) }
}
