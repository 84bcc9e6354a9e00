import Testing

@testable import ClusterSim

/// How fast gossip spreads (facts.md section 2, "Epidemics").
@Suite struct EpidemicTests {
  /// Synchronous rounds of push from one start over the gossip's own choice of targets: until all
  /// know it takes 6.2, 12.4, 18.1 rounds at fan-out 1 for n = 10, 100, 1000, and 3.0, 5.7, 8.2 at 3.
  /// The 3.0 is for targets drawn with repetition; a round's targets here are distinct, for which an
  /// independent simulation (Python, 5000 trials) gives 2.85 at n = 10 and no other difference.
  @Test func push_takesTheKnownNumberOfRounds() {
    let expected: [(n: Int, fanout: Int, rounds: Double, trials: Int)] = [
      (10, 1, 6.2, 600), (100, 1, 12.4, 100), (1000, 1, 18.1, 25), (10, 3, 2.85, 400),
      (100, 3, 5.7, 100), (1000, 3, 8.2, 12),
    ]
    for (n, fanout, rounds, trials) in expected {
      let ids = (0..<n).map { NodeID(UInt16($0)) }
      let table = MembershipTable(me: ids[0], members: ids, incarnation: 1, now: 0)
      var tables = ids.map { table.owned(by: $0, place: $0.index) }
      var stream = RandomStream(seed: UInt64(n + fanout), purpose: 95)
      var gossip = HeartbeatGossip()
      var targets: [NodeID] = []
      var total = 0
      for _ in 0..<trials {
        var knows = [Bool](repeating: false, count: n)
        var knowers = [stream.below(n)]
        knows[knowers[0]] = true
        while knowers.count < n {
          total += 1
          for knower in knowers {
            gossip.beginRound(
              &tables[knower], now: 0, fanout: fanout, stream: &stream, into: &targets)
            for target in targets where !knows[target.index] {
              knows[target.index] = true
              knowers.append(target.index)
            }
          }
        }
      }
      let mean = Double(total) / Double(trials)
      #expect(abs(mean / rounds - 1) < 0.03, "n=\(n) fan-out \(fanout): \(mean)")
    }
  }

  /// With more members than a packet has entries every message is bounded, and all still hear.
  @Test func boundedPacket_carriesItsEntriesOnly_andEverybodyIsHeardOf() throws {
    var sim = try Clusters.two(
      east: 30, west: 10,
      [
        ("membership.packet", "12"), ("membership.suspect_after", "60s"), ("workload.rate", "0"),
        ("workload.keys", "10"), ("client.ping_interval", "600s"), ("client.down_after", "600s"),
      ])
    sim.run(seconds: 20)
    let figures = sim.membership
    #expect(figures.messages > 0)
    #expect(figures.bytes == figures.messages * MembershipFigures.bytes(entries: 12))
    #expect(
      sim.storageNodes.allSatisfy { observer in
        sim.storageNodes.allSatisfy { sim.belief(of: observer, about: $0)!.counter > 20 }
      })
  }
}
