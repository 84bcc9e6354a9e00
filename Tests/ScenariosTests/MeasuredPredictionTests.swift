import ClusterSim
import Consistency
import Testing

@testable import Scenarios

/// Predictions beside what the whole simulation measures.
@Suite struct MeasuredPredictionTests {
  private func prediction(_ name: String, _ simulation: Simulation) throws -> Prediction {
    try #require(PredictionCatalogue.all(simulation).first { $0.name == name })
  }

  private func built(
    _ name: String, seconds: Double, seed: UInt64 = 1, _ overrides: [String] = []
  ) throws -> Simulation {
    var configuration = try #require(try Catalogue.builtIn(name)).applying(overrides: overrides)
      .configuration
    configuration.seed = seed
    var simulation = try Simulation(configuration)
    simulation.run(until: .zero + .seconds(seconds))
    return simulation
  }

  /// facts.md section 8, M/M/c: P(wait) and Wq/S.
  @Test func erlangC_agreesWithTheTable() throws {
    for (servers, utilization, waits, wait) in [
      (2, 0.8, 0.7111, 1.7778), (4, 0.8, 0.5964, 0.7455), (10, 0.8, 0.4092, 0.2046),
      (10, 0.9, 0.6687, 0.6687), (10, 0.95, 0.8256, 1.6512),
    ] {
      let load = utilization * Double(servers)
      #expect(abs(WaitingLine.waits(load: load, servers: servers) - waits) < 1e-4)
      let mean = try #require(WaitingLine.meanWait(load: load, servers: servers))
      #expect(abs(mean - wait) < 1e-4)
    }
    #expect(WaitingLine.meanWait(load: 4, servers: 4) == nil)
  }

  /// By hand: 3 of 5 nodes up, two of three replicas needed: C(3,2) C(2,1) + C(3,3) of C(5,3) = 7/10;
  /// by the binomial with p = .6: 3 x .36 x .4 + .216 = .648.
  @Test func availability_byBothCounts() {
    #expect(
      abs(QuorumAvailability.hypergeometric(2, of: 3, up: 3, among: 5) - 0.7) < 1e-12)
    #expect(abs(QuorumAvailability.binomial(2, of: 3, up: 0.6) - 0.648) < 1e-12)
    #expect(QuorumAvailability.hypergeometric(2, of: 3, up: 7, among: 8) == 1)
    #expect(QuorumAvailability.hypergeometric(1, of: 1, up: 0, among: 4) == 0)
  }

  /// `clustertop run wars`: stale reads as WARS says of the delays that were measured, and the same by
  /// `predict` for the fit, integrated over the age of the newest write.
  @Test func wars_measuredAndPredictedAgree() throws {
    let simulation = try built("wars", seconds: 8)
    let stale = try prediction("stale_reads", simulation)
    let (measured, predicted) = (try #require(stale.measured), try #require(stale.predicted))
    // Four standard errors of some 4000 reads.
    let error = 4 * (predicted / Double(simulation.stretch.storeReads)).squareRoot()
    #expect(abs(measured - predicted) < error, "\(measured), predicted \(predicted)")
    #expect(stale.broken.isEmpty)
    var fit = QuorumPrediction(n: 3, r: 1, w: 1, model: PublishedFit.linkedInDisk.model, seed: 1)
    fit.run(trials: 5_000)
    // 10 writes a second and key: the integral of l e^(-l t) (1 - P(t)).
    let step = 2.0
    let sum = stride(from: step / 2, to: 300, by: step).reduce(0.0) { sum, t in
      sum + 0.01 * (1 - 0.01 * t) * (1 - fit.consistent(at: t)) * step
    }
    #expect(abs(predicted - sum) < 0.1 * sum, "\(predicted), by the fit \(sum)")
  }

  /// M/M/c within 10 % where one node is busy with reads alone and nothing else holds its workers.
  @Test func queue_waitsAsErlangSays() throws {
    var settings = Settings()
    for (path, value) in [
      ("cache.enabled", "false"), ("storage.n", "1"), ("storage.r", "1"), ("storage.w", "1"),
      ("host.workers", "2"), ("host.read_service", "exponential 4ms"), ("workload.rate", "400"),
      ("workload.read_share", "100%"), ("host.queue", "1000"),
    ] { try settings.set(path, to: value) }
    var simulation = try Simulation(
      ClusterConfiguration(
        name: "line", seed: 3, locations: [.init(name: "here")],
        nodes: [.init(name: "n1", location: "here")], settings: settings))
    simulation.run(until: .zero + .seconds(40))
    let wait = try prediction("queue_wait", simulation)
    let (measured, predicted) = (try #require(wait.measured), try #require(wait.predicted))
    #expect(abs(measured / predicted - 1) < 0.1, "\(measured), predicted \(predicted)")
    #expect(wait.broken.isEmpty && predicted > 5)
  }

  /// Over 24 rings: the spread of the shares, and gossip's lag, each within 15 % of what is predicted.
  @Test func ringAndGossip_onAverageAsPredicted() throws {
    var (spread, lag) = (0.0, 0.0)
    var (expectedSpread, expectedLag) = (0.0, 0.0)
    let seeds = 24
    for seed in 1...UInt64(seeds) {
      let overrides = ["workload.rate=0", "ring.vnodes=\(8 + seed)"]
      let simulation = try built(
        "default", seconds: 3.1 + 0.07 * Double(seed), seed: seed, overrides)
      let ring = try prediction("ring_spread", simulation)
      // Relative to what is predicted: the rings have different numbers of tokens.
      spread += try #require(ring.measured) / #require(ring.predicted)
      expectedSpread += 1
      let gossip = try prediction("gossip_lag", simulation)
      lag += try #require(gossip.measured)
      expectedLag += try #require(gossip.predicted)
    }
    #expect(abs(spread / expectedSpread - 1) < 0.15, "\(spread / expectedSpread)")
    #expect(abs(lag / expectedLag - 1) < 0.15, "\(lag / expectedLag)")
  }

  /// Mean time to the first suspicion of a killed node by each detector, within 10 %.
  @Test func detection_asEachDetectorSays() throws {
    for detector in ["heartbeat", "swim", "phi"] {
      var (measured, predicted) = (0.0, 0.0)
      let seeds = 8
      for seed in 1...UInt64(seeds) {
        let settings = ["workload.rate=0", "membership.detector=\(detector)"]
        var simulation = try built(
          "default", seconds: 21 + 0.137 * Double(seed), seed: seed, settings)
        try simulation.inject(.kill(host: "n\(1 + seed % 8)"))
        simulation.run(until: simulation.now + .seconds(6))
        let row = try prediction("first_suspicion", simulation)
        measured += try #require(row.measured)
        predicted += try #require(row.predicted)
      }
      #expect(
        abs(measured / predicted - 1) < 0.1,
        "\(detector): \(measured / Double(seeds)) s, predicted \(predicted / Double(seeds)) s")
    }
  }

  /// What a quorum costs: with R = W = 1 nothing, with all three copies the difference between the
  /// first and the last of three exponential delays' sums, and in the west the way to the east.
  @Test func consistencyCost_isTheWaitAfterTheFirstCopy() throws {
    let one = try built("default", seconds: 2, ["storage.r=1", "storage.w=1"])
    #expect(
      one.metrics.phases[0].costs.allSatisfy { $0.reads.waited == 0 && $0.writes.waited == 0 })
    let two = try built("default", seconds: 3, ["storage.n=8", "storage.r=6", "storage.w=6"])
    for (location, cost) in two.metrics.phases[0].costs.enumerated() {
      let waited = try #require(cost.reads.waited) / 1e6
      // Six of eight answers are five near ones and one far one in the east, three and three in the
      // west: two ways of 8 ms and more, less a near one's.
      #expect(waited > 15 && waited < 22, "location \(location): \(waited) ms")
      let first = try #require(cost.reads.first.quantile(0.5))
      #expect(first < 5_000_000)
    }
    for engine in ["raft", "primary-replica"] {
      let other = try built("default", seconds: 1, ["storage.engine=\(engine)"])
      #expect(other.metrics.total.ok > 100)
      #expect(other.metrics.phases[0].costs.allSatisfy { $0.reads.waited == nil }, "\(engine)")
    }
    guard
      case .object(let report) = RunReport.value(
        try ScenarioRun(try #require(try Catalogue.builtIn("default"))), build: "")
    else { return }
    #expect(report.contains { $0.key == "pacelc" } && report.contains { $0.key == "predictions" })
  }
}
