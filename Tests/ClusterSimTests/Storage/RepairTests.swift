import Testing

@testable import ClusterSim

/// The three repairs are switched separately, and each heals by its own means alone.
@Suite struct RepairTests {
  /// A write that n5 missed while it was killed; then it is back, and one read of the key follows.
  private func missedWrite(_ repair: String?) throws -> Simulation {
    let repairs = ["storage.hints", "storage.read_repair", "storage.anti_entropy"]
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.n", "5"),
        ("workload.keys", "20"), ("storage.anti_entropy_interval", "1s"),
      ] + repairs.map { ($0, $0 == repair ? "true" : "false") })
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    try sim.inject(.write(key: "user:9", via: "n1"))
    sim.run(seconds: 1)
    try sim.inject(.restart(host: "n5"))
    // Until everybody holds n5 alive again; anti-entropy and hints need no more.
    sim.run(seconds: 4)
    if repair == "storage.read_repair" || repair == nil {
      #expect(sim.divergentKeys() == 1, "\(repair ?? "none")")
    }
    try sim.inject(.read(key: "user:9", via: "n1"))
    sim.run(seconds: 8)
    return sim
  }

  @Test func eachRepair_healsAlone_andNothingHealsWithoutAny() throws {
    let none = try missedWrite(nil)
    #expect(none.divergentKeys() == 1)
    #expect(none.hintsStored == 0 && none.readRepairs == 0)
    #expect(none.antiEntropyFigures == AntiEntropyFigures())

    let hints = try missedWrite("storage.hints")
    #expect(hints.replicasConverged && hints.hintsDelivered == 1)
    #expect(hints.readRepairs == 0 && hints.antiEntropyFigures.keysSent == 0)

    let reads = try missedWrite("storage.read_repair")
    #expect(reads.replicasConverged && reads.readRepairs == 1)
    #expect(reads.hintsStored == 0 && reads.antiEntropyFigures.keysSent == 0)

    let trees = try missedWrite("storage.anti_entropy")
    #expect(trees.replicasConverged && trees.antiEntropyFigures.keysSent > 0)
    #expect(trees.hintsStored == 0 && trees.readRepairs == 0)
  }
}
