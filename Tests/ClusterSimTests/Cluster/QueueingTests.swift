import Testing

@testable import ClusterSim

/// A host's line and workers against queueing theory: one node, one location, no network, so that an
/// operation's latency is its wait and its service and nothing else.
///
@Suite struct QueueingTests {
  private static let service = Span.milliseconds(10)

  private func queue(workers: Int, load: Double, seed: UInt64) throws -> Simulation {
    var settings = Settings()
    for (path, value) in [
      ("storage.n", "1"), ("storage.r", "1"), ("storage.w", "1"), ("cache.enabled", "false"),
      ("network.local", "0ms"), ("network.local_jitter", "constant 0ms"),
      ("host.read_service", "exponential 10ms"), ("host.queue", "100000"),
      ("host.workers", "\(workers)"), ("client.timeout", "60s"), ("storage.timeout", "60s"),
      ("workload.read_share", "100%"), ("observe.verdict", "false"),
      ("workload.rate", "\(Double(workers) * load / Self.service.seconds)"),
    ] { try settings.set(path, to: value) }
    return try Simulation(
      ClusterConfiguration(
        name: "queue", seed: seed, locations: [.init(name: "here")],
        nodes: [.init(name: "n1", location: "here")], settings: settings))
  }

  /// P(an arrival waits) in M/M/c (Erlang C).
  private static func erlangC(_ workers: Int, _ load: Double) -> Double {
    let offered = Double(workers) * load
    var term = 1.0
    var below = 0.0
    for k in 0..<workers {
      below += term
      term *= offered / Double(k + 1)
    }
    let all = term / (1 - load)
    return all / (below + all)
  }

  /// shared facts, section 8: P(wait) of c=2, 4, 10 at rho .8 is .7111, .5964, .4092.
  @Test func erlangC_isTheTables() {
    for (workers, expected) in [(2, 0.7111), (4, 0.5964), (10, 0.4092)] {
      #expect(abs(Self.erlangC(workers, 0.8) - expected) < 5e-5)
    }
  }

  /// The higher the load, the longer a busy spell lasts and the later the mean settles: for M/M/1
  /// the variance of the mean wait of n requests is about 4 S^2 / (n (1 - rho)^4).
  @Test(arguments: [(0.5, 50_000.0), (0.8, 400_000), (0.9, 3_000_000), (0.95, 6_000_000)])
  func meanLatency_isErlangs(load: Double, requests: Double) throws {
    for workers in [1, 2, 4, 10] {
      var sim = try queue(workers: workers, load: load, seed: 5)
      sim.run(
        seconds: requests / Double(load < 0.85 ? 1 : workers).squareRoot() * Self.service.seconds
          / (Double(workers) * load))
      let wait =
        Self.erlangC(workers, load) * Self.service.seconds / (Double(workers) * (1 - load))
      let expected = wait + Self.service.seconds
      let measured = try #require(sim.metrics.total.readLatency.mean) / 1e9
      #expect(
        abs(measured / expected - 1) < 0.03, "c \(workers) rho \(load): \(measured) \(expected)")
      #expect(sim.metrics.total.fail == 0)
    }
  }

  /// L = lambda W: requests in the host, looked at every 5 ms, are the rate times the latency.
  @Test func littlesLaw_holds() throws {
    var sim = try queue(workers: 2, load: 0.6, seed: 9)
    let node = sim.id("n1")
    var present = 0
    let looks = 30_000
    for _ in 0..<looks {
      sim.run(seconds: 0.005)
      let line = sim.hosts[node.index].workers
      present += line.busy + line.waiting.count
    }
    let rate = Double(sim.metrics.total.ok) / sim.now.seconds
    let latency = try #require(sim.metrics.total.readLatency.mean) / 1e9
    let mean = Double(present) / Double(looks)
    #expect(abs(mean / (rate * latency) - 1) < 0.01, "L \(mean), lambda W \(rate * latency)")
  }

  /// M/M/1: the p-quantile of the whole stay is -ln(1 - p) S / (1 - rho).
  @Test func quantiles_areExponential() throws {
    var sim = try queue(workers: 1, load: 0.5, seed: 5)
    sim.run(seconds: 600)
    for (share, factor) in [(0.5, 0.693147), (0.9, 2.302585)] {
      let expected = factor * Self.service.seconds / 0.5
      let measured = Double(try #require(sim.metrics.total.readLatency.quantile(share))) / 1e9
      #expect(abs(measured / expected - 1) < 0.03, "p\(share): \(measured) \(expected)")
    }
  }
}
