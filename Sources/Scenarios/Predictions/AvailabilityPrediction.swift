import ClusterSim
import Consistency

/// Reads and writes that enough replicas can answer, by the binomial distribution.
enum AvailabilityPrediction {
  static func of(_ simulation: Simulation) -> [Prediction] {
    let storage = simulation.settings.storage
    let stretch = simulation.stretch
    return [
      one(
        simulation, "available_reads", "reads answered", storage.readLevel, storage.r,
        stretch.readsOK, of: stretch.reads),
      one(
        simulation, "available_writes", "writes answered", storage.writeLevel, storage.w,
        stretch.writesOK, of: stretch.writes),
    ]
  }

  private static func one(
    _ simulation: Simulation, _ name: String, _ title: String, _ level: Settings.Level,
    _ count: Int,
    _ ok: Int, of ended: Int
  ) -> Prediction {
    let settings = simulation.settings
    let members = simulation.storageNodes.map { simulation.host($0) }.filter {
      $0.ringRole == .member || $0.ringRole == .leaving
    }
    let up = members.count { $0.state == .up && !$0.gray }
    let share = members.isEmpty ? 0 : Double(up) / Double(members.count)
    let n = min(settings.storage.n, members.count)
    let needed = needed(settings, level, count)
    let predicted =
      needed.map { QuorumAvailability.binomial($0, of: n, up: share) }
      ?? byLocation(simulation, level, members)
    var inputs = [
      "\(ok) of \(ended) answered, " + PredictionCatalogue.since(simulation),
      "\(up) of \(members.count) nodes run: p = \(percent(share, 1))",
    ]
    if let needed {
      let exact = QuorumAvailability.hypergeometric(
        needed, of: n, up: up, among: members.count)
      inputs.append(
        "exactly \(up) of \(members.count) up (hypergeometric): "
          + "\(percent(exact, 2))")
    }
    return Prediction(
      name: name, title: title, unit: .share,
      measured: ended == 0 ? nil : Double(ok) / Double(ended), predicted: predicted,
      formula: needed == nil && predicted != nil
        ? "product over the locations asked of sum over k from n/2 + 1 to n of C(n,k) p^k (1-p)^(n-k)"
        : "sum over k from \(needed.map(String.init) ?? "R") to N of C(N,k) p^k (1-p)^(N-k)",
      source: "binomial distribution; any text on quorums (Naor and Wool, 1998)", inputs: inputs,
      assumptions: [
        .init(
          "how many are down is chance (here it is known: see the hypergeometric)",
          up == members.count),
        .init("nodes fail one by one, each as likely", placesAlike(simulation, members, up)),
        .init(
          "every client reaches every running node", isWhole(simulation, members)),
        .init(
          "no stand-ins (strict quorum)", settings.storage.quorum == .strict || up == members.count),
        .init("no cache in front", !settings.cache.enabled || name == "available_writes"),
        .init("clients have turned from dead servers", haveTurned(simulation)),
      ],
      caveat: "The nodes that are down are these and no others: over all keys the hypergeometric "
        + "counts them, and popular keys weigh more than others. Full queues and time-outs count as "
        + "not answered.")
  }

  /// Levels by location: a majority of the copies here, or in every location.
  private static func byLocation(
    _ simulation: Simulation, _ level: Settings.Level, _ members: [HostView]
  ) -> Double? {
    guard simulation.settings.storage.engine == .leaderless else { return nil }
    let up = simulation.locationNames.indices.map { location in
      let here = members.filter { $0.location == location }
      let running = here.count { $0.state == .up && !$0.gray }
      return here.isEmpty ? 0 : Double(running) / Double(here.count)
    }
    return simulation.levelAvailability(level, up: up) {
      QuorumAvailability.binomial($0, of: $1, up: $2)
    }
  }

  /// Replicas that a request needs; nil where it is no number, or none that the binomial counts.
  private static func needed(_ settings: Settings, _ level: Settings.Level, _ count: Int) -> Int? {
    switch settings.storage.engine {
    case .leaderless: level.answers(n: settings.storage.n, count: count)
    case .raft: settings.storage.n / 2 + 1
    case .primaryReplica, .multiPrimary: nil
    }
  }

  /// A wide outage hits nodes of one place together, which matters where replicas are spread.
  private static func placesAlike(
    _ simulation: Simulation, _ members: [HostView], _ up: Int
  ) -> Bool {
    up == members.count || simulation.settings.ring.spread == .none
  }

  private static func isWhole(_ simulation: Simulation, _ members: [HostView]) -> Bool {
    let running = members.filter { $0.state == .up && !$0.gray }
    return simulation.locationNames.indices.allSatisfy { location in
      running.allSatisfy { simulation.side(ofLocation: location).contains($0.id) }
    }
  }

  private static func haveTurned(_ simulation: Simulation) -> Bool {
    simulation.storageNodes.allSatisfy { node in
      simulation.host(node).state == .up
        || simulation.locationNames.indices.allSatisfy {
          !simulation.clientsUse(node, location: $0)
        }
    }
  }
}
