import Testing

@testable import ClusterSim

/// Hinted handoff: hints equal the writes that an absent replica missed, and drain to zero.
@Suite struct HintTests {
  @Test func hints_equalTheWritesTheAbsentReplicaMissed() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5")])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    // Long enough for all to hold n5 dead: from then on it is not even asked.
    sim.run(seconds: 8)
    for write in 1...40 {
      try sim.inject(.write(key: "user:\(write)", via: "n1"))
      sim.run(seconds: 0.05)
    }
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 40)
    #expect(sim.host(sim.id("n1")).hintsHeld == 40)
    #expect(sim.host(sim.id("n5")).hintsAwaited == 40)
    #expect(sim.divergentKeys() == 40)
    try sim.inject(.restart(host: "n5"))
    sim.run(seconds: 5)
    #expect(sim.hintsWaiting == 0)
    #expect(sim.hintsDelivered == 40)
    #expect(sim.replicasConverged)
  }

  /// A write that a replica missed before it was held dead is hinted when the coordinator's time is
  /// up.
  @Test func hints_coverTheTimeBeforeDetection() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, [("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5")])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    try sim.inject(.write(key: "user:7", via: "n1"))
    sim.run(seconds: 0.3)
    #expect(sim.hintsWaiting == 0)
    sim.run(seconds: 0.2)
    #expect(sim.hintsWaiting == 1)
  }

  @Test func sloppyQuorum_writesToStandIns_andHandsOver() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.quorum", "sloppy"),
        ("storage.w", "3"), ("storage.r", "3"),
      ])
    let key = "user:3"
    let homes = sim.homes(ofKey: key)
    let coordinator = sim.host(homes[1]).name
    sim.run(seconds: 1)
    try sim.inject(.kill(host: sim.host(homes[0]).name))
    sim.run(seconds: 8)
    try sim.inject(.write(key: key, via: coordinator))
    sim.run(seconds: 1)
    // W = 3 of N = 3 with a home down: a stand-in acknowledged, with a hint for that home.
    #expect(sim.metrics.total.ok == 1)
    let standIns = sim.storageNodes.filter { sim.host($0).hintsHeld > 0 }
    #expect(standIns.count == 1 && !homes.contains(standIns[0]))
    #expect(sim.host(homes[0]).hintsAwaited == 1)
    // The stand-in answers reads of it too.
    try sim.inject(.read(key: key, via: coordinator))
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 2 && sim.metrics.total.stale == 0)
    try sim.inject(.restart(host: sim.host(homes[0]).name))
    sim.run(seconds: 5)
    #expect(sim.hintsWaiting == 0 && sim.replicasConverged)
    #expect(sim.host(homes[0]).hintsAwaited == 0)
  }

  @Test func strictQuorum_inTheSamePlight_refuses() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, [("cache.enabled", "false"), ("workload.rate", "0"), ("storage.w", "3")])
    let homes = sim.homes(ofKey: "user:3")
    sim.run(seconds: 1)
    try sim.inject(.kill(host: sim.host(homes[0]).name))
    sim.run(seconds: 8)
    try sim.inject(.write(key: "user:3", via: sim.host(homes[1]).name))
    sim.run(seconds: 1)
    #expect(sim.metrics.total.failures(.notEnoughReplicas) == 1 && sim.hintsWaiting == 0)
  }

  @Test func hints_expireAfterTheWindow_andRespectTheLimit() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5"),
        ("storage.hint_window", "3s"), ("storage.hint_limit", "10"),
      ])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    sim.run(seconds: 8)
    for write in 1...25 { try sim.inject(.write(key: "user:\(write)", via: "n1")) }
    sim.run(seconds: 1)
    #expect(sim.host(sim.id("n1")).hintsHeld == 10)
    #expect(sim.hintsDropped == 15)
    sim.run(seconds: 5)
    #expect(sim.hintsWaiting == 0 && sim.hintsDropped == 25)
  }

  /// Without hints only read repair heals; a read of the key does it.
  @Test func readRepair_mendsWhatHintsDidNot() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5"),
        ("storage.hints", "false"),
      ])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    sim.run(seconds: 1)
    try sim.inject(.write(key: "user:9", via: "n1"))
    sim.run(seconds: 1)
    try sim.inject(.restart(host: "n5"))
    sim.run(seconds: 5)
    #expect(sim.divergentKeys() == 1)
    try sim.inject(.read(key: "user:9", via: "n1"))
    sim.run(seconds: 1)
    #expect(sim.readRepairs == 1 && sim.replicasConverged)
  }
}
