import Consistency
import Testing

@testable import ClusterSim

/// The Raft engine in the whole cluster: clients, network, faults, verdicts.
struct RaftClusterTests {
  private func cluster(
    _ seed: UInt64 = 1, reads: String = "index", _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("storage.engine", "raft"), ("storage.n", "5"), ("storage.shards", "4"),
        ("cache.enabled", "false"), ("workload.keys", "20"), ("workload.rate", "150"),
        ("workload.read_share", "0.5"), ("raft.reads", reads),
      ] + more)
  }

  @Test func cluster_withoutFaults_elects_answers_andStaysStill() throws {
    var simulation = try cluster()
    simulation.run(seconds: 2)
    let elected = simulation.raftFigures!.elections
    #expect(simulation.raftFigures!.led == 4)
    simulation.run(seconds: 4)
    #expect(simulation.raftFigures!.elections == elected)
    let total = simulation.metrics.recentTotal
    #expect(total.availability.newest == 1)
    #expect(simulation.metrics.total.stale == 0)
    #expect(simulation.messagesAddUp)
  }

  /// The minority is left without a leader and refuses; the majority goes on.
  @Test func cluster_partition_minorityRefuses_nothingIsStaleOrLost() throws {
    var simulation = try cluster()
    simulation.run(seconds: 2)
    try simulation.inject(.partition(.majorityMinority))
    simulation.run(seconds: 5)
    let shares = simulation.locationNames.indices.map {
      simulation.metrics.recent[$0].availability.newest
    }
    #expect(shares.min()! < 0.1)
    #expect(shares.max()! > 0.99)
    try simulation.inject(.heal(fault: nil))
    simulation.run(seconds: 4)
    #expect(simulation.metrics.total.stale == 0)
    #expect(simulation.lostAcknowledgedWrites() == 0)
    #expect(simulation.metrics.recentTotal.availability.newest == 1)
  }

  @Test func cluster_killAndRestart_comesBackFromDisk() throws {
    var simulation = try cluster()
    simulation.run(seconds: 2)
    try simulation.inject(.kill(host: "n1"))
    simulation.run(seconds: 3)
    #expect(simulation.raftFigures!.led == 4)
    try simulation.inject(.restart(host: "n1"))
    simulation.run(seconds: 3)
    for group in simulation.raftGroups {
      let committed = group.servers.map(\.commit)
      // A follower learns what is committed by the next heartbeat.
      #expect(committed.max()! - committed.min()! < 40)
    }
    #expect(simulation.lostAcknowledgedWrites() == 0)
    #expect(simulation.metrics.total.stale == 0)
    #expect(simulation.messagesAddUp)
  }

  @Test func cluster_sameSeed_sameHash() throws {
    var first = try cluster(3)
    var second = try cluster(3)
    first.run(seconds: 2)
    second.run(seconds: 2)
    #expect(first.stateHash == second.stateHash)
  }

  /// Random kills, restarts and partitions; every way to read stays linearizable.
  @Test func cluster_randomFaults_isLinearizable() throws {
    for (number, reads) in ["log", "index", "lease"].enumerated() {
      let seed = UInt64(100 + number)
      var simulation = try cluster(seed, reads: reads)
      simulation.recordHistory(limit: 100_000)
      var stream = RandomStream(seed: seed, purpose: 77)
      for _ in 0..<6 {
        simulation.run(seconds: 0.5 + stream.unit())
        let node = "n\(1 + stream.below(5))"
        switch stream.below(4) {
        case 0: try? simulation.inject(.kill(host: node))
        case 1: try? simulation.inject(.partition(.isolate(node: node)))
        case 2: try? simulation.inject(.heal(fault: nil))
        default: try? simulation.inject(.restart(host: node))
        }
      }
      #expect(simulation.metrics.total.ok > 200)
      let verdict = try Verdict.judge(records: simulation.takeHistory(), limit: 2_000_000)
      #expect(verdict.linearizable == .yes, "seed \(seed), reads by \(reads)")
    }
  }
}
