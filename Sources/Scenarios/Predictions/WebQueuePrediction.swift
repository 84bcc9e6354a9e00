import ClusterSim
import Consistency

/// Waiting in the line of the busiest web server, by M/M/c: what holds a worker is the web server's own
/// work and the wait for cache or store.
enum WebQueuePrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let lines = simulation.webServers.indices.compactMap { index in
      simulation.line(ofWeb: index).map { (index: index, line: $0) }
    }
    guard let busiest = lines.max(by: { $0.line.utilization < $1.line.utilization }) else {
      return nil
    }
    let (line, path) = (busiest.line, simulation.settings.path)
    let load = line.rate * line.service / 1000
    let wait = WaitingLine.meanWait(load: load, servers: line.servers)
    let own = path.service.mean / 1e6
    let keepsPoisson: Bool =
      switch path.policy {
      case .random: true
      case .roundRobin, .leastConnections, .twoChoices, .hash: path.servers == 1
      }
    return Prediction(
      name: "web_queue_wait",
      title: "wait for a worker of \(simulation.host(simulation.webServers[busiest.index]).name)",
      unit: .milliseconds, measured: line.wait, predicted: wait.map { $0 * line.service },
      formula: "Erlang C: Wq = C(c, a) S / (c - a), a = arrival rate x S",
      source: "M/M/c, Erlang 1917; facts in any text on queues",
      inputs: [
        "the busiest web server: \(Decimal.text(line.rate, places: 1)) requests a second, a worker "
          + "held for S = \(Prediction.Unit.milliseconds.text(line.service)) ms, c = \(line.servers), "
          + "\(percent(line.utilization, 1)) held",
        PredictionCatalogue.since(simulation),
      ],
      assumptions: [
        .init(
          "what holds a worker is nearly all exponential work",
          isExponential(path.service) && own > 0.9 * line.service),
        .init("requests come at random, not in turn or by load", keepsPoisson),
        .init("the line is not full", line.wait <= line.service * Double(path.queue)),
        .init("less work than the workers can do", load < Double(line.servers)),
        PredictionCatalogue.noFaults(simulation),
      ],
      caveat:
        "The wait for cache or store is not exponential; a policy that looks at loads makes the "
        + "line shorter than the formula, which is what it is for.")
  }

  private static func isExponential(_ distribution: Distribution) -> Bool {
    switch distribution.first {
    case .exponential: distribution.second == nil
    case .constant, .uniform, .normal, .lognormal, .pareto: false
    }
  }
}
