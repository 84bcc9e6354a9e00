import Testing

@testable import ClusterSim

/// How long heartbeats may stand still in a cluster of many.
@Suite struct UsualSuspicionTests {
  /// By hand: I (2 ln n + 12) / (f q), rounded up to 0.1 s, and never below what is delivered.
  @Test func usualTime_isTheFormulas() {
    var settings = Settings.Membership()
    for (nodes, expected) in [
      (1, 1.5), (8, 1.5), (20, 1.5), (21, 1.6), (100, 1.8), (1000, 2.2), (1024, 2.2),
      // q = .4464, .1943, .0998.
      (2000, 5.1), (5000, 12.5), (10_000, 25.5),
    ] {
      #expect(settings.usualSuspectAfter(nodes: nodes).seconds == expected, "\(nodes)")
    }
    settings.fanout = 1
    settings.gossipInterval = .seconds(1)
    #expect(settings.usualSuspectAfter(nodes: 1000).seconds == 25.9)
    // A group that everybody oversees keeps what is delivered, and is told what it needs.
    #expect(settings.neededSuspectAfter(nodes: 20).seconds == 18)
    #expect(settings.usualSuspectAfter(nodes: 20).seconds == 1.5)
    settings.packet = 8
    settings.gossipInterval = .seconds(600)
    #expect(settings.usualSuspectAfter(nodes: 10_000) == .seconds(600))
  }

  /// Silences longer than t that are seen in a round: 6 n^2 ln n e^(-f t), at two times a round apart, where
  /// that is e^3 = 20 times fewer; within a factor of three, as chance decides whether a beat's first
  /// round is told widely.
  @Test func silences_areAsManyAsTheFormulaSays() throws {
    let (nodes, seconds, seeds) = (150, 12.0, 4 as UInt64)
    for limit in [1000, 1250] {
      var count = 0.0
      for seed in 1...seeds {
        var sim = try cluster(nodes, seed: seed, [("membership.suspect_after", "\(limit)ms")])
        sim.run(seconds: 3)
        let before = sim.falseSuspicions
        sim.run(seconds: seconds)
        count += Double(sim.falseSuspicions - before)
      }
      let n = Double(nodes)
      let formula =
        seconds * 4 * Double(seeds) * 6 * n * n * Elementary.log(n)
        * Elementary.exp(-3 * Double(limit) / 250)
      #expect(
        count > formula / 3 && count < formula * 3, "\(limit) ms: \(count), formula \(formula)")
    }
  }
  /// With the usual time nobody is suspected who runs, and who was killed is found by all, with whole
  /// tables and with bounded packets.
  @Test func usualTime_suspectsTheDeadAlone() throws {
    for packet in ["1024", "40"] {
      for seed: UInt64 in 1...2 {
        var sim = try cluster(120, seed: seed, [("membership.packet", packet)], usual: true)
        sim.run(seconds: 10)
        #expect(sim.falseSuspicions == 0, "packet \(packet), seed \(seed)")
        try sim.inject(.kill(host: "n7"))
        let limit = sim.settings.membership.suspectAfter
        sim.run(until: sim.now + limit * 2 + .seconds(4))
        let clock = try #require(sim.faults.first)
        #expect(clock.firstSuspicion != nil && clock.agreement != nil, "packet \(packet)")
        #expect(sim.falseSuspicions == 0, "packet \(packet), seed \(seed)")
      }
    }
  }

  @Test func doubt_namesTheTimeNeeded() throws {
    let sim = try cluster(100, seed: 1, [("membership.suspect_after", "1500ms")])
    let doubt = try #require(sim.configuration.doubts.first)
    #expect(doubt.paths.contains("membership.suspect_after") && doubt.text.contains("1.8s"))
    #expect(try cluster(100, seed: 1, [], usual: true).configuration.doubts.isEmpty)
  }

  private func cluster(
    _ nodes: Int, seed: UInt64, _ changes: [(String, String)], usual: Bool = false
  ) throws -> Simulation {
    let sim = try Clusters.two(
      east: nodes / 2, west: nodes - nodes / 2, seed: seed,
      [
        ("workload.rate", "0"), ("workload.keys", "10"), ("ring.vnodes", "1"),
        ("cache.enabled", "false"), ("client.ping_interval", "600s"), ("client.down_after", "600s"),
      ] + changes)
    guard usual else { return sim }
    var configuration = sim.configuration
    configuration.settings.membership.suspectAfter = configuration.usualSuspectAfter
    return try Simulation(configuration)
  }
}
