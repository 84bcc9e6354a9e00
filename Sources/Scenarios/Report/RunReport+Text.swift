import ClusterSim
import Consistency

extension RunReport {
  /// A summary for reading: what the clients got, per location and phase, and every fault's clock.
  public static func text(_ run: ScenarioRun, build: String) -> String {
    let simulation = run.simulation
    let scenario = run.scenario
    var lines = [
      "\(scenario.name): seed \(scenario.configuration.seed), "
        + "\(simulation.now) of virtual time, "
        + "\(simulation.eventsProcessed) events, state \(simulation.stateHash), \(build)"
    ]
    if !scenario.about.isEmpty { lines.append(Visible.line(scenario.about)) }
    lines += ["", "Clients"] + clients(simulation)
    lines += [
      "", "Per location and phase (answerable: keys whose quorum the location's side holds)",
    ]
    lines += phases(run)
    lines += ["", "Nodes"] + nodes(simulation)
    lines += pathText(simulation)
    lines += shardingText(simulation)
    if !simulation.faults.isEmpty { lines += ["", "Faults"] + faults(simulation) }
    if !simulation.plannedInVain.isEmpty || !run.notReached.isEmpty { lines.append("") }
    lines += simulation.plannedInVain.map {
      "planned, not done at \($0.at): \(Visible.line($0.action)): \(Visible.line($0.reason))"
    }
    lines += run.notReached.map {
      "planned, not reached at \($0.at): \(Visible.line($0.action.text)): the run ended at \(run.end)"
    }
    lines += ["", audits(simulation), "", "Consistency, as `clustertop check` judges the history"]
    let verdict = run.verdict
    let keys = verdict.keysChecked + verdict.keysUnknown.count
    lines += VerdictText.text(verdict, keys: keys, violationLimit: 1)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.isEmpty ? "" : "  \($0)" }
    for objective in run.objectives {
      let measured = objective.status.clauses.map(\.measured).joined(separator: ", ")
      let outcome = objective.isMet.map { $0 ? "met" : "MISSED" } ?? "NOT JUDGED"
      let reason = objective.notJudged.map { " so far): \($0)" } ?? ")"
      lines.append("objective \(outcome): \(objective.condition.text) (\(measured)\(reason)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func clients(_ simulation: Simulation) -> [String] {
    var table = TextTable([
      "", "operations", "answered", "read p50", "p99", "write p50", "p99", "stale", "hits",
    ])
    let metrics = simulation.metrics
    let groups = [("all", metrics.total)] + zip(simulation.locationNames, metrics.locations)
    for (name, figures) in groups {
      table.add([
        name, "\(figures.operations)", FigureUnit.share.text(figures.availability),
        latency(figures.readLatency, 0.5), latency(figures.readLatency, 0.99),
        latency(figures.writeLatency, 0.5), latency(figures.writeLatency, 0.99),
        "\(figures.stale)", FigureUnit.share.text(figures.hitRatio),
      ])
    }
    let reasons = FailureReason.allCases.filter { metrics.total.failures($0) > 0 }
      .map { "\($0.name) \(metrics.total.failures($0))" }
    return table.lines + [
      "  failures: " + (reasons.isEmpty ? "none" : reasons.joined(separator: ", "))
    ] + retries(metrics.total)
  }

  private static func retries(_ figures: ClientFigures) -> [String] {
    guard figures.retries + figures.retriesRefused > 0 else { return [] }
    return [
      "  retries: \(figures.retries), and \(figures.retriesRefused) refused by the budget; "
        + "\(figures.attempts) requests for \(figures.begun) operations"
    ]
  }

  private static func phases(_ run: ScenarioRun) -> [String] {
    var table = TextTable([
      "", "from", "to", "answered", "answerable reads", "writes", "stale reads", "read p99",
      "main failure",
    ])
    let metrics = run.simulation.metrics
    for (location, name) in run.simulation.locationNames.enumerated() {
      for (number, phase) in metrics.phases.enumerated() {
        let figures = phase.locations[location]
        let share = run.answerable.share(phase: metrics.droppedPhases + number, location: location)
        table.add([
          "\(name) \(phase.label)", FigureUnit.seconds.text(phase.from.seconds),
          FigureUnit.seconds.text((phase.to ?? run.simulation.now).seconds),
          FigureUnit.share.text(figures.availability), FigureUnit.share.text(share?.reads),
          FigureUnit.share.text(share?.writes), "\(figures.stale)",
          latency(figures.readLatency, 0.99), mainFailure(figures),
        ])
      }
    }
    return table.lines
  }

  private static func mainFailure(_ figures: ClientFigures) -> String {
    var main: FailureReason?
    for reason in FailureReason.allCases
    where figures.failures(reason) > (main.map(figures.failures) ?? 0) { main = reason }
    return main.map { "\($0.name) \(figures.failures($0))" } ?? "none"
  }

  private static func nodes(_ simulation: Simulation) -> [String] {
    var table = TextTable(["", "location", "state", "own", "keys", "hints", "in", "out"])
    for host in simulation.storageNodes.map(simulation.host) {
      table.add([
        host.name, simulation.locationNames[host.location], state(host),
        FigureUnit.share.text(host.ringShare), "\(host.keys)", "\(host.hintsHeld)",
        "\(host.messagesIn)", "\(host.messagesOut)",
      ])
    }
    return table.lines
  }

  private static func faults(_ simulation: Simulation) -> [String] {
    var table = TextTable([
      "", "at", "suspected after", "agreed after", "ended at", "recovered after",
      "false suspicions",
    ])
    func seconds(_ moment: Instant?, since start: Instant?) -> String {
      guard let moment, let start else { return "-" }
      return FigureUnit.seconds.text((moment - start).seconds)
    }
    for clock in simulation.faults {
      table.add([
        "\(clock.number) \(clock.action.text)", FigureUnit.seconds.text(clock.at.seconds),
        seconds(clock.firstSuspicion, since: clock.at), seconds(clock.agreement, since: clock.at),
        FigureUnit.seconds.text(clock.endedAt?.seconds),
        seconds(clock.recovered, since: clock.endedAt), "\(clock.falseSuspicions)",
      ])
    }
    return table.lines
  }

  private static func audits(_ simulation: Simulation) -> String {
    let unknown =
      (simulation.replicationFigures?.auditDropped ?? 0)
      + (simulation.multiPrimaryFigures?.notFollowed ?? 0)
    return "replicas \(simulation.replicasConverged ? "equal" : "differ"), "
      + "acknowledged writes lost: \(simulation.lostAcknowledgedWrites()), "
      + (unknown > 0 ? "\(unknown) writes not followed, " : "")
      + "conflicts: \(simulation.metrics.total.conflicts), "
      + "messages sent \(simulation.messageCounts.sent), delivered \(simulation.messageCounts.delivered), "
      + "lost \(simulation.messageCounts.lost), in flight \(simulation.messageCounts.inFlight)"
  }

  private static func latency(_ histogram: LatencyHistogram, _ quantile: Double) -> String {
    FigureUnit.milliseconds.text(histogram.quantile(quantile).map { Double($0) / 1e6 })
  }
}
