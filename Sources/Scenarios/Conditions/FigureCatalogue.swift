import ClusterSim

/// How a figure is written and compared.
public enum FigureUnit: Sendable, Equatable {
  case count
  /// 0 to 1, written `0.9` or `90%`.
  case share
  /// Written `50ms`, `1.5s`.
  case milliseconds
  /// Written `20s`.
  case seconds
  case yesOrNo
}

/// Which part of the run a figure of the clients covers.
public enum FigureWindow: String, CaseIterable, Sendable {
  /// Since the start; the usual one.
  case run
  /// Since faults last became active or ended; an operation counts where it was invoked.
  case phase
  /// The mean of the half-second samples of the last three seconds.
  case recent
}

/// A measured figure that conditions can name.
public struct FigureDefinition: Sendable {
  public let name: String
  public let unit: FigureUnit
  public let meaning: String
  let source: Source

  enum Source: Sendable {
    /// Of the clients: `name`, `name(LOCATION)`, `name(LOCATION, WINDOW)`, `name(WINDOW)`.
    case clients(@Sendable ([ClientFigures]) -> Double?, recent: RecentKey?)
    /// Of one location: `name(LOCATION)`.
    case location(@Sendable (Simulation, Int) -> Double?)
    /// Of two hosts: `name(HOST, HOST)`.
    case pair(@Sendable (Simulation, NodeID, NodeID) -> Double?)
    /// Of the cluster: `name`.
    case cluster(@Sendable (Simulation) -> Double?)
  }
  typealias RecentKey = KeyPath<RecentSeries, TimeSeries> & Sendable

  /// How the figure is written, for help and errors.
  public var form: String {
    switch source {
    case .clients(_, .some): "\(name)[(LOCATION[, run|phase|recent])]"
    case .clients(_, .none): "\(name)[(LOCATION[, run|phase])]"
    case .location: "\(name)(LOCATION)"
    case .pair: "\(name)(HOST, HOST)"
    case .cluster: name
    }
  }
}

/// The names that conditions use. Settings are named beside them, as `settings.storage.r`.
public enum FigureCatalogue {
  public static let all: [FigureDefinition] = clients + failures + cluster + sharding + path

  public static func find(_ name: String) -> FigureDefinition? { all.first { $0.name == name } }

  private static func clients(
    _ name: String, _ unit: FigureUnit, _ meaning: String,
    recent: FigureDefinition.RecentKey? = nil,
    _ measure: @escaping @Sendable ([ClientFigures]) -> Double?
  ) -> FigureDefinition {
    FigureDefinition(
      name: name, unit: unit, meaning: meaning, source: .clients(measure, recent: recent))
  }

  private static func count(
    _ name: String, _ meaning: String, _ part: @escaping @Sendable (ClientFigures) -> Int
  ) -> FigureDefinition {
    clients(name, .count, meaning) { Double(sum($0, part)) }
  }

  static func cluster(
    _ name: String, _ unit: FigureUnit, _ meaning: String,
    _ measure: @escaping @Sendable (Simulation) -> Double?
  ) -> FigureDefinition {
    FigureDefinition(name: name, unit: unit, meaning: meaning, source: .cluster(measure))
  }

  private static let clients: [FigureDefinition] = [
    count("operations", "operations that have ended", \.operations),
    count("answered", "operations answered ok", \.ok),
    count("failed", "operations that certainly did not happen", \.fail),
    count("unknown", "writes whose outcome is unknown", \.info),
    count("retries", "attempts of clients after the first", \.retries),
    count("retries_refused", "retries that the budget did not allow", \.retriesRefused),
    clients("load_factor", .count, "requests that clients made for each operation begun") {
      share(sum($0, \.attempts), of: sum($0, \.begun))
    },
    clients(
      "availability", .share, "answered ok, of all that have ended",
      recent: \RecentSeries.availability
    ) { share(sum($0, \.ok), of: sum($0, \.operations)) },
    clients("p50", .milliseconds, "median latency of answers", recent: \RecentSeries.p50) {
      latency($0, 0.5)
    },
    clients("p99", .milliseconds, "99th percentile of latency", recent: \RecentSeries.p99) {
      latency($0, 0.99)
    },
    clients("p999", .milliseconds, "99.9th percentile of latency") { latency($0, 0.999) },
    count("stale_reads", "reads of a value already replaced when they began", \.stale),
    count("stale_reads.cache", "stale reads that a cache server answered", \.staleFromCache),
    count("stale_reads.quorum", "stale reads that the store answered", \.staleFromQuorum),
    clients("stale_share", .share, "stale, of all answered reads", recent: \RecentSeries.stale) {
      share(sum($0, \.stale), of: sum($0, \.readLatency.count))
    },
    count("conflicts", "acknowledged writes discarded for a concurrent one", \.conflicts),
    clients("hit_ratio", .share, "answered by a cache server", recent: \RecentSeries.hitRatio) {
      share(sum($0, \.cacheHits), of: sum($0, \.cacheHits) + sum($0, \.cacheMisses))
    },
  ]

  private static let failures: [FigureDefinition] = FailureReason.allCases.map { reason in
    count("failures.\(reason.name)", "operations that failed for this reason") {
      $0.failures(reason)
    }
  }

  private static let cluster: [FigureDefinition] = [
    FigureDefinition(
      name: "answerable_reads", unit: .share,
      meaning: "requested keys of which the location's side holds R home replicas",
      source: .location { $0.answerableShare(location: $1).reads }),
    FigureDefinition(
      name: "answerable_writes", unit: .share,
      meaning: "requested keys of which the location's side holds W home replicas",
      source: .location { $0.answerableShare(location: $1).writes }),
    FigureDefinition(
      name: "reachable", unit: .yesOrNo, meaning: "no fault cuts the two hosts off",
      source: .pair { $0.reachable($1, $2) ? 1 : 0 }),
    cluster("nodes.up", .count, "storage nodes that run") { simulation in
      Double(simulation.storageNodes.count { simulation.host($0).state == .up })
    },
    cluster("hints", .count, "writes kept for replicas that missed them") {
      Double($0.hintsWaiting)
    },
    cluster(
      "replicas_converged", .yesOrNo,
      "the home replicas of every key are equal, but for those being written now"
    ) {
      $0.replicasConverged ? 1 : 0
    },
    cluster("divergent_keys", .count, "keys whose home replicas are not all equal now") {
      Double($0.divergentKeys())
    },
    cluster("lost_writes", .count, "acknowledged writes that no replica keeps") {
      Double($0.lostAcknowledgedWrites())
    },
    cluster("lost_writes.failover", .count, "lost because a promoted replica did not have them") {
      Double($0.lostWrites.count(.failover))
    },
    cluster(
      "lost_writes.split_brain", .count, "lost because an old primary acknowledged them"
    ) { Double($0.lostWrites.count(.splitBrain)) },
    cluster("lost_writes.conflict", .count, "lost to a concurrent write of another primary") {
      Double($0.lostWrites.count(.conflict))
    },
    cluster("promotions", .count, "replicas that became primary (engine primary-replica)") {
      Double($0.replicationFigures?.promotions ?? 0)
    },
    cluster("split_groups", .count, "groups in which more than one primary takes writes") {
      Double($0.replicationFigures?.split ?? 0)
    },
    cluster("replica_lag", .milliseconds, "of the replica that is farthest behind") {
      Double($0.replicationFigures?.worstLag.nanoseconds ?? 0) / 1e6
    },
    cluster("keys_moved", .count, "copies of keys sent for joins and leaves") {
      Double($0.keysMoved)
    },
    cluster("elections", .count, "raft: leaders elected since the start") {
      Double($0.raftFigures?.elections ?? 0)
    },
    cluster("term", .count, "raft: the highest term of any server") { simulation in
      Double(simulation.raftGroups.flatMap(\.servers).map(\.term).max() ?? 0)
    },
    cluster("groups.led", .count, "raft: groups that have a running leader") {
      Double($0.raftFigures?.led ?? 0)
    },
    cluster("faults", .count, "faults there have been") { Double($0.faults.last?.number ?? 0) },
    cluster("faults.active", .count, "faults that have not ended") { simulation in
      Double(simulation.faults.count(where: \.isActive))
    },
    cluster("false_suspicions", .count, "suspicions of hosts that were up and reachable") {
      Double($0.falseSuspicions)
    },
    cluster("time", .seconds, "virtual time since the start") { $0.now.seconds },
  ]

  private static func sum(_ groups: [ClientFigures], _ part: (ClientFigures) -> Int) -> Int {
    groups.reduce(0) { $0 + part($1) }
  }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }

  /// Of reads and writes together, in milliseconds.
  private static func latency(_ groups: [ClientFigures], _ quantile: Double) -> Double? {
    var all = LatencyHistogram()
    for group in groups {
      all.merge(group.readLatency)
      all.merge(group.writeLatency)
    }
    return all.quantile(quantile).map { Double($0) / 1e6 }
  }
}
