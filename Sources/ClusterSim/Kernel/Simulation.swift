import Consistency

/// A whole simulated cluster as one value: a copy is a checkpoint, and a copy that runs on is a fork
/// of the future. Same build, configuration and actions give the same run to the last event.
///
/// This file holds the state and the only event loop; what happens at an event lives in the
/// `Simulation+….swift` file of its room.
public struct Simulation {
  public let configuration: ClusterConfiguration
  public internal(set) var settings: Settings
  public internal(set) var now = Instant.zero
  public internal(set) var eventsProcessed = 0

  var queue = EventQueue()
  var messages = ExclusiveSlab<Message>()
  var gossips = SharedSlab<GossipPayload>()
  var hash = StateHash()

  // Chance, one stream per purpose.
  var networkStream: RandomStream
  var workloadStream: RandomStream
  var splitStream: RandomStream
  var targetStream: RandomStream
  var cacheStream: RandomStream
  var replicaDelayStream: RandomStream

  // Who is there, by host number.
  var hosts = ExclusiveArray<Host>()
  var members: ContiguousArray<Member?> = []
  /// Whoever has not left.
  var roster = Roster([], now: 0)
  var census = BeliefCensus()
  /// Rises when another detector takes over: timers of the old one are void.
  var detectorGeneration: UInt16 = 0
  var network = Network()
  var streams = StreamOrder()
  var messageCount = MessageCount()
  public internal(set) var storageNodes: [NodeID] = []
  public internal(set) var cacheServers: [NodeID] = []
  public internal(set) var clientHosts: [NodeID] = []
  public internal(set) var balancerHosts: [NodeID] = []
  public internal(set) var webServers: [NodeID] = []

  // Placement.
  public internal(set) var placement: ClusterPlacement
  /// Rises whenever the placement changes.
  var placementRevision = 0
  var keys: KeyTable
  var sampler: KeySampler
  /// Requests taken from the trace.
  var tracePosition = 0
  /// Hot keys kept in copies.
  var splits: [KeySplit] = []
  /// Rises whenever a key is split or one of its copies becomes readable.
  public internal(set) var splitRevision = 0
  var move: Movement?
  /// The same with an engine that has groups.
  var reshuffle: GroupReshuffle?
  var copies = PayloadSlab<CopyStream>()
  /// Keys and bytes that were sent as parts of copies.
  public internal(set) var copiedKeys = 0
  public internal(set) var copiedBytes = 0
  /// Servers that came to running groups, oldest first; the last 64 are kept.
  public internal(set) var arrivals: [ReplicaArrival] = []
  /// Clean-ups in the event queue.
  var cleanupsArmed = 0
  var waitingMoves: [Movement.Change] = []
  public internal(set) var keysMoved = 0
  public internal(set) var bytesMoved = 0

  // Requests under way.
  var coordinations = ExclusiveSlab<Coordination>()
  /// Servers of one coordinator that are free and have not taken up the next in line yet.
  var coordinatorReleases = 0
  var coordinationDeadlines = DeadlineQueue()
  var operations = ExclusiveSlab<Operation>()
  var operationDeadlines = DeadlineQueue()
  var fetches = ExclusiveSlab<CacheFetch>()
  var fetchDeadlines = DeadlineQueue()
  /// Empty where `path.web.servers` is 0.
  var tier: WebTier
  /// In the order of `cacheServers`.
  var caches: ContiguousArray<CacheServer> = []
  var clients: ContiguousArray<ClientGroup> = []
  var retries: ClientRetries
  var nextProcess: UInt32 = 0
  var nextWrite: UInt64 = 0
  var burst = 1.0
  var hotShare: Double?
  var queries: Queries

  var antiEntropy = AntiEntropy()
  var vector = VectorVersions()
  /// Nil with the engine that has no groups.
  var sharded: ShardedKeys?
  var siblingSessions = SiblingSessions()
  var moves = ShardMoves()
  /// Nil with any other engine.
  var raft: RaftEngine?
  var replication: PrimaryReplicaEngine?
  var multiPrimary: MultiPrimaryEngine?

  // What is watched from outside.
  public internal(set) var metrics: Metrics
  public internal(set) var log = EventLog()
  public internal(set) var actionLog: [TimedAction] = []
  public internal(set) var falseSuspicions = 0
  /// The longest that a running host's counter stood still for a node which held it alive, ns; of the
  /// detector `heartbeat`, since it took over.
  var longestSilence: Int64 = 0
  var membershipMessages = 0
  var membershipBytes = 0
  public internal(set) var readRepairs = 0
  /// Segments that streams sent again, and datagrams that arrived twice.
  public internal(set) var retransmissions = 0
  public internal(set) var duplicates = 0
  /// Acknowledged writes that are lost for good, by name.
  public internal(set) var lostWrites = LostWrites()
  /// Keys whose newest acknowledged write was only in a message when the last disk lost it.
  var endangeredKeys: ContiguousArray<UInt32> = []
  public internal(set) var hintsStored = 0
  public internal(set) var hintsDelivered = 0
  public internal(set) var hintsDropped = 0
  /// Hints that went down with their holder's disk, or had not been synced when it was killed.
  public internal(set) var hintsLost = 0
  /// Reads that wrote back before they answered (`storage.read_write_back`).
  public internal(set) var readsWrittenBack = 0
  /// Writes that a kill took from a disk because they were not synced.
  public internal(set) var unsyncedWritesLost = 0
  var activeFaults: [ActiveFault] = []
  var endedFaults: [ActiveFault] = []
  var nextFault = 1
  /// Planned actions that could not be done, oldest first.
  public internal(set) var plannedInVain: [PlannedInVain] = []
  var recoveryCheckArmed = false
  /// How far the logs of groups were when the last fault ended, see `markGroupLogs`.
  var groupMarks: [UInt64] = []
  var acknowledged = AcknowledgedWrites()
  /// By location: storage nodes that the location's best coordinator can reach and that answer.
  var reach: [NodeSet] = []
  /// By location: where that coordinator stands.
  var entries: [Int] = []
  var recorder: RunRecorder<HistoryLine>?
  var readRecorder: RunRecorder<UInt32>?
  public internal(set) var judge = LiveJudge()
  public internal(set) var traces: TraceRing
  var delays = DelaySamples()
  var stretchStart = Stretch()

  #if DEBUG
    /// Only builds for tests can have one.
    var plantedBug: PlantedBug?
  #endif

  // Kept between events so that rounds allocate nothing.
  var gossipTargets: [NodeID] = []
  var changes: [BeliefChange] = []
  var suspects: [NodeID] = []
  var risen: [Rise] = []
  var swimEffects: [SwimEffect] = []

  /// Lines of time-outs.
  enum DeadlineLine: UInt32 { case operations, coordinations, fetches, forwards, calls }

  /// Processes every event up to and including `until`; time is `until` afterwards.
  public mutating func run(until: Instant) {
    _ = run(until: until, maxEvents: .max)
  }

  /// As `run(until:)` within a budget of events. False where the budget ended first: then time is
  /// that of the last event, and nothing was skipped.
  public mutating func run(until: Instant, maxEvents: Int) -> Bool {
    ownTables()
    var budget = maxEvents
    while budget > 0, let event = queue.pop(ifAtOrBefore: until.nanoseconds) {
      process(event)
      budget -= 1
    }
    if budget == 0, let next = queue.nextTime, next <= until.nanoseconds { return false }
    now = max(now, until)
    return true
  }

  /// Before the first change of a copy: what does not ask at every change who owns its memory.
  mutating func ownTables() {
    queue.makeUnique()
    hosts.makeUnique()
    messages.makeUnique()
    coordinations.makeUnique()
    operations.makeUnique()
    fetches.makeUnique()
    tier.makeUnique()
    traces.makeUnique()
  }

  /// Processes events up to and including the next one that a person would call something: a message
  /// that arrives, a job done, a client's operation, a gossip round.
  public mutating func stepEvent() {
    ownTables()
    while !queue.isEmpty {
      let event = queue.popMin()
      process(event)
      switch event.kind {
      case .deliver, .jobDone, .arrival, .gossip, .actionDue, .faultEnds, .hintDrain, .movement,
        .pingRound, .antiEntropy, .swim, .cacheFlush, .raftTimer, .raftRetry, .replicationTimer,
        .replay, .logAnnounce, .addressMoves, .peerTimer, .clientRetry, .copyStep, .shardMove,
        .healthRound:
        return
      case .deadline, .coordinationDue, .healthDue, .webDue, .sample, .recoveryCheck, .cleanup,
        .hold, .benchHeartbeat:
        continue
      }
    }
  }

  /// 16 hex digits over every event so far and the contents of every disk.
  public var stateHash: String { stateHashValue.hex }

  var stateHashValue: StateHash {
    var hash = hash
    for host in hosts {
      host.store.mix(into: &hash)
      host.hints.mix(into: &hash)
    }
    if settings.storage.versions == .vector {
      for host in hosts { host.store.visit { hash.mix(vector.table.hash($1.set)) } }
    }
    raft?.mix(into: &hash)
    if let sharded, sharded.directory.epoch > 1 { sharded.directory.mix(into: &hash) }
    replication?.mix(into: &hash)
    multiPrimary?.mix(into: &hash)
    hash.mix(UInt64(metrics.counted(\.ok)))
    hash.mix(UInt64(metrics.counted(\.stale)))
    return hash
  }

  @inline(__always)
  private mutating func process(_ event: Event) {
    now = Instant(nanoseconds: event.time)
    eventsProcessed += 1
    hash.mix(UInt64(bitPattern: event.time))
    hash.mix(UInt64(event.kind.rawValue) << 48 | UInt64(event.node) << 32 | UInt64(event.a))
    if event.kind.runsOnHost, hosts[Int(event.node)].state == .frozen {
      hosts[Int(event.node)].inbox.append(event)
      return
    }
    switch event.kind {
    case .deliver: deliver(event)
    case .jobDone: finishJob(event)
    case .arrival: beginNextOperation(location: Int(event.a))
    case .clientRetry: retryDue(event)
    case .pingRound: pingServers(location: Int(event.a))
    case .deadline: passDeadlines(DeadlineLine(rawValue: event.a)!)
    case .coordinationDue: endCoordination(event.b, timedOut: true)
    case .actionDue: doPlanned(Int(event.a))
    case .faultEnds: endFault(number: Int(event.a))
    case .sample: takeSample()
    case .recoveryCheck: checkRecovery()
    case .gossip:
      gossipRound(NodeID(event.node), epoch: event.a, generation: event.b)
    case .swim: swimDue(NodeID(event.node), epoch: event.a, marked: event.b)
    case .hintDrain: drainHints(NodeID(event.node), epoch: event.a)
    case .antiEntropy: antiEntropyDue(NodeID(event.node), epoch: event.a, marked: event.b)
    case .raftTimer: raftTimerDue(event)
    case .raftRetry: raftRetryDue(event)
    case .replicationTimer: replicationTimerDue(event)
    case .replay: replayDue(event)
    case .peerTimer: peerTimerDue(event)
    case .copyStep: copyStepDue(event)
    case .shardMove: shardMoveDue(event)
    case .logAnnounce: announceDue(event)
    case .addressMoves: addressMoves(event)
    case .movement: continueMovement()
    case .cleanup: cleanUp()
    case .cacheFlush: flushDue(NodeID(event.node), epoch: event.a)
    case .healthRound: checkHealth(NodeID(event.node), epoch: event.a)
    case .healthDue:
      judgeHealth(
        NodeID(event.node), epoch: event.a, round: UInt32(truncatingIfNeeded: event.b))
    case .webDue: webDue(event)
    case .hold, .benchHeartbeat: preconditionFailure("a bench event in a cluster")
    }
  }

  /// Wakes a host's own timer up after `delay`, unless it is killed before.
  @inline(__always)
  mutating func wake(_ node: NodeID, _ kind: EventKind, after delay: Int64) {
    queue.push(
      time: now.nanoseconds + delay, kind: kind, node: node.rawValue, a: hosts[node.index].epoch)
  }

  mutating func note(_ kind: LogEntry.Kind, _ text: String) {
    log.append(LogEntry(at: now, kind: kind, text: text))
  }
}
