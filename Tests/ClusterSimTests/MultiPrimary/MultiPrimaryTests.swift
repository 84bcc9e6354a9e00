import Consistency
import Testing

@testable import ClusterSim

/// Several primaries: alone as a state machine, and in the whole cluster.
struct MultiPrimaryTests {
  /// Two machines and what one has sent to the other, delivered by hand.
  private struct Pair {
    var nodes: [MultiPrimaryNode]
    var applied: [[UInt64]] = [[], []]
    var kinds: [PeerMessage.Kind] = []

    init(logLimit: Int = 1000) {
      var options = PrimaryReplicaOptions()
      options.shipDelay = 0
      options.logLimit = logLimit
      nodes = (0..<2).map {
        MultiPrimaryNode(me: UInt8($0), peers: 0b11, disk: .init(), options: options, now: 0)
      }
    }

    /// Performs a step and delivers everything that follows, but what goes to a lost place.
    mutating func act(
      _ place: Int, losing: Bool = false,
      _ body: (inout MultiPrimaryNode, inout [PeerEffect]) -> Void
    ) {
      var effects: [PeerEffect] = []
      body(&nodes[place], &effects)
      for effect in effects {
        switch effect {
        case .send(let message):
          kinds.append(message.kind)
          if !losing { act(Int(message.to)) { $0.receive(message, &$1) } }
        case .apply(let entry): applied[place].append(entry.entry.value)
        case .merge: applied[place].append(0)
        }
      }
    }

    mutating func write(_ value: UInt64, at place: Int, losing: Bool = false) {
      let entry = Versioned(version: Version(time: Int64(value), node: UInt16(place)), value: value)
      act(place, losing: losing) { $0.write(PeerEntry(key: 0, entry: entry), &$1) }
    }
  }

  @Test func writesAreShippedBothWays_andEachIsTakenInOnce() {
    var pair = Pair()
    pair.write(1, at: 0)
    pair.write(2, at: 1)
    pair.write(3, at: 0)
    #expect(pair.applied == [[2], [1, 3]])
    #expect(pair.nodes[0].match[1] == 2)
  }

  @Test func lostShipments_areSentAgainAfterTheNextSignOfLife() {
    var pair = Pair()
    pair.write(1, at: 0, losing: true)
    pair.write(2, at: 0, losing: true)
    #expect(pair.applied[1] == [])
    pair.act(0) { $0.fire(now: 100_000_000, &$1) }
    // It says how far it is; the next sign of life brings what is missing.
    pair.act(0) { $0.fire(now: 200_000_000, &$1) }
    #expect(pair.applied[1] == [1, 2])
    #expect(pair.kinds.contains(.behind))
  }

  @Test func whoIsTooFarBehind_orHasNothing_takesACopy() {
    var pair = Pair(logLimit: 10)
    for value in 1...40 { pair.write(UInt64(value), at: 0, losing: value <= 39) }
    pair.nodes[0].disk.entries.removeFirst(30)
    pair.nodes[0].disk.base = 30
    pair.act(0) { $0.fire(now: 100_000_000, &$1) }
    #expect(pair.kinds.last == .received || pair.kinds.contains(.copy))
    #expect(pair.nodes[1].disk.received[0] == 40)
    pair.nodes[1].disk = MultiPrimaryNode.Disk(base: 0, isBlank: true)
    pair.act(1) { $0.fire(now: 200_000_000, &$1) }
    #expect(!pair.nodes[1].disk.isBlank)
    #expect(pair.nodes[1].disk.received[0] == 40)
  }

  private func cluster(
    _ seed: UInt64, east: Int = 1, west: Int = 1, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: east, west: west, seed: seed,
      [
        ("storage.engine", "multi-primary"), ("storage.n", "\(min(3, east + west))"),
        ("storage.shards", "1"), ("cache.enabled", "false"), ("workload.keys", "40"),
        ("workload.read_share", "0.3"), ("workload.rate", "0"),
      ] + more)
  }

  /// facts.md section 7: of concurrent writes to a key all but one vanish though acknowledged.
  ///
  /// Writes are made only while the two primaries are cut off from each other, so that no write of
  /// one side knows any of the other's. Of each key the last write of each side stands at the end;
  /// of the two the one with the earlier version vanishes. Counted here from the exported history
  /// alone (the low 13 bits of a version are its primary), and name by name.
  @Test func cut_losesExactlyWhatTheHistorySays() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var simulation = try cluster(seed)
      simulation.recordHistory(limit: 100_000)
      simulation.run(seconds: 0.2)
      try simulation.inject(.partition(.halves))
      try simulation.inject(.set(path: "workload.rate", value: "300"))
      simulation.run(seconds: 2)
      try simulation.inject(.set(path: "workload.rate", value: "0"))
      simulation.run(seconds: 0.5)
      #expect(simulation.metrics.total.availability == 1, "seed \(seed)")
      #expect(simulation.lostAcknowledgedWrites() == 0, "seed \(seed)")
      try simulation.inject(.heal(fault: nil))
      simulation.run(seconds: 3)
      #expect(simulation.replicasConverged, "seed \(seed)")

      var newest: [String: [Int64: (version: Int64, value: Int64)]] = [:]
      for record in simulation.takeHistory() where record.kind == .ok && record.function == .write {
        guard case .integer(let value)? = record.value, let version = record.version
        else { continue }
        let key = record.key
        let held = newest[key]?[version & 0x1FFF]
        if held == nil || held!.version < version {
          newest[key, default: [:]][version & 0x1FFF] = (version, value)
        }
      }
      let expected = Set(
        newest.values.filter { $0.count == 2 }
          .map { $0.values.min { $0.version < $1.version }!.value })
      #expect(expected.count > 10, "seed \(seed)")
      #expect(simulation.lostWrites.count == expected.count, "seed \(seed)")
      #expect(simulation.multiPrimaryFigures!.conflicts == expected.count, "seed \(seed)")
      let named = Set(simulation.lostWrites.newest.map { Int64($0.value) })
      #expect(named == expected, "seed \(seed)")
    }
  }

  /// A clock that is behind: its primary's writes are acknowledged and lose against older ones.
  @Test func slowClock_losesWritesThatCameLater() throws {
    var simulation = try cluster(2, [("workload.rate", "200")])
    simulation.run(seconds: 1)
    try simulation.inject(.skew(host: "n2", offset: .zero - .seconds(1), drift: 0))
    simulation.run(seconds: 3)
    #expect(simulation.lostWrites.count(.clocks) > 50)
  }

  /// Whatever happened, the primaries agree in the end, and every acknowledged write was replaced by
  /// somebody who held it, is held, or is named.
  @Test func randomFaults_convergeOnceTheyAreOver() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      var simulation = try cluster(seed, east: 2, west: 2, [("workload.rate", "200")])
      var stream = RandomStream(seed: seed, purpose: 78)
      for _ in 0..<6 {
        simulation.run(seconds: 0.5)
        let node = "n\(1 + stream.below(4))"
        switch stream.below(5) {
        case 0: try? simulation.inject(.kill(host: node))
        case 1: try? simulation.inject(.partition(.isolate(node: node)))
        case 2: try? simulation.inject(.heal(fault: nil))
        case 3: try? simulation.inject(.wipe(host: node))
        default: try? simulation.inject(.recover(host: node))
        }
      }
      for node in 1...4 { try? simulation.inject(.recover(host: "n\(node)")) }
      try? simulation.inject(.heal(fault: nil))
      try simulation.inject(.set(path: "workload.rate", value: "0"))
      simulation.run(seconds: 5)
      #expect(simulation.replicasConverged, "seed \(seed)")
      let figures = simulation.multiPrimaryFigures!
      #expect(figures.serving == figures.primaries, "seed \(seed)")
      // What is still open is what the copies hold.
      #expect(figures.open <= 40, "seed \(seed)")
      #expect(simulation.messagesAddUp, "seed \(seed)")
    }
  }

  @Test func whatHasNoMeaning_isRefused() throws {
    var simulation = try cluster(1)
    // Two servers for two nodes: nobody can be spared.
    #expect(throws: ActionError.self) { try simulation.inject(.decommission(node: "n1")) }
    #expect(throws: ActionError.self) { try simulation.inject(.promote(node: "n1", group: nil)) }
  }
}
