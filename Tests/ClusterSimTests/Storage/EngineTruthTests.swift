import Testing

@testable import ClusterSim

/// What is said of the engines with groups must be so: who is asked, what a clock does, when a fault is
/// over, where copies stand, and what a conflict is.
struct EngineTruthTests {
  private func cluster(
    _ engine: String, east: Int = 4, west: Int = 4, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: east, west: west,
      [
        ("storage.engine", engine), ("cache.enabled", "false"), ("workload.rate", "400"),
        ("workload.read_share", "0.5"),
      ] + more)
  }

  /// Once a server's death is known and its groups are led by others, a node that is in none of them
  /// asks those that live.
  @Test func raft_aDeadServer_isNotAsked() throws {
    var simulation = try cluster("raft")
    simulation.run(seconds: 3)
    try simulation.inject(.kill(host: "n3"))
    simulation.run(seconds: 6)
    let before = simulation.metrics.total
    simulation.run(seconds: 10)
    let after = simulation.metrics.total
    #expect(after.ok - before.ok > 3500)
    #expect(after.fail + after.info == before.fail + before.info)
  }

  /// The clock that leases and time-outs go by never goes back: not when a drift begins, nor when it
  /// ends; a step of the wall clock does not show.
  @Test func logClock_neverGoesBack() throws {
    var simulation = try cluster("primary-replica")
    let node = simulation.id("n1")
    var last = simulation.logClock(node)
    for change: Action? in [
      .skew(host: "n1", offset: .seconds(8), drift: 0.1), .recover(host: "n1"),
      .skew(host: "n1", offset: .zero - .seconds(8), drift: -0.1), .recover(host: "n1"), nil,
    ] {
      if let change { try simulation.inject(change) }
      #expect(simulation.logClock(node) >= last)
      let from = (simulation.logClock(node), simulation.now)
      simulation.run(seconds: 5)
      let passed = Span(nanoseconds: simulation.logClock(node) - from.0)
      #expect((4.4...5.6).contains(passed.seconds))
      last = simulation.logClock(node)
    }
  }

  /// A timer of 1.1 s on a clock that gains a tenth goes off after 1 s, on one that loses a tenth after
  /// 1.1 / .9 s, and on no clock early.
  @Test func timers_goByTheOwnClock() {
    let span: Int64 = 1_100_000_000
    for (drift, right) in [(0.1, 1e9), (-0.1, 1.1e9 / 0.9), (0, 1.1e9)] {
      let clock = HostClock(drift: drift, since: 7)
      let moment = clock.moment(after: span, from: 7)
      #expect(abs(Double(moment - 7) - right) <= 1)
      #expect(clock.monotonic(at: moment) >= clock.monotonic(at: 7) + span)
    }
    #expect(HostClock(drift: 0.1).moment(after: .max, from: 5) < .max)
    #expect(HostClock(drift: 0.1).moment(after: -3, from: 5) == 5)
  }

  /// Four servers with a fast clock elect sooner than four with a right one.
  @Test func raft_fastClocks_electSooner() throws {
    var gaps: [Double] = []
    for drift in [0, 0.1] {
      var simulation = try cluster(
        "raft", east: 5, west: 0,
        [
          ("storage.n", "5"), ("storage.shards", "1"), ("raft.election_min", "1000ms"),
          ("raft.election_max", "1100ms"), ("workload.rate", "1"),
        ])
      simulation.run(seconds: 5)
      for node in simulation.storageNodes where drift > 0 {
        try simulation.inject(
          .skew(host: simulation.host(node).name, offset: .zero, drift: drift))
      }
      simulation.run(seconds: 1)
      let leader = try #require(simulation.raftGroups[0].leader)
      try simulation.inject(.kill(host: simulation.host(leader).name))
      let from = simulation.now
      while simulation.raftGroups[0].leader.map({ $0 == leader }) ?? true {
        simulation.run(seconds: 0.001)
      }
      gaps.append((simulation.now - from).seconds)
    }
    #expect(gaps[1] < 0.96 * gaps[0], "\(gaps)")
  }

  @Test func spread_isHeededByEveryEngine() throws {
    for engine in ["raft", "primary-replica", "multi-primary"] {
      let simulation = try cluster(engine, [("storage.n", "2"), ("ring.spread", "location")])
      for group in 0..<simulation.settings.storage.shards {
        let hosts = simulation.hosts(ofGroup: group)
        let locations = Set(hosts.map { simulation.host($0).location })
        #expect(hosts.count == 2 && locations.count == 2, "\(engine) \(group)")
      }
    }
  }

  /// A cut is not over when it is healed: no sooner than each group is led by one server, and every
  /// server has what the group had.
  @Test func recovered_waitsForTheGroups() throws {
    for (engine, more) in [
      ("raft", [("storage.n", "5")]),
      ("primary-replica", [("storage.n", "3"), ("replication.fencing", "false")]),
      ("multi-primary", [("storage.n", "3")]),
    ] {
      var simulation = try cluster(engine, east: 3, west: 2, more)
      simulation.run(seconds: 2)
      try simulation.inject(.partition(.halves))
      simulation.run(seconds: 8)
      try simulation.inject(.heal(fault: nil))
      let marks = simulation.groupMarks
      #expect(!marks.isEmpty && !simulation.groupsAreWhole, "\(engine)")
      for _ in 0..<400 where simulation.faults.contains(where: { $0.recovered == nil }) {
        simulation.run(seconds: 0.05)
      }
      #expect(simulation.faults.allSatisfy { $0.recovered != nil }, "\(engine)")
      #expect(simulation.groupsAreWhole, "\(engine)")
      if engine == "raft" {
        #expect(simulation.raftGroups.allSatisfy { $0.leader != nil })
      } else if engine == "primary-replica" {
        #expect(simulation.replicaGroups.allSatisfy { $0.count(where: \.serves) == 1 })
      }
      // And nothing that was missing then is missing now.
      try simulation.inject(.set(path: "workload.rate", value: "0"))
      simulation.run(seconds: 2)
      #expect(simulation.divergentKeys() == 0, "\(engine)")
    }
  }

  /// A conflict is an acknowledged write that gave way to a concurrent one: Raft has none, and with
  /// several primaries they are the lost ones of that cause.
  @Test func conflicts_areWritesThatGaveWay() throws {
    let hot = [("workload.keys", "5"), ("workload.rate", "800"), ("workload.read_share", "0.1")]
    var raft = try cluster("raft", hot)
    raft.run(seconds: 10)
    #expect(raft.metrics.total.conflicts == 0 && raft.metrics.total.ok > 5000)
    var peers = try cluster("multi-primary", hot)
    peers.run(seconds: 10)
    let lost = peers.lostWrites.count(.conflict)
    #expect(lost > 100 && peers.metrics.total.conflicts == lost)
  }

  @Test func doubts_nameWhatCannotWork() throws {
    func doubts(_ changes: [(String, String)]) throws -> [String] {
      try Clusters.two(east: 4, west: 4, changes).configuration.doubts.flatMap(\.paths)
    }
    #expect(try doubts([]).isEmpty)
    #expect(try doubts([("storage.n", "16")]).contains("storage.n"))
    #expect(try doubts([("storage.r", "4")]).contains("storage.r"))
    #expect(try doubts([("storage.n", "8"), ("storage.w", "8")]).isEmpty)
    #expect(
      try doubts([("storage.engine", "raft"), ("raft.election_min", "400ms")])
        == ["raft.election_min", "raft.election_max"])
    #expect(
      try doubts([
        ("workload.families", "true"), ("workload.users_share", "80%"),
        ("workload.orders_share", "80%"),
      ]) == ["workload.users_share", "workload.orders_share"])
  }
}
