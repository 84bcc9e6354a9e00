import Testing

@testable import ClusterSim

/// A hot key on its three homes, and in copies over more nodes.
@Suite struct KeySplitTests {
  /// Nine of ten requests go to one key, one node's worth of work more than its three homes have.
  /// In eight copies the busiest node serves a smaller share of all reads, and reads are faster.
  @Test func splitting_spreadsTheLoad_andShortensTheTail() throws {
    var sim = try Clusters.two(
      east: 8, west: 1, seed: 2,
      [
        ("cache.enabled", "false"), ("workload.rate", "1500"), ("workload.read_share", "98%"),
        ("workload.distribution", "hot"), ("workload.hot_share", "90%"), ("storage.r", "2"),
        ("host.workers", "1"), ("workload.keys", "200"),
        ("host.read_service", "exponential 500us"),
      ])
    func served(_ sim: Simulation) -> [Int] { sim.storageNodes.map { sim.host($0).reads } }
    sim.run(seconds: 2)
    let before = served(sim)
    func median() -> Double { sim.metrics.recent[0].p50.last(3).reduce(0, +) / 3 }
    let slow = median()
    try sim.inject(.split(key: "user:1", copies: 8))
    sim.run(seconds: 2)
    let atSplit = served(sim)
    sim.run(seconds: 2)
    let after = zip(served(sim), atSplit).map { $0 - $1 }
    func busiest(_ loads: [Int]) -> Double { Double(loads.max()!) / Double(loads.reduce(0, +)) }
    // Three homes of nine nodes serve nine tenths: a third each, of all reads.
    #expect(abs(busiest(before) - 0.9 / 3) < 0.05, "\(before)")
    #expect(busiest(after) < 0.8 * busiest(before), "\(after)")
    #expect(median() < 0.8 * slow, "\(slow) ms before, \(median()) ms after")
    try sim.inject(.split(key: "user:1", copies: 1))
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 10)
    #expect(sim.divergentKeys() == 0 && sim.lostAcknowledgedWrites() == 0)
  }

  /// A copy is read only after a write to it was acknowledged: while none can be, reads stay at the key
  /// itself; afterwards they spread.
  @Test func aCopy_isReadOnlyOnceItWasWritten() throws {
    var sim = try Clusters.two(
      east: 3, west: 1, seed: 3,
      [("cache.enabled", "false"), ("storage.n", "4"), ("storage.w", "4"), ("storage.r", "1")])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n4"))
    sim.run(seconds: 8)
    try sim.inject(.split(key: "user:1", copies: 4))
    sim.run(seconds: 5)
    let key = try #require(sim.keys.number(of: "user:1"))
    #expect(sim.splits.first?.filled == [key])
    try sim.inject(.restart(host: "n4"))
    sim.run(seconds: 20)
    #expect(
      Set(sim.splits[0].filled) == Set(sim.splits[0].copies) && sim.splits[0].copies.count == 4)
  }

  @Test func impossibleSplits_areRefused() throws {
    var sim = try Clusters.two(east: 3, west: 2)
    sim.run(seconds: 1)
    try sim.inject(.split(key: "user:1", copies: 4))
    for (key, copies) in [("nobody", 4), ("user:2", 0), ("user:2", 65), ("user:1~2", 2)] {
      #expect(throws: ActionError.self) { try sim.inject(.split(key: key, copies: copies)) }
    }
  }
}
