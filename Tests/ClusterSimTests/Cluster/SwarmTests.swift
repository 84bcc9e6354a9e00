import Testing

@testable import ClusterSim

/// Seeded swarms: a safety phase in which anything may break, then everything is healed and a
/// liveness phase in which everything must converge. What is claimed of a run is said at `Swarm`.
@Suite struct SwarmTests {
  /// Two thousand in release: `clustertop swarm --seeds 1-2000`; one again, with its story:
  /// `clustertop swarm --seeds 17`.
  @Test func randomFaults_thenHeal_holdEveryClaim() {
    var failures: [String] = []
    var claims = (loss: 0, linearizable: 0)
    for seed in 1...40 as ClosedRange<UInt64> {
      var swarm = Swarm(seed: seed)
      let outcome = swarm.play()
      claims.loss += outcome.claimsNoLoss ? 1 : 0
      claims.linearizable += outcome.claimsLinearizable ? 1 : 0
      if !outcome.violations.isEmpty {
        failures.append(
          "clustertop swarm --seeds \(seed): \(outcome.violations.joined(separator: "; "))")
      }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    #expect(claims.loss >= 10 && claims.linearizable >= 1)
  }

  @Test func seed_repeatsItsRun() {
    var first = Swarm(seed: 3)
    var second = Swarm(seed: 3)
    #expect(first.play().stateHash == second.play().stateHash)
  }
}
