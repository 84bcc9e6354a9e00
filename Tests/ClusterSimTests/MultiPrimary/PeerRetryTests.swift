import Testing

@testable import ClusterSim

/// With several primaries a write that its client sent again is in the cluster twice, under two versions:
/// it is lost only where both are.
@Suite struct PeerRetryTests {
  private func cluster(
    _ seed: UInt64 = 1, east: Int = 1, west: Int = 1, _ more: [(String, String)] = []
  ) throws -> Simulation {
    try Clusters.two(
      east: east, west: west, seed: seed,
      [
        ("storage.engine", "multi-primary"), ("storage.n", "2"), ("storage.shards", "1"),
        ("cache.enabled", "false"), ("workload.keys", "1"), ("workload.rate", "0"),
        ("client.retries", "2"), ("client.attempt_timeout", "100ms"),
        ("client.retry_backoff", "0ms"), ("network.transport", "udp"),
      ] + more)
  }

  /// The client of the east writes to n1; the answer is cut off, so that it writes to n2 as well.
  private func writeTwice(_ sim: inout Simulation) throws -> UInt64 {
    sim.run(seconds: 1)
    sim.beginOperation(.write, key: 0, location: 0, via: nil)
    let value = sim.nextWrite
    while sim.hosts[sim.id("n1").index].store.get(0).value != value { sim.stepEvent() }
    try sim.inject(.partition(.isolate(node: "n1")))
    sim.run(seconds: 0.5)
    try #require(sim.metrics.total.ok == 1 && sim.metrics.total.retries == 1)
    try #require(sim.hosts[sim.id("n2").index].store.get(0).value == value)
    return value
  }

  /// The first copy has the later clock and is replaced by one who read it: nothing is lost, though the
  /// acknowledged copy has vanished.
  @Test func acknowledgedCopyVanishes_theOtherIsReplaced_nothingIsLost() throws {
    var sim = try cluster()
    sim.run(seconds: 0.1)
    try sim.inject(.skew(host: "n1", offset: .seconds(3), drift: 0))
    let value = try writeTwice(&sim)
    try sim.inject(.heal(fault: nil))
    while sim.hosts[sim.id("n2").index].store.get(0).version.node != sim.id("n1").rawValue {
      sim.stepEvent()
    }
    #expect(sim.hosts[sim.id("n2").index].store.get(0).value == value)
    try sim.inject(.write(key: "user:1", via: "n1"))
    sim.run(seconds: 5)
    #expect(sim.replicasConverged && sim.metrics.total.ok == 2)
    #expect(sim.lostWrites.count == 0 && sim.multiPrimaryFigures!.conflicts == 0)
  }

  /// A copy that comes late takes the place of a write that had replaced the other: that write is lost
  /// to an old one sent again.
  @Test func lateCopy_overwritesTheNewer_whichIsNamed() throws {
    var sim = try cluster()
    sim.run(seconds: 1)
    try sim.inject(.delay(host: "n1", by: .milliseconds(700)))
    sim.beginOperation(.write, key: 0, location: 0, via: nil)
    let value = sim.nextWrite
    sim.run(seconds: 0.01)
    try sim.inject(.heal(fault: nil))
    sim.run(seconds: 0.3)
    try #require(sim.metrics.total.ok == 1 && sim.metrics.total.retries == 1)
    #expect(sim.hosts[sim.id("n2").index].store.get(0).value == value)
    try sim.inject(.write(key: "user:1", via: "n2"))
    sim.run(seconds: 6)
    #expect(sim.replicasConverged && sim.metrics.total.ok == 2)
    #expect(sim.hosts[sim.id("n1").index].store.get(0).value == value)
    #expect(sim.lostWrites.newest.map(\.value) == [value + 1])
    #expect(sim.lostWrites.newest.first?.cause == .repeated)
  }

  /// What every primary's disk showed over time, as somebody sees it who looks after every event.
  private struct Watch {
    private struct Copy {
      var entry: Versioned
      /// Replaced by somebody who held it and meant it.
      var isReplaced = false
    }
    private var copies: [Version: Copy] = [:]
    private var held: [NodeID: Versioned] = [:]

    mutating func look(_ sim: Simulation) {
      for node in sim.storageNodes {
        let now = sim.hosts[node.index].store.get(0)
        let before = held.updateValue(now, forKey: node) ?? now
        guard now != before, now.version.node == node.rawValue, copies[now.version] == nil else {
          continue
        }
        let isOld = copies.values.contains { $0.entry.value == now.value && $0.isReplaced }
        copies[now.version] = Copy(entry: now)
        if before.value != now.value, !isOld { copies[before.version]?.isReplaced = true }
      }
    }

    /// Acknowledged values of which no copy is held or was replaced by one who knew it.
    func lost(_ acknowledged: [UInt64], _ sim: Simulation) -> Set<UInt64> {
      let last = sim.hosts[sim.storageNodes[0].index].store.get(0).value
      return Set(
        acknowledged.filter { value in
          value != last && !copies.values.contains { $0.entry.value == value && $0.isReplaced }
        })
    }
  }

  /// Repeat one seed by narrowing the range.
  @Test func randomCutsAndRetries_nameExactlyWhatIsLost() throws {
    var lost = 0
    var repeats = 0
    for seed in 1...150 as ClosedRange<UInt64> {
      var sim = try cluster(seed, east: 2, west: 2, [("workload.read_share", "0%")])
      sim.recordHistory(limit: 100_000, courses: false)
      var stream = RandomStream(seed: seed, purpose: 79)
      var watch = Watch()
      func run(_ seconds: Double, _ sim: inout Simulation) {
        let end = sim.now + .seconds(seconds)
        while sim.now < end {
          sim.stepEvent()
          watch.look(sim)
        }
      }
      run(0.5, &sim)
      try sim.inject(.set(path: "workload.rate", value: "30"))
      for _ in 0..<6 {
        let node = "n\(1 + stream.below(4))"
        switch stream.below(6) {
        case 0: try? sim.inject(.partition(.isolate(node: node)))
        case 1: try? sim.inject(.partition(.halves))
        case 2: try? sim.inject(.heal(fault: nil))
        case 3: try? sim.inject(.lossy(host: node, share: 0.4))
        case 4:
          try? sim.inject(.delay(host: node, by: .milliseconds(Int64(50 + stream.below(400)))))
        default:
          try? sim.inject(
            .skew(host: node, offset: .milliseconds(Int64(stream.below(600)) - 300), drift: 0))
        }
        run(0.3 + stream.unit() / 2, &sim)
      }
      try sim.inject(.set(path: "workload.rate", value: "0"))
      for fault in sim.activeFaultClocks { try? sim.inject(.heal(fault: fault.number)) }
      run(8, &sim)
      #expect(sim.replicasConverged, "seed \(seed)")
      let acknowledged = sim.takeHistory().compactMap { record -> UInt64? in
        guard record.kind == .ok, case .integer(let value)? = record.value else { return nil }
        return UInt64(value)
      }
      let named = Set(sim.lostWrites.newest.map(\.value))
      let expected = watch.lost(acknowledged, sim)
      #expect(
        named == expected,
        """
        seed \(seed): \(sim.lostWrites.newest.filter { !expected.contains($0.value) }), \
        not named \(expected.subtracting(named))
        """)
      #expect(sim.lostWrites.count == named.count, "seed \(seed)")
      lost += named.count
      repeats += sim.metrics.total.retries
    }
    #expect(lost > 150 && repeats > 1000, "\(lost) lost, \(repeats) retries")
  }
}
