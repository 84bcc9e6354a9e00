// The engines that ship a log.
extension SettingCatalogue {
  static let replication: [SettingDefinition] = [
    choice(
      "replication.mode", \.replication.mode,
      "a write waits for: async: no replica; semi-sync: one, until its time-out; sync: all"),
    choice(
      "replication.reads", \.replication.reads,
      "primary: where writes go; any: a replica, which may be behind"),
    span(
      "replication.ship_delay", \.replication.shipDelay,
      "async: a log entry is sent so long after it was written", anySpan),
    span(
      "replication.semi_sync_timeout", \.replication.semiSyncTimeout,
      "semi-sync: unanswered for so long it waits for none until a replica catches up"
    ),
    choice(
      "replication.failover", \.replication.failover,
      "manual: by promote; hot: a replica takes over; cold: after its start_up"),
    span(
      "replication.start_up", \.replication.startUp, "what a cold standby takes to start"),
    flag(
      "replication.fencing", \.replication.fencing,
      "promotion needs a majority, and a primary that hears none for a lease serves nobody"),
    span("replication.lease", \.replication.lease, "how long a majority's answer lets it serve"),
    flag(
      "replication.fail_back", \.replication.failBack,
      "the group's first primary takes over again once it has caught up"),
    span(
      "replication.heartbeat", \.replication.heartbeat, "time between a primary's signs of life"),
    span(
      "replication.canvass", \.replication.canvass,
      "how long a promotion waits for the members' log positions"),
    span(
      "replication.redirect", \.replication.redirect,
      "until a node that hears of a new primary sends to it", anySpan),
    integer(
      "replication.log_limit", \.replication.logLimit, 10...1_000_000,
      "log entries kept for replicas that come back; older ones cost a full copy"),
  ]
}
