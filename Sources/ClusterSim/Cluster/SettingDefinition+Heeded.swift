/// What must be so that a setting does anything.
private enum SettingNeed {
  case engines([Settings.Engine])
  /// Another setting has one of these values, as it is written.
  case setting(String, [String])
  /// Another setting has not this value.
  case not(String, String)

  func holds(in settings: Settings) -> Bool {
    switch self {
    case .engines(let engines): engines.contains(settings.storage.engine)
    case .setting(let path, let values):
      values.contains(SettingCatalogue.find(path)!.text(in: settings))
    case .not(let path, let value): SettingCatalogue.find(path)!.text(in: settings) != value
    }
  }

  /// `only with raft`, `only with replication.failover cold`, or whom it does not go with where
  /// that is shorter.
  var text: String {
    switch self {
    case .engines(let engines):
      let others = Settings.Engine.allCases.filter { !engines.contains($0) }
      return others.count == 1
        ? "not with \(others[0].rawValue)"
        : "only with \(engines.map(\.rawValue).joined(separator: " and "))"
    case .setting(let path, let values):
      return "only with \(path) \(values.joined(separator: " or "))"
    case .not(let path, let value): return "not with \(path) \(value)"
    }
  }
}

// Settings that belong to an engine or a mode: with another they may be set, and nothing happens.
extension SettingDefinition {
  /// Why the setting does nothing with these settings, as `only with raft`; nil where it is heeded.
  public func ignored(in settings: Settings) -> String? {
    for (paths, need) in Self.needs where paths.contains(path) && !need.holds(in: settings) {
      return need.text
    }
    return nil
  }

  /// The meaning, and before it why nothing would happen.
  public func meaning(in settings: Settings) -> String {
    ignored(in: settings).map { "\($0): \(meaning)" } ?? meaning
  }

  /// The first need that is not met is told, so those by engine come first.
  private static let needs: [([String], SettingNeed)] = [
    (
      [
        "storage.r", "storage.w", "storage.quorum", "storage.read_targets",
        "storage.write_targets", "storage.read_write_back", "storage.read_level",
        "storage.write_level", "storage.read_repair",
        "storage.hints", "storage.hint_window", "storage.hint_limit", "storage.hint_rate",
        "storage.anti_entropy", "storage.anti_entropy_interval", "storage.anti_entropy_rate",
        "storage.tree_depth",
      ], .engines([.leaderless])
    ),
    (
      ["storage.versions", "storage.merge", "storage.vector_limit"],
      .engines([.leaderless, .multiPrimary])
    ),
    (
      ["storage.fsync", "storage.sync_interval", "ring.move_rate"],
      .engines([.leaderless, .primaryReplica, .multiPrimary])
    ),
    (
      ["storage.shards", "storage.sharding", "workload.query_all_groups"],
      .engines([.primaryReplica, .multiPrimary, .raft])
    ),
    (
      [
        "raft.election_min", "raft.election_max", "raft.heartbeat", "raft.pre_vote", "raft.reads",
        "raft.snapshot_after",
      ], .engines([.raft])
    ),
    (
      ["storage.shard_copy_rate", "storage.shard_patience"],
      .engines([.primaryReplica, .multiPrimary, .raft])
    ),
    (
      ["replication.ship_delay", "replication.heartbeat", "replication.log_limit"],
      .engines([.primaryReplica, .multiPrimary])
    ),
    (
      [
        "replication.mode", "replication.reads", "replication.semi_sync_timeout",
        "replication.failover", "replication.start_up", "replication.fencing",
        "replication.lease", "replication.fail_back", "replication.canvass",
        "replication.redirect",
      ], .engines([.primaryReplica])
    ),
    (["storage.merge", "storage.vector_limit"], .setting("storage.versions", ["vector"])),
    (["storage.sync_interval"], .setting("storage.fsync", ["false"])),
    (
      ["storage.hint_window", "storage.hint_limit", "storage.hint_rate"],
      .setting("storage.hints", ["true"])
    ),
    (
      ["storage.anti_entropy_interval", "storage.anti_entropy_rate", "storage.tree_depth"],
      .setting("storage.anti_entropy", ["true"])
    ),
    (["storage.r"], .setting("storage.read_level", ["count"])),
    (["storage.w"], .setting("storage.write_level", ["count"])),
    (["replication.semi_sync_timeout"], .setting("replication.mode", ["semi-sync"])),
    (["replication.start_up"], .setting("replication.failover", ["cold"])),
    (
      [
        "membership.swim_period", "membership.ping_timeout", "membership.indirect",
        "membership.swim_order", "membership.rumour_mult", "membership.suspicion_mult",
        "membership.suspicion_max_mult", "membership.piggyback", "membership.lifeguard",
      ], .setting("membership.detector", ["swim"])
    ),
    (["membership.suspicion_max_mult"], .setting("membership.lifeguard", ["true"])),
    (
      [
        "membership.phi_model", "membership.phi_suspect", "membership.phi_threshold",
        "membership.phi_window", "membership.phi_first", "membership.phi_min_deviation",
        "membership.phi_pause", "membership.phi_local_pause",
      ], .setting("membership.detector", ["phi"])
    ),
    (
      ["membership.suspect_after", "membership.dead_after", "membership.confirmers"],
      .setting("membership.detector", ["heartbeat"])
    ),
    (
      [
        "cache.policy", "cache.capacity", "cache.ttl", "cache.invalidate", "cache.service",
        "cache.workers", "cache.mode", "cache.ttl_jitter", "cache.coalesce",
        "cache.flush_interval", "cache.dirty_limit", "cache.bound",
      ], .setting("cache.enabled", ["true"])
    ),
    (["cache.bound"], .not("cache.servers", "1")),
    (
      [
        "path.web.workers", "path.web.queue", "path.web.service", "path.web.timeout",
        "path.balancer.policy", "path.health.checks", "path.health.probe", "path.health.interval",
        "path.health.timeout", "path.health.unhealthy", "path.health.healthy",
      ], .not("path.web.servers", "0")
    ),
    (["path.balancer.policy"], .not("path.web.servers", "1")),
    (
      [
        "path.health.probe", "path.health.interval", "path.health.timeout",
        "path.health.unhealthy", "path.health.healthy",
      ], .setting("path.health.checks", ["true"])
    ),
    (["cache.bound"], .not("cache.mode", "write-back")),
    (
      [
        "client.attempt_timeout", "client.retry_backoff", "client.retry_jitter",
        "client.retry_budget", "client.retry_burst",
      ], .not("client.retries", "0")
    ),
    (["cache.flush_interval", "cache.dirty_limit"], .setting("cache.mode", ["write-back"])),
    (["workload.zipf_theta"], .setting("workload.distribution", ["zipf"])),
    (
      ["workload.users_share", "workload.orders_share"],
      .setting("workload.families", ["true"])
    ),
    (["workload.hot_share"], .setting("workload.distribution", ["hot"])),
    (
      ["network.retransmit", "network.stream_timeout"], .setting("network.transport", ["tcp"])
    ),
  ]
}
