import Testing

@testable import ClusterSim

/// What is on a disk, what a kill and a wipe take from it, and acknowledged writes lost by name.
@Suite struct DurabilityTests {
  private let single: [(String, String)] = [
    ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "1"), ("storage.r", "1"),
    ("storage.w", "1"), ("storage.sync_interval", "10s"),
  ]

  private func killedAfterAWrite(fsync: Bool, wait: Double) throws -> Simulation {
    var sim = try Clusters.two(east: 2, west: 1, single + [("storage.fsync", "\(fsync)")])
    let home = sim.host(sim.homes(ofKey: "user:1")[0]).name
    sim.run(seconds: 1)
    try sim.inject(.write(key: "user:1", via: home))
    sim.run(seconds: wait)
    #expect(sim.metrics.total.ok == 1)
    try sim.inject(.kill(host: home))
    try sim.inject(.restart(host: home))
    sim.run(seconds: 1)
    return sim
  }

  @Test func kill_takesWhatIsNotSynced_byName() throws {
    let synced = try killedAfterAWrite(fsync: true, wait: 0.1)
    #expect(synced.lostAcknowledgedWrites() == 0 && synced.unsyncedWritesLost == 0)
    let lost = try killedAfterAWrite(fsync: false, wait: 0.1)
    #expect(lost.lostAcknowledgedWrites() == 1 && lost.unsyncedWritesLost == 1)
    let write = try #require(lost.lostWrites.newest.first)
    #expect(write.cause == .unsynced && write.value == 1 && write.key == "user:1")
    #expect(write.coordinator == lost.homes(ofKey: "user:1")[0] && write.winner == nil)
    #expect(write.acknowledged < write.at && write.at == .zero + .seconds(1.1))
    // A sync interval later it was on the disk.
    let late = try killedAfterAWrite(fsync: false, wait: 11)
    #expect(late.lostAcknowledgedWrites() == 0 && late.unsyncedWritesLost == 0)
  }

  @Test func freeze_takesNothing() throws {
    var sim = try Clusters.two(east: 2, west: 1, single + [("storage.fsync", "false")])
    let home = sim.host(sim.homes(ofKey: "user:1")[0]).name
    try sim.inject(.write(key: "user:1", via: home))
    sim.run(seconds: 0.1)
    try sim.inject(.freeze(host: home))
    try sim.inject(.thaw(host: home))
    #expect(sim.lostAcknowledgedWrites() == 0 && sim.unsyncedWritesLost == 0)
  }

  /// A synced older version comes back, and a copy elsewhere saves the write.
  @Test func kill_fallsBackToTheSyncedVersion_andACopyElsewhereSaves() throws {
    var sim = try Clusters.two(
      east: 3, west: 1,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.fsync", "false"),
        ("storage.sync_interval", "2s"), ("storage.hints", "false"),
      ])
    let homes = sim.homes(ofKey: "user:1")
    let first = sim.host(homes[0]).name
    try sim.inject(.write(key: "user:1", via: first))
    sim.run(seconds: 5)
    let synced = sim.versionTime(ofKey: "user:1", on: homes[0])
    try sim.inject(.write(key: "user:1", via: first))
    sim.run(seconds: 0.1)
    #expect(sim.versionTime(ofKey: "user:1", on: homes[0]) != synced)
    try sim.inject(.kill(host: first))
    #expect(sim.versionTime(ofKey: "user:1", on: homes[0]) == synced)
    #expect(sim.lostAcknowledgedWrites() == 0)
    // The other two copies go as well: now it is lost, and stays counted when a new write comes.
    for home in homes.dropFirst() { try sim.inject(.kill(host: sim.host(home).name)) }
    #expect(sim.lostAcknowledgedWrites() == 1)
    for home in homes { try sim.inject(.restart(host: sim.host(home).name)) }
    sim.run(seconds: 5)
    try sim.inject(.write(key: "user:1", via: first))
    sim.run(seconds: 1)
    #expect(sim.lostAcknowledgedWrites() == 1 && sim.lostWrites.count(.unsynced) == 1)
  }

  /// On: a write takes its sync time longer, to the nanosecond; a read does not.
  @Test func syncService_isPaidByWritesOnly() throws {
    func latencies(_ fsync: Bool) throws -> (read: Int64, write: Int64) {
      var sim = try Clusters.two(
        east: 1, west: 1,
        single + [
          ("storage.fsync", "\(fsync)"), ("host.sync_service", "constant 5ms"),
          ("host.read_service", "constant 1ms"), ("host.write_service", "constant 1ms"),
          ("network.local_jitter", "constant 0ms"), ("network.between_jitter", "constant 0ms"),
        ])
      let home = sim.host(sim.homes(ofKey: "user:1")[0]).name
      try sim.inject(.write(key: "user:1", via: home))
      try sim.inject(.read(key: "user:1", via: home))
      sim.run(seconds: 1)
      return (sim.metrics.total.readLatency.max!, sim.metrics.total.writeLatency.max!)
    }
    let (on, off) = (try latencies(true), try latencies(false))
    #expect(on.read == off.read && on.write == off.write + 5_000_000)
  }

  /// Which write lost to which, where clocks disagree (facts.md section 6).
  @Test func skewedClock_losesByName() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, [("cache.enabled", "false"), ("workload.rate", "0")])
    sim.run(seconds: 5)
    try sim.overwriteByASlowClock("user:1")
    let write = try #require(sim.lostWrites.newest.first)
    #expect(sim.lostWrites.count == 1 && write.cause == .clocks)
    #expect(write.value == 2 && write.winner == 1)
    #expect(write.coordinator == sim.id("n2") && write.winnerCoordinator == sim.id("n1"))
    #expect(sim.log.newest(0).text.contains("write 2 of user:1 by n2 is lost"))
  }

  /// Wiped disks: every acknowledged write without another copy, by name, once.
  @Test func wipe_losesByName_andOnlyOnce() throws {
    var sim = try Clusters.two(east: 2, west: 1, single)
    let home = sim.host(sim.homes(ofKey: "user:1")[0]).name
    for _ in 0..<3 {
      try sim.inject(.write(key: "user:1", via: home))
      sim.run(seconds: 0.1)
    }
    try sim.inject(.wipe(host: home))
    #expect(sim.lostWrites.newest.map(\.value) == [1, 2, 3])
    #expect(sim.lostWrites.count(.wiped) == 3 && sim.lostAcknowledgedWrites() == 3)
    try sim.inject(.wipe(host: home))
    #expect(sim.lostAcknowledgedWrites() == 3)
  }

  /// The holder of hints killed: they are on its disk and go on; wiped: they are gone and counted.
  @Test func hints_outliveAKillOfTheirHolder_butNoWipe() throws {
    for (wipe, fsync) in [(false, true), (true, true), (false, false)] {
      var sim = try Clusters.two(
        east: 3, west: 2,
        [
          ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5"),
          ("storage.fsync", "\(fsync)"), ("storage.sync_interval", "30s"),
        ])
      sim.run(seconds: 1)
      try sim.inject(.kill(host: "n5"))
      sim.run(seconds: 8)
      for write in 1...10 { try sim.inject(.write(key: "user:\(write)", via: "n1")) }
      sim.run(seconds: 1)
      #expect(sim.host(sim.id("n1")).hintsHeld == 10)
      try sim.inject(wipe ? .wipe(host: "n1") : .kill(host: "n1"))
      let survive = !wipe && fsync
      #expect(sim.hintsWaiting == (survive ? 10 : 0))
      #expect(sim.hintsLost == (survive ? 0 : 10))
      try sim.inject(.restart(host: "n1"))
      try sim.inject(.restart(host: "n5"))
      sim.run(seconds: 8)
      #expect(sim.hintsDelivered == (survive ? 10 : 0))
      let five = sim.id("n5")
      let reached = (1...10).count { sim.versionTime(ofKey: "user:\($0)", on: five) != .zero }
      #expect(reached == (survive ? 10 : 0))
      #expect(sim.lostAcknowledgedWrites() == 0)
    }
  }
}
