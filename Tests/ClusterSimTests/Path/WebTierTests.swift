import Testing

@testable import ClusterSim

/// The balancer and the web servers as hosts: what a fault does to them, and what clients then get.
@Suite struct WebTierTests {
  private func cluster(
    _ more: [(String, String)] = [], seed: UInt64 = 1
  ) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [("path.web.servers", "3"), ("workload.rate", "400")] + more)
  }

  /// Without a tier nothing of it exists; what its settings say changes not an event.
  @Test func off_isNotThere() throws {
    var plain = try Clusters.two(east: 3, west: 2)
    var other = try Clusters.two(
      east: 3, west: 2, [("path.web.workers", "1"), ("path.balancer.policy", "hash")])
    plain.run(seconds: 5)
    other.run(seconds: 5)
    #expect(plain.stateHash == other.stateHash)
    #expect(plain.webServers.isEmpty && plain.balancerHosts.isEmpty)
    #expect(plain.hostID(named: "web1") == nil && plain.webTierView == nil)
  }

  /// Every engine and cache mode behind the tier: all is answered, every message is accounted for, and
  /// what web servers count is what clients count.
  @Test func tier_servesEveryEngineAndMode() throws {
    for more in [
      [], [("cache.mode", "cache-aside")], [("cache.mode", "write-through")],
      [("cache.mode", "write-back")], [("cache.enabled", "false")],
      [("cache.servers", "3"), ("cache.bound", "1.2")], [("storage.engine", "raft")],
      [("storage.engine", "primary-replica")], [("storage.engine", "multi-primary")],
      [("storage.versions", "vector"), ("client.retries", "2")],
      [("workload.query_share", "20%"), ("network.transport", "udp"), ("network.loss", "1%")],
    ] {
      var sim = try cluster(more)
      sim.run(seconds: 10)
      #expect(sim.messagesAddUp, "\(more)")
      let total = sim.metrics.total
      let least = more.contains { $0.0 == "network.loss" } ? 0.9 : 0.999
      #expect(try #require(total.availability) > least, "\(more)")
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 3)
      let servers = sim.webServers.indices.map { sim.webServer($0) }
      #expect(servers.allSatisfy { $0.inService == 0 && $0.queued == 0 && $0.open == 0 })
      let answered = servers.reduce(0) { $0 + $1.answered }
      if least > 0.99, !more.contains(where: { $0.0 == "client.retries" }) {
        #expect(answered == sim.metrics.total.ok, "\(more)")
      }
      #expect(sim.tier.calls.isEmpty && sim.tier.forwards.isEmpty && sim.operations.isEmpty)
      if sim.settings.cache.servers > 1 {
        #expect(sim.cacheServers.indices.allSatisfy { sim.openRequests(atCache: $0) == 0 })
      }
    }
  }

  /// Round robin sends to each in turn: no two servers of a location differ by more than one request.
  @Test func roundRobin_isEven() throws {
    var sim = try cluster()
    sim.run(seconds: 5)
    for location in 0..<2 {
      let counts = sim.webServers(ofLocation: location).map { sim.webServer($0).forwarded }
      #expect(counts.max()! - counts.min()! <= 1 && counts[0] > 100, "\(counts)")
    }
  }

  /// A dead server gets its share until three probes have failed, and everything sent there is lost:
  /// no answer to anybody. Then nobody misses it.
  @Test func killed_getsTrafficUntilTheChecksLeaveItOut() throws {
    var sim = try cluster([("path.health.interval", "1s"), ("path.health.timeout", "500ms")])
    sim.run(seconds: 3.2)
    try sim.inject(.kill(host: "web2"))
    // Probes at 4, 5 and 6 s fail at 4.5, 5.5 and 6.5 s.
    sim.run(seconds: 3.25)
    #expect(sim.webServer(1).isUsed && sim.webServer(1).probes == 2)
    sim.run(seconds: 0.1)
    #expect(!sim.webServer(1).isUsed && sim.balancer(0).used == 2)
    let sent = sim.webServer(1).forwarded
    sim.run(seconds: 5)
    #expect(sim.webServer(1).forwarded == sent)
    let lost = sim.webServer(1).unanswered
    // A third of the east's 200 a second for 3.3 s, and what was in it.
    #expect(abs(Double(lost) - 220) < 45, "\(lost)")
    #expect(sim.metrics.total.failures(.noAnswer) == lost)
    #expect(sim.faults[0].trafficMoved == Instant(nanoseconds: 6_500_000_000))
    try sim.inject(.restart(host: "web2"))
    let before = sim.now
    sim.run(seconds: 3)
    #expect(sim.webServer(1).isUsed && sim.webServer(1).forwarded > sent)
    let recovered = try #require(sim.faults[0].recovered)
    // Two probes must pass: one to two intervals, and the way there and back.
    #expect((recovered - before).seconds > 0.9 && (recovered - before).seconds < 2.2)
    #expect(sim.metrics.total.failures(.noAnswer) == lost)
  }

  /// With the checks off the balancer goes on sending to a dead server; turned off later, it forgets.
  @Test func checksOff_nobodyIsLeftOut() throws {
    var sim = try cluster([("path.health.checks", "false")])
    sim.run(seconds: 2)
    try sim.inject(.kill(host: "web1"))
    sim.run(seconds: 10)
    #expect(sim.webServer(0).isUsed && sim.webServer(0).leftOut == 0)
    #expect(sim.webServer(0).unanswered > 500)
    try sim.inject(.set(path: "path.health.checks", value: "true"))
    sim.run(seconds: 5)
    #expect(!sim.webServer(0).isUsed)
    try sim.inject(.set(path: "path.health.checks", value: "false"))
    #expect(sim.webServer(0).isUsed)
  }

  /// No server healthy: the balancer says so at once, and it certainly did not happen.
  @Test func allDead_isRefusedAtOnce() throws {
    var sim = try cluster()
    sim.recordHistory(limit: 100_000)
    for name in ["web1", "web2", "web3"] { try sim.inject(.kill(host: name)) }
    sim.run(seconds: 5)
    _ = sim.takeHistory()
    let before = sim.metrics.locations[0]
    sim.run(seconds: 2)
    let after = sim.metrics.locations[0]
    #expect(after.failures(.noWebServer) - before.failures(.noWebServer) > 300)
    #expect(after.info == before.info && after.ok == before.ok)
    #expect(sim.balancer(0).turnedAway > 300)
    #expect(sim.takeHistory().allSatisfy { $0.kind != .info })
  }

  /// A full line refuses: `overloaded`, and a refused write is `fail`. A slow store holds the workers
  /// meanwhile, while the web servers themselves hardly work.
  @Test func slowStore_fillsTheWorkers() throws {
    var sim = try cluster([
      ("path.web.workers", "4"), ("path.web.queue", "8"), ("cache.enabled", "false"),
      ("host.read_service", "constant 60ms"), ("host.write_service", "constant 60ms"),
    ])
    sim.run(seconds: 20)
    let servers = sim.webServers(ofLocation: 0).map { sim.webServer($0) }
    #expect(servers.allSatisfy { $0.utilisation > 0.9 && $0.workingShare < 0.2 })
    let refused = sim.webServers.indices.reduce(0) { $0 + sim.webServer($1).refused }
    #expect(refused > 100)
    let total = sim.metrics.total
    #expect(total.failures(.overloaded) >= refused && total.info < total.failures(.overloaded) / 50)
  }

  /// Probes that need a worker fail where the store is slow, and the whole tier is left out though every
  /// process runs; probes of the process notice nothing.
  @Test func workerProbes_turnASlowStoreIntoAnOutage() throws {
    for probe in ["process", "worker"] {
      var sim = try cluster([
        ("path.web.workers", "4"), ("path.web.queue", "20"), ("cache.enabled", "false"),
        ("host.read_service", "constant 200ms"), ("host.write_service", "constant 200ms"),
        ("host.workers", "2"), ("path.health.probe", probe), ("path.health.timeout", "200ms"),
      ])
      sim.run(seconds: 20)
      let leftOut = sim.webServers.indices.reduce(0) { $0 + sim.webServer($1).leftOut }
      let away = sim.metrics.total.failures(.noWebServer)
      #expect(probe == "worker" ? leftOut >= 6 && away > 500 : leftOut == 0 && away == 0)
      #expect(sim.messagesAddUp)
      // The store is fast again: so are the probes, and everybody is used.
      for path in ["host.read_service", "host.write_service"] {
        try sim.inject(.set(path: path, value: "constant 1ms"))
      }
      try sim.inject(.set(path: "host.workers", value: "16"))
      sim.run(seconds: 20)
      #expect(sim.isPathWhole, "\(probe)")
    }
  }

  /// The balancer is a host like any other, and a single point of failure.
  @Test func balancerKilled_nobodyIsServed() throws {
    var sim = try cluster()
    sim.run(seconds: 3)
    try sim.inject(.kill(host: "lb1"))
    sim.run(seconds: 2)
    let before = sim.metrics.locations
    sim.run(seconds: 3)
    let after = sim.metrics.locations
    #expect(after[0].ok == before[0].ok && after[1].ok > before[1].ok)
    #expect(sim.balancer(0).open == 0)
    try sim.inject(.restart(host: "lb1"))
    sim.run(seconds: 3)
    #expect(sim.metrics.locations[0].ok > after[0].ok + 400)
    #expect(throws: ActionError.self) { try sim.inject(.slow(host: "lb1", factor: 10)) }
  }

  /// Frozen, slow, gray, cut off, killed with its location: the tier goes on, and afterwards everything
  /// is as before.
  @Test func everyFault_isSurvived() throws {
    for retries in ["0", "3"] {
      var sim = try cluster([("client.retries", retries)], seed: 4)
      let actions: [Action] = [
        .freeze(host: "web1"), .slow(host: "web2", factor: 50), .gray(host: "web3"),
        .wipe(host: "web4"), .lossy(host: "web5", share: 0.3), .freeze(host: "lb2"),
        .thaw(host: "lb2"), .thaw(host: "web1"), .partition(.halves), .kill(host: "web2"),
        .heal(fault: nil), .outage(location: "east"),
      ]
      for action in actions {
        try sim.inject(action)
        sim.run(seconds: 1.7)
        #expect(sim.messagesAddUp, "\(action.text)")
      }
      for fault in sim.activeFaultClocks { try sim.inject(.heal(fault: fault.number)) }
      sim.run(seconds: 10)
      #expect(sim.isPathWhole && sim.faults.allSatisfy { $0.recovered != nil })
      let before = sim.metrics.total
      sim.run(seconds: 3)
      #expect(sim.metrics.total.fail == before.fail && sim.metrics.total.info == before.info)
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 5)
      #expect(sim.tier.calls.isEmpty && sim.tier.forwards.isEmpty)
      #expect(sim.webServers.indices.allSatisfy { sim.webServer($0).inService == 0 })
    }
  }

  /// More workers take up who waits at once, fewer are given back as requests end.
  @Test func workers_changedWhileItRuns() throws {
    var sim = try WebTiers.idle(
      servers: 1, workers: 2, load: 0.9, seed: 2, [("path.web.service", "constant 1s")])
    sim.run(seconds: 1.2)
    #expect(sim.webServer(0).inService == 2 && sim.webServer(0).queued > 50)
    try sim.inject(.set(path: "path.web.workers", value: "40"))
    #expect(sim.webServer(0).inService == 40)
    try sim.inject(.set(path: "path.web.workers", value: "3"))
    sim.run(seconds: 1.1)
    #expect(sim.webServer(0).inService == 3)
  }
}
