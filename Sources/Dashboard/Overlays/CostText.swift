import CellUI
import ClusterSim

/// What waiting for a quorum cost the clients of a location: PACELC's latency against consistency.
enum CostText {
  static func lines(_ cost: ConsistencyCost, _ writer: inout LineWriter) {
    for (name, latencies) in [("reads cost", cost.reads), ("writes cost", cost.writes)] {
      guard let waited = latencies.waited else { continue }
      func pair(_ quantile: Double) -> String {
        Figure.milliseconds(nanoseconds: latencies.first.quantile(quantile)) + " to "
          + Figure.milliseconds(nanoseconds: latencies.whole.quantile(quantile))
      }
      writer.pair(
        name,
        "+\(Figure.milliseconds(waited / 1e6)) ms after the first copy: p50 \(pair(0.5)), "
          + "p99 \(pair(0.99))")
    }
  }

  /// One line: what the same settings cost a location while nothing was cut.
  static func line(_ scene: Scene, _ location: Int) -> String? {
    guard let before = scene.simulation.metrics.phases.first, before.label == "before",
      before.costs.indices.contains(location)
    else { return nil }
    let cost = before.costs[location]
    let parts = [("reads", cost.reads.waited), ("writes", cost.writes.waited)].compactMap {
      name, waited in waited.map { "\(name) +\(Figure.milliseconds($0 / 1e6))" }
    }
    guard !parts.isEmpty else { return nil }
    return "\(scene.simulation.locationNames[location]) before: quorum ms "
      + parts.joined(separator: ", ")
  }
}
