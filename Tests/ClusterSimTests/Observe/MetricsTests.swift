import Testing

@testable import ClusterSim

/// What is counted by phase and location only, and added up for who asks.
@Suite struct MetricsTests {
  /// Stored counts by name, arrays and histograms among them.
  private static func counts(_ figures: ClientFigures) -> [String: Int] {
    var counts: [String: Int] = [:]
    for child in Mirror(reflecting: figures).children {
      let name = child.label!
      switch child.value {
      case let value as Int: counts[name] = value
      case let values as [Int]:
        for (place, value) in values.enumerated() { counts["\(name) \(place)"] = value }
      case let histogram as LatencyHistogram: counts[name] = histogram.count
      default: Issue.record("\(name) is neither a count nor a histogram")
      }
    }
    // The most of all, not a sum.
    counts["versionsBehind"] = nil
    return counts
  }

  /// Over several faults, with late answers of earlier phases: no count is forgotten in a sum.
  @Test func totals_areTheSumsOfAllPhases() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("client.retries", "2"), ("client.retry_budget", "0.01"), ("client.retry_burst", "5"),
        ("storage.r", "1"),
        ("storage.w", "1"), ("cache.ttl", "5s"), ("workload.rate", "2000"),
        ("workload.read_share", "50%"), ("workload.keys", "50"),
      ])
    for _ in 0..<2 {
      sim.run(seconds: 3)
      try sim.inject(.kill(host: "n1"))
      sim.run(seconds: 3)
      try sim.inject(.restart(host: "n1"))
    }
    sim.run(seconds: 3)
    let metrics = sim.metrics
    #expect(metrics.phases.count == 5 && metrics.droppedPhases == 0)
    let total = Self.counts(metrics.total)
    for (name, count) in total {
      let byPhase = metrics.phases.flatMap(\.locations).reduce(0) { $0 + Self.counts($1)[name]! }
      let byLocation = metrics.locations.reduce(0) { $0 + Self.counts($1)[name]! }
      #expect(count == byPhase && count == byLocation, "\(name): \(count) \(byPhase) \(byLocation)")
    }
    // Zeros would agree whatever is forgotten.
    for name in [
      "begun", "answerable", "ok", "reads", "writes", "readLatency", "writeLatency",
      "staleFromCache", "staleFromQuorum", "staleness", "conflicts", "retries", "retriesRefused",
      "cacheHits", "cacheMisses",
    ] { #expect(total[name]! > 0, "\(name) never happened") }
    #expect(total["fail"]! + total["info"]! > 0)
    #expect(metrics.operations == metrics.total.operations)
  }
}
