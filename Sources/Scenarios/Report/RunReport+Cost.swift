import ClusterSim

// PACELC in figures (Abadi, 2012): what the same settings cost while nothing is cut.
extension RunReport {
  /// Of the phase before the first fault, by location; null where it is not kept any more.
  static func pacelc(_ simulation: Simulation) -> JSONValue {
    guard let before = simulation.metrics.phases.first, before.label == "before" else {
      return .null
    }
    return .array(
      simulation.locationNames.indices.map { index in
        .object([
          ("location", .string(simulation.locationNames[index])),
          ("phase", .string(before.label)),
          ("cost_ms", cost(before.costs[index])),
        ])
      })
  }

  /// Latencies of the requests that the store answered, with and without waiting for more than the
  /// first copy, and the mean of what was waited.
  static func cost(_ cost: ConsistencyCost) -> JSONValue {
    .object([("read", latencies(cost.reads)), ("write", latencies(cost.writes))])
  }

  private static func latencies(_ latencies: ConsistencyCost.Latencies) -> JSONValue {
    func quantile(_ histogram: LatencyHistogram, _ share: Double) -> JSONValue {
      .number(histogram.quantile(share).map { Double($0) / 1e6 })
    }
    return .object([
      ("operations", .integer(latencies.whole.count)),
      ("p50", quantile(latencies.whole, 0.5)),
      ("p99", quantile(latencies.whole, 0.99)),
      ("first_copy_p50", quantile(latencies.first, 0.5)),
      ("first_copy_p99", quantile(latencies.first, 0.99)),
      ("waited_mean", .number(latencies.waited.map { $0 / 1e6 })),
    ])
  }
}
