import Consistency
import Testing

@testable import ClusterSim

/// Vector versions: what a writer had not read stays beside its write (Dynamo, section 4.4).
@Suite struct VectorVersionTests {
  private let vector: [(String, String)] = [
    ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.versions", "vector"),
    ("storage.n", "5"), ("storage.r", "3"), ("storage.w", "3"),
  ]

  private func clocks(_ sim: Simulation, _ key: String, on node: String) -> [[String]] {
    sim.siblings(ofKey: key, on: sim.id(node)).map { sibling in
      sibling.clock.entries.map { "\(sim.host($0.node).name) \($0.counter)" }
    }.sorted { $0.joined() < $1.joined() }
  }

  /// The five clocks of Dynamo's Figure 3, with n1, n2 and n5 for Sx, Sy and Sz: two writes through
  /// Sx, two concurrent ones of clients that have read the second, and one that has read both.
  @Test func figure3_itsFiveClocks() throws {
    var sim = try Clusters.two(east: 4, west: 1, vector)
    func act(_ action: Action) throws {
      try sim.inject(action)
      sim.run(seconds: 0.5)
    }
    try act(.write(key: "user:1", via: "n1"))
    #expect(clocks(sim, "user:1", on: "n3") == [["n1 1"]])
    try act(.write(key: "user:1", via: "n1"))
    #expect(clocks(sim, "user:1", on: "n3") == [["n1 2"]])
    // Somebody in the west reads it, too.
    try act(.read(key: "user:1", via: "n5"))
    try sim.inject(.write(key: "user:1", via: "n2"))
    try act(.write(key: "user:1", via: "n5"))
    #expect(clocks(sim, "user:1", on: "n3") == [["n1 2", "n2 1"], ["n1 2", "n5 1"]])
    #expect(sim.keysWithSiblings() == 1 && sim.siblingFigures.mostSiblings == 2)
    #expect(sim.metrics.total.conflicts == 1)
    try act(.read(key: "user:1", via: "n1"))
    #expect(sim.siblingFigures.readsWithSiblings == 1)
    try act(.write(key: "user:1", via: "n1"))
    #expect(clocks(sim, "user:1", on: "n3") == [["n1 3", "n2 1", "n5 1"]])
    #expect(sim.siblingFigures.merges == 1 && sim.keysWithSiblings() == 0)
    #expect(sim.replicasConverged && sim.lostAcknowledgedWrites() == 0)
  }

  /// Two writes from one context through one coordinator: plain clocks would let the second
  /// overwrite the first; with dots both stay.
  @Test func sameContext_throughOneCoordinator_areSiblings() throws {
    var sim = try Clusters.two(east: 4, west: 1, vector)
    try sim.inject(.write(key: "user:1", via: "n1"))
    try sim.inject(.write(key: "user:1", via: "n1"))
    sim.run(seconds: 1)
    #expect(sim.siblings(ofKey: "user:1", on: sim.id("n1")).map(\.value).sorted() == [1, 2])
  }

  /// `client`: who reads siblings writes one version back, counted; `union`: nobody does.
  @Test func merge_byTheClient_orByTheNextWriter() throws {
    for (merge, siblings, writes) in [("client", 0, 3), ("union", 1, 2)] {
      var sim = try Clusters.two(east: 4, west: 1, vector + [("storage.merge", merge)])
      try sim.inject(.write(key: "user:1", via: "n1"))
      try sim.inject(.write(key: "user:1", via: "n2"))
      sim.run(seconds: 1)
      #expect(sim.keysWithSiblings() == 1)
      try sim.inject(.read(key: "user:1", via: "n3"))
      sim.run(seconds: 1)
      #expect(sim.keysWithSiblings() == siblings, "\(merge)")
      #expect(sim.metrics.total.writes == writes && sim.metrics.total.stale == 0)
      #expect(sim.siblingFigures.merges == 1 - siblings)
      #expect(sim.lostAcknowledgedWrites() == 0)
    }
  }

  /// The clock that loses a write with last-write-wins loses none here.
  @Test func skewedClock_losesNothing() throws {
    var sim = try Clusters.two(east: 4, west: 1, vector)
    sim.run(seconds: 5)
    try sim.overwriteByASlowClock("user:1")
    #expect(sim.lostAcknowledgedWrites() == 0 && sim.lostWrites.count == 0)
    #expect(sim.siblings(ofKey: "user:1", on: sim.id("n3")).map(\.value) == [2])
  }

  /// Beyond the limit the oldest entry goes, is counted, and old versions come back as siblings.
  @Test func truncation_dropsTheOldest() throws {
    var sim = try Clusters.two(east: 4, west: 1, vector + [("storage.vector_limit", "2")])
    for node in ["n1", "n2", "n3", "n4"] {
      try sim.inject(.write(key: "user:1", via: node))
      sim.run(seconds: 0.5)
    }
    #expect(clocks(sim, "user:1", on: "n1").contains(["n2 1", "n3 1", "n4 1"]))
    #expect(sim.siblingFigures.truncations == 1)
  }

  /// Replicas differ in siblings, not only in the newest: every repair hands over all of them.
  @Test func partition_thenHeal_bothSidesKeepBothWrites() throws {
    for repair in ["storage.hints", "storage.read_repair", "storage.anti_entropy"] {
      let repairs = ["storage.hints", "storage.read_repair", "storage.anti_entropy"]
      var sim = try Clusters.two(
        east: 3, west: 2,
        vector + [("storage.r", "1"), ("storage.w", "1"), ("storage.anti_entropy_interval", "1s")]
          + repairs.map { ($0, "\($0 == repair)") })
      sim.run(seconds: 1)
      try sim.inject(.partition(.halves))
      try sim.inject(.write(key: "user:1", via: "n1"))
      try sim.inject(.write(key: "user:1", via: "n5"))
      sim.run(seconds: 11)
      try sim.inject(.heal(fault: nil))
      sim.run(seconds: 6)
      try sim.inject(.read(key: "user:1", via: "n2"))
      sim.run(seconds: 8)
      #expect(sim.replicasConverged, "\(repair)")
      for node in sim.storageNodes {
        let values = sim.siblings(ofKey: "user:1", on: node).map(\.value).sorted()
        #expect(values == [1, 2], "\(repair) at \(sim.host(node).name)")
      }
      #expect(sim.lostAcknowledgedWrites() == 0)
    }
  }

  /// Session guarantees of versions side by side, from their clocks: the live judge, which compares the
  /// store's own, and a judge of the exported clocks say the same, and both answers occur. A truncated
  /// clock forgets what its version replaced, the verdict does not.
  @Test func sessions_liveAndFromTheExport_agree() throws {
    var answers: Set<Answer> = []
    for seed: UInt64 in 1...24 {
      var settings = [
        ("storage.versions", "vector"), ("cache.enabled", "false"), ("workload.keys", "20"),
        ("workload.rate", "100"), ("workload.read_share", "70%"),
        ("storage.read_repair", seed % 2 == 0 ? "true" : "false"),
        ("storage.vector_limit", seed % 4 == 0 ? "2" : "10"),
      ]
      if seed % 3 == 0 {
        settings += [
          ("storage.r", "1"), ("storage.w", "1"), ("storage.read_targets", "quorum"),
          ("storage.write_targets", "quorum"),
        ]
      }
      var sim = try Clusters.two(east: 3, west: 2, seed: seed, settings)
      sim.recordHistory(limit: 100_000)
      sim.run(seconds: 3)
      if seed % 2 == 1 { try sim.inject(.partition(.halves)) }
      sim.run(seconds: 3)
      var judge = HistoryJudge(try HistoryBuilder.history(sim.takeHistory()))
      while judge.judgeNextKey() {}
      let verdict = judge.verdict()
      for guarantee in SessionGuarantee.allCases {
        #expect(
          sim.judge.answer(guarantee) == verdict[guarantee], "seed \(seed): \(guarantee.title)")
        answers.insert(verdict[guarantee])
      }
    }
    #expect(answers == [.yes, .no])
  }

  /// The table stays small whatever is written: what nobody holds is forgotten.
  @Test func sets_areForgotten() throws {
    var sim = try Clusters.two(
      east: 4, west: 1,
      [
        ("storage.versions", "vector"), ("workload.keys", "20"), ("workload.rate", "2000"),
        ("workload.read_share", "0.2"), ("host.workers", "64"), ("cache.ttl", "1s"),
      ])
    sim.run(seconds: 8)
    #expect(sim.metrics.total.writes > 12_000)
    #expect(sim.vector.table.count < 9000)
  }
}
