import Testing

@testable import ClusterSim

/// The placement schemes in the running cluster: who owns a key, and what a join moves.
@Suite struct SchemeTests {
  private static func cluster(
    _ scheme: PlacementScheme, nodes: Int, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: nodes - 2, west: 2, seed: 3,
      [
        ("ring.scheme", scheme.rawValue), ("ring.move_rate", "100000"), ("workload.keys", "2000"),
        ("workload.rate", "50"), ("workload.read_share", "50%"), ("cache.enabled", "false"),
      ] + more)
  }

  /// The running cluster and `clustertop ring` know the same owners.
  @Test func homes_areThoseOfTheTool() throws {
    for scheme in PlacementScheme.allCases where scheme != .range {
      let sim = try Self.cluster(scheme, nodes: 6)
      let tool = try Placement(
        scheme, nodes: (1...6).map { PlacementNode("n\($0)") }, virtualNodes: 64)
      let wrong = (1...200).filter { index in
        let owners = tool.owners(of: "user:\(index)", count: 3)
        return sim.homes(ofKey: "user:\(index)").map(\.index) != owners
      }
      #expect(wrong.isEmpty, "\(scheme)")
      // A name that no key has yet is placed as well.
      #expect(sim.homes(ofKey: "other").map(\.index) == tool.owners(of: "other", count: 3))
    }
  }

  /// facts.md section 4, in the simulation: with one copy of each key a join moves on the ring
  /// exactly the newcomer's share and nothing between old nodes; modulo moves n/(n+1) within .01 of
  /// 20,000 keys; and what the cluster counted is what was sent.
  @Test func aJoin_movesWhatTheSchemeSays() throws {
    for (scheme, expected, slack) in [
      (PlacementScheme.ring, nil, 0.0), (.rendezvous, nil, 0), (.jump, nil, 0),
      (.modulo, 6.0 / 7, 0.01),
    ] as [(PlacementScheme, Double?, Double)] {
      var sim = try Self.cluster(
        scheme, nodes: 6,
        [
          ("storage.n", "1"), ("storage.r", "1"),
          ("storage.w", "1"), ("workload.keys", "20000"),
        ])
      let before = (1...20_000).map { sim.homes(ofKey: "user:\($0)")[0] }
      try sim.inject(.join(node: "n7", location: "east", weight: 1))
      for _ in 0..<60 where sim.movement != nil || sim.keysMoved == 0 { sim.run(seconds: 3) }
      #expect(sim.movement == nil)
      let newcomer = sim.id("n7")
      let after = (1...20_000).map { sim.homes(ofKey: "user:\($0)")[0] }
      let moved = zip(before, after).count { $0 != $1 }
      let gained = after.count { $0 == newcomer }
      #expect(sim.keysMoved == moved && sim.bytesMoved == moved * 1024, "\(scheme)")
      if let expected {
        #expect(abs(Double(moved) / 20_000 - expected) < slack, "\(scheme)")
      } else {
        #expect(moved == gained && moved > 1000, "\(scheme)")
      }
      sim.run(seconds: 2)
      #expect(sim.storageNodes.reduce(0) { $0 + sim.host($1).keys } == 20_000, "\(scheme)")
      #expect(sim.lostAcknowledgedWrites() == 0 && sim.metrics.total.fail == 0, "\(scheme)")
    }
  }

  /// A change of scheme or spread while clients run moves the data; nothing is lost or refused.
  @Test func aChangeWhileItRuns_movesTheData() throws {
    var sim = try Self.cluster(.ring, nodes: 6, [("workload.rate", "200")])
    sim.run(seconds: 1)
    for (path, value) in [
      ("ring.scheme", "modulo"), ("ring.spread", "location"), ("ring.scheme", "range"),
      ("storage.n", "6"), ("ring.scheme", "ring"), ("storage.n", "3"),
    ] {
      try sim.inject(.set(path: path, value: value))
      sim.run(seconds: 2)
      #expect(sim.movement == nil, "\(path) \(value)")
    }
    try sim.inject(.decommission(node: "n2"))
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 12)
    #expect(sim.divergentKeys() == 0 && sim.lostAcknowledgedWrites() == 0)
    #expect(sim.metrics.total.fail == 0)
    let fresh = try Clusters.two(
      east: 4, west: 2, seed: 3, [("workload.keys", "2000"), ("ring.spread", "location")])
    let kept = fresh.placement.ring.removing(sim.id("n2"))
    let wrong = (1...2000).filter {
      let key = "user:\($0)"
      return sim.homes(ofKey: key) != kept.preferenceList(sim.token(ofKey: key), count: 3)
    }
    #expect(wrong.isEmpty)
  }

  /// All keys in one range on n1 and its two replicas; each split halves the fullest range and moves
  /// the half to the emptiest node, while clients write and read.
  @Test func reshard_splitsTheFullestRange_whileClientsRun() throws {
    var sim = try Self.cluster(
      .range, nodes: 6,
      [("ring.ranges", "one"), ("ring.range_limit", "600"), ("workload.rate", "200")])
    sim.run(seconds: 1)
    #expect(sim.host(sim.id("n1")).ringShare == 1 && sim.host(sim.id("n5")).keys == 0)
    for shares in [[0.5, 0.5], [0.25, 0.5, 0.25], [0.25, 0.25, 0.25, 0.25]] {
      try sim.inject(.reshard)
      sim.run(seconds: 3)
      #expect(sim.movement == nil)
      let found = sim.storageNodes.map { sim.host($0).ringShare }
      #expect(found.filter { $0 > 0 }.sorted() == shares.sorted())
    }
    // Every range is below the limit now.
    #expect(throws: ActionError.self) { try sim.inject(.reshard) }
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 10)
    #expect(sim.keysMoved > 1000 && sim.divergentKeys() == 0)
    #expect(sim.lostAcknowledgedWrites() == 0 && sim.metrics.total.fail == 0)
    // n1, whose one range it was, holds no more than its range and those it is a replica of.
    #expect(sim.storageNodes.reduce(0) { $0 + sim.host($1).keys } == 3 * 2000)
  }

  @Test func reshard_withoutRanges_isRefused() throws {
    var sim = try Self.cluster(.ring, nodes: 4)
    #expect(throws: ActionError.self) { try sim.inject(.reshard) }
  }
}
