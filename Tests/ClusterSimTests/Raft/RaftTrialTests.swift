import Testing

@testable import ClusterSim

/// shared facts, sections 7 and 10: no violated invariant under random faults, and each of five
/// planted bugs caught. The long run: `clustertop bench raft` (10^7 steps).
struct RaftTrialTests {
  @Test func trial_randomFaults_keepEveryProperty() {
    let outcome = RaftTrial.run(steps: 60_000, seed: 1)
    #expect(outcome.violation == nil)
    // Not vacuous: leaders, entries and reads there were.
    #expect(outcome.elections > 300)
    #expect(outcome.committed > 1_500)
    #expect(outcome.reads > 500)
    #expect(outcome.changes > 10)
  }

  @Test func trial_sameSeed_sameHash() {
    let first = RaftTrial.run(steps: 4_000, seed: 7)
    let second = RaftTrial.run(steps: 4_000, seed: 7)
    #expect(first.stateHash == second.stateHash)
  }

  /// A snapshot that reaches only into the log must not take away what follows: it may have been
  /// acknowledged. These trials once found an implementation that did.
  @Test func trial_snapshotWithinTheLog_keepsWhatFollows() {
    #expect(RaftTrial.run(steps: 4_000, seed: 2, bug: nil, from: 112).violation == nil)
  }

  #if DEBUG
    /// Seeds and first trials that find each mistake soon; rare ones take 200 000 steps from trial 0.
    @Test func trial_plantedBug_isCaught() {
      let found: [(RaftBug, seed: UInt64, from: UInt64)] = [
        (.twoVotesATerm, 6, 5), (.commitsOldTermByCount, 11, 45), (.voteNotPersisted, 4, 10),
        (.logNotTruncated, 2, 0), (.staleLogLeads, 2, 0),
      ]
      #expect(found.map(\.0) == RaftBug.allCases)
      for (bug, seed, from) in found {
        let outcome = RaftTrial.run(steps: 40_000, seed: seed, bug: bug, from: from)
        #expect(outcome.violation != nil, "\(bug) went unseen in \(outcome.steps) steps")
        // The same trials without the mistake break nothing.
        let sound = RaftTrial.run(steps: 10_000, seed: seed, bug: nil, from: from)
        #expect(sound.violation == nil)
      }
    }
  #endif
}
