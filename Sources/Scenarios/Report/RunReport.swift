import ClusterSim

/// What a run did, for people and for programs. A figure that does not exist is `null` or `-`,
/// never 0.
public enum RunReport {
  /// The object that `run --format json` prints, on one line. `build` names the program.
  public static func json(_ run: ScenarioRun, build: String) -> String {
    value(run, build: build).text
  }

  /// The same as a value.
  public static func value(_ run: ScenarioRun, build: String) -> JSONValue {
    let simulation = run.simulation
    let metrics = simulation.metrics
    var clients = figures(metrics.total)
    clients.append(("lost_acknowledged_writes", .integer(simulation.lostAcknowledgedWrites())))
    let fields: [(String, JSONValue)] = [
      ("scenario", .string(run.scenario.name)),
      ("seed", .unsigned(run.scenario.configuration.seed)),
      ("build", .string(build)),
      ("virtual_seconds", .number(simulation.now.seconds)),
      ("events", .integer(simulation.eventsProcessed)),
      ("state_hash", .string(simulation.stateHash)),
      ("settings", settings(simulation.settings)),
      ("clients", .object(ordered(clients))),
      ("locations", .array(simulation.locationNames.indices.map { location(run, $0) })),
      ("verdict", .object(VerdictJSON.fields(run.verdict))),
      ("cache", cache(simulation)),
      ("path", path(simulation)),
      ("nodes", .array(simulation.storageViews.map { node($0) })),
      ("faults", .array(simulation.faults.map(fault))),
      ("messages", messages(simulation.messageCounts)),
      ("keys_moved", .integer(simulation.keysMoved)),
      ("bytes_moved", .integer(simulation.bytesMoved)),
      ("repair", repair(simulation)),
      ("lost_writes", lostWrites(simulation)),
      ("siblings", siblings(simulation)),
      ("replicas_converged", .bool(simulation.replicasConverged)),
      ("membership", membership(simulation)),
      ("predictions", PredictionCatalogue.json(simulation)),
      ("pacelc", pacelc(simulation)),
      ("counters", CounterCatalogue.json(simulation)),
      ("actions", .array(simulation.actionLog.map(action))),
      ("actions_not_done", .array(simulation.plannedInVain.map(notDone) + notReached(run))),
      ("objectives", .array(run.objectives.map(objective))),
    ]
    return .object(
      fields + raft(simulation) + replication(simulation) + multiPrimary(simulation)
        + sharding(simulation) + history(simulation))
  }

  /// Where a history is exported: what its lines do not tell, so that with it they add up to `repair`.
  private static func history(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard let untold = simulation.historyUntold else { return [] }
    return [
      (
        "history",
        .object([
          ("untold_hints", .integer(untold.hints)), ("untold_repairs", .integer(untold.repairs)),
        ])
      )
    ]
  }

  private static func notDone(_ planned: PlannedInVain) -> JSONValue {
    .object([
      ("at", .number(planned.at.seconds)), ("action", .string(planned.action)),
      ("reason", .string(planned.reason)),
    ])
  }

  private static func notReached(_ run: ScenarioRun) -> [JSONValue] {
    run.notReached.map {
      notDone(
        PlannedInVain(
          at: $0.at, action: $0.action.text, reason: "not reached: the run ended at \(run.end)"))
    }
  }

  private static func settings(_ settings: Settings) -> JSONValue {
    .object(
      SettingCatalogue.all.map { setting in
        switch setting.get(settings) {
        case .integer(let value): (setting.path, .integer(value))
        case .number(let value): (setting.path, .number(value))
        case .flag(let value): (setting.path, .bool(value))
        case .span, .word, .distribution: (setting.path, .string(setting.text(in: settings)))
        }
      })
  }

  /// The figures of a group of clients, in the order of shared/interface.md.
  private static func figures(_ figures: ClientFigures) -> [(String, JSONValue)] {
    [
      ("operations", .integer(figures.operations)),
      ("ok", .integer(figures.ok)),
      ("fail", .integer(figures.fail)),
      ("info", .integer(figures.info)),
      ("availability", .number(figures.availability)),
      (
        "latency_ms",
        .object([
          ("read", latency(figures.readLatency)), ("write", latency(figures.writeLatency)),
        ])
      ),
      ("stale_reads", .integer(figures.stale)),
      (
        "stale_reads_by",
        .object([
          ("cache", .integer(figures.staleFromCache)),
          ("quorum", .integer(figures.staleFromQuorum)),
        ])
      ),
      (
        "staleness_ms",
        .object([
          ("p50", milliseconds(figures.staleness.quantile(0.5))),
          ("p99", milliseconds(figures.staleness.quantile(0.99))),
          ("max", milliseconds(figures.staleness.max)),
        ])
      ),
      ("stale_by_versions", .array(figures.staleByVersions.map { .integer($0) })),
      ("conflicts", .integer(figures.conflicts)),
      (
        "failures",
        .object(FailureReason.allCases.map { ($0.name, .integer(figures.failures($0))) })
      ),
      ("begun", .integer(figures.begun)),
      ("attempts", .integer(figures.attempts)),
      ("retries", .integer(figures.retries)),
      ("retries_refused", .integer(figures.retriesRefused)),
      ("stale_share", .number(figures.staleShare)),
      ("hit_ratio", .number(figures.hitRatio)),
    ]
  }

  /// Puts `lost_acknowledged_writes` at its place before `conflicts`.
  private static func ordered(_ fields: [(String, JSONValue)]) -> [(String, JSONValue)] {
    var fields = fields
    guard let last = fields.popLast(),
      let place = fields.firstIndex(where: { $0.0 == "conflicts" })
    else { return fields }
    fields.insert(last, at: place)
    return fields
  }

  private static func latency(_ histogram: LatencyHistogram) -> JSONValue {
    .object([
      ("p50", milliseconds(histogram.quantile(0.5))),
      ("p99", milliseconds(histogram.quantile(0.99))),
      ("p999", milliseconds(histogram.quantile(0.999))),
    ])
  }

  private static func milliseconds(_ nanoseconds: Int64?) -> JSONValue {
    .number(nanoseconds.map { Double($0) / 1e6 })
  }

  private static func location(_ run: ScenarioRun, _ index: Int) -> JSONValue {
    let metrics = run.simulation.metrics
    // Which location lost an acknowledged write is not told apart: null, not 0.
    let own = ordered(figures(metrics.figures(of: index)) + [("lost_acknowledged_writes", .null)])
    let phases = metrics.phases.enumerated().map { number, phase -> JSONValue in
      let share = run.answerable.share(phase: metrics.droppedPhases + number, location: index)
      return .object(
        [
          ("from", .number(phase.from.seconds)),
          ("to", .number((phase.to ?? run.simulation.now).seconds)),
          ("label", .string(phase.label)),
          ("answerable_reads", .number(share?.reads)),
          ("answerable_writes", .number(share?.writes)),
          ("consistency_cost_ms", cost(phase.costs[index])),
        ] + ordered(figures(phase.locations[index]) + [("lost_acknowledged_writes", .null)]))
    }
    return .object(
      [("name", .string(run.simulation.locationNames[index]))] + own + [("phases", .array(phases))])
  }
}
