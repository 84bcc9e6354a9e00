import Consistency
import Testing

@testable import ClusterSim

/// Several primaries that keep concurrent writes side by side (`storage.versions` vector).
struct PeerSiblingTests {
  private func cluster(
    _ seed: UInt64, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 1, west: 1, seed: seed,
      [
        ("storage.engine", "multi-primary"), ("storage.n", "2"), ("storage.shards", "1"),
        ("storage.versions", "vector"), ("storage.merge", "union"), ("cache.enabled", "false"),
        ("workload.keys", "40"), ("workload.read_share", "0"), ("workload.rate", "0"),
      ] + more)
  }

  /// Writes while the two primaries are cut off from each other.
  private func cut(_ simulation: inout Simulation) throws {
    simulation.run(seconds: 0.2)
    try simulation.inject(.partition(.halves))
    try simulation.inject(.set(path: "workload.rate", value: "1500"))
    simulation.run(seconds: 0.6)
    try simulation.inject(.set(path: "workload.rate", value: "0"))
    simulation.run(seconds: 0.5)
    try simulation.inject(.heal(fault: nil))
    simulation.run(seconds: 3)
  }

  /// Exactly the writes that nobody could know stay, named by their values. Counted from the history
  /// alone: the clients of a side share what they know, so a write replaces those of its own side that
  /// were answered before it began; nobody knows any of the other side's.
  @Test func cut_keepsExactlyWhatNobodyKnew() throws {
    var raced = 0
    for seed in 1...5 as ClosedRange<UInt64> {
      var simulation = try cluster(seed)
      simulation.recordHistory(limit: 100_000)
      try cut(&simulation)
      #expect(simulation.metrics.total.availability == 1, "seed \(seed)")

      let east = Set(simulation.clients[0].idle.map { Int64($0) })
      struct Write {
        let value: Int64
        let side: Int64
        let begin: Int
        let end: Int
      }
      var begun: [Int64: Int] = [:]
      var writes: [String: [Write]] = [:]
      for (line, record) in simulation.takeHistory().enumerated() {
        guard case .integer(let value)? = record.value else { continue }
        switch record.kind {
        case .invoke: begun[value] = line
        case .ok:
          // A process is one of the clients of a side.
          let side: Int64 = east.contains(record.process) ? 0 : 1
          writes[record.key, default: []].append(
            Write(value: value, side: side, begin: try #require(begun[value]), end: line))
        case .fail, .info: Issue.record("seed \(seed): a write without an answer")
        }
      }
      var expected: [String: Set<UInt64>] = [:]
      for (key, all) in writes {
        let kept = all.filter { write in
          !all.contains { $0.side == write.side && $0.begin > write.end }
        }
        expected[key] = Set(kept.map { UInt64($0.value) })
      }
      var wrong: [String] = []
      for (key, values) in expected {
        for node in simulation.storageNodes {
          let held = Set(simulation.siblings(ofKey: key, on: node).map(\.value))
          if held != values { wrong.append("\(key): \(held.sorted()), not \(values.sorted())") }
        }
      }
      #expect(wrong.isEmpty, "seed \(seed)")
      let several = expected.values.count { $0.count > 1 }
      #expect(several > 10 && simulation.keysWithSiblings() == several, "seed \(seed)")
      raced += expected.values.count { $0.count > 2 }
      #expect(simulation.lostAcknowledgedWrites() == 0 && simulation.lostWrites.count == 0)
      #expect(simulation.replicasConverged && simulation.multiPrimaryFigures!.conflicts == nil)
    }
    // Also two of one side that began before either was answered.
    #expect(raced > 0)
  }

  /// The same seed with last-write-wins loses a write wherever vector versions keep one.
  @Test func lastWriteWins_losesWhereSiblingsAreKept() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var kept = try cluster(seed)
      try cut(&kept)
      var lost = try cluster(seed, [("storage.versions", "last-write-wins")])
      try cut(&lost)
      let both = (1...40).count { key in
        let siblings = kept.siblings(ofKey: "user:\(key)", on: kept.storageNodes[0])
        return Set(siblings.map(\.coordinator)).count > 1
      }
      #expect(both > 10 && lost.lostWrites.count == both, "seed \(seed)")
    }
  }

  /// A client that reads siblings writes one version back: in the end each key has one, and nothing
  /// is lost.
  @Test func clientMerge_endsWithOneVersion() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var simulation = try cluster(seed, [("storage.merge", "client")])
      try cut(&simulation)
      let before = simulation.keysWithSiblings()
      // One side after the other: two that merge at the same moment make new siblings.
      for key in 1...40 {
        for node in ["n1", "n2"] {
          try simulation.inject(.read(key: "user:\(key)", via: node))
          simulation.run(seconds: 0.1)
        }
      }
      simulation.run(seconds: 2)
      #expect(before > 10 && simulation.keysWithSiblings() == 0, "seed \(seed)")
      #expect(simulation.siblingFigures.merges >= before, "seed \(seed)")
      #expect(simulation.lostAcknowledgedWrites() == 0 && simulation.replicasConverged)
    }
  }

  /// Faults, joins and leaves: the versions agree in the end, and what is gone went with disks.
  @Test func randomFaults_convergeAndLoseNothingButDisks() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      var simulation = try Clusters.two(
        east: 3, west: 2, seed: seed,
        [
          ("storage.engine", "multi-primary"), ("storage.n", "3"), ("storage.shards", "2"),
          ("storage.versions", "vector"), ("storage.merge", "union"), ("cache.enabled", "false"),
          ("storage.vector_limit", "64"), ("workload.keys", "30"), ("workload.rate", "100"),
        ])
      let wipes = seed % 3 == 0
      let story = try simulation.shakeMembership(
        seed: seed, rounds: 12, wipes ? [{ .wipe(host: $0) }] : [])
      #expect(simulation.movement == nil && simulation.replicasConverged, "seed \(seed): \(story)")
      #expect(wipes || simulation.lostAcknowledgedWrites() == 0, "seed \(seed)")
      #expect(simulation.messagesAddUp, "seed \(seed)")
    }
  }
}
