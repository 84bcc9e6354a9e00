import Testing

@testable import ClusterSim

/// What a quorum promises and what it refuses (Dynamo section 4.5; facts.md section 10).
@Suite struct QuorumTests {
  /// R + W > N, strict, no faults, no skew: a read meets the last completed write; a million reads,
  /// under every distribution of delays. One of them: `clustertop run default --for 300s
  /// --set cache.enabled=false --set network.local_jitter="pareto 0.2ms 1.5"`.
  @Test func overlappingQuorums_withoutFaults_areNeverStale() throws {
    var reads = 0
    for (seed, jitter) in [
      (1, "exponential 1ms"), (2, "pareto 0.2ms 1.5"), (3, "uniform 0ms 40ms"), (4, "constant 1ms"),
      (5, "normal 3ms 2ms"), (6, "lognormal 1ms 1"),
      (7, "mix 38% pareto 1.05ms 1.51 else exponential 5.46ms"),
    ] {
      var sim = try Clusters.two(
        east: 5, west: 3, seed: UInt64(seed),
        [
          ("cache.enabled", "false"), ("workload.rate", "4000"), ("workload.read_share", "0.6"),
          ("workload.keys", "20"), ("network.local_jitter", jitter),
          ("network.between_jitter", jitter), ("host.workers", "64"), ("host.coordinators", "1000"),
          ("client.timeout", "20s"),
          ("storage.timeout", "10s"), ("observe.verdict", "false"),
        ])
      sim.run(seconds: 60)
      let total = sim.metrics.total
      reads += total.reads
      #expect(total.stale == 0, "seed \(seed), \(jitter)")
      // Behind the longest of Pareto's delays a stream holds up what follows, past the time-outs.
      #expect(Double(total.ok) > 0.99 * Double(total.operations), "seed \(seed), \(jitter)")
    }
    #expect(reads >= 1_000_000, "\(reads)")
  }

  /// The same cut, R + W > N: sloppy answers both sides and some of what it answers is stale; strict is
  /// never stale and refuses. `clustertop run partition --set storage.quorum=sloppy --set
  /// cache.enabled=false`, and without the first setting.
  @Test func underAPartition_sloppyIsStaleAndStrictRefuses() throws {
    for (quorum, seed) in [("sloppy", 1), ("strict", 1), ("sloppy", 2), ("strict", 2)] {
      var sim = try Clusters.two(
        east: 5, west: 3, seed: UInt64(seed),
        [
          ("cache.enabled", "false"), ("storage.quorum", quorum), ("workload.keys", "100"),
          ("workload.rate", "400"),
        ])
      sim.run(seconds: 5)
      try sim.inject(.partition(.halves))
      // Both sides have to hold the other dead before stand-ins are asked.
      sim.run(seconds: 20)
      let total = sim.metrics.total
      let refused = total.failures[Int(FailureReason.notEnoughReplicas.rawValue)]
      if quorum == "sloppy" {
        #expect(total.stale > 100, "seed \(seed)")
      } else {
        #expect(total.stale == 0 && refused > 100, "seed \(seed): \(refused) refused")
      }
    }
  }

  @Test func partialQuorums_areSometimesStale() throws {
    var sim = try Clusters.two(
      east: 5, west: 3,
      [
        ("cache.enabled", "false"), ("storage.r", "1"), ("storage.w", "1"),
        ("workload.keys", "20"), ("workload.read_share", "0.5"),
      ])
    sim.run(seconds: 20)
    let total = sim.metrics.total
    #expect(total.staleFromQuorum > 0)
    #expect(total.staleFromCache == 0)
    #expect(total.versionsBehind >= 1)
    // A value can be stale for no longer than the run, and was replaced before it was read.
    let longest = try #require(total.staleness.max)
    #expect(longest > 0 && longest < 20_000_000_000)
  }

  /// With the cache on, the quorum still is what it was: all that is stale comes from the cache.
  @Test func staleReads_withCache_areAllFromTheCache() throws {
    var sim = try Clusters.two(
      east: 5, west: 3, [("cache.invalidate", "none"), ("workload.keys", "100")])
    sim.run(seconds: 20)
    #expect(sim.metrics.total.staleFromCache > 0)
    #expect(sim.metrics.total.staleFromQuorum == 0)
  }

  /// Strict and partitioned: once everyone knows, exactly the keys with enough home replicas on the
  /// client's side are answered, and the others are refused by name.
  @Test func strictPartition_answersExactlyTheKeysItHolds() throws {
    for (n, r, w) in [(3, 2, 2), (3, 1, 3), (5, 3, 3), (2, 2, 1)] {
      var sim = try Clusters.two(
        east: 5, west: 3, seed: 11,
        [
          ("cache.enabled", "false"), ("storage.n", "\(n)"), ("storage.r", "\(r)"),
          ("storage.w", "\(w)"), ("workload.keys", "300"), ("workload.distribution", "uniform"),
          ("workload.read_share", "0.5"),
        ])
      sim.run(seconds: 2)
      try sim.inject(.partition(.halves))
      // Everybody has held everybody across the cut dead for long by then.
      sim.run(seconds: 10)
      // Nothing under way at either end of the count, so that it is exact.
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 2)
      let start = sim.metrics.phases[1].locations
      let refused = start.map { $0.failures(.notEnoughReplicas) }
      try sim.inject(.set(path: "workload.rate", value: "600"))
      sim.run(seconds: 5)
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 2)
      let end = sim.metrics.phases[1].locations
      for location in 0..<2 {
        let answerable = end[location].answerable - start[location].answerable
        let begun = end[location].begun - start[location].begun
        #expect(end[location].ok - start[location].ok == answerable, "N=\(n) R=\(r) W=\(w)")
        #expect(
          end[location].failures(.notEnoughReplicas) - refused[location] == begun - answerable,
          "N=\(n) R=\(r) W=\(w)")
        #expect(begun > 1000)
      }
      let during = sim.metrics.phases[1]
      for location in 0..<2 {
        let share = try #require(during.locations[location].answerableShare)
        let keys = sim.answerableKeys(location: location)
        let expected = (keys.reads + keys.writes) / 2
        #expect(abs(share - expected) < 0.03, "N=\(n) R=\(r) W=\(w) at \(location)")
      }
    }
  }

  @Test func coordinatorAlone_refusesByName() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.enabled", "false")])
    sim.run(seconds: 1)
    try sim.inject(.partition(.isolate(node: "n1")))
    sim.run(seconds: 8)
    let before = sim.metrics.total.failures(.notEnoughReplicas)
    for _ in 0..<10 { try sim.inject(.write(key: "user:1", via: "n1")) }
    sim.run(seconds: 1)
    // The clients stand on the other side: their messages do not reach n1.
    #expect(sim.metrics.total.failures(.notEnoughReplicas) == before)
    #expect(sim.metrics.total.failures(.noAnswer) >= 10)
  }

  @Test func settings_nRandW_changeWhileItRuns() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.enabled", "false")])
    sim.run(seconds: 3)
    try sim.inject(.set(path: "storage.n", value: "5"))
    try sim.inject(.set(path: "storage.w", value: "5"))
    sim.run(seconds: 3)
    #expect(sim.homes(ofKey: "user:1").count == 5)
    #expect(sim.metrics.total.ok == sim.metrics.total.operations)
    try sim.inject(.kill(host: "n2"))
    sim.run(seconds: 8)
    let refused = sim.metrics.total.failures(.notEnoughReplicas)
    #expect(refused > 0)
    #expect(throws: ActionError.self) { try sim.inject(.set(path: "ring.vnodes", value: "3")) }
    #expect(throws: ActionError.self) { try sim.inject(.set(path: "storage.nn", value: "3")) }
  }

  /// More copies asked for than there are nodes: a request that needs them is refused, none hangs.
  @Test func moreAnswersThanNodes_isRefused() throws {
    var sim = try Clusters.two(
      east: 2, west: 1,
      [("cache.enabled", "false"), ("storage.n", "5"), ("storage.w", "4"), ("storage.r", "3")])
    sim.run(seconds: 5)
    let total = sim.metrics.total
    #expect(total.failures(.notEnoughReplicas) == total.fail && total.fail > 0)
    #expect(total.ok > 0 && total.info == 0)
  }
}
