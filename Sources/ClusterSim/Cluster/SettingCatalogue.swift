/// One setting: where it lives, what it may hold, what it means. `--set`, the scenario file, the
/// settings screen and the `:` prompt all read this record.
public struct SettingDefinition: Sendable {
  public let path: String
  public let kind: SettingKind
  public let meaning: String
  /// False where a change while the cluster runs has no meaning (the key space, the tokens).
  public let live: Bool
  public let get: @Sendable (Settings) -> SettingValue
  let put: @Sendable (inout Settings, SettingValue) -> Void

  /// The canonical text of the setting's value in `settings`.
  public func text(in settings: Settings) -> String { get(settings).text }
}

/// All settings, in the order in which they are shown.
public enum SettingCatalogue {
  public static let all: [SettingDefinition] =
    storage + shards + raft + replication + cache + path + membership + ring + network + host
    + client
    + workload
    + observe

  /// Finds a setting by its path.
  public static func find(_ path: String) -> SettingDefinition? {
    all.first { $0.path == path }
  }

  private static let storage: [SettingDefinition] = [
    choice("storage.engine", \.storage.engine, "how replicas keep a key", live: false),
    integer("storage.n", \.storage.n, 1...16, "copies of each key (N)"),
    integer("storage.r", \.storage.r, 1...16, "answers a read waits for (R)"),
    integer("storage.w", \.storage.w, 1...16, "acknowledgements a write waits for (W)"),
    choice(
      "storage.quorum", \.storage.quorum,
      "strict: home replicas only; sloppy: the first healthy nodes clockwise"),
    choice(
      "storage.read_targets", \.storage.readTargets,
      "all: a read asks every replica; quorum: only R of them, chosen at random"),
    choice(
      "storage.write_targets", \.storage.writeTargets,
      "all: a write goes to every replica; quorum: only to W of them, chosen at random"),
    flag(
      "storage.read_write_back", \.storage.readWriteBack,
      "a read writes what it answers to W replicas first (levels by location do without)"),
    choice(
      "storage.versions", \.storage.versions,
      "last-write-wins: the latest clock counts; vector: what a writer had not read stays beside it",
      live: false),
    choice(
      "storage.merge", \.storage.merge,
      "siblings: client: who reads them writes one version back; union: reads return them all "
        + "until the next write"),
    integer(
      "storage.vector_limit", \.storage.vectorLimit, 1...64,
      "entries of a vector clock; beyond it the oldest is dropped"),
    flag(
      "storage.fsync", \.storage.fsync,
      "a write is on the disk before it is acknowledged; off: a kill loses what is not synced yet"),
    span(
      "storage.sync_interval", \.storage.syncInterval,
      "time between two syncs of a disk where fsync is off"),
    choice(
      "storage.read_level", \.storage.readLevel,
      "count: R of any; local_quorum: a majority in the coordinator's location; each: in every one"),
    choice(
      "storage.write_level", \.storage.writeLevel,
      "count: W of any; the local and each levels always ask home replicas, as strict does"),
    span("storage.timeout", \.storage.timeout, "how long a coordinator waits for replicas"),
    flag("storage.read_repair", \.storage.readRepair, "a read mends the old replicas it sees"),
    flag("storage.hints", \.storage.hints, "keep a write for a replica that missed it"),
    span(
      "storage.hint_window", \.storage.hintWindow, "how long after a death hints are still kept",
      .zero...(.seconds(864_000))),
    integer("storage.hint_limit", \.storage.hintLimit, 0...1_000_000, "hints a node may hold"),
    integer("storage.hint_rate", \.storage.hintRate, 1...100_000, "hints replayed per second"),
    flag(
      "storage.anti_entropy", \.storage.antiEntropy,
      "replicas compare hash trees of the keys they share and send what is newer both ways"),
    span(
      "storage.anti_entropy_interval", \.storage.antiEntropyInterval,
      "time between a node's comparisons, each with its next peer in turn"),
    integer(
      "storage.anti_entropy_rate", \.storage.antiEntropyRate, 1...100_000,
      "keys in differing hash ranges that a comparison looks into per second"),
    integer(
      "storage.tree_depth", \.storage.treeDepth, 1...16,
      "levels of a hash tree below its root; it has 2^depth hash ranges"),
  ]

  private static let raft: [SettingDefinition] = [
    span("raft.election_min", \.raft.electionMin, "shortest election time-out"),
    span("raft.election_max", \.raft.electionMax, "longest election time-out"),
    span("raft.heartbeat", \.raft.heartbeat, "time between a leader's heartbeats"),
    flag("raft.pre_vote", \.raft.preVote, "ask for votes before the term is raised"),
    choice(
      "raft.reads", \.raft.reads,
      "log: through the log; index: ask a majority; lease: trust the clock"),
    integer(
      "raft.snapshot_after", \.raft.snapshotAfter, 1...1_000_000,
      "applied log entries kept before a snapshot takes their place"),
  ]

  private static let cache: [SettingDefinition] = [
    flag("cache.enabled", \.cache.enabled, "reads go through the location's cache server"),
    choice("cache.policy", \.cache.policy, "which object leaves a full cache"),
    integer("cache.capacity", \.cache.capacity, 1...1_000_000, "objects a cache server holds"),
    span("cache.ttl", \.cache.ttl, "age at which a cached object counts as gone", longSpan),
    choice(
      "cache.invalidate", \.cache.invalidate,
      "which locations' caches a writer tells to drop the key it wrote"),
    distribution("cache.service", \.cache.service, "time a cache server works on a request"),
    integer("cache.workers", \.cache.workers, 1...10_000, "requests a cache server holds at once"),
    choice(
      "cache.mode", \.cache.mode,
      "who reads the store on a miss (server, or client: aside), who writes it, and when"),
    integer(
      "cache.servers", \.cache.servers, 1...16, "cache servers of a location, on a ring",
      live: false
    ),
    number(
      "cache.bound", \.cache.bound, 0...16,
      "several servers: most open requests of one, in averages; 0: no bound (not with write-back)"),
    share("cache.ttl_jitter", \.cache.ttlJitter, "up to this share of the TTL less, at random"),
    flag(
      "cache.coalesce", \.cache.coalesce,
      "one fetch a key at a time, who misses meanwhile shares it; not with cache-aside"),
    span(
      "cache.flush_interval", \.cache.flushInterval, "write-back: time between a server's flushes"),
    integer(
      "cache.dirty_limit", \.cache.dirtyLimit, 0...1_000_000,
      "write-back: keys a server may hold unflushed; more are written through"),
  ]

  private static let membership: [SettingDefinition] = [
    choice(
      "membership.detector", \.membership.detector,
      "how nodes find the dead; a change keeps what each node believes"),
    span("membership.gossip_interval", \.membership.gossipInterval, "time between gossip rounds"),
    integer("membership.fanout", \.membership.fanout, 1...16, "peers gossiped to each round"),
    span(
      "membership.suspect_after", \.membership.suspectAfter,
      "a heartbeat that stood for so long is suspect; by size if not said"),
    integer(
      "membership.confirmers", \.membership.confirmers, 0...16, "peers asked about a suspect"),
    span("membership.dead_after", \.membership.deadAfter, "a suspect for so long is held dead"),
    integer(
      "membership.packet", \.membership.packet, 8...20_000,
      "table entries a gossip message carries at most"),
    span(
      "membership.swim_period", \.membership.swimPeriod, "swim: one member is pinged each period"),
    span(
      "membership.ping_timeout", \.membership.pingTimeout,
      "swim: without an answer for so long others are asked to ping"),
    integer("membership.indirect", \.membership.indirect, 0...16, "swim: others asked to ping (k)"),
    choice(
      "membership.swim_order", \.membership.swimOrder,
      "swim: whom to ping next, each once in shuffled order or any at random"),
    integer(
      "membership.rumour_mult", \.membership.rumourMult, 1...32,
      "swim: a rumour is sent this times ceil(log10(n + 1)) times"),
    integer(
      "membership.suspicion_mult", \.membership.suspicionMult, 1...64,
      "swim: a suspicion lasts this times max(1, log10 n) periods"),
    integer(
      "membership.suspicion_max_mult", \.membership.suspicionMaxMult, 1...64,
      "lifeguard: the longest suspicion as a multiple of the shortest"),
    integer(
      "membership.piggyback", \.membership.piggyback, 1...256, "swim: rumours a message carries"),
    flag(
      "membership.lifeguard", \.membership.lifeguard,
      "swim: local health, suspicions that shrink when confirmed, suspects told first"),
    choice(
      "membership.phi_model", \.membership.phiModel,
      "phi: how gaps between heartbeats are taken to spread"),
    number(
      "membership.phi_suspect", \.membership.phiSuspect, 0.1...100, "phi: suspect above this"),
    number(
      "membership.phi_threshold", \.membership.phiThreshold, 0.1...100, "phi: dead above this"),
    integer(
      "membership.phi_window", \.membership.phiWindow, 1...10_000,
      "phi: gaps whose mean and spread count; older ones fade"),
    span(
      "membership.phi_first", \.membership.phiFirst,
      "phi: what the first gap is taken for; longer gaps are not recorded"),
    span(
      "membership.phi_min_deviation", \.membership.phiMinDeviation,
      "phi, normal: least standard deviation of the gaps"),
    span(
      "membership.phi_pause", \.membership.phiPause, "phi, normal: a silence that is forgiven",
      anySpan),
    span(
      "membership.phi_local_pause", \.membership.phiLocalPause,
      "phi: a pause of the node's own this long stops its verdicts for as long again"),
  ]

  private static let ring: [SettingDefinition] = [
    integer(
      "ring.vnodes", \.ring.vnodes, 1...4096, "virtual nodes per unit of weight", live: false),
    integer("ring.move_rate", \.ring.moveRate, 1...1_000_000, "keys moved or copied per second"),
    choice(
      "ring.scheme", \.ring.scheme, "how keys are placed; a change while it runs moves the data"),
    choice(
      "ring.spread", \.ring.spread,
      "deal a key's replicas out over different zones or locations, as far as there are any"),
    choice(
      "ring.ranges", \.ring.ranges,
      "scheme range begins with the keys divided evenly, or all in one range", live: false),
    integer(
      "ring.range_limit", \.ring.rangeLimit, 1...1_000_000,
      "reshard splits a range that holds more keys than this"),
  ]

  private static let network: [SettingDefinition] = [
    span("network.local", \.network.local, "one-way base latency inside a location", anySpan),
    span("network.zone", \.network.zone, "one-way base latency inside a zone", anySpan),
    span("network.between", \.network.between, "one-way base latency between locations", anySpan),
    distribution("network.local_jitter", \.network.localJitter, "added inside a location"),
    distribution("network.between_jitter", \.network.betweenJitter, "added between locations"),
    share("network.loss", \.network.loss, "share of all messages lost"),
    choice(
      "network.transport", \.network.transport,
      "tcp: in order, loss becomes delay; udp: may be lost, doubled, overtaken"),
    choice(
      "network.replica_delays", \.network.replicaDelays,
      "links, or measured in production (PBS, 2012), the coordinator's own copy included"),
    span(
      "network.retransmit", \.network.retransmit,
      "first wait of a stream before it sends again; doubles"),
    span(
      "network.stream_timeout", \.network.streamTimeout,
      "a stream that got nothing through for so long breaks"),
  ]

  private static let host: [SettingDefinition] = [
    integer("host.workers", \.host.workers, 1...10_000, "replica requests a node works on at once"),
    integer(
      "host.coordinators", \.host.coordinators, 1...100_000,
      "requests a node coordinates at once; each is held until its replicas answered"),
    integer("host.queue", \.host.queue, 0...1_000_000, "requests that may wait; more are refused"),
    distribution("host.read_service", \.host.readService, "time a replica works on a read"),
    distribution("host.write_service", \.host.writeService, "time a replica works on a write"),
    distribution(
      "host.sync_service", \.host.syncService, "added to a write where storage.fsync is on"),
  ]

  private static let observe: [SettingDefinition] = [
    flag(
      "observe.verdict", \.observe.verdict, "judge the clients' history while it is made",
      live: false),
    integer(
      "observe.traces", \.observe.traces, 64...1_000_000, "operations whose course is kept",
      live: false),
    integer(
      "observe.notable", \.observe.notable, 16...100_000,
      "failed, slow and stale operations kept beyond those", live: false),
    span("observe.slow", \.observe.slow, "an answer that takes longer counts as slow"),
  ]
}

extension Settings {
  /// Sets the setting at `path` to the value written in `text`.
  ///
  /// Throws `SettingError` for an unknown path (naming the nearest) or a value out of range;
  /// nothing is changed then.
  public mutating func set(_ path: String, to text: String) throws(SettingError) {
    guard let definition = SettingCatalogue.find(path) else {
      throw SettingError(
        Nearest.message("setting", path, among: SettingCatalogue.all.map(\.path)))
    }
    let value: SettingValue
    do { value = try definition.kind.parse(text) } catch {
      throw SettingError("\(path): \(error.message)")
    }
    definition.put(&self, value)
  }
}
