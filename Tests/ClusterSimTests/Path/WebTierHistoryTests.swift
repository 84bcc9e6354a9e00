import Consistency
import Testing

@testable import ClusterSim

/// What clients behind a web tier record: `fail` is certainly not done, `info` may have been.
@Suite struct WebTierHistoryTests {
  private func register(_ seed: UInt64, _ more: [(String, String)] = []) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("storage.n", "3"), ("storage.r", "2"), ("storage.w", "2"),
        ("storage.read_write_back", "true"), ("cache.enabled", "false"), ("workload.keys", "10"),
        ("workload.rate", "150"), ("workload.read_share", "50%"), ("path.web.servers", "2"),
        ("path.web.workers", "3"), ("path.web.queue", "2"), ("client.timeout", "500ms"),
        ("path.web.timeout", "300ms"),
      ] + more)
  }

  /// Web servers and a balancer die, freeze and stall with writes in them, lines are full, the store is
  /// slow: the register stays linearizable, and no value of a failed write is ever read.
  @Test func verdict_isUnaffected() throws {
    var (fails, infos, refused) = (0, 0, 0)
    for seed in 1...12 as ClosedRange<UInt64> {
      // A write that is sent twice may be applied twice, which the verdict then shows: with retries
      // only the second claim is made.
      let retries = seed % 3 == 0
      var sim = try register(seed, retries ? [("client.retries", "2")] : [])
      sim.recordHistory(limit: 100_000)
      let actions: [Action] = [
        .kill(host: "web1"), .slow(host: "n1", factor: 100), .slow(host: "n2", factor: 100),
        .kill(host: "web3"), .restart(host: "web1"), .freeze(host: "web2"), .kill(host: "lb2"),
        .thaw(host: "web2"), .restart(host: "lb2"), .gray(host: "web1"), .restart(host: "web3"),
      ]
      for action in actions {
        try sim.inject(action)
        sim.run(seconds: 0.9)
      }
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 5)
      let records = sim.takeHistory()
      let verdict = try Verdict.judge(records: records)
      #expect(verdict.linearizable == .yes || retries, "seed \(seed)")
      let failed = Set(
        records.filter { $0.kind == .fail && $0.function == .write }.map(\.value))
      let read = records.filter { $0.kind == .ok && $0.function == .read }.map(\.value)
      #expect(!read.contains { $0 != nil && failed.contains($0) }, "seed \(seed)")
      fails += failed.count
      infos += records.count { $0.kind == .info }
      refused += sim.webServers.indices.reduce(0) { $0 + sim.webServer($1).refused }
    }
    #expect(fails > 60 && infos > 200 && refused > 200, "\(fails) \(infos) \(refused)")
  }

  /// A write that died in a web server after it was sent on is `info`, and the store has it.
  @Test func killedAfterPassingOn_isInfo() throws {
    var sim = try register(1, [("workload.rate", "0"), ("path.web.service", "constant 1ms")])
    sim.recordHistory(limit: 1000)
    // Client to balancer, to web server, its work: then it is on its way to the store.
    sim.beginOperation(.write, key: 0, location: 0, via: nil)
    while sim.tier.calls.isEmpty || sim.webServer(0).working + sim.webServer(0).inService != 1 {
      sim.stepEvent()
      if sim.now.seconds > 1 { break }
    }
    #expect(sim.webServer(0).inService == 1 && sim.webServer(0).working == 0)
    try sim.inject(.kill(host: "web1"))
    sim.run(seconds: 2)
    let records = sim.takeHistory()
    #expect(records.map(\.kind) == [.invoke, .info])
    let homes = sim.homes(ofKey: records[0].key)
    #expect(homes.contains { sim.versionTime(ofKey: records[0].key, on: $0)! > .zero })
    #expect(sim.webServer(0).lost == 1 && sim.webServer(0).unanswered == 1)
  }

  /// A refused write is `fail`; its steps say where it was turned away.
  @Test func refused_isFail_andItsStepsSayWhere() throws {
    var sim = try register(
      1,
      [
        ("workload.rate", "0"), ("path.web.servers", "1"), ("path.web.workers", "1"),
        ("path.web.queue", "0"), ("path.web.service", "constant 50ms"),
      ])
    sim.recordHistory(limit: 1000)
    sim.beginOperation(.write, key: 0, location: 0, via: nil)
    sim.beginOperation(.write, key: 1, location: 0, via: nil)
    sim.run(seconds: 1)
    let ended = sim.takeHistory().filter { $0.kind != .invoke }
    #expect(ended.map(\.kind) == [.fail, .ok])
    #expect(ended[0].steps.map(\.what) == ["balanced", "line-full"])
    #expect(ended[0].steps[1].by == "web1")
    #expect(ended[1].steps.map(\.what) == ["balanced", "begun", "passed-on", "answered"])
    #expect(sim.metrics.total.failures(.overloaded) == 1 && sim.metrics.total.info == 0)
  }
}
