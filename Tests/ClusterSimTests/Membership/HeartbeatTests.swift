import Testing

@testable import ClusterSim

/// Every node's own table (model.md section 3): suspicion, confirmation, death, refutation, return.
@Suite struct HeartbeatTests {
  @Test func healthyCluster_hasNoFalseSuspicions() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var sim = try Clusters.two(east: 5, west: 3, seed: seed, [("workload.rate", "50")])
      sim.run(seconds: 60)
      #expect(sim.falseSuspicions == 0, "seed \(seed)")
      #expect(sim.everyoneIsAlive, "seed \(seed)")
    }
  }

  @Test func killedNode_isSuspectThenDead_forEveryone_withinTheDetectorsTime() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var sim = try Clusters.two(east: 5, west: 3, seed: seed, [("workload.rate", "50")])
      sim.run(seconds: 5)
      try sim.inject(.kill(host: "n6"))
      let settings = sim.settings.membership
      // A beat still under way when it died may be passed on for a while.
      let gossip = settings.gossipInterval * 6
      sim.run(until: sim.now + settings.suspectAfter + gossip)
      for observer in sim.storageNodes where observer != sim.id("n6") {
        let belief = try #require(sim.belief(of: observer, about: sim.id("n6")))
        #expect(belief.belief == .suspect, "seed \(seed)")
      }
      sim.run(until: sim.now + settings.deadAfter + gossip)
      for observer in sim.storageNodes where observer != sim.id("n6") {
        let belief = try #require(sim.belief(of: observer, about: sim.id("n6")))
        #expect(belief.belief == .dead, "seed \(seed)")
      }
      let clock = try #require(sim.faults.first)
      let suspicion = try #require(clock.firstSuspicion)
      let agreement = try #require(clock.agreement)
      #expect(suspicion - clock.at >= settings.suspectAfter - settings.gossipInterval)
      #expect(agreement - suspicion >= settings.deadAfter)
      #expect(clock.trafficMoved != nil && clock.recovered == nil)
      #expect(sim.belief(of: sim.id("n6"), about: sim.id("n1")) == nil)
    }
  }

  @Test func restartedNode_comesBackWithAHigherIncarnation() throws {
    var sim = try Clusters.two(east: 5, west: 3)
    sim.run(seconds: 5)
    let before = try #require(sim.belief(of: sim.id("n1"), about: sim.id("n6")))
    try sim.inject(.kill(host: "n6"))
    sim.run(seconds: 10)
    try sim.inject(.restart(host: "n6"))
    sim.run(seconds: 5)
    let after = try #require(sim.belief(of: sim.id("n1"), about: sim.id("n6")))
    #expect(after.belief == .alive && after.incarnation > before.incarnation)
    #expect(sim.everyoneIsAlive)
    #expect(sim.faults[0].recovered != nil)
  }

  /// A pause shorter than the verdict: suspected, then seen alive again, never dead.
  @Test func frozenNode_thawedInTime_isNotHeldDead() throws {
    var sim = try Clusters.two(east: 5, west: 3)
    sim.run(seconds: 5)
    try sim.inject(.freeze(host: "n2"))
    sim.run(seconds: 2.4)
    let suspected = sim.storageNodes.filter {
      sim.belief(of: $0, about: sim.id("n2"))?.belief == .suspect
    }
    #expect(!suspected.isEmpty)
    try sim.inject(.thaw(host: "n2"))
    for _ in 0..<20 {
      sim.run(seconds: 0.1)
      for observer in sim.storageNodes where observer != sim.id("n2") {
        #expect(sim.belief(of: observer, about: sim.id("n2"))?.belief != .dead)
      }
    }
    sim.run(seconds: 2)
    #expect(sim.everyoneIsAlive && sim.messagesAddUp)
  }

  /// Suspected while it runs (its messages out are cut): what it hears of itself makes it raise its
  /// incarnation, and after the heal that refutes.
  @Test func suspectedNode_refutesWithAHigherIncarnation() throws {
    var table = MembershipTable(
      me: NodeID(0), members: [NodeID(0), NodeID(1)], incarnation: 4, now: 0)
    var gossip = HeartbeatGossip()
    var changes: [BeliefChange] = []
    var risen: [Rise] = []
    func receive(_ entries: ContiguousArray<GossipEntry>, _ now: Int64) {
      gossip.receive(
        entries, into: &table, now: now, packet: 64, changes: &changes, risen: &risen)
    }
    func entry(_ node: UInt16, _ counter: UInt32, _ incarnation: UInt32, _ belief: Belief)
      -> GossipEntry
    {
      GossipEntry(
        counter: counter, incarnation: incarnation, node: NodeID(node), belief: belief)
    }
    let said: ContiguousArray = [entry(0, 9, 4, .suspect), entry(1, 3, 1, .alive)]
    receive(said, 10)
    #expect(table.incarnation == 5)
    // The old suspicion, heard again, is no news.
    receive(said, 11)
    #expect(table.incarnation == 5)
    #expect(table[NodeID(1)].counter == 3 && table[NodeID(1)].rose == 10)
    // An older counter, or an older incarnation with a higher one, changes nothing.
    receive([said[0], entry(1, 2, 1, .dead)], 12)
    receive([said[0], entry(1, 99, 0, .dead)], 13)
    #expect(table[NodeID(1)].rose == 10 && changes.isEmpty && risen.map(\.node) == [NodeID(1)])
  }

  @Test func partition_healsIntoOneMembershipAgain() throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      var sim = try Clusters.two(east: 5, west: 3, seed: seed)
      sim.run(seconds: 5)
      try sim.inject(.partition(.halves))
      sim.run(seconds: 15)
      let fault = try #require(sim.faults.first)
      #expect(fault.agreement != nil, "seed \(seed)")
      #expect(!sim.everyoneIsAlive)
      try sim.inject(.heal(fault: nil))
      sim.run(seconds: 10)
      #expect(sim.everyoneIsAlive, "seed \(seed)")
      #expect(sim.faults[0].recovered != nil, "seed \(seed)")
    }
  }

  /// Load of the gossip: fan-out messages per member and interval, independent of the size.
  @Test func gossipLoad_isFanOutPerMemberAndInterval() throws {
    for size in [6, 24] {
      var sim = try Clusters.two(
        east: size / 2, west: size / 2,
        [("workload.rate", "0"), ("client.ping_interval", "600s"), ("client.down_after", "600s")])
      sim.run(seconds: 2)
      let before = sim.messageCounts.sent
      sim.run(seconds: 100)
      let settings = sim.settings.membership
      let rounds = 100 / settings.gossipInterval.seconds
      let perMember = Double(sim.messageCounts.sent - before) / Double(size) / rounds
      #expect(abs(perMember - Double(settings.fanout)) < 0.01 * Double(settings.fanout))
    }
  }
}
