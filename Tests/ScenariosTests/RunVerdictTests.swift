import Consistency
import Testing

@testable import ClusterSim
@testable import Scenarios

/// The verdict of a run is the one of its exported history.
@Suite struct RunVerdictTests {
  /// A thousand seeds: `clustertop bench verdict --size 1000`.
  @Test func randomFaults_liveFinalAndExportedVerdictAgree() throws {
    var answers: Set<Answer> = []
    for seed: UInt64 in 1...40 {
      let trial = try VerdictTrial(seed: seed, seconds: 5)
      #expect(trial.difference == nil, "seed \(seed)")
      answers.insert(trial.linearizable)
    }
    // Seed 5 keeps versions side by side: reads of several values leave keys open.
    #expect(answers == [.yes, .no, .unknown])
  }

  @Test func fileName_choosesTheFormat() {
    #expect(HistoryLines.format(ofFile: "h.edn") == .edn)
    #expect(HistoryLines.format(ofFile: "edn.jsonl") == .jsonLines)
  }
}
