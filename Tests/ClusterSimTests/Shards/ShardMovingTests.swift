import Testing

@testable import ClusterSim

/// Shards that are cut and moved in a running Raft cluster.
@Suite("Shards that move while clients run")
struct ShardMovingTests {
  private func cluster(
    seed: UInt64 = 1, _ change: (inout Settings) -> Void = { _ in }
  ) -> ClusterConfiguration {
    ShardClusters.configuration(.raft, seed: seed, change)
  }

  private func finishMove(_ simulation: inout Simulation, within limit: Span) {
    let end = simulation.now + limit
    while simulation.now < end, simulation.shardMoves.contains(where: { !$0.isOver }) {
      simulation.run(until: simulation.now + .milliseconds(100))
    }
  }

  /// All keys of the shard are copied, no write is lost, every request is answered, and the wait is a
  /// few round trips long: freeze, rest, release and own, each a commit (measured 13 ms; bound 100 ms).
  @Test func move_underLoad_losesNothingAndWaitsAMoment() throws {
    for sharding in [Settings.Sharding.hash, .range] {
      var simulation = try Simulation(cluster { $0.storage.sharding = sharding })
      simulation.run(until: .zero + .seconds(3))
      let held = simulation.shards.first { $0.number == 2 }!.keys
      try simulation.inject(.moveShard(shard: 2, group: 4))
      finishMove(&simulation, within: .seconds(20))
      let move = try #require(simulation.shardMoves.last)
      #expect(move.state == "moved")
      #expect(move.keys - move.keysLate == held, "\(move.keys) copied, \(held) held")
      #expect(try #require(move.writesWaited) < .milliseconds(100))
      // At 400 keys a second: no faster than the rate, less the last batch.
      let copied = try #require(move.endedAt) - move.beganAt
      #expect(copied.seconds > Double(held - 20) / 400)
      #expect(simulation.shards.first { $0.number == 2 }!.group == 4)
      simulation.run(until: simulation.now + .seconds(3))
      try ShardClusters.settle(&simulation)
      #expect(simulation.lostAcknowledgedWrites() == 0)
      #expect(simulation.metrics.total.fail == 0 && simulation.metrics.total.info == 0)
      #expect(simulation.metrics.total.stale == 0)
      #expect(simulation.replicasConverged)
      #expect(simulation.routing.stale > 0 && simulation.routing.told > 0)
      // Every node but the keeper of the directory was told once.
      #expect(
        simulation.storageNodes.allSatisfy { simulation.routeEpoch(of: $0) == 2 },
        "\(simulation.storageNodes.map { simulation.routeEpoch(of: $0)! })")
    }
  }

  /// Range shards have the load of their names, hash shards nearly alike but for the hottest key; what
  /// is served adds up to what was answered by groups. Zipf over 200 keys, theta .99: the shares that
  /// the distribution gives, within 0.02 of some 4 000 requests (3 standard errors of a share).
  @Test func load_rangeAndHash_isThatOfTheKeys() throws {
    for sharding in [Settings.Sharding.range, .hash] {
      var simulation = try Simulation(cluster { $0.storage.sharding = sharding })
      simulation.run(until: .zero + .seconds(10))
      var expected = [Double](repeating: 0, count: 4)
      for key in 0..<200 {
        expected[simulation.shardGroup(of: UInt32(key))] += simulation.sampler.probability(of: key)
      }
      let served = simulation.shards.map(\.served)
      let sum = Double(served.reduce(0, +))
      #expect(sum > 3900 && Int(sum) <= simulation.metrics.total.ok + 20)
      for (shard, count) in zip(simulation.shards, served) {
        #expect(
          abs(Double(count) / sum - expected[shard.group - 1]) < 0.02,
          "\(sharding) shard \(shard.number): \(Double(count) / sum), \(expected)")
      }
    }
  }

  @Test func split_thenMoveOfThePart_halvesTheShard() throws {
    var simulation = try Simulation(cluster { $0.storage.sharding = .range })
    simulation.run(until: .zero + .seconds(2))
    try simulation.inject(.splitShard(shard: 1))
    #expect(simulation.shards.map(\.keys) == [25, 25, 50, 50, 50])
    #expect(simulation.shards.map(\.number) == [1, 5, 2, 3, 4])
    #expect(simulation.shards.map(\.group) == [1, 1, 2, 3, 4])
    try simulation.inject(.moveShard(shard: 5, group: 3))
    finishMove(&simulation, within: .seconds(20))
    #expect(simulation.shards.map(\.group) == [1, 3, 2, 3, 4])
    simulation.run(until: simulation.now + .seconds(2))
    try ShardClusters.settle(&simulation)
    #expect(simulation.lostAcknowledgedWrites() == 0 && simulation.metrics.total.fail == 0)
    #expect(simulation.replicasConverged)
  }

  /// The keeper of the directory is cut off after the move: who has been told goes on, who has not
  /// cannot reach the shard, and everything else is served.
  @Test func directoryCutOff_oldRoutesGoOn_newOnesAreNotToBeHad() throws {
    var simulation = try Simulation(cluster { $0.workload.rate = 0 })
    simulation.run(until: .zero + .seconds(2))
    try simulation.inject(.moveShard(shard: 2, group: 4))
    finishMove(&simulation, within: .seconds(20))
    let keeper = simulation.host(try #require(simulation.directoryKeeper)).name
    #expect(keeper == "n1")
    try simulation.inject(.partition(.isolate(node: keeper)))
    // Long enough for the groups to have leaders on the other side.
    simulation.run(until: simulation.now + .seconds(5))
    let moved = (1...200).map { "user:\($0)" }.filter { key in
      simulation.sharded!.shardOfKey[Int(simulation.keys.number(of: key)!)] == 1
    }
    let stayed = (1...200).map { "user:\($0)" }.filter { !moved.contains($0) }
    func answered(_ keys: ArraySlice<String>, via node: String) throws -> Int {
      let before = simulation.metrics.total.ok
      for key in keys { try simulation.inject(.read(key: key, via: node)) }
      simulation.run(until: simulation.now + .seconds(3))
      return simulation.metrics.total.ok - before
    }
    #expect(try answered(stayed.prefix(10), via: "n3") == 10)
    #expect(try answered(moved.prefix(10), via: "n3") == 0)
    #expect(simulation.routing.stale > 0 && simulation.routing.told == 0)
    try simulation.inject(.heal(fault: nil))
    simulation.run(until: simulation.now + .seconds(5))
    #expect(try answered(moved.prefix(10), via: "n3") == 10)
    #expect(simulation.routing.told > 0)
  }

  /// The leader of the old or of the new group dies at a moment of the copy: the move goes on under the
  /// next leader, or is called off; never half-done, and nothing is lost.
  @Test func leaderDies_inTheMiddle_theMoveEndsWholeOrNotAtAll() throws {
    var wrong: [String] = []
    var ends: [String] = []
    for seed in 1...12 as ClosedRange<UInt64> {
      var simulation = try Simulation(
        cluster(seed: seed) {
          $0.storage.shardCopyRate = 60
          $0.storage.shardPatience = .seconds(1)
        })
      simulation.run(until: .zero + .seconds(2))
      try simulation.inject(.moveShard(shard: 2, group: 4))
      simulation.run(until: simulation.now + .milliseconds(Int64(seed * 83)))
      let victim = simulation.raftGroups[seed % 2 == 0 ? 1 : 3].leader!
      try simulation.inject(.kill(host: simulation.host(victim).name))
      finishMove(&simulation, within: .seconds(10))
      try simulation.inject(.restart(host: simulation.host(victim).name))
      finishMove(&simulation, within: .seconds(20))
      simulation.run(until: simulation.now + .seconds(3))
      try ShardClusters.settle(&simulation)
      let move = simulation.shardMoves.last!
      ends.append(move.state)
      let group = simulation.shards.first { $0.number == 2 }!.group
      if !move.isOver || group != (move.state == "moved" ? 4 : 2)
        || simulation.lostAcknowledgedWrites() > 0 || simulation.metrics.total.stale > 0
        || !simulation.replicasConverged
      {
        wrong.append(
          "seed \(seed): \(move.state), group \(group), lost "
            + "\(simulation.lostAcknowledgedWrites()), stale \(simulation.metrics.total.stale), "
            + "\(simulation.divergentKeys()) keys differ")
      }
    }
    #expect(wrong.isEmpty)
    #expect(ends.contains("moved"))
  }

  @Test func whatCannotBe_isRefusedInOneLine() throws {
    func refusal(_ action: Action, _ change: (inout Settings) -> Void) throws -> String {
      var simulation = try Simulation(cluster(change))
      simulation.run(until: .zero + .seconds(1))
      do {
        try simulation.inject(action)
        return "done"
      } catch { return error.message }
    }
    #expect(
      try refusal(.splitShard(shard: nil)) { $0.storage.engine = .leaderless }
        == "storage.engine leaderless has a ring and no shards: join, decommission and split move keys"
    )
    #expect(
      try refusal(.moveShard(shard: 9, group: 2)) { _ in } == "shard 9 is not in 1 to 4")
    #expect(
      try refusal(.moveShard(shard: 2, group: 2)) { _ in } == "the shard is in that group already")
    #expect(try refusal(.splitShard(shard: 1)) { $0.storage.engine = .multiPrimary } == "done")
  }
}
