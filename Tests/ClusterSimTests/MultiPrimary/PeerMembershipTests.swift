import Testing

@testable import ClusterSim

/// Primaries that join and leave groups in which all take writes.
struct PeerMembershipTests {
  private func cluster(
    _ seed: UInt64 = 1, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("storage.engine", "multi-primary"), ("storage.n", "3"), ("storage.shards", "4"),
        ("cache.enabled", "false"), ("workload.keys", "200"), ("workload.rate", "200"),
        ("workload.read_share", "0.3"),
      ] + more)
  }

  /// A newcomer takes the copy at the rate, then everybody's log, then requests.
  @Test func join_takesACopy_thenShipsItself() throws {
    var simulation = try cluster(1, [("ring.move_rate", "100")])
    simulation.run(seconds: 1)
    try simulation.inject(.join(node: "n6", location: "west", weight: 1))
    for _ in 0..<200 where simulation.movement != nil { simulation.run(seconds: 0.05) }
    let newcomer = try #require(simulation.hostID(named: "n6"))
    #expect(simulation.movement == nil)
    #expect(simulation.replicaGroups.allSatisfy { $0.count == 3 && $0.allSatisfy(\.counts) })
    #expect(simulation.arrivals.count == 2)
    for arrival in simulation.arrivals {
      let held = (0..<UInt32(200)).count { simulation.shardGroup(of: $0) == arrival.group }
      let copied = try #require(arrival.copiedAt) - arrival.began
      #expect(arrival.keys == held && arrival.bytes == 1024 * held)
      // It asks at its next heartbeat.
      #expect((Double(held) / 100...Double(held) / 100 + 0.8).contains(copied.seconds))
      #expect(arrival.countsAt != nil)
    }
    let before = simulation.host(newcomer).writes
    simulation.run(seconds: 2)
    #expect(simulation.host(newcomer).writes > before)
    // Its own log grows, and the others take it in.
    let server = try #require(
      simulation.multiPrimary!.servers.first { $0.host == newcomer && $0.node.last > 0 })
    let place = Int(server.node.me)
    #expect(place == 3)
    try simulation.inject(.set(path: "workload.rate", value: "0"))
    simulation.run(seconds: 1)
    let engine = try #require(simulation.multiPrimary)
    let others = engine.present(engine.groups[server.group]).map { engine.servers[$0].node }
      .filter { $0.me != server.node.me }
    let end = engine.servers.first { $0.host == newcomer && $0.group == server.group }!.node.last
    #expect(others.allSatisfy { $0.disk.received[place] == end })
    #expect(simulation.replicasConverged)
    #expect(simulation.messagesAddUp)
  }

  /// Who leaves takes no new requests, and goes when everybody has what it wrote: what vanishes,
  /// vanishes for a concurrent write and by name.
  @Test func decommission_losesNothingButConflicts() throws {
    for seed in UInt64(1)...4 {
      var simulation = try cluster(seed, [("replication.ship_delay", "200ms")])
      simulation.run(seconds: 2)
      let leaver = try #require(simulation.hostID(named: "n2"))
      try simulation.inject(.decommission(node: "n2"))
      for _ in 0..<60 where simulation.host(leaver).state != .left { simulation.run(seconds: 0.5) }
      #expect(simulation.host(leaver).state == .left, "seed \(seed)")
      #expect(simulation.replicaGroups.allSatisfy { $0.count == 3 }, "seed \(seed)")
      try simulation.inject(.set(path: "workload.rate", value: "0"))
      simulation.run(seconds: 3)
      #expect(simulation.replicasConverged, "seed \(seed)")
      let lost = simulation.lostWrites
      #expect(lost.count == lost.count(.conflict) + lost.count(.clocks), "seed \(seed)")
      #expect(simulation.metrics.total.availability! > 0.995, "seed \(seed)")
      #expect(simulation.messagesAddUp)
    }
  }

  @Test func membership_underFaults_convergesAndEnds() throws {
    var changes = 0
    for seed in UInt64(1)...20 {
      var simulation = try cluster(
        seed,
        [
          ("workload.keys", "40"), ("workload.rate", "100"), ("replication.log_limit", "10"),
          ("ring.move_rate", "200"),
        ])
      let story = try simulation.shakeMembership(seed: seed, [{ .wipe(host: $0) }])
      changes += simulation.arrivals.count { $0.countsAt != nil }
      let holds: [(Bool, String)] = [
        (simulation.movement == nil, "a move does not end"),
        (simulation.replicaGroups.allSatisfy { $0.count == 3 }, "a group has not three servers"),
        (simulation.replicasConverged, "replicas differ"),
        (simulation.messagesAddUp, "messages do not add up"),
      ]
      let broken = holds.filter { !$0.0 }.map(\.1)
      #expect(broken == [], "seed \(seed): \(story)")
    }
    #expect(changes > 60)
  }
}
