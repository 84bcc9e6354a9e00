import ClusterSim

/// How long a node that stopped goes unsuspected, by the detector at work.
enum DetectionPrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let settings = simulation.settings.membership
    let faults = simulation.faults.filter {
      stops($0.action, simulation) && $0.firstSuspicion != nil
    }
    let times = faults.map { ($0.firstSuspicion! - $0.at).seconds }
    let nodes = simulation.storageNodes.count { simulation.host($0).ringRole == .member }
    guard nodes > 1 else { return nil }
    let (seconds, formula, source) = model(simulation, nodes)
    return Prediction(
      name: "first_suspicion", title: "time to first suspicion", unit: .seconds,
      measured: times.isEmpty ? nil : times.reduce(0, +) / Double(times.count), predicted: seconds,
      formula: formula, source: source,
      inputs: [
        "detector \(settings.detector.rawValue), \(nodes) nodes; "
          + (times.isEmpty
            ? "no node has stopped yet: K kills one"
            : "mean of \(times.count) kills, wipes and freezes")
      ],
      assumptions: [
        .init("no message is lost", simulation.settings.network.loss == 0),
        .init("the settings of membership were the same then", isUnchanged(simulation)),
        .init("heartbeats have long been coming", simulation.now > .zero + .seconds(20)),
      ] + longEnough(simulation, nodes),
      caveat: "The formula is a mean; one failure falls anywhere between two beats or pings. "
        + "Delays of the network scatter about their mean.")
  }

  /// With many nodes some stand suspected wrongly, and the first suspicion says little.
  private static func longEnough(
    _ simulation: Simulation, _ nodes: Int
  ) -> [Prediction.Assumption] {
    let settings = simulation.settings.membership
    guard settings.detector == .heartbeat else { return [] }
    let needed = simulation.neededSuspectAfter
    return [
      .init(
        "suspect_after is at least the \(needed) that so many nodes need",
        settings.suspectAfter >= needed)
    ]
  }

  static func stops(_ action: Action, _ simulation: Simulation) -> Bool {
    switch action {
    case .kill(let host), .wipe(let host), .freeze(let host):
      simulation.hostID(named: host).map { simulation.host($0).kind == .storage } ?? false
    default: false
    }
  }

  static func isUnchanged(_ simulation: Simulation) -> Bool {
    !simulation.actionLog.contains {
      if case .set(let path, _) = $0.action { return path.hasPrefix("membership.") }
      return false
    }
  }

  private static func model(
    _ simulation: Simulation, _ nodes: Int
  ) -> (seconds: Double?, formula: String, source: String) {
    let settings = simulation.settings.membership
    let interval = settings.gossipInterval.seconds
    let told = Double(min(settings.fanout, nodes - 1))
    // Half of them passed since the last beat, and the first of those it told looks a little later.
    let between =
      interval / (told + 1) - interval / 2
      + GossipPrediction.oneWay(simulation.storageNodes, simulation)
    switch settings.detector {
    case .heartbeat:
      return (
        settings.suspectAfter.seconds + between,
        "suspect_after + way - I/2 + I/(f+1): the last beat is I/2 old, and of the f nodes it told the "
          + "first looks after I/(f+1)",
        "the detector's own rules (settings membership.*), mean over the moment of the failure"
      )
    case .swim:
      let period = settings.swimPeriod.seconds
      let others = Double(nodes - 1)
      switch settings.swimOrder {
      case .roundRobin:
        return (
          period * (others / Double(nodes) + 1),
          "T' (n-1)/n until the first ping of n-1 members, and T' until its period is over",
          "SWIM: Das, Gupta, Motivala, DSN 2002, 4.3, in continuous time"
        )
      case .random:
        let q = 1 / others
        func power(_ exponent: Int) -> Double {
          (0..<exponent).reduce(1) { product, _ in product * (1 - q) }
        }
        let first = (1 - power(nodes)) / (q * Double(nodes) * (1 - power(nodes - 1)))
        return (
          period * (first + 1),
          "T' (1-(1-q)^n) / (q n (1-(1-q)^(n-1))) until the first ping, q = 1/(n-1), and T'",
          "SWIM: Das, Gupta, Motivala, DSN 2002, 3.1, in continuous time"
        )
      }
    case .phi:
      switch settings.phiModel {
      case .exponential:
        // Counters that were overtaken on the way make gaps longer than an interval.
        let silence = simulation.heartbeatGaps.map { gaps in
          settings.phiSuspect * 2.302585092994046 * gaps.mean
        }
        return (
          silence.map { $0 + between },
          "phi ln 10 x mean gap + way - I/2 + I/(f+1); gaps as remembered",
          "phi accrual, exponential gaps: Hayashibara et al., SRDS 2004; Cassandra"
        )
      case .normal:
        let silence = simulation.heartbeatGaps.map { gaps in
          gaps.mean + settings.phiPause.seconds
            + Simulation.deviations(forPhi: settings.phiSuspect)
            * max(gaps.deviation, settings.phiMinDeviation.seconds)
        }
        return (
          silence.map { $0 + between },
          "mean gap + pause + z sd + way - I/2 + I/(f+1), Q(z) = 10^-phi; gaps as remembered",
          "phi accrual, normal gaps: Hayashibara et al., SRDS 2004; Akka"
        )
      }
    }
  }
}
