import ClusterSim

/// What reads and writes of the store take, by the order statistics of the delays that were measured.
enum LatencyPrediction {
  private static let trials = 2000

  static func of(_ simulation: Simulation) -> [Prediction] {
    guard simulation.settings.storage.engine == .leaderless else { return [] }
    return [one(simulation, reads: true), one(simulation, reads: false)]
  }

  private static func one(_ simulation: Simulation, reads: Bool) -> Prediction {
    let storage = simulation.settings.storage
    let stretch = simulation.stretch
    let writesBack = reads && storage.readWriteBack && stretch.reading.count > 0
    let share =
      writesBack ? Double(stretch.writtenBack) / Double(max(1, stretch.reading.count)) : 0
    let forecast = simulation.latencyForecast(reads: reads, trials: trials, writingBack: share)
    let level = reads ? storage.readLevel : storage.writeLevel
    let count = reads ? storage.r : storage.w
    var inputs = [
      "\(level == .count ? "\(count) of \(storage.n)" : level.rawValue) answers; "
        + "\(reads ? stretch.reading.count : stretch.writing.count) answered, "
        + PredictionCatalogue.since(simulation)
    ]
    if let forecast {
      let places = zip(simulation.locationNames, forecast.byLocation).map { name, mean in
        "\(name) \(Prediction.Unit.milliseconds.text(mean))"
      }
      inputs.append("by location of the clients: " + places.joined(separator: "  "))
      inputs.append("\(trials) trials, +- \(Prediction.Unit.milliseconds.text(forecast.error))")
      if writesBack {
        inputs.append(
          "\(percent(share, 1)) of the reads write back: a second round trip of "
            + Prediction.Unit.milliseconds.text(forecast.second))
      }
    } else {
      inputs.append("no prediction yet: it needs \(Simulation.leastDelays) delays of each kind")
    }
    return Prediction(
      name: reads ? "read_latency" : "write_latency",
      title: reads ? "mean latency of reads" : "mean latency of writes", unit: .milliseconds,
      measured: reads ? stretch.reading.mean : stretch.writing.mean, predicted: forecast?.mean,
      formula: formula(level, reads: reads, writesBack: writesBack),
      source: writesBack
        ? "WARS: Bailis et al., VLDB 2012, 4.1; second phase: Attiya, Bar-Noy, Dolev, JACM 1995"
        : "order statistics of WARS: Bailis et al., VLDB 2012, 4.1", inputs: inputs,
      assumptions: [
        PredictionCatalogue.noFaults(simulation),
        .init("no cache in front", !simulation.settings.cache.enabled),
        .init("no node is busier than 80 %", isCalm(simulation)),
        .init("clients do not try again", stretchHasNoRetries(simulation)),
        .init("delays of one request hang on one another by nothing but place", true),
        .init("strict quorum", storage.quorum == .strict),
        .init("the ring stands still", simulation.movement == nil),
      ] + (simulation.hasWebTier ? [.init("no web tier in front", false)] : []),
      caveat: "Jobs of one request wait behind one another and behind those of others at the same "
        + "moment, so that their delays are not quite independent.")
  }

  private static func formula(
    _ level: Settings.Level, reads: Bool, writesBack: Bool
  ) -> String {
    let (leg, number) = reads ? ("R + S", "R") : ("W + A", "W")
    let wait =
      switch level {
      case .count, .one, .quorum, .all: "the \(number)-th smallest of \(leg) over the homes asked"
      case .localQuorum: "the majority-th smallest of \(leg) over the homes here"
      case .eachQuorum: "the latest, over the locations, of the majority-th \(leg) there"
      }
    return "mean of " + wait + " + the client's two ways"
      + (writesBack
        ? "; for the share that writes back, until W copies have it: W + A once more, or an answer under way"
        : "")
  }

  /// Else requests wait for their coordinator, which no leg knows of.
  private static func isCalm(_ simulation: Simulation) -> Bool {
    simulation.storageNodes.allSatisfy { (simulation.line(of: $0)?.utilization ?? 0) < 0.8 }
  }

  private static func stretchHasNoRetries(_ simulation: Simulation) -> Bool {
    simulation.settings.client.retries == 0 || simulation.metrics.total.retries == 0
  }
}
