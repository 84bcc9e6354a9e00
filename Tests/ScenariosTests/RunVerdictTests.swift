import Consistency
import Testing

@testable import ClusterSim
@testable import Scenarios

/// The verdict of a run is the one of its exported history, to the last byte.
/// Many seeds: `clustertop bench verdict`.
@Suite struct RunVerdictTests {
  private func scenario(seed: UInt64) throws -> Scenario {
    let loose = seed % 2 == 1
    return try Scenario.read(
      Array(
        """
        for: 8s
        seed: \(seed)
        storage: {r: \(loose ? 1 : 2), w: \(loose ? 1 : 2)}
        cache: {enabled: \(seed % 3 == 0)}
        workload: {rate: 200, keys: 40, read_share: 60%}
        actions: [{at: 2s, partition: halves}, {at: 6s, heal: 1}]
        """.utf8), file: "v.yaml")
  }

  private func checked(_ text: String) throws -> String {
    var intake = HistoryIntake()
    try intake.feed(text.utf8)
    var judge = HistoryJudge(try intake.history().0)
    while judge.judgeNextKey() {}
    return JSONValue.object(VerdictJSON.fields(judge.verdict())).text
  }

  @Test func verdict_isThatOfCheckOnTheExportedHistory() throws {
    var answers: [Answer] = []
    for seed: UInt64 in 1...4 {
      var run = try ScenarioRun(try scenario(seed: seed))
      var lines = ""
      var edn = ""
      while !run.isFinished {
        run.advance()
        lines += HistoryLines.text(run.records)
        edn += HistoryLines.text(run.records, .edn)
      }
      let own = JSONValue.object(VerdictJSON.fields(run.verdict)).text
      let isSame = try checked(lines) == own && checked(edn) == own
      #expect(isSame, "seed \(seed): \(own)")
      #expect(RunReport.json(run, build: "b").contains("\"verdict\": \(own)"), "seed \(seed)")
      answers.append(run.verdict.linearizable)
    }
    #expect(answers.contains(.no) && answers.contains(.yes), "\(answers)")
  }

  /// A thousand seeds: `clustertop bench verdict --size 1000`.
  @Test func randomFaults_liveFinalAndExportedVerdictAgree() throws {
    var answers: Set<Answer> = []
    for seed: UInt64 in 1...8 {
      let trial = try VerdictTrial(seed: seed, seconds: 5)
      #expect(trial.difference == nil, "seed \(seed)")
      answers.insert(trial.linearizable)
    }
    #expect(answers == [.yes, .no])
  }

  @Test func fileName_choosesTheFormat() {
    #expect(HistoryLines.format(ofFile: "h.edn") == .edn)
    #expect(HistoryLines.format(ofFile: "edn.jsonl") == .jsonLines)
  }
}
