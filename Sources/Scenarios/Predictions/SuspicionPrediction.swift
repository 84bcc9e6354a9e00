import ClusterSim

/// How often a detector suspects a node that is well.
enum SuspicionPrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let settings = simulation.settings.membership
    guard settings.detector == .phi, settings.phiModel == .normal else { return nil }
    let nodes = simulation.storageNodes.count {
      simulation.host($0).state == .up && simulation.host($0).ringRole == .member
    }
    let interval = settings.gossipInterval.seconds
    let minutes = (simulation.now - simulation.stretch.since).seconds / 60
    let gaps = simulation.heartbeatGaps
    let predicted = gaps.map { gaps in
      let held = max(gaps.deviation, settings.phiMinDeviation.seconds)
      let silence =
        settings.phiPause.seconds + Simulation.deviations(forPhi: settings.phiSuspect) * held
      let deviation = max(gaps.deviation, 1e-9)
      let excess = deviation * Simulation.normalExcess(over: silence / deviation)
      let pairs = Double(nodes * (nodes - 1))
      return pairs * 60 / gaps.mean * min(1, excess / interval)
    }
    return Prediction(
      name: "wrong_suspicions", title: "wrong suspicions", unit: .perMinute,
      measured: minutes < 0.1 ? nil : Double(simulation.stretch.falseSuspicions) / minutes,
      predicted: predicted,
      formula:
        "n (n-1) / mean gap x E[(gap - t)+] / I: t = mean + pause + z sd with Q(z) = 10^-phi; "
        + "of a gap beyond t a look every I sees the part (gap - t) / I",
      source:
        "phi accrual, normal gaps: Hayashibara et al., SRDS 2004; the looks: this detector's rules",
      inputs: [
        "\(nodes) nodes, phi_suspect \(Decimal.text(settings.phiSuspect, places: 1)); gaps of "
          + (gaps.map {
            "\(Prediction.Unit.milliseconds.text($0.mean * 1000)), sd "
              + Prediction.Unit.milliseconds.text($0.deviation * 1000)
          } ?? "-"),
        PredictionCatalogue.since(simulation),
      ],
      assumptions: [
        PredictionCatalogue.noFaults(simulation),
        .init(
          "gaps are normal: all are told every round, and their ways are normal",
          settings.fanout >= nodes - 1 && isNormal(simulation.settings.network.localJitter)),
        .init("no message is lost", simulation.settings.network.loss == 0),
        .init(
          "the first gap is forgotten: below 5 % of the variance", forgotten(gaps, simulation)),
      ],
      caveat:
        "A mean over the phases of the nodes' rounds, which stay as they are in one run: that may "
        + "be off by half. With the least deviation and the pause that Akka delivers, both sides are 0: try "
        + "membership.phi_suspect 1, phi_pause 0 and a jitter of the links.")
  }

  private static func forgotten(
    _ gaps: (mean: Double, deviation: Double)?, _ simulation: Simulation
  ) -> Bool {
    guard let gaps else { return false }
    let settings = simulation.settings.membership
    let weight = Simulation.weightOfFirstGap(
      of: simulation.now.seconds / settings.gossipInterval.seconds, window: settings.phiWindow)
    let off = settings.phiFirst.seconds - gaps.mean
    return weight * off * off < 0.05 * gaps.deviation * gaps.deviation
  }

  private static func isNormal(_ distribution: Distribution) -> Bool {
    switch distribution.first {
    case .normal: distribution.second == nil
    case .constant, .uniform, .exponential, .lognormal, .pareto: false
    }
  }
}
