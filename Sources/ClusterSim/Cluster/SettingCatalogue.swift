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
    storage + cache + membership + ring + network + host + client + workload + observe

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
      "a read writes what it answers to W replicas first, so that no later read sees less"),
    flag(
      "storage.fsync", \.storage.fsync,
      "a write is on the disk before it is acknowledged; off: a kill loses what is not synced yet"),
    span(
      "storage.sync_interval", \.storage.syncInterval,
      "time between two syncs of a disk where fsync is off"),
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
  ]

  private static let membership: [SettingDefinition] = [
    choice("membership.detector", \.membership.detector, "how nodes find the dead", live: false),
    span("membership.gossip_interval", \.membership.gossipInterval, "time between gossip rounds"),
    integer("membership.fanout", \.membership.fanout, 1...16, "peers gossiped to each round"),
    span(
      "membership.suspect_after", \.membership.suspectAfter,
      "a heartbeat that has not risen for so long is suspect"),
    integer(
      "membership.confirmers", \.membership.confirmers, 0...16, "peers asked about a suspect"),
    span("membership.dead_after", \.membership.deadAfter, "a suspect for so long is held dead"),
  ]

  private static let ring: [SettingDefinition] = [
    integer(
      "ring.vnodes", \.ring.vnodes, 1...4096, "virtual nodes per unit of weight", live: false),
    integer("ring.move_rate", \.ring.moveRate, 1...1_000_000, "keys moved per second at join"),
  ]

  private static let network: [SettingDefinition] = [
    span("network.local", \.network.local, "one-way base latency inside a location", anySpan),
    span("network.between", \.network.between, "one-way base latency between locations", anySpan),
    distribution("network.local_jitter", \.network.localJitter, "added inside a location"),
    distribution("network.between_jitter", \.network.betweenJitter, "added between locations"),
    share("network.loss", \.network.loss, "share of all messages lost"),
    choice(
      "network.transport", \.network.transport,
      "tcp: in order, loss becomes delay; udp: may be lost, doubled, overtaken"),
    choice(
      "network.replica_delays", \.network.replicaDelays,
      "links, or delays to and from replicas as measured in production (PBS, 2012)"),
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

  private static let client: [SettingDefinition] = [
    span("client.ping_interval", \.client.pingInterval, "time between a client's health pings"),
    span("client.down_after", \.client.downAfter, "a server silent for so long is left out"),
    span("client.timeout", \.client.timeout, "how long a client waits for an answer"),
  ]

  private static let workload: [SettingDefinition] = [
    number("workload.rate", \.workload.rate, 0...1_000_000, "operations begun per second"),
    share("workload.read_share", \.workload.readShare, "share of operations that are reads"),
    integer("workload.keys", \.workload.keys, 1...1_000_000, "keys in use", live: false),
    choice("workload.distribution", \.workload.distribution, "how clients choose a key"),
    number("workload.zipf_theta", \.workload.zipfTheta, 0.01...5, "skew of the zipf choice"),
    share("workload.hot_share", \.workload.hotShare, "share of operations on the hot key"),
    bytes("workload.value_size", \.workload.valueSize, 0...1_048_576, "bytes of a value"),
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
