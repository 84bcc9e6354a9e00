import Testing

@testable import ClusterSim

/// What every detector must do, over all of them.
@Suite struct DetectorTests {
  /// Each detector, SWIM also with Lifeguard, phi also in its normal form.
  static let variants: [[(String, String)]] = [
    [("membership.detector", "heartbeat")],
    [("membership.detector", "swim")],
    [("membership.detector", "swim"), ("membership.lifeguard", "on")],
    [("membership.detector", "swim"), ("membership.swim_order", "random")],
    [("membership.detector", "phi")],
    [("membership.detector", "phi"), ("membership.phi_model", "normal")],
  ]

  private func cluster(_ variant: [(String, String)], seed: UInt64 = 1) throws -> Simulation {
    try Clusters.two(
      east: 5, west: 3, seed: seed,
      variant + [
        ("workload.rate", "0"), ("workload.keys", "20"), ("client.ping_interval", "600s"),
        ("client.down_after", "600s"),
      ])
  }

  private func beliefs(about node: String, _ sim: Simulation) -> [Belief] {
    let subject = sim.id(node)
    return sim.storageNodes.filter { $0 != subject }.compactMap {
      sim.belief(of: $0, about: subject)?.belief
    }
  }

  @Test func killedNode_isSuspectedThenDead_andComesBackWithAHigherIncarnation() throws {
    for variant in Self.variants {
      var sim = try cluster(variant)
      sim.run(seconds: 10)
      #expect(sim.falseSuspicions == 0 && sim.everyoneIsAlive, "\(variant)")
      let before = sim.members[sim.id("n6").index]!.incarnation
      try sim.inject(.kill(host: "n6"))
      sim.run(seconds: 40)
      #expect(beliefs(about: "n6", sim).allSatisfy { $0 == .dead }, "\(variant)")
      let clock = try #require(sim.faults.first)
      let suspicion = try #require(clock.firstSuspicion, "\(variant)")
      let agreement = try #require(clock.agreement, "\(variant)")
      #expect(suspicion > clock.at && agreement > suspicion, "\(variant)")
      #expect(clock.falseSuspicions == 0, "\(variant)")
      try sim.inject(.restart(host: "n6"))
      sim.run(seconds: 15)
      #expect(sim.everyoneIsAlive, "\(variant)")
      #expect(sim.belief(of: sim.id("n1"), about: sim.id("n6"))!.incarnation > before, "\(variant)")
      #expect(sim.faults[0].recovered != nil, "\(variant)")
      expectCensus(sim, "\(variant)")
    }
  }

  @Test func partition_healsIntoOneMembershipAgain() throws {
    for variant in Self.variants {
      var sim = try cluster(variant, seed: 2)
      sim.run(seconds: 5)
      try sim.inject(.partition(.halves))
      sim.run(seconds: 60)
      #expect(sim.faults[0].agreement != nil, "\(variant)")
      expectCensus(sim, "\(variant)")
      try sim.inject(.heal(fault: nil))
      sim.run(seconds: 30)
      #expect(sim.everyoneIsAlive && sim.faults[0].recovered != nil, "\(variant)")
      #expect(sim.messagesAddUp, "\(variant)")
    }
  }

  /// Frozen until all hold it dead; once thawed it hears of that and refutes.
  @Test func frozenNode_refutesAfterTheThaw() throws {
    for variant in Self.variants {
      var sim = try cluster(variant, seed: 3)
      sim.run(seconds: 5)
      let before = sim.belief(of: sim.id("n1"), about: sim.id("n2"))!.incarnation
      try sim.inject(.freeze(host: "n2"))
      sim.run(seconds: 40)
      #expect(beliefs(about: "n2", sim).filter { $0 == .dead }.count == 7, "\(variant)")
      try sim.inject(.thaw(host: "n2"))
      sim.run(seconds: 25)
      #expect(sim.everyoneIsAlive, "\(variant)")
      // Where heartbeats are gossiped the counter alone, rising again, may be the refutation.
      if sim.settings.membership.detector == .swim {
        let after = sim.belief(of: sim.id("n1"), about: sim.id("n2"))!.incarnation
        #expect(after > before, "\(variant)")
      }
      expectCensus(sim, "\(variant)")
    }
  }

  /// Another detector takes over while the cluster runs, with what each node believes.
  @Test func detector_changedWhileItRuns_keepsBeliefsAndGoesOn() throws {
    var sim = try cluster([])
    sim.run(seconds: 5)
    try sim.inject(.kill(host: "n3"))
    sim.run(seconds: 10)
    for detector in ["swim", "phi", "heartbeat", "swim"] {
      try sim.inject(.set(path: "membership.detector", value: detector))
      sim.run(seconds: 8)
      #expect(beliefs(about: "n3", sim).allSatisfy { $0 == .dead }, "\(detector)")
      #expect(sim.everyoneIsAlive && sim.falseSuspicions == 0, "\(detector)")
    }
    try sim.inject(.restart(host: "n3"))
    sim.run(seconds: 15)
    #expect(sim.everyoneIsAlive)
    expectCensus(sim, "changed")
  }

  /// Any faults for a while, then all healed: everybody must be alive to everybody again.
  @Test func randomFaults_thenHealed_converge() throws {
    for (number, variant) in Self.variants.enumerated() {
      for seed in 1...3 as ClosedRange<UInt64> {
        var sim = try cluster(variant, seed: seed)
        var stream = RandomStream(seed: seed, purpose: 94, index: UInt64(number))
        for _ in 0..<12 {
          let host = "n\(1 + stream.below(8))"
          let actions: [Action] = [
            .kill(host: host), .restart(host: host), .freeze(host: host), .thaw(host: host),
            .partition(.halves), .partition(.isolate(node: host)), .lossy(host: host, share: 0.5),
            .heal(fault: nil),
          ]
          // What is refused is no fault: the host may be down already.
          try? sim.inject(stream.pick(actions))
          sim.run(seconds: 1 + 5 * stream.unit())
        }
        try? sim.inject(.heal(fault: nil))
        for node in 1...8 { try? sim.inject(.recover(host: "n\(node)")) }
        // With Lifeguard a member that was cut off is at its worst health and needs 9 + 8 + … + 1
        // periods until it is well again.
        sim.run(seconds: variant.contains { $0.0 == "membership.lifeguard" } ? 90 : 40)
        #expect(sim.everyoneIsAlive && sim.messagesAddUp, "seed \(seed) \(variant)")
        expectCensus(sim, "seed \(seed) \(variant)")
      }
    }
  }

  /// The running counts are what a count of all tables gives.
  private func expectCensus(_ sim: Simulation, _ what: String) {
    var agrees = true
    let running = sim.storageNodes.filter {
      sim.hosts[$0.index].state == .up && sim.members[$0.index] != nil
    }
    for subject in sim.storageNodes {
      let held = running.filter { $0 != subject }.map {
        sim.members[$0.index]!.table.belief(subject)
      }
      if held.filter({ $0 == .suspect }).count != sim.census.suspecting(subject)
        || held.filter({ $0 == .dead }).count != sim.census.holdingDead(subject)
      {
        agrees = false
      }
    }
    #expect(agrees && sim.census.observers == running.count, "\(what)")
  }
}
