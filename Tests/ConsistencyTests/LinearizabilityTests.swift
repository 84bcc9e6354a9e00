import Testing

@testable import Consistency

struct LinearizabilityTests {
  private func answer(
    _ records: [OperationRecord], _ options: CheckOptions = CheckOptions()
  ) throws -> LinearizabilityCheck.Answer {
    let history = try HistoryBuilder.history(records)
    var values = history.values
    let initial = values.id(options.initial)
    var check = LinearizabilityCheck(
      initial: initial, valueCount: values.values.count, options: options)
    return check.answer(history.operations(ofKey: 0))
  }

  @Test func answer_randomSmallHistories_agreesWithBruteForce() throws {
    var holding = 0
    for seed in 0..<10_000 {
      var random = Seeded(seed)
      var make = RandomHistory()
      make.processes = 2 + random.below(3)
      make.operations = 3 + random.below(5)
      make.values = random.below(4)
      make.cas = random.chance(70)
      make.info = random.below(40)
      make.lies = random.chance(30) ? 0 : random.below(80)
      let records = make.records(&random)
      var options = CheckOptions()
      options.failedCas = random.chance(50) ? .drop : .observed
      options.nilRead = random.chance(50) ? .any : .value
      options.initial = random.chance(70) ? nil : .integer(1)
      let holds = BruteForce(options: options).isLinearizable(records)
      holding += holds ? 1 : 0
      let found = try answer(records, options)
      if holds {
        #expect(found == .yes, "seed \(seed)")
      } else if case .no = found {
      } else {
        Issue.record("seed \(seed): \(found), but no order explains it")
      }
    }
    // The generator makes enough of both, or the agreement would mean little.
    #expect(holding > 3000 && holding < 8000, "\(holding) of 10000 hold")
  }
}
