import ClusterSim

/// What the engine primary-replica loses at a failover, and how stale its replicas are.
enum ReplicaPrediction {
  static func of(_ simulation: Simulation) -> [Prediction] {
    guard let forecast = simulation.replicaForecast, let figures = simulation.replicationFigures
    else { return [] }
    return [lost(simulation, forecast, figures), stale(simulation, forecast)]
  }

  private static func lost(
    _ simulation: Simulation, _ forecast: ReplicaForecast, _ figures: ReplicationFigures
  ) -> Prediction {
    let replication = simulation.settings.replication
    // Hand-overs lose nothing: the old primary runs on and is asked first.
    let failovers = simulation.failovers.count { $0.failedAt != nil }
    let count = simulation.lostWrites.count(.failover) + figures.unserved
    return Prediction(
      name: "lost_at_failover", title: "writes lost at a failover", unit: .ratio,
      measured: failovers == 0 ? nil : Double(count) / Double(failovers),
      predicted: forecast.lost,
      formula: "write rate of a group x ship_delay (semi-sync, sync: 0)",
      source: "writes in flight: Little 1961, L = lambda W",
      inputs: [
        "\(Decimal.text(forecast.writesPerGroup, places: 1)) writes a second and group, "
          + "ship_delay \(replication.shipDelay), \(replication.mode.rawValue)",
        failovers == 0
          ? "no primary has failed yet: K kills one"
          : "\(count) acknowledged writes missing after \(failovers) failovers",
      ],
      assumptions: [
        .init(
          "keys are spread evenly over the groups",
          figures.groups == 1 || simulation.hottestShare < 0.02),
        .init("no semi-sync primary has stopped waiting", figures.fallbacks == 0),
        .init("no split brain", simulation.lostWrites.count(.splitBrain) == 0),
        .init("every failover is over", figures.unserved == 0),
        .init("the settings were the same then", isUnchanged(simulation)),
      ],
      caveat:
        "A mean: the number lost by one failover is Poisson, so it scatters by its root. What "
        + "had been shipped but not received when the primary died arrives all the same; what the dead "
        + "node itself coordinated was not acknowledged.")
  }

  private static func stale(_ simulation: Simulation, _ forecast: ReplicaForecast) -> Prediction {
    let stretch = simulation.stretch
    let replication = simulation.settings.replication
    return Prediction(
      name: "stale_replica_reads", title: "stale reads of replicas", unit: .share,
      measured: stretch.storeReads == 0
        ? nil : Double(stretch.staleReads) / Double(stretch.storeReads),
      predicted: forecast.stale,
      formula:
        "share of reads at replicas x sum over keys p (1 - e^(-w p (D - T))): D = ship_delay + "
        + "way + work, T the ways of answer and next read, w the writes a second",
      source: "Poisson writes: the last one is younger than t with probability 1 - e^(-rate t)",
      inputs: [
        "reads from \(replication.reads.rawValue); a replica lags by "
          + Prediction.Unit.milliseconds.text(forecast.lag * 1000) + " on average",
        "\(stretch.staleReads) of \(stretch.storeReads) reads were stale, "
          + PredictionCatalogue.since(simulation),
      ],
      assumptions: [
        PredictionCatalogue.noFaults(simulation),
        .init("asynchronous shipping", replication.mode == .async),
        .init("no cache in front", !simulation.settings.cache.enabled),
        .init("replicas keep up with the writes", forecast.lag < 10),
        .init(
          "the delay is long against the ways of messages",
          replication.shipDelay.seconds > 0.7 * forecast.lag),
      ],
      caveat: "Means stand for delays that vary, and a lag that grows with the load is not in it.")
  }

  private static func isUnchanged(_ simulation: Simulation) -> Bool {
    !simulation.actionLog.contains {
      if case .set(let path, _) = $0.action {
        return path.hasPrefix("replication.") || path.hasPrefix("workload.")
      }
      return false
    }
  }
}
