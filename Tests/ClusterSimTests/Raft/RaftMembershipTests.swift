import Consistency
import Testing

@testable import ClusterSim

/// Nodes that join and leave a cluster of Raft groups, and leadership handed over, while clients run.
struct RaftMembershipTests {
  private func cluster(
    _ seed: UInt64 = 1, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("storage.engine", "raft"), ("storage.n", "3"), ("storage.shards", "4"),
        ("cache.enabled", "false"), ("workload.keys", "40"), ("workload.rate", "100"),
        ("workload.read_share", "0.5"),
      ] + more)
  }

  /// What must hold at any moment, looked at from outside: one leader a term, equal states after
  /// equally many entries, and no two majorities that do not meet.
  static func broken(_ sim: Simulation, _ leaders: inout [[UInt32: NodeID]]) -> String? {
    guard let raft = sim.raft else { return nil }
    if leaders.isEmpty { leaders = Array(repeating: [:], count: raft.groups.count) }
    for group in raft.groups.indices {
      let replicas = raft.numbers[group].map { raft.replicas[$0] }
      for replica in replicas where replica.node.role == .leader {
        let other = leaders[group].updateValue(replica.host, forKey: replica.node.term)
        if let other, other != replica.host { return "two leaders in term \(replica.node.term)" }
      }
      for one in replicas {
        for two in replicas where one.node.applied == two.node.applied {
          if one.node.digest.value != two.node.digest.value {
            return "group \(group): two states after \(one.node.applied) entries"
          }
        }
      }
    }
    return nil
  }

  @Test func join_takesItsShare_oneServerAtATime() throws {
    var sim = try cluster()
    sim.run(seconds: 1)
    try sim.inject(.join(node: "n6", location: "west", weight: 1))
    var leaders: [[UInt32: NodeID]] = []
    var most = 0
    for _ in 0..<80 where sim.movement != nil {
      sim.run(seconds: 0.05)
      #expect(Self.broken(sim, &leaders) == nil)
      most = max(most, sim.raftGroups.map(\.servers.count).max()!)
    }
    let newcomer = try #require(sim.hostID(named: "n6"))
    #expect(sim.movement == nil && most == 4)
    // 12 servers over 6 nodes.
    #expect(sim.raftGroups.allSatisfy { $0.servers.count == 3 })
    #expect(sim.raftGroups.count { $0.servers.contains { $0.host == newcomer } } == 2)
    #expect(sim.raftFigures!.memberChanges == 4)
    // Every key of the two groups was sent to it, and writes that came meanwhile.
    let moved = (0..<UInt32(40)).count { sim.homeNodes(of: $0).contains(newcomer) }
    #expect(sim.keysMoved >= moved && sim.keysMoved < moved + 60)
    #expect(sim.bytesMoved == sim.keysMoved * sim.settings.workload.valueSize)
    #expect(sim.host(newcomer).keys == moved)
    sim.run(seconds: 1)
    #expect(sim.lostAcknowledgedWrites() == 0 && sim.metrics.total.stale == 0)
    #expect(sim.raftFigures!.led == 4)
  }

  @Test func decommission_handsEveryServerOver_evenItsLeaderships() throws {
    var sim = try cluster(2)
    sim.run(seconds: 1)
    try sim.inject(.transfer(node: "n3", group: nil))
    sim.run(seconds: 0.5)
    let leaver = try #require(sim.hostID(named: "n3"))
    #expect(sim.raftGroups.contains { $0.leader == leaver })
    try sim.inject(.decommission(node: "n3"))
    sim.run(seconds: 5)
    #expect(sim.host(leaver).state == .left)
    #expect(sim.raftGroups.allSatisfy { $0.servers.count == 3 })
    #expect(sim.raftGroups.allSatisfy { group in !group.servers.contains { $0.host == leaver } })
    #expect(sim.lostAcknowledgedWrites() == 0 && sim.metrics.total.stale == 0)
    #expect(sim.metrics.recentTotal.availability.newest == 1)
    try sim.inject(.decommission(node: "n1"))
    sim.run(seconds: 4)
    // Three nodes are left for three servers a group.
    #expect(throws: ActionError.self) { try sim.inject(.decommission(node: "n2")) }
  }

  @Test func transfer_movesLeadership_withoutAnElectionTimeout() throws {
    var sim = try cluster(3)
    sim.run(seconds: 1)
    let group = try #require(sim.raftGroups.first)
    let heir = try #require(group.servers.first { $0.host != group.leader })
    let name = sim.host(heir.host).name
    try sim.inject(.transfer(node: name, group: 1))
    sim.run(seconds: 0.14)
    #expect(sim.raftGroups[0].leader == heir.host && sim.raftGroups[0].term == group.term + 1)
    #expect(sim.raftFigures!.transfers == 1)
    #expect(throws: ActionError.self) { try sim.inject(.transfer(node: name, group: 1)) }
    #expect(throws: ActionError.self) { try sim.inject(.transfer(node: name, group: 5)) }
    var other = try Clusters.two(east: 2, west: 1, seed: 1, [])
    #expect(throws: ActionError.self) { try other.inject(.transfer(node: "n1", group: nil)) }
  }

  /// Nodes join and leave while others are killed and cut off: everything that must hold holds at
  /// every look, the history is linearizable, and after the heal every move comes to its end.
  @Test func membership_underFaults_staysSafe_andEnds() throws {
    for seed in UInt64(1)...4 {
      var sim = try cluster(seed, [("raft.snapshot_after", "20"), ("workload.rate", "60")])
      sim.recordHistory(limit: 50_000)
      var stream = RandomStream(seed: seed, purpose: 78)
      var leaders: [[UInt32: NodeID]] = []
      var joined = 5
      for _ in 0..<12 {
        for _ in 0..<4 {
          sim.run(seconds: 0.1)
          if let problem = Self.broken(sim, &leaders) {
            Issue.record("seed \(seed), \(sim.now): \(problem)")
            return
          }
        }
        let node = "n\(1 + stream.below(joined))"
        switch stream.below(7) {
        case 0: try? sim.inject(.kill(host: node))
        case 1: try? sim.inject(.partition(.isolate(node: node)))
        case 2: try? sim.inject(.restart(host: node))
        case 3: try? sim.inject(.heal(fault: nil))
        case 4: try? sim.inject(.transfer(node: node, group: nil))
        case 5: try? sim.inject(.decommission(node: node))
        default:
          joined += 1
          try sim.inject(.join(node: "n\(joined)", location: "east", weight: 1))
        }
      }
      for fault in sim.activeFaultClocks { try sim.inject(.heal(fault: fault.number)) }
      for _ in 0..<40 where sim.movement != nil { sim.run(seconds: 0.5) }
      sim.run(seconds: 1)
      #expect(sim.movement == nil && sim.raftFigures!.led == 4, "seed \(seed)")
      #expect(sim.raftGroups.allSatisfy { $0.servers.count == 3 }, "seed \(seed)")
      #expect(sim.raftFigures!.memberChanges > 0, "seed \(seed)")
      #expect(Self.broken(sim, &leaders) == nil, "seed \(seed)")
      #expect(sim.lostAcknowledgedWrites() == 0, "seed \(seed)")
      let verdict = try Verdict.judge(records: sim.takeHistory(), limit: 2_000_000)
      #expect(verdict.linearizable == .yes, "seed \(seed)")
    }
  }
}
