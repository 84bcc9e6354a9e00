import ClusterSim
import Glibc

/// How far what the nodes know of one another is behind, by the spread of a rumour.
enum GossipPrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let settings = simulation.settings.membership
    let running = simulation.storageNodes.filter {
      simulation.host($0).state == .up && simulation.host($0).ringRole == .member
    }
    switch settings.detector {
    case .swim: return swim(running.count, simulation)
    case .heartbeat, .phi: break
    }
    guard running.count > 2 else { return nil }
    let fanout = min(settings.fanout, running.count - 1)
    return Prediction(
      name: "gossip_lag", title: "news behind in gossip", unit: .rounds,
      measured: lag(running, simulation),
      predicted: mean(
        nodes: running.count, fanout: fanout,
        way: oneWay(running, simulation) / settings.gossipInterval.seconds),
      formula: "n/(n-1) ln(n / (1+f)) / f: f hear at once, then ds/dt = f s (1 - s) from (1+f)/n; "
        + "and the way of a message for each of 1 + ln(n / (1+f)) / ln(1+f) hops",
      source: "logistic spread of a rumour: Demers et al. 1987; serf's convergence curve",
      inputs: [
        "\(running.count) running nodes, fan-out \(fanout); of every pair how many beats of the one "
          + "the other has not heard of, now"
      ],
      assumptions: [
        .init("no message is lost", simulation.settings.network.loss == 0),
        PredictionCatalogue.noFaults(simulation),
        .init("a message has room for the whole table", settings.packet >= running.count),
        .init(
          "rounds are long against the way of a message",
          settings.gossipInterval.seconds > 10 * oneWay(running, simulation)),
      ],
      caveat:
        "A mean-field curve: with few nodes chance and the rounds' phases count, and messages "
        + "take time. It is of this moment, and scatters from one to the next.")
  }

  /// From the first suspicion of a member that stopped until all hold it dead.
  private static func swim(_ nodes: Int, _ simulation: Simulation) -> Prediction? {
    let settings = simulation.settings.membership
    guard nodes > 2 else { return nil }
    let faults = simulation.faults.filter { DetectionPrediction.stops($0.action, simulation) }
    let times = faults.compactMap { fault in
      fault.agreement.flatMap { all in fault.firstSuspicion.map { (all - $0).seconds } }
    }
    let period = settings.swimPeriod.seconds
    let timeout = simulation.suspicionTimeout(members: nodes + 1).seconds
    return Prediction(
      name: "swim_spread", title: "suspected until all hold it dead", unit: .seconds,
      measured: times.isEmpty ? nil : times.reduce(0, +) / Double(times.count),
      predicted: timeout + period * spread(nodes: nodes) / 2,
      formula:
        "suspicion_mult max(1, log10 n) T' + T' (n-1)/n H(n-1) / 2: a rumour reaches all n in "
        + "T' (n-1)/n H(n-1), and two run, of the suspicion and of the death",
      source: "SWIM: Das, Gupta, Motivala, DSN 2002, 4.1; spread by pair contacts, each stage "
        + "exponential",
      inputs: [
        "\(nodes) running nodes; a rumour of one reaches all in "
          + "\(Decimal.text(spread(nodes: nodes), places: 2)) periods, and each passes it on "
          + "at most \(simulation.rumourLimit(members: nodes + 1)) times",
        times.isEmpty
          ? "no node has stopped yet: K kills one" : "mean of \(times.count) that stopped",
      ],
      assumptions: [
        .init("no message is lost", simulation.settings.network.loss == 0),
        .init("no lifeguard: the time-out is fixed", !settings.lifeguard),
        .init(
          "the settings of membership were the same then",
          DetectionPrediction.isUnchanged(simulation)),
        .init(
          "rumours are passed on until all know", simulation.rumourLimit(members: nodes + 1) >= 4),
      ],
      caveat: "A mean over contacts at any moment; the first to suspect may die itself, and acks "
        + "carry rumours too.")
  }

  /// Periods until all of n know a rumour that one of them has, where each pings one other a period and
  /// either side tells: with k informed the next is told after (n-1) / (2 k (n-k)), summed.
  static func spread(nodes: Int) -> Double {
    let n = Double(nodes)
    return (1..<nodes).reduce(0) { $0 + (n - 1) / (2 * Double($1) * (n - Double($1))) }
  }

  /// Mean rounds until another node knows of a beat: f are told at the beat itself, and the share s of
  /// the informed grows as ds/dt = f s (1 - s) from (1 + f)/n, of which the integral of 1 - s is
  /// ln(n / (1 + f)) / f. Each of about 1 + ln(n / (1 + f)) / ln(1 + f) hops takes `way` rounds.
  static func mean(nodes: Int, fanout: Int, way: Double) -> Double {
    let n = Double(nodes)
    let growth = log(n / min(n, Double(1 + fanout)))
    let hops = 1 + growth / log(Double(1 + fanout))
    return n / (n - 1) * growth / Double(fanout) + hops * way
  }

  /// Mean one-way delay between two of the nodes, s.
  static func oneWay(_ nodes: [NodeID], _ simulation: Simulation) -> Double {
    let network = simulation.settings.network
    let locations = nodes.map { simulation.host($0).location }
    let near = locations.reduce(0) { sum, own in sum + locations.count { $0 == own } - 1 }
    let share = Double(near) / Double(max(1, nodes.count * (nodes.count - 1)))
    return share * (network.local.seconds + network.localJitter.mean / 1e9)
      + (1 - share) * (network.between.seconds + network.betweenJitter.mean / 1e9)
  }

  private static func lag(_ nodes: [NodeID], _ simulation: Simulation) -> Double? {
    var sum = 0.0
    var count = 0
    for subject in nodes {
      guard let own = simulation.belief(of: subject, about: subject)?.counter else { continue }
      for observer in nodes where observer != subject {
        guard let held = simulation.belief(of: observer, about: subject)?.counter else { continue }
        sum += Double(own) - Double(held)
        count += 1
      }
    }
    return count == 0 ? nil : sum / Double(count)
  }
}
