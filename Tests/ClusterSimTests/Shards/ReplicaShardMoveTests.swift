import Testing

@testable import ClusterSim

/// Shards that move between groups with a primary while clients run.
@Suite("Shards that move between primaries")
struct ReplicaShardMoveTests {
  private func cluster(
    seed: UInt64 = 1, _ mode: Settings.ReplicationMode = .async,
    _ change: (inout Settings) -> Void = { _ in }
  ) throws -> Simulation {
    try Simulation(
      ShardClusters.configuration(.primaryReplica, seed: seed) {
        $0.replication.mode = mode
        $0.membership.suspectAfter = .milliseconds(500)
        $0.membership.deadAfter = .milliseconds(500)
        change(&$0)
      })
  }

  /// Every key is copied once and counted, no request fails, none is stale, and writes wait for
  /// freeze, rest, release and own: four round trips, each after the ship delay where the mode ships
  /// late (20 ms as delivered; bound 250 ms).
  @Test func move_underLoad_losesNothingAndWaitsAMoment() throws {
    for mode in Settings.ReplicationMode.allCases {
      var simulation = try cluster(mode)
      simulation.run(until: .zero + .seconds(3))
      let held = simulation.shards.first { $0.number == 2 }!.keys
      let before = simulation.bytesMoved
      try simulation.inject(.moveShard(shard: 2, group: 4))
      ShardClusters.finishMove(&simulation, within: .seconds(20))
      let move = try #require(simulation.shardMoves.last)
      #expect(move.state == "moved", "\(mode)")
      #expect(move.keys - move.keysLate == held, "\(mode): \(move.keys) copied, \(held) held")
      #expect(simulation.bytesMoved - before == move.keys * 1024)
      #expect(try #require(move.writesWaited) < .milliseconds(250), "\(mode)")
      let copied = try #require(move.endedAt) - move.beganAt
      #expect(copied.seconds > Double(held - 20) / 400)
      #expect(simulation.shards.first { $0.number == 2 }!.group == 4)
      simulation.run(until: simulation.now + .seconds(3))
      try ShardClusters.settle(&simulation)
      #expect(simulation.lostAcknowledgedWrites() == 0)
      #expect(simulation.metrics.total.fail == 0 && simulation.metrics.total.info == 0, "\(mode)")
      #expect(simulation.metrics.total.stale == 0, "\(mode)")
      #expect(simulation.divergentKeys() == 0, "\(mode)")
      #expect(simulation.routing.stale > 0 && simulation.routing.told > 0)
      #expect(simulation.storageNodes.allSatisfy { simulation.routeEpoch(of: $0) == 2 })
      #expect(simulation.messagesBalance)
    }
  }

  /// There and back, and a part of it: what the first home writes after the second is newer, though its
  /// log counted on meanwhile; nodes that have nothing to do with the shard keep no copy.
  @Test func backAndForth_withASplit_newestWriteStays() throws {
    var simulation = try cluster(.sync)
    simulation.run(until: .zero + .seconds(1))
    let steps: [Action] = [
      .moveShard(shard: 1, group: 3), .moveShard(shard: 1, group: 1), .splitShard(shard: 1),
      .moveShard(shard: 5, group: 2), .moveShard(shard: 1, group: 4),
      .moveShard(shard: 5, group: 1),
    ]
    for step in steps {
      try simulation.inject(step)
      ShardClusters.finishMove(&simulation, within: .seconds(20))
      simulation.run(until: simulation.now + .seconds(0.5))
    }
    try ShardClusters.settle(&simulation)
    #expect(simulation.shardMoves.map(\.state) == [String](repeating: "moved", count: 5))
    #expect(simulation.directoryEpoch == 7)
    #expect(simulation.divergentKeys() == 0 && simulation.lostAcknowledgedWrites() == 0)
    #expect(simulation.metrics.total.stale == 0 && simulation.metrics.total.fail == 0)
    var foreign: [String] = []
    for key in 0..<UInt32(200) {
      let homes = simulation.homeNodes(of: key)
      for node in simulation.storageNodes
      where !homes.contains(node) && simulation.hosts[node.index].store.get(key).version != .none {
        foreign.append("\(simulation.keys.names[Int(key)]) on \(simulation.host(node).name)")
      }
    }
    #expect(foreign == [])
  }

  /// The source's or the target's primary dies at some moment of the move: another is promoted and the
  /// move goes on with it, or it is called off; nothing of what sync acknowledged is lost.
  @Test func primaryDies_inTheMiddle_theMoveEndsWholeOrNotAtAll() throws {
    var wrong: [String] = []
    var ends: [String] = []
    for seed in 1...12 as ClosedRange<UInt64> {
      var simulation = try cluster(seed: seed, seed % 3 == 0 ? .async : .sync) {
        $0.storage.shardCopyRate = 60
        $0.storage.shardPatience = .seconds(seed < 7 ? 1 : 10)
      }
      simulation.run(until: .zero + .seconds(2))
      try simulation.inject(.moveShard(shard: 2, group: 4))
      simulation.run(until: simulation.now + .milliseconds(Int64(seed * 83)))
      let group = simulation.replicaGroups[seed % 2 == 0 ? 1 : 3]
      let victim = try #require(group.first { $0.role == .primary }).host
      try simulation.inject(.kill(host: simulation.host(victim).name))
      ShardClusters.finishMove(&simulation, within: .seconds(10))
      try simulation.inject(.restart(host: simulation.host(victim).name))
      ShardClusters.finishMove(&simulation, within: .seconds(20))
      simulation.run(until: simulation.now + .seconds(3))
      try ShardClusters.settle(&simulation)
      let move = simulation.shardMoves.last!
      ends.append(move.state)
      let home = simulation.shards.first { $0.number == 2 }!.group
      if !move.isOver || home != (move.state == "moved" ? 4 : 2)
        || seed % 3 != 0 && simulation.lostAcknowledgedWrites() > 0
        || simulation.divergentKeys() > 0 || !simulation.shardsServedByNobody.isEmpty
      {
        wrong.append(
          "seed \(seed): \(move.state), group \(home), lost "
            + "\(simulation.lostAcknowledgedWrites()), \(simulation.divergentKeys()) keys differ")
      }
    }
    #expect(wrong.isEmpty)
    #expect(ends.contains("moved") && ends.contains("called off"), "\(ends)")
  }

  #if DEBUG
    /// Each mistake breaks a claim for some of the seeds for which the sound mechanism keeps them all
    /// (`shaken_manySeeds_everyClaimHolds`).
    @Test func everyPlantedBug_isCaught() {
      for bug in PlantedBug.ofMoves {
        var caught: [String] = []
        for seed in 1...210 as ClosedRange<UInt64> where caught.isEmpty {
          var swarm = ShardSwarm(seed: seed, engine: .primaryReplica)
          swarm.bug = bug
          caught = swarm.play().violations.map { "seed \(seed): \($0)" }
        }
        #expect(!caught.isEmpty, "\(bug) went unseen")
      }
    }
  #endif

  /// The claims of `ShardSwarm`: clustertop bench replica-shard-verdict (1 000 seeds)
  @Test func shaken_manySeeds_everyClaimHolds() {
    var moved = 0
    var linearizable = 0
    // With 21077 who restarts goes by the address of a primary that has left for good.
    for seed in Array(1...210 as ClosedRange<UInt64>) + [21_077] {
      var swarm = ShardSwarm(seed: seed, engine: .primaryReplica)
      let outcome = swarm.play()
      #expect(
        outcome.violations == [],
        """
        clustertop bench replica-shard-verdict --size 1 --seed \(seed)
        \(outcome.story.joined(separator: "\n"))
        """)
      moved += outcome.shardsMoved
      linearizable += outcome.isLinearizable ? 1 : 0
    }
    #expect(moved > 250 && linearizable > 30, "\(moved) moved, \(linearizable) linearizable")
  }

  /// What a harm leaves of the claims of `ShardSwarm`: clustertop bench replica-shard-harm. The
  /// seeds from 138 on broke one when the steps of a move were not synced.
  @Test(arguments: [ShardSwarm.Harm.datagrams, .clocks, .unsynced])
  func harmed_manySeeds_whatIsClaimedHolds(_ harm: ShardSwarm.Harm) {
    for seed in Array(1...20 as ClosedRange<UInt64>) + [138, 170, 251, 434, 483, 994] {
      var swarm = ShardSwarm(seed: seed, engine: .primaryReplica)
      swarm.harm = harm
      let outcome = swarm.play()
      #expect(outcome.violations == [], "\(harm), seed \(seed)")
    }
  }
}
