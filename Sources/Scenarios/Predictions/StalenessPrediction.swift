import ClusterSim

/// Stale reads by probabilistically bounded staleness.
enum StalenessPrediction {
  /// Enough for two digits of a share of some percent; the delays' own sampling says no more.
  private static let trials = 4000

  static func of(_ simulation: Simulation) -> Prediction {
    let settings = simulation.settings
    let storage = settings.storage
    let stretch = simulation.stretch
    let forecast = simulation.stalenessForecast(trials: trials)
    var inputs = [
      "N=\(storage.n) R=\(storage.r) W=\(storage.w), \(stretch.staleReads) of "
        + "\(stretch.storeReads) reads by quorum were stale, "
        + PredictionCatalogue.since(simulation)
    ]
    if let forecast {
      let means = zip(["W", "A", "R", "S"], forecast.delays).map { name, mean in
        "\(name) \(Prediction.Unit.milliseconds.text(mean))"
      }
      inputs.append("measured delays, mean: " + means.joined(separator: "  "))
      inputs.append(
        forecast.trials == 0
          ? "R + W > N: every read quorum meets every write quorum"
          : "\(forecast.trials) trials: \(percent(forecast.stale, 3)) +- "
            + "\(percent(forecast.error, 3))")
    } else {
      inputs.append(
        "no prediction: it needs the engine leaderless, levels by number, no write-back, and "
          + "\(Simulation.leastDelays) delays of each kind")
    }
    return Prediction(
      name: "stale_reads", title: "stale reads by quorum", unit: .share,
      measured: stretch.storeReads == 0
        ? nil : Double(stretch.staleReads) / Double(stretch.storeReads),
      predicted: forecast?.stale,
      formula: "mean of 1 - e^(-l c): c is when a read after a write is consistent, "
        + "min over the R fastest of (W - R) minus the W-th of (W + A); l the key's writes a second",
      source: "WARS: Bailis et al., Probabilistically Bounded Staleness, VLDB 2012, 4.1 and 5.1",
      inputs: inputs,
      assumptions: [
        .init("the engine is leaderless", storage.engine == .leaderless),
        PredictionCatalogue.noFaults(simulation),
        .init("no read repair", !storage.readRepair),
        .init("no cache in front", !settings.cache.enabled),
        .init("delays of one request hang on one another by nothing but place", true),
        .init("writes of a key seldom overlap", overlap(simulation) < 0.2),
        .init(
          "clocks agree",
          simulation.storageNodes.allSatisfy { !simulation.host($0).isSkewed }),
        .init("the ring stands still", simulation.movement == nil),
      ],
      caveat: "Only the last write of a key is played. Where writes overlap an older one may come "
        + "late; read repair and caches change what a replica or a reader has.",
      error: forecast?.error)
  }

  /// Writes of the hottest key that are under way at once, on average.
  private static func overlap(_ simulation: Simulation) -> Double {
    let workload = simulation.settings.workload
    let length = simulation.metrics.total.writeLatency.mean ?? 0
    return workload.rate * (1 - workload.readShare) * simulation.hottestShare * length / 1e9
  }
}
