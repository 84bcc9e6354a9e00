import Consistency
import Testing

@testable import ClusterSim

/// R + W > N gives a regular register, not a linearizable one: a read sees a write in progress and
/// the next one misses it, unless reads write back (Attiya, Bar-Noy, Dolev, JACM 1995).
@Suite struct ReadWriteBackTests {
  private func run(seed: UInt64, writeBack: Bool, seconds: Double) throws -> Simulation {
    var sim = try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("cache.enabled", "false"), ("workload.keys", "3"), ("workload.rate", "300"),
        ("workload.read_share", "0.8"), ("workload.distribution", "uniform"),
        ("host.workers", "200"), ("host.write_service", "exponential 40ms"),
        ("storage.read_write_back", "\(writeBack)"),
      ])
    sim.recordHistory(limit: 100_000)
    sim.run(seconds: seconds)
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 2)
    #expect(
      try Verdict.judge(records: sim.takeHistory()).linearizable == sim.judge.linearizable,
      "seed \(seed)")
    #expect(sim.metrics.total.stale == 0, "seed \(seed): R + W > N is regular")
    return sim
  }

  /// Shown by `clustertop run read-write-back` and, without violation,
  /// `clustertop run read-write-back --set storage.read_write_back=true`.
  @Test func withoutWriteBack_theLiveVerdictFindsTheInversion() throws {
    let seed: UInt64 = 1
    let sim = try run(seed: seed, writeBack: false, seconds: 3)
    #expect(sim.judge.linearizable == .no)
    // The famous one: a read returns the new value while its write is under way, and a read that
    // begins after the first has ended returns the old one.
    let inversions = sim.judge.violations.filter { violation in
      let reads = violation.operations.filter { $0.function == .read }
      return reads.contains { new in
        let write = violation.operations.first { $0.function == .write && $0.value == new.value }
        return reads.contains { old in
          old.value != new.value && new.completeTime! < old.invokeTime!
            && write.map { $0.completeTime.map { old.invokeTime! < $0 } ?? true } ?? false
        }
      }
    }
    #expect(!inversions.isEmpty, "seed \(seed): \(sim.judge.violations)")
  }

  /// More of them, with random faults: `clustertop swarm`.
  @Test func withWriteBack_noSeedIsViolated() throws {
    for seed in 1...100 as ClosedRange<UInt64> {
      let sim = try run(seed: seed, writeBack: true, seconds: 1)
      #expect(sim.judge.linearizable == .yes, "seed \(seed) with write-back")
      #expect(sim.readsWrittenBack > 0)
    }
  }
}
