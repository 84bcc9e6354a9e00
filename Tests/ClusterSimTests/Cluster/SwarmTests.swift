import Testing

@testable import ClusterSim

/// Seeded swarms: a safety phase in which anything may break, then everything is healed and a
/// liveness phase in which everything must converge. What is claimed of a run is said at `Swarm`.
@Suite struct SwarmTests {
  /// Two thousand runs, as `clustertop swarm --seeds 1-2000`; one again, with its story:
  /// `clustertop swarm --seeds 17`. The seeds are dealt
  /// out over two tasks.
  @Test func randomFaults_thenHeal_holdEveryClaim() async {
    var failures: [String] = []
    var claims = (loss: 0, linearizable: 0)
    await withTaskGroup(of: [Swarm.Outcome].self) { group in
      for part in 0..<2 as Range<UInt64> {
        group.addTask {
          (0..<1000 as Range<UInt64>).map {
            var swarm = Swarm(seed: 1 + 2 * $0 + part)
            return swarm.play()
          }
        }
      }
      for await outcomes in group {
        for outcome in outcomes {
          claims.loss += outcome.claimsNoLoss ? 1 : 0
          claims.linearizable += outcome.claimsLinearizable ? 1 : 0
          if outcome.violations.isEmpty { continue }
          failures.append(
            "clustertop swarm --seeds \(outcome.seed): "
              + outcome.violations.joined(separator: "; "))
        }
      }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
    #expect(claims.loss >= 450 && claims.linearizable >= 300, "\(claims)")
  }

  @Test func seed_repeatsItsRun() {
    var first = Swarm(seed: 3)
    var second = Swarm(seed: 3)
    #expect(first.play().stateHash == second.play().stateHash)
  }
}
