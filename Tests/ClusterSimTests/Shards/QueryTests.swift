import Testing

@testable import ClusterSim

/// Queries that read several keys at once, against the formulas that hold where parts are independent.
@Suite("Queries over several keys")
struct QueryTests {
  /// One copy a key on `nodes` nodes, no jitter and no queues: a part is as slow as its replica's
  /// service, drawn anew for each.
  private func cluster(nodes: Int, fanOut: Int, rate: Double, seed: UInt64) -> ClusterConfiguration
  {
    var settings = Settings()
    settings.storage.n = 1
    settings.storage.r = 1
    settings.storage.w = 1
    settings.cache.enabled = false
    settings.observe.verdict = false
    settings.network.localJitter = .constant(.zero)
    settings.network.transport = .udp
    settings.host.readService = .exponential(.milliseconds(1))
    settings.host.workers = 1024
    settings.host.coordinators = 1024
    settings.workload.readShare = 1
    settings.workload.distribution = .uniform
    settings.workload.rate = rate
    settings.workload.queryShare = 1
    settings.workload.fanOut = fanOut
    return ClusterConfiguration(
      name: "queries", seed: seed, locations: [.init(name: "east")],
      nodes: (0..<nodes).map { .init(name: "n\($0 + 1)", location: "east") }, settings: settings)
  }

  /// P(query > t) = 1 - (1 - p)^K (Dean and Barroso 2013). Tolerance, written first: the measured
  /// quantile q of N queries lies between those predicted for q - 3 e and q + 3 e, where
  /// e = sqrt(q (1 - q) / N) is the standard error of q; 1.6 % for two readings of a histogram.
  /// At K = 100 the quantile 36.6 % is the p99 of one part: 63.4 % of queries are slower.
  @Test func latency_independentParts_isThatOfTheSlowest() throws {
    for (fanOut, quantiles) in [(10, [0.5, 0.9, 0.99]), (100, [0.366, 0.5, 0.9])] {
      var simulation = try Simulation(cluster(nodes: 20, fanOut: fanOut, rate: 60, seed: 3))
      simulation.run(until: .zero + .seconds(50))
      let figures = simulation.queryFigures
      let count = Double(figures.ok)
      #expect(figures.failed == 0 && count > 2500)
      for q in quantiles {
        let error = 3 * (q * (1 - q) / count).squareRoot()
        let measured = Double(try #require(figures.latency.quantile(q)))
        let low = Double(try #require(figures.independentLatency(q - error)))
        let high = Double(try #require(figures.independentLatency(min(1, q + error))))
        #expect(
          measured > low * 0.984 && measured < high * 1.016,
          "K \(fanOut), q \(q): \(measured / 1e6) ms, predicted \(low / 1e6) to \(high / 1e6)")
      }
      if fanOut == 100 {
        let one = Double(try #require(figures.partLatency.quantile(0.99)))
        let query = Double(try #require(figures.latency.quantile(0.366)))
        #expect(abs(query / one - 1) < 0.05, "36.6 % quantile \(query), p99 of a part \(one)")
      }
    }
  }

  /// a^K where a part is answered with probability a: two nodes of twenty hold their keys alone and
  /// are dead. Tolerance, written first: 3 sqrt(A (1 - A) / N) + 0.01, for the parts of one query read
  /// different keys and for the second in which dead coordinators are still asked.
  @Test func availability_independentParts_fallsAsThePowerOfTheirNumber() throws {
    for fanOut in [1, 3, 10] {
      var simulation = try Simulation(cluster(nodes: 20, fanOut: fanOut, rate: 100, seed: 5))
      try simulation.inject(.kill(host: "n4"))
      try simulation.inject(.kill(host: "n11"))
      simulation.run(until: .zero + .seconds(60))
      let figures = simulation.queryFigures
      let measured = try #require(figures.availability)
      let predicted = try #require(figures.independentAvailability)
      let error =
        3 * (predicted * (1 - predicted) / Double(figures.ok + figures.failed)).squareRoot() + 0.01
      #expect(abs(measured - predicted) < error, "K \(fanOut): \(measured), a^K \(predicted)")
      #expect(try #require(figures.partAvailability) < 0.97)
    }
  }

  /// Scatter and gather: a part for every group, whatever `fan_out` says, so one group that does not
  /// answer fails every query, though five of six reads are answered.
  @Test func allGroups_everyQueryAsksEach_andFailsWithAny() throws {
    for engine in [Settings.Engine.raft, .primaryReplica, .multiPrimary] {
      var configuration = cluster(nodes: 6, fanOut: 2, rate: 100, seed: 9)
      configuration.settings.storage.engine = engine
      configuration.settings.storage.shards = 6
      configuration.settings.workload.queryAllGroups = true
      var simulation = try Simulation(configuration)
      simulation.run(until: .zero + .seconds(10))
      let before = simulation.queryFigures
      #expect(before.groups == 6 * before.ok && before.parts == 6 * (before.ok + before.failed))
      #expect(try #require(before.availability) > 0.9, "\(engine)")
      try simulation.inject(.kill(host: "n6"))
      simulation.run(until: simulation.now + .seconds(10))
      let after = simulation.queryFigures
      #expect(after.ok - before.ok < 20, "\(engine): \(after.ok - before.ok) of \(after.begun)")
      let (ok, parts) = (after.partsOk - before.partsOk, after.parts - before.parts)
      #expect(Double(ok) / Double(parts) > 0.6, "\(engine): \(ok) of \(parts) parts")
    }
  }

  /// The request, an answer for each part, and a question and an answer for each part that another
  /// node holds, which is 19 of 20 on average: within 2 %.
  @Test func hops_oneCopyOnTwentyNodes_areThreeForEveryPartElsewhere() throws {
    var simulation = try Simulation(cluster(nodes: 20, fanOut: 10, rate: 100, seed: 7))
    simulation.run(until: .zero + .seconds(20))
    let figures = simulation.queryFigures
    let mean = Double(figures.hops) / Double(figures.ok)
    #expect(abs(mean / 30 - 1) < 0.02, "\(mean) hops")
  }

  @Test func keys_families_areAUserAnOrderAndProductsAllDifferent() {
    var configuration = cluster(nodes: 3, fanOut: 6, rate: 10, seed: 1)
    configuration.settings.workload.families = true
    configuration.settings.workload.keys = 30
    var simulation = try! Simulation(configuration)
    var wrong: [[UInt32]] = []
    for _ in 0..<1000 {
      let keys = Array(simulation.queries.drawKeys(6))
      if keys.map({ $0 % 3 }) != [0, 1, 2, 2, 2, 2] || Set(keys).count < 6 { wrong.append(keys) }
    }
    #expect(wrong.isEmpty)
    // No more different keys than there are.
    #expect(simulation.queries.drawKeys(50).count == 12)
  }

  /// Shares of operations, within 3 standard errors of a share of N.
  @Test func families_shares_areThoseSet() throws {
    var configuration = cluster(nodes: 5, fanOut: 1, rate: 500, seed: 2)
    configuration.settings.workload.queryShare = 0
    configuration.settings.workload.families = true
    configuration.settings.workload.usersShare = 0.5
    configuration.settings.workload.ordersShare = 0.2
    var simulation = try Simulation(configuration)
    simulation.run(until: .zero + .seconds(20))
    let counts = KeyFamily.allCases.map { simulation.figures(of: $0)!.operations }
    let sum = Double(counts.reduce(0, +))
    for (count, share) in zip(counts, [0.5, 0.2, 0.3]) {
      let error = 3 * (share * (1 - share) / sum).squareRoot()
      #expect(abs(Double(count) / sum - share) < error, "\(count) of \(sum), set \(share)")
    }
  }
}
