import Testing

@testable import ClusterSim

/// What each fault does to the running cluster, and that faults compose and end separately.
@Suite struct FaultTests {
  private let quiet = [("cache.enabled", "false"), ("workload.rate", "0")]

  @Test func slowNode_multipliesServiceTimes_andRecovers() throws {
    var sim = try Clusters.two(
      east: 1, west: 1,
      [
        ("cache.enabled", "false"), ("storage.n", "1"), ("storage.r", "1"), ("storage.w", "1"),
        ("host.read_service", "constant 10ms"), ("workload.rate", "0"),
        ("network.local_jitter", "constant 0ms"), ("network.between_jitter", "constant 0ms"),
      ])
    let key = "user:1"
    let home = sim.host(sim.homes(ofKey: key)[0]).name
    func latency(_ sim: inout Simulation) throws -> Int64 {
      let before = sim.metrics.total.readLatency
      try sim.inject(.read(key: key, via: home))
      sim.run(seconds: 0.9)
      #expect(sim.metrics.total.readLatency.count == before.count + 1)
      return sim.metrics.total.readLatency.max!
    }
    // Client to node and back 0.6 ms, two hand-overs within the node 5 us each, service 10 ms.
    #expect(try latency(&sim) == 10_610_000)
    try sim.inject(.slow(host: home, factor: 20))
    #expect(try latency(&sim) == 200_610_000)
    try sim.inject(.recover(host: home))
    #expect(sim.host(sim.id(home)).slowFactor == 1 && sim.activeFaultClocks.isEmpty)
  }

  @Test func grayNode_answersPings_butNoRequests() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.enabled", "false")])
    sim.run(seconds: 2)
    try sim.inject(.gray(host: "n1"))
    sim.run(seconds: 10)
    #expect(sim.everyoneIsAlive && sim.clientsUse(sim.id("n1"), location: 0))
    #expect(sim.metrics.phases[1].locations[0].failures(.noAnswer) > 100)
    try sim.inject(.recover(host: "n1"))
    let before = sim.metrics.total.failures(.noAnswer)
    sim.run(seconds: 5)
    // Only what was under way still times out.
    #expect(sim.metrics.total.failures(.noAnswer) - before < 150)
  }

  @Test func lossyNode_losesItsShareOfMessages() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, quiet + [("client.ping_interval", "600s"), ("client.down_after", "600s")])
    try sim.inject(.lossy(host: "n1", share: 0.25))
    sim.run(seconds: 2)
    let lostBefore = sim.messageCounts.lost
    let before = sim.host(sim.id("n1"))
    sim.run(seconds: 200)
    let after = sim.host(sim.id("n1"))
    let out = after.messagesOut - before.messagesOut
    let arrived = after.messagesIn - before.messagesIn
    let lost = sim.messageCounts.lost - lostBefore
    // Of the messages from and to n1 a quarter is lost: what was sent to it is what arrived / .75.
    let expected = 0.25 * (Double(out) + Double(arrived) / 0.75)
    #expect(abs(Double(lost) - expected) < 0.05 * expected)
  }

  @Test func oneWayCut_losesOneDirectionOnly() throws {
    var sim = try Clusters.two(east: 3, west: 2, quiet)
    try sim.inject(.partition(.oneWay))
    #expect(sim.isCut(from: sim.id("n1"), to: sim.id("n4")))
    #expect(!sim.isCut(from: sim.id("n4"), to: sim.id("n1")))
    sim.run(seconds: 10)
    // The second half never hears the first; the first hears the second all along.
    #expect(sim.belief(of: sim.id("n4"), about: sim.id("n1"))?.belief == .dead)
    #expect(sim.belief(of: sim.id("n1"), about: sim.id("n4"))?.belief == .alive)
  }

  @Test func faults_compose_andHealSeparately() throws {
    var sim = try Clusters.two(east: 3, west: 2, quiet)
    try sim.inject(.partition(.halves))
    try sim.inject(.partition(.isolate(node: "n1")))
    try sim.inject(.kill(host: "n2"))
    try sim.inject(.heal(fault: 1))
    #expect(sim.reachable(sim.id("n3"), sim.id("n4")))
    #expect(!sim.reachable(sim.id("n1"), sim.id("n3")))
    #expect(sim.host(sim.id("n2")).state == .killed)
    try sim.inject(.recover(host: "n1"))
    #expect(sim.reachable(sim.id("n1"), sim.id("n3")))
    #expect(sim.host(sim.id("n2")).state == .killed && sim.activeFaultClocks.count == 1)
    try sim.inject(.heal(fault: 3))
    #expect(sim.host(sim.id("n2")).state == .up && sim.activeFaultClocks.isEmpty)
    #expect(sim.faults.map(\.number) == [1, 2, 3])
  }

  @Test func halves_cutsTheFirstHalfOfTheNodesWithTheirClients() throws {
    let sim = try Clusters.two(east: 3, west: 2, quiet)
    var cut = sim
    try cut.inject(.partition(.halves))
    let east = ["n1", "n2", "n3", "c-east", "clients-east"].map(sim.id)
    let west = ["n4", "n5", "c-west", "clients-west"].map(sim.id)
    for a in east + west {
      for b in east + west {
        let sameSide = east.contains(a) == east.contains(b)
        #expect(cut.reachable(a, b) == sameSide)
        #expect(sim.reachable(a, b))
      }
    }
  }

  /// Frozen: nothing runs, what arrives waits, and is worked off after the thaw.
  @Test func frozenNode_worksOffWhatWaited() throws {
    var sim = try Clusters.two(east: 1, west: 1, quiet + [("client.timeout", "30s")])
    sim.run(seconds: 1)
    try sim.inject(.freeze(host: "n1"))
    for _ in 0..<5 { try sim.inject(.write(key: "user:1", via: "n1")) }
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 0 && sim.messagesAddUp)
    try sim.inject(.thaw(host: "n1"))
    sim.run(seconds: 1)
    #expect(sim.metrics.total.ok == 5 && sim.messagesAddUp)
  }

  /// A kill loses memory and the queue, never the disk.
  @Test func killedNode_keepsItsDisk() throws {
    var sim = try Clusters.two(east: 2, west: 1, quiet + [("storage.n", "3"), ("storage.w", "3")])
    sim.run(seconds: 1)
    try sim.inject(.write(key: "user:5", via: "n1"))
    sim.run(seconds: 1)
    let version = try #require(sim.versionTime(ofKey: "user:5", on: sim.id("n3")))
    #expect(version > .zero)
    try sim.inject(.kill(host: "n3"))
    try sim.inject(.restart(host: "n3"))
    #expect(sim.versionTime(ofKey: "user:5", on: sim.id("n3")) == version)
  }

  /// Full queues refuse by name instead of growing without end.
  @Test func overload_isRefusedByName() throws {
    var sim = try Clusters.two(
      east: 2, west: 1,
      [
        ("cache.enabled", "false"), ("host.workers", "1"), ("host.queue", "4"),
        ("host.read_service", "constant 20ms"), ("workload.rate", "500"),
        ("workload.read_share", "1"),
      ])
    sim.run(seconds: 5)
    #expect(sim.metrics.total.failures(.overloaded) > 100)
    #expect(sim.storageNodes.allSatisfy { sim.host($0).queue <= 8 })
  }

  @Test func burst_andHotKey_endByThemselves() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.enabled", "false")])
    sim.run(seconds: 10)
    let calm = sim.metrics.total.begun
    try sim.inject(.burst(factor: 4, length: .seconds(10)))
    sim.run(seconds: 10)
    let burst = sim.metrics.total.begun - calm
    sim.run(seconds: 10)
    let after = sim.metrics.total.begun - calm - burst
    #expect(abs(Double(burst) / Double(calm) - 4) < 0.4)
    #expect(abs(Double(after) / Double(calm) - 1) < 0.1)
    #expect(
      sim.activeFaultClocks.isEmpty
        && sim.metrics.phases.map(\.label) == ["before", "during", "after"])
  }

  /// A copy is a checkpoint: it runs on to the same hash, and a fork leaves the original alone.
  @Test func copies_areCheckpoints_andForks() throws {
    var sim = try Clusters.two(east: 5, west: 3, seed: 8)
    sim.run(seconds: 7)
    try sim.inject(.kill(host: "n2"))
    var checkpoint = sim
    var fork = sim
    sim.run(seconds: 7)
    try fork.inject(.partition(.halves))
    fork.run(seconds: 7)
    checkpoint.run(seconds: 7)
    #expect(checkpoint.stateHash == sim.stateHash)
    #expect(fork.stateHash != sim.stateHash)
    // In slices or in one go, with or without a budget: the same run.
    var sliced = try Clusters.two(east: 5, west: 3, seed: 8)
    while sliced.now < .zero + .seconds(7) {
      let target = min(sliced.now + .milliseconds(13), .zero + .seconds(7))
      while !sliced.run(until: target, maxEvents: 17) {}
    }
    try sliced.inject(.kill(host: "n2"))
    sliced.run(seconds: 7)
    #expect(sliced.stateHash == sim.stateHash)
  }

  /// Every fault in the catalogue has a key or a verb of its own, and every action a record.
  @Test func catalogue_coversEveryAction() {
    let actions: [Action] = [
      .kill(host: "n1"), .restart(host: "n1"), .freeze(host: "n1"), .thaw(host: "n1"),
      .slow(host: "n1", factor: 10), .gray(host: "n1"), .recover(host: "n1"), .partition(.halves),
      .wipe(host: "n1"), .skew(host: "n1", offset: .seconds(1), drift: 0),
      .delay(host: "n1", by: .seconds(1)), .duplicate(host: "n1", share: 0.2),
      .reorder(host: "n1", by: .seconds(1)), .outage(location: "east"),
      .lossy(host: "n1", share: 0.2), .heal(fault: nil), .coldCache(location: nil),
      .burst(factor: 5, length: .seconds(10)), .hotKey(share: 0.5, length: .seconds(10)),
      .join(node: "n9", location: nil, weight: 1), .decommission(node: "n1"),
      .set(path: "storage.r", value: "1"), .read(key: "k", via: nil), .write(key: "k", via: nil),
      .reshard, .transfer(node: "n1", group: nil), .promote(node: "n1", group: nil),
      .split(key: "k", copies: 2), .splitShard(shard: nil), .moveShard(shard: 2, group: 1),
    ]
    let verbs = actions.map { String($0.text.prefix { $0 != " " }) }
    #expect(verbs.sorted() == FaultCatalogue.all.map(\.verb).sorted())
    let keys = FaultCatalogue.all.compactMap(\.key)
    #expect(keys.sorted() == "ABCDEHKLPSY".sorted())
    for record in FaultCatalogue.all {
      if let undo = record.undo { #expect(FaultCatalogue.find(undo) != nil) }
    }
  }
}
