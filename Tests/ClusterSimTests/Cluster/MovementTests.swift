import Testing

@testable import ClusterSim

/// Join and leave while clients run: keys really move, exactly those that have to, and none is lost.
@Suite struct MovementTests {
  @Test func join_movesExactlyTheNewcomersCopies_andLosesNothing() throws {
    for weight in [1, 3] {
      var sim = try Clusters.two(
        east: 5, west: 3, seed: 4, [("workload.read_share", "50%"), ("ring.move_rate", "2000")])
      sim.run(seconds: 3)
      try sim.inject(.join(node: "n9", location: "west", weight: weight))
      let total = try #require(sim.movement).total
      sim.run(seconds: 20)
      #expect(sim.movement == nil)
      let node = sim.id("n9")
      #expect(sim.host(node).ringRole == .member)
      #expect(sim.keysMoved == total)
      #expect(sim.bytesMoved == total * sim.settings.workload.valueSize)
      // Every copy that moved is one the newcomer now holds, and nothing moved between old nodes.
      let held = (1...1000).filter { sim.homes(ofKey: "user:\($0)").contains(node) }.count
      #expect(total == held && sim.host(node).keys == held)
      let everyKey = sim.storageNodes.reduce(0) { $0 + sim.host($1).keys }
      #expect(everyKey == 3 * 1000)
      try finishAndCompare(&sim)
    }
  }

  @Test func decommission_handsOverAndLeaves() throws {
    var sim = try Clusters.two(
      east: 5, west: 3, seed: 5, [("workload.read_share", "50%"), ("ring.move_rate", "2000")])
    sim.run(seconds: 3)
    try sim.inject(.decommission(node: "n2"))
    sim.run(seconds: 20)
    let node = sim.id("n2")
    #expect(sim.host(node).ringRole == .left && sim.host(node).ringShare == 0)
    #expect(sim.host(node).keys == 0)
    for observer in sim.storageNodes where observer != node {
      #expect(sim.belief(of: observer, about: node)?.belief == .left)
    }
    #expect(sim.metrics.total.fail == 0)
    try finishAndCompare(&sim)
    #expect(sim.host(node).state == .left)
  }

  @Test func joinAndLeave_oneAfterTheOther_waitTheirTurn() throws {
    var sim = try Clusters.two(east: 3, west: 2, seed: 6, [("ring.move_rate", "3000")])
    sim.run(seconds: 1)
    try sim.inject(.join(node: "a", location: "east", weight: 2))
    try sim.inject(.join(node: "b", location: "west", weight: 1))
    try sim.inject(.decommission(node: "n1"))
    sim.run(seconds: 40)
    #expect(sim.host(sim.id("a")).ringRole == .member)
    #expect(sim.host(sim.id("b")).ringRole == .member)
    #expect(sim.host(sim.id("n1")).ringRole == .left)
    try finishAndCompare(&sim)
  }

  /// The newcomer's machine dies while data moves to it: the move waits, and goes on after a restart.
  @Test func killedNewcomer_getsItsKeysAfterTheRestart() throws {
    var sim = try Clusters.two(east: 3, west: 2, seed: 7, [("ring.move_rate", "200")])
    sim.run(seconds: 1)
    try sim.inject(.join(node: "a", location: "east", weight: 1))
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "a"))
    sim.run(seconds: 10)
    #expect(sim.movement != nil && sim.host(sim.id("a")).ringRole == .joining)
    try sim.inject(.restart(host: "a"))
    sim.run(seconds: 20)
    #expect(sim.movement == nil && sim.host(sim.id("a")).ringRole == .member)
    try finishAndCompare(&sim)
  }

  /// `clustertop swarm --seeds 558`: a node that is dead while the others clean up keeps what is on its
  /// disk, cleans up after its return, and what it hands over arrives.
  @Test func deadNode_cleansUpAfterItsReturn() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [("cache.enabled", "false"), ("workload.keys", "200"), ("storage.hints", "false")])
    func strays(on node: NodeID) -> Int {
      (0..<UInt32(200)).count { key in
        !sim.homeNodes(of: key).contains(node)
          && sim.hosts[node.index].store.get(key).version != .none
      }
    }
    sim.run(seconds: 2)
    try sim.inject(.join(node: "m1", location: "west", weight: 1))
    while sim.movement != nil { sim.run(seconds: 0.05) }
    let dead = sim.id("n3")
    let before = strays(on: dead)
    try sim.inject(.kill(host: "n3"))
    sim.run(seconds: 3)
    #expect(before > 0 && strays(on: dead) == before)
    #expect(strays(on: sim.id("n1")) == 0)
    try sim.inject(.restart(host: "n3"))
    sim.run(seconds: 5)
    #expect(strays(on: dead) == 0 && sim.hintsWaiting == 0)
    #expect(sim.lostAcknowledgedWrites() == 0)
  }

  @Test func impossibleChanges_areRefused_withNothingChanged() throws {
    var sim = try Clusters.two(east: 2, west: 1)
    sim.run(seconds: 1)
    let hash = sim.stateHash
    for action in [
      Action.join(node: "n1", location: nil, weight: 1),
      .join(node: "x", location: "nort", weight: 1), .join(node: "x", location: nil, weight: 0),
      .decommission(node: "n7"), .decommission(node: "c-east"), .kill(host: "n33"),
      .restart(host: "n1"), .thaw(host: "n1"), .slow(host: "n1", factor: 1),
      .lossy(host: "n1", share: 1.5), .heal(fault: nil), .heal(fault: 3),
      .recover(host: "n1"), .coldCache(location: "moon"), .kill(host: "clients-east"),
      .burst(factor: -1, length: .seconds(1)), .read(key: "", via: nil),
      .write(key: "k", via: "c-east"), .set(path: "storage.n", value: "0"),
    ] {
      #expect(throws: ActionError.self, "\(action.text)") { try sim.inject(action) }
    }
    #expect(sim.stateHash == hash && sim.actionLog.isEmpty && sim.faults.isEmpty)
  }

  /// Lets the clients stop and everything settle; then all copies are equal and none is lost.
  private func finishAndCompare(_ sim: inout Simulation) throws {
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 10)
    #expect(sim.divergentKeys() == 0)
    #expect(sim.lostAcknowledgedWrites() == 0)
    #expect(sim.hintsWaiting == 0 && sim.messagesAddUp)
  }
}
