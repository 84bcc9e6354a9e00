import ClusterSim
import Consistency

/// Waiting for a worker of the busiest node, by M/M/c.
enum QueuePrediction {
  static func of(_ simulation: Simulation) -> Prediction? {
    let lines = simulation.storageNodes.compactMap { node in
      simulation.line(of: node).map { (node: node, line: $0) }
    }
    guard let busiest = lines.max(by: { $0.line.utilization < $1.line.utilization }) else {
      return nil
    }
    let (line, host) = (busiest.line, simulation.settings.host)
    let load = line.rate * line.service / 1000
    let wait = WaitingLine.meanWait(load: load, servers: line.servers)
    return Prediction(
      name: "queue_wait", title: "wait for a worker of \(simulation.host(busiest.node).name)",
      unit: .milliseconds, measured: line.wait, predicted: wait.map { $0 * line.service },
      formula: "Erlang C: Wq = C(c, a) S / (c - a), a = arrival rate x S",
      source: "M/M/c, Erlang 1917; facts in any text on queues",
      inputs: [
        "the busiest node: \(Decimal.text(line.rate, places: 1)) jobs a second, S = "
          + "\(Prediction.Unit.milliseconds.text(line.service)) ms, c = \(line.servers), "
          + "\(percent(line.utilization, 1)) busy",
        PredictionCatalogue.since(simulation),
      ],
      assumptions: [
        .init(
          "service times are exponential",
          [host.readService, host.writeService].allSatisfy(isExponential)
            && isZero(host.syncService)),
        .init("the line is not full", line.wait <= line.service * Double(host.queue)),
        .init("less work than the workers can do", load < Double(line.servers)),
        .init("no fault is active", simulation.activeFaultClocks.isEmpty),
      ],
      caveat: "Reads and writes have different means, so that service is not quite exponential; "
        + "jobs of one request do not arrive independently of one another.")
  }

  private static func isExponential(_ distribution: Distribution) -> Bool {
    switch distribution.first {
    case .exponential: distribution.second == nil
    case .constant, .uniform, .normal, .lognormal, .pareto: false
    }
  }

  private static func isZero(_ distribution: Distribution) -> Bool {
    distribution == .constant(.zero)
  }
}
