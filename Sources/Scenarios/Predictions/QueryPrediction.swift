import ClusterSim

/// Queries that read several keys at once: their tail and their availability, if parts were slow and
/// failed independently of one another.
enum QueryPrediction {
  static func of(_ simulation: Simulation) -> [Prediction] {
    let figures = simulation.queryFigures
    guard figures.begun > 0 else { return [] }
    return [latency(simulation, figures), availability(simulation, figures)]
  }

  private static func latency(_ simulation: Simulation, _ figures: QueryFigures) -> Prediction {
    func milliseconds(_ time: Int64?) -> Double? { time.map { Double($0) / 1e6 } }
    return Prediction(
      name: "query_p99", title: "p99 of queries", unit: .milliseconds,
      measured: milliseconds(figures.latency.quantile(0.99)),
      predicted: milliseconds(figures.independentLatency(0.99)),
      formula: "P(query > t) = 1 - (1 - P(part > t))^K, solved for 1%",
      source: "Dean and Barroso, The Tail at Scale, CACM 56(2), 2013",
      inputs: inputs(figures), assumptions: assumptions(simulation),
      caveat:
        "Parts that wait in the same queue, or for the same slow host, are slow together: the "
        + "tail is then shorter than predicted.")
  }

  private static func availability(
    _ simulation: Simulation, _ figures: QueryFigures
  ) -> Prediction {
    Prediction(
      name: "query_availability", title: "queries answered", unit: .share,
      measured: figures.availability, predicted: figures.independentAvailability,
      formula: "a^K: each of K parts is answered with probability a",
      source: "independent events",
      inputs: inputs(figures), assumptions: assumptions(simulation),
      caveat: "Parts that ask the same group, or go through the same coordinator, fail together: "
        + "then more queries are answered than predicted.")
  }

  private static func inputs(_ figures: QueryFigures) -> [String] {
    let p99 = figures.partLatency.quantile(0.99).map { Double($0) / 1e6 }
    return [
      "K = \(Decimal.text(figures.width ?? 0, places: 1)) parts a query, "
        + "p99 of a part \(Prediction.Unit.milliseconds.text(p99))",
      "\(figures.partsOk) of \(figures.parts) parts answered",
    ]
  }

  private static func assumptions(_ simulation: Simulation) -> [Prediction.Assumption] {
    [PredictionCatalogue.noFaults(simulation)]
  }
}
