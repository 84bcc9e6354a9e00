import Consistency
import Testing

@testable import ClusterSim

/// R + W > N gives a regular register, not a linearizable one: a read sees a write in progress and
/// the next one misses it, unless reads write back (Attiya, Bar-Noy, Dolev, JACM 1995).
@Suite struct ReadWriteBackTests {
  private func verdict(seed: UInt64, writeBack: Bool) throws -> (Verdict, Simulation) {
    var sim = try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("cache.enabled", "false"), ("workload.keys", "3"), ("workload.rate", "300"),
        ("workload.read_share", "0.8"), ("workload.distribution", "uniform"),
        ("host.workers", "200"), ("host.write_service", "exponential 40ms"),
        ("storage.read_write_back", "\(writeBack)"),
      ])
    sim.recordHistory(limit: 100_000)
    sim.run(seconds: 4)
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 3)
    return (try Verdict.judge(records: sim.takeHistory()), sim)
  }

  /// Shown by `clustertop run read-write-back` and, without violation,
  /// `clustertop run read-write-back --set storage.read_write_back=true`.
  @Test func writeBack_makesTheDifference() throws {
    var broken: [UInt64] = []
    for seed in 1...3 as ClosedRange<UInt64> {
      let (plain, simulation) = try verdict(seed: seed, writeBack: false)
      if plain.linearizable == .no { broken.append(seed) }
      #expect(simulation.metrics.total.stale == 0, "seed \(seed): R + W > N is regular")
      let (atomic, other) = try verdict(seed: seed, writeBack: true)
      #expect(atomic.linearizable == .yes, "seed \(seed) with write-back")
      #expect(other.readsWrittenBack > 0)
    }
    #expect(broken == [1, 2, 3])
  }
}
