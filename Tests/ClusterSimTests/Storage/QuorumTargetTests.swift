import Testing

@testable import ClusterSim

/// Fixed random quorums: only R, or W, replicas are asked (facts.md section 1 and 10).
@Suite struct QuorumTargetTests {
  /// k-staleness of fixed random quorums without expansion: a read misses the last k completed
  /// writes with probability `(C(N-W,R) / C(N,R))^k` (Bailis et al., VLDB 2012, equation 1).
  ///
  /// Here 100,000 reads each; by hand: `clustertop run default --for 1000s --format json --set cache.enabled=false
  /// --set storage.r=1 --set storage.w=1 --set storage.read_targets=quorum
  /// --set storage.write_targets=quorum --set storage.read_repair=false --set workload.rate=1000
  /// --set workload.read_share=0.1 --set workload.distribution=uniform --set network.between=0ms
  /// --set "network.between_jitter=constant 0ms"` and so on with R = 2; then
  /// `stale_by_versions` summed from k on, over the answered reads.
  @Test func staleness_ofFixedRandomQuorums_followsTheFormula() throws {
    for (r, w, miss) in [(1, 1, 2.0 / 3), (2, 1, 1.0 / 3), (1, 2, 1.0 / 3)] {
      var sim = try Clusters.two(
        east: 3, west: 1, seed: 5,
        [
          ("cache.enabled", "false"), ("storage.r", "\(r)"), ("storage.w", "\(w)"),
          ("storage.read_targets", "quorum"), ("storage.write_targets", "quorum"),
          ("storage.read_repair", "false"), ("workload.distribution", "uniform"),
          ("workload.keys", "1000"), ("workload.rate", "2000"), ("workload.read_share", "0.1"),
          ("host.workers", "64"), ("observe.verdict", "false"),
          // Short ways: the formula knows of no write that is under way while a read is.
          ("network.between", "0ms"), ("network.between_jitter", "constant 0ms"),
          ("network.local_jitter", "constant 0ms"), ("host.write_service", "constant 10us"),
          ("host.read_service", "constant 10us"),
        ])
      sim.run(seconds: 4)
      // Every key has been written a few times; from here on each read has versions to miss.
      let before = sim.metrics.total
      sim.run(seconds: 505)
      let after = sim.metrics.total
      let reads = after.readLatency.count - before.readLatency.count
      #expect(reads >= 100_000)
      for k in 1...5 {
        let stale = (k...8).reduce(0) {
          $0 + after.staleByVersions[$1 - 1] - before.staleByVersions[$1 - 1]
        }
        var expected = 1.0
        for _ in 0..<k { expected *= miss }
        let error = (expected * (1 - expected) / Double(reads)).squareRoot()
        let measured = Double(stale) / Double(reads)
        #expect(
          abs(measured - expected) < 3 * error, "R=\(r) W=\(w) k=\(k): \(measured), not \(expected)"
        )
      }
    }
  }

  /// Who asks only R replicas sends fewer messages, and R + W > N still never is stale.
  @Test func readTargets_quorum_asksOnlyR() throws {
    func figures(_ targets: String) throws -> (messages: Int, stale: Int) {
      var sim = try Clusters.two(
        east: 4, west: 1,
        [
          ("cache.enabled", "false"), ("workload.rate", "0"), ("storage.read_targets", targets),
          ("storage.read_repair", "false"),
        ])
      let before = sim.hosts.reduce(0) { $0 + $1.workers.busy } + sim.messageCounts.sent
      var idle = sim
      for key in 1...50 { try sim.inject(.read(key: "user:\(key)", via: "n1")) }
      sim.run(seconds: 1)
      idle.run(seconds: 1)
      #expect(sim.metrics.total.ok == 50)
      _ = before
      return (sim.messageCounts.sent - idle.messageCounts.sent, sim.metrics.total.stale)
    }
    // A read: the request, three (two) questions, as many answers, the reply.
    #expect(try figures("all").messages == 50 * 8)
    #expect(try figures("quorum").messages == 50 * 6)
  }
}
