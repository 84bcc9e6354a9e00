import Testing

@testable import ClusterSim

/// Which of the three repairs heals what, and what anti-entropy costs.
@Suite struct AntiEntropyTests {
  /// Five nodes that all hold all of 60 keys, no clients, and only the repairs that are named.
  private func cluster(
    hints: Bool = false, readRepair: Bool = false, antiEntropy: Bool = false,
    _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: 5,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5"),
        ("workload.keys", "60"), ("storage.hints", "\(hints)"),
        ("storage.read_repair", "\(readRepair)"), ("storage.anti_entropy", "\(antiEntropy)"),
      ] + more)
  }

  /// n5 misses writes of the keys 1 to 20, and n4 loses its whole disk.
  private func damage(_ sim: inout Simulation) throws {
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    sim.run(seconds: 8)
    for key in 1...20 {
      try sim.inject(.write(key: "user:\(key)", via: "n1"))
      sim.run(seconds: 0.05)
    }
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 20)
    #expect(sim.divergentKeys() == 20)
    try sim.inject(.wipe(host: "n4"))
    #expect(sim.divergentKeys() == 60)
    try sim.inject(.restart(host: "n4"))
    try sim.inject(.restart(host: "n5"))
  }

  /// Keys of which this node does not hold what n1 holds.
  private func behind(_ sim: Simulation, _ node: String) -> Int {
    (1...60).count {
      sim.versionTime(ofKey: "user:\($0)", on: sim.id(node))
        != sim.versionTime(ofKey: "user:\($0)", on: sim.id("n1"))
    }
  }

  @Test func withoutRepairs_nothingHeals() throws {
    var sim = try cluster()
    try damage(&sim)
    for key in 1...60 { try sim.inject(.read(key: "user:\(key)", via: "n1")) }
    sim.run(seconds: 60)
    #expect(behind(sim, "n5") == 20 && behind(sim, "n4") == 60)
  }

  /// Hints carry the writes that were missed; of the wiped disk they know nothing.
  @Test func hintsAlone_healMissedWritesOnly() throws {
    var sim = try cluster(hints: true)
    try damage(&sim)
    for key in 1...60 { try sim.inject(.read(key: "user:\(key)", via: "n1")) }
    sim.run(seconds: 60)
    #expect(behind(sim, "n5") == 0 && sim.hintsDelivered == 20)
    #expect(behind(sim, "n4") == 60)
    #expect(sim.readRepairs == 0 && sim.antiEntropyFigures == AntiEntropyFigures())
  }

  /// Read repair mends the keys that are read, on either node, and no others.
  @Test func readRepairAlone_healsTheKeysReadOnly() throws {
    var sim = try cluster(readRepair: true)
    try damage(&sim)
    sim.run(seconds: 10)
    for key in 11...30 { try sim.inject(.read(key: "user:\(key)", via: "n1")) }
    sim.run(seconds: 60)
    #expect(behind(sim, "n5") == 10)
    #expect(behind(sim, "n4") == 40)
    // 20 keys at the wiped node, 10 of them also missed by n5.
    #expect(sim.readRepairs == 30)
    #expect(sim.hintsStored == 0 && sim.antiEntropyFigures == AntiEntropyFigures())
  }

  /// Anti-entropy heals both, without a read and without a hint.
  @Test func antiEntropyAlone_healsEverything() throws {
    for depth in [1, 4, 8, 12] {
      var sim = try cluster(antiEntropy: true, [("storage.tree_depth", "\(depth)")])
      try damage(&sim)
      sim.run(seconds: 60)
      #expect(sim.replicasConverged, "depth \(depth)")
      #expect(sim.hintsStored == 0 && sim.readRepairs == 0)
      let figures = sim.antiEntropyFigures
      // n4 lacks 60 keys and n5 20; a key may be sent twice by two partners at the same time.
      #expect(figures.keysSent >= 80 && figures.keysSent <= 200, "depth \(depth)")
      #expect(figures.equal > 0 && figures.ranges > 0)
      #expect(sim.messagesAddUp)
    }
  }

  /// Everything is equal: a comparison costs one hash, asked for and answered, and nothing else.
  @Test func equalReplicas_exchangeOneHash() throws {
    var sim = try cluster(antiEntropy: true)
    sim.run(seconds: 61)
    let figures = sim.antiEntropyFigures
    // Five nodes, one comparison each in 5 s; one may be under way.
    #expect((55...65).contains(figures.exchanges))
    #expect(figures.exchanges - figures.equal <= 1 && figures.comparisons == figures.equal)
    #expect(figures.ranges == 0 && figures.keysCompared == 0 && figures.keysSent == 0)
    #expect(figures.bytes >= figures.equal * (4 + 8) && figures.bytes <= figures.exchanges * 12)
  }

  /// One key differs between a pair: 2h + 1 hashes, one range, and the key's newest version once.
  @Test func oneKeyDiffers_costsTwoHPlusOneHashes() throws {
    for depth in [1, 4, 8, 12] {
      var sim = try Clusters.two(
        east: 1, west: 1,
        [
          ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "2"),
          ("workload.keys", "50"), ("storage.anti_entropy", "true"),
          ("storage.tree_depth", "\(depth)"),
        ])
      let newer = Versioned(version: Version(time: 900, node: 0), value: 1)
      sim.hosts[0].store.apply(newer, to: 0)
      while sim.antiEntropyFigures.exchanges == 0 { sim.run(seconds: 0.1) }
      sim.run(seconds: 0.5)
      #expect(sim.replicasConverged)
      let figures = sim.antiEntropyFigures
      #expect(figures.exchanges == 1)
      #expect(figures.comparisons == 2 * depth + 1, "depth \(depth)")
      #expect(figures.ranges == 1 && figures.keysSent == 1)
      // Half of 50 keys share a leaf of two; with 4096 leaves the key is most likely alone.
      #expect(depth == 1 ? figures.keysCompared > 10 : figures.keysCompared < 10)
    }
  }

  /// Both sides have something newer: it goes both ways in one exchange.
  @Test func newerOnBothSides_goesBothWays() throws {
    var sim = try Clusters.two(
      east: 1, west: 1,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "2"),
        ("workload.keys", "40"), ("storage.anti_entropy", "true"),
      ])
    for key in 0..<UInt32(20) {
      let entry = Versioned(version: Version(time: 900, node: UInt16(key % 2)), value: 1)
      sim.hosts[Int(key % 2)].store.apply(entry, to: key)
    }
    while sim.antiEntropyFigures.exchanges == 0 { sim.run(seconds: 0.1) }
    sim.run(seconds: 1.2)
    #expect(sim.replicasConverged)
    #expect(sim.antiEntropyFigures.keysSent == 20)
    #expect(sim.antiEntropyFigures(of: sim.id("n1")).keysSent == 10)
    #expect(sim.antiEntropyFigures(of: sim.id("n2")).keysSent == 10)
  }

  /// A cut or a restart in the middle of it: given up, and begun again later.
  @Test func interruptedExchanges_endAndAreTakenUpAgain() throws {
    var sim = try cluster(
      antiEntropy: true, [("storage.anti_entropy_rate", "20"), ("network.transport", "udp")])
    try damage(&sim)
    sim.run(seconds: 4)
    try sim.inject(.partition(.halves))
    sim.run(seconds: 10)
    try sim.inject(.kill(host: "n1"))
    sim.run(seconds: 3)
    try sim.inject(.restart(host: "n1"))
    sim.run(seconds: 3)
    try sim.inject(.heal(fault: nil))
    sim.run(seconds: 90)
    #expect(sim.antiEntropyFigures.abandoned > 0)
    #expect(sim.replicasConverged && sim.messagesAddUp)
  }

  /// Switched on while it runs it begins, switched off it stops, and a node that joins takes part.
  @Test func switchedWhileItRuns_obeys() throws {
    var sim = try cluster()
    sim.run(seconds: 10)
    #expect(sim.antiEntropyFigures.exchanges == 0)
    try sim.inject(.set(path: "storage.anti_entropy", value: "true"))
    try sim.inject(.join(node: "n6", location: nil, weight: 1))
    sim.run(seconds: 20)
    #expect(sim.antiEntropyFigures(of: sim.id("n6")).exchanges > 1)
    #expect(sim.antiEntropyFigures.exchanges >= 18)
    try sim.inject(.set(path: "storage.anti_entropy", value: "false"))
    sim.run(seconds: 2)
    let stopped = sim.antiEntropyFigures
    sim.run(seconds: 20)
    #expect(sim.antiEntropyFigures == stopped)
  }

  /// With clients writing all the time a comparison still ends, and all together they cost a small
  /// part of the messages.
  @Test func underLoad_costsLittle() throws {
    var messages: [Int] = []
    for on in ["false", "true"] {
      var sim = try Clusters.two(
        east: 5, west: 3, [("storage.anti_entropy", on), ("cache.enabled", "false")])
      sim.run(seconds: 30)
      #expect(sim.metrics.total.fail + sim.metrics.total.info == 0)
      if on == "true" { #expect(sim.antiEntropyFigures.exchanges >= 8 * 5) }
      messages.append(sim.messageCounts.sent)
    }
    #expect(Double(messages[1]) < 1.03 * Double(messages[0]))
  }
}
