import Testing

@testable import ClusterSim

/// Consistency levels by location, zones, and what a cut or an outage leaves of them.
@Suite struct LevelTests {
  private static func cluster(
    read: String, write: String, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 4, west: 4, seed: 5,
      [
        ("storage.n", "6"), ("ring.spread", "location"), ("storage.read_level", read),
        ("storage.write_level", write), ("cache.enabled", "false"), ("workload.rate", "300"),
        ("workload.keys", "200"), ("workload.read_share", "50%"),
      ] + more)
  }

  /// Three copies in each location: a local quorum never waits for the 8 ms between them; a majority
  /// of six and a majority in each location do, there and back.
  @Test func latency_isThatOfTheReplicasThatAreWaitedFor() throws {
    for (level, isFar) in [
      ("local_quorum", false), ("one", false), ("each_quorum", true), ("quorum", true),
      ("all", true),
    ] {
      var sim = try Self.cluster(read: level, write: level)
      sim.run(seconds: 3)
      let total = sim.metrics.total
      #expect(total.fail == 0 && total.info == 0, "\(level)")
      for median in [total.readLatency.quantile(0.5), total.writeLatency.quantile(0.5)] {
        let median = try #require(median)
        #expect(isFar ? median > 16_000_000 : median < 8_000_000, "\(level): \(median)")
      }
    }
  }

  /// During a cut between the locations each side answers local quorums and refuses what asks for the
  /// other side; `answerable` foretells every answer.
  @Test func aDataCentreCut_leavesLocalQuorums() throws {
    for (read, write, reads, writes) in [
      ("local_quorum", "local_quorum", 1.0, 1.0), ("local_quorum", "each_quorum", 1, 0),
      ("quorum", "local_quorum", 0, 1),
    ] {
      var sim = try Self.cluster(read: read, write: write)
      sim.run(seconds: 2)
      try sim.inject(.partition(.dataCentre(location: "west")))
      sim.run(seconds: 10)
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 2)
      let start = sim.metrics.phases[1].locations
      try sim.inject(.set(path: "workload.rate", value: "300"))
      sim.run(seconds: 3)
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 2)
      let end = sim.metrics.phases[1].locations
      for location in 0..<2 {
        let share = sim.answerableShare(location: location)
        #expect(abs(share.reads - reads) < 1e-9 && abs(share.writes - writes) < 1e-9, "\(read)")
        let answerable = end[location].answerable - start[location].answerable
        #expect(end[location].ok - start[location].ok == answerable, "\(read) \(write)")
        #expect(end[location].begun - start[location].begun > 300)
      }
      try sim.inject(.heal(fault: nil))
      sim.run(seconds: 15)
      #expect(sim.divergentKeys() == 0 && sim.lostAcknowledgedWrites() == 0, "\(read) \(write)")
    }
  }

  /// facts.md section 4: with copies spread over locations every key is readable by local quorum when
  /// the other location is gone; without, some keys are not.
  @Test func anOutage_leavesEveryKeyReadable_whereCopiesAreSpread() throws {
    for (spread, isWhole) in [("location", true), ("none", false)] {
      var sim = try Self.cluster(
        read: "local_quorum", write: "local_quorum",
        [("ring.spread", spread), ("storage.n", "4"), ("ring.vnodes", "16")])
      sim.run(seconds: 1)
      try sim.inject(.outage(location: "east"))
      sim.run(seconds: 1)
      #expect((sim.answerableKeys(location: 1).reads == 1) == isWhole, "\(spread)")
    }
  }

  @Test func aZone_isNearer_andGoesDownAlone() throws {
    var settings = Settings()
    for (path, value) in [
      ("network.zone", "100us"), ("network.local", "2ms"), ("ring.spread", "zone"),
      ("cache.enabled", "false"), ("storage.read_level", "one"),
    ] { try settings.set(path, to: value) }
    var configuration = ClusterConfiguration(
      name: "zones", locations: [.init(name: "east")],
      nodes: (0..<9).map { .init(name: "n\($0)", location: "east", zone: "z\($0 % 3)") },
      settings: settings)
    var sim = try Simulation(configuration)
    #expect(sim.zoneNames == ["z0", "z1", "z2"])
    sim.run(seconds: 2)
    try sim.inject(.outage(location: "z1"))
    #expect(sim.storageNodes.filter { sim.host($0).state == .killed }.map(\.index) == [1, 4, 7])
    #expect(sim.host(sim.cacheServers[0]).state == .up)
    // One copy in each zone: two of three are left of every key.
    #expect(sim.answerableKeys(location: 0).writes == 1)
    sim.run(seconds: 1)
    try sim.inject(.heal(fault: 1))
    sim.run(seconds: 10)
    #expect(sim.divergentKeys() == 0)
    configuration.locations.append(.init(name: "west"))
    configuration.nodes.append(.init(name: "w", location: "west", zone: "z1"))
    #expect(throws: ActionError.self) { try Simulation(configuration) }
  }
}
