import ClusterSim

extension RunReport {
  /// One more field with an engine that ships a log, none with another.
  static func replication(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard let figures = simulation.replicationFigures else { return [] }
    return [
      (
        "replication",
        .object([
          ("groups", .integer(figures.groups)), ("led", .integer(figures.led)),
          ("split", .integer(figures.split)), ("promotions", .integer(figures.promotions)),
          ("called_off", .integer(figures.calledOff)),
          ("forwarded", .integer(figures.forwarded)),
          ("entries_shipped", .integer(figures.entriesShipped)),
          ("acknowledgements", .integer(figures.acknowledgements)),
          ("copies_sent", .integer(figures.copiesSent)),
          ("fallbacks", .integer(figures.fallbacks)),
          ("fallen_back", .integer(figures.fallenBack)),
          ("unserved_writes", .integer(figures.unserved)),
          ("writes_not_followed", .integer(figures.auditDropped)),
          ("worst_lag_entries", .integer(figures.worstLagEntries)),
          ("worst_lag_ms", .number(Double(figures.worstLag.nanoseconds) / 1e6)),
          ("copied_keys", .integer(simulation.copiedKeys)),
          ("copied_bytes", .integer(simulation.copiedBytes)),
          ("arrivals", .array(simulation.arrivals.map { arrival($0, simulation) })),
          ("failovers", .array(simulation.failovers.map { failover($0, simulation) })),
          (
            "members",
            .array(simulation.replicaGroups.map { .array($0.map { member($0, simulation) }) })
          ),
        ])
      )
    ]
  }

  /// One more field with the engine `multi-primary`, none with another.
  static func multiPrimary(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard let figures = simulation.multiPrimaryFigures else { return [] }
    return [
      (
        "multi_primary",
        .object([
          ("groups", .integer(figures.groups)), ("primaries", .integer(figures.primaries)),
          ("serving", .integer(figures.serving)), ("forwarded", .integer(figures.forwarded)),
          ("entries_shipped", .integer(figures.entriesShipped)),
          ("copies_sent", .integer(figures.copiesSent)),
          ("conflicts", figures.conflicts.map { .integer($0) } ?? .null),
          ("open_writes", .integer(figures.open)),
          ("writes_not_followed", .integer(figures.notFollowed)),
          ("divergent_keys", .integer(figures.divergentKeys)),
          ("copied_keys", .integer(simulation.copiedKeys)),
          ("copied_bytes", .integer(simulation.copiedBytes)),
          ("arrivals", .array(simulation.arrivals.map { arrival($0, simulation) })),
          (
            "members",
            .array(simulation.replicaGroups.map { .array($0.map { member($0, simulation) }) })
          ),
        ])
      )
    ]
  }

  /// What a change of primary took: `detection_s` from the fault to the first replica that asks for a
  /// promotion, `promotion_s` until the new one takes requests, `redirect_s` until every node that it
  /// reaches sends to it.
  private static func failover(_ failover: Failover, _ simulation: Simulation) -> JSONValue {
    func seconds(_ span: Span?) -> JSONValue { .number(span?.seconds) }
    return .object([
      ("group", .integer(failover.group + 1)),
      ("from", .string(simulation.host(failover.from).name)),
      ("to", .string(simulation.host(failover.to).name)),
      ("timeline", .integer(failover.timeline)),
      ("failed_at", .number(failover.failedAt?.seconds)),
      ("promoted_at", .number(failover.promotedAt.seconds)),
      ("detection_s", seconds(failover.detection)),
      ("promotion_s", seconds(failover.promotion)),
      ("redirect_s", seconds(failover.redirect)),
      ("missing_acknowledged_writes", .integer(failover.missing)),
    ])
  }

  /// A server that came to a running group: `copied_s` until it had the copy, `counts_s` until it had
  /// caught up and counted.
  private static func arrival(_ arrival: ReplicaArrival, _ simulation: Simulation) -> JSONValue {
    func after(_ moment: Instant?) -> JSONValue {
      .number(moment.map { ($0 - arrival.began).seconds })
    }
    return .object([
      ("group", .integer(arrival.group + 1)),
      ("node", .string(simulation.host(arrival.host).name)),
      ("at", .number(arrival.began.seconds)), ("copied_s", after(arrival.copiedAt)),
      ("counts_s", after(arrival.countsAt)), ("keys", .integer(arrival.keys)),
      ("bytes", .integer(arrival.bytes)),
      ("worst_lag_entries", .integer(arrival.worstLagEntries)),
      ("worst_lag_ms", .number(Double(arrival.worstLag.nanoseconds) / 1e6)),
    ])
  }

  private static func member(_ server: ReplicaServerView, _ simulation: Simulation) -> JSONValue {
    .object([
      ("node", .string(simulation.host(server.host).name)), ("runs", .bool(server.runs)),
      ("role", .string(server.role.rawValue)), ("serves", .bool(server.serves)),
      ("timeline", .integer(server.timeline)), ("last", .unsigned(server.last)),
      ("applied", .unsigned(server.applied)), ("lag_entries", .integer(server.lagEntries)),
      ("lag_ms", .number(server.lag.map { Double($0.nanoseconds) / 1e6 })),
      ("divergent", .bool(server.isDivergent)), ("blank", .bool(server.isBlank)),
      ("counts", .bool(server.counts)),
    ])
  }
}
