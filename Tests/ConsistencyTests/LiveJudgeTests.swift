import Testing

@testable import Consistency

/// The verdict while a history is made is the one that the finished history gets.
@Suite struct LiveJudgeTests {
  /// Feeds records as a store would while it runs.
  private func live(_ records: [OperationRecord]) -> LiveJudge {
    // All that the small histories have: what cannot be shown is another matter.
    var limits = LiveLimits()
    limits.recent = 40
    var judge = LiveJudge(limits)
    var open: [Int64: Int32] = [:]
    for record in records {
      let key = UInt32(record.key.dropFirst())!
      // What a register holds at first is 0 here, and a written value v is v + 1.
      var value: UInt64 = 0
      if case .integer(let number) = record.value { value = UInt64(number + 1) }
      if record.kind == .invoke {
        open[record.process] = judge.invoke(
          process: record.process, key: key, writes: record.function == .write ? value : nil,
          at: record.time!)
        continue
      }
      let outcome: LiveJudge.Outcome =
        record.kind == .ok ? .ok : record.kind == .fail ? .fail : .info
      judge.complete(
        open.removeValue(forKey: record.process)!, key: key, outcome, value: value,
        version: record.version, at: record.time!)
    }
    return judge.concluded()
  }

  /// Repeat one seed by narrowing the range.
  @Test func verdict_randomHistories_isThatOfTheWholeHistory() throws {
    var holding = 0
    var violated = 0
    var smallest = 0
    var failures: [String] = []
    for seed in 0..<3000 {
      var random = Seeded(seed)
      var make = RandomHistory()
      make.processes = 2 + random.below(5)
      make.operations = 4 + random.below(40)
      make.values = 0
      make.cas = false
      make.keys = 1 + random.below(3)
      make.info = random.below(40)
      make.lies = random.chance(50) ? 0 : random.below(20)
      make.versions = true
      let records = make.records(&random)
      var judge = HistoryJudge(try HistoryBuilder.history(records))
      while judge.judgeNextKey() {}
      let whole = judge.verdict()
      let found = live(records)
      holding += whole.linearizable == .yes ? 1 : 0
      let sameKeys =
        found.violatedKeys.map { "k\($0)" } == whole.violations.map(\.key)
      let sameSessions = SessionGuarantee.allCases.allSatisfy { found.answer($0) == whole[$0] }
      if found.linearizable != whole.linearizable || !sameKeys || !sameSessions {
        failures.append("seed \(seed): \(found.linearizable), whole \(whole.linearizable)")
      }
      violated += found.violations.count
      smallest += found.violations.count { $0.isSmallest }
      if found.violations.contains(where: { $0.operations.isEmpty }) {
        failures.append("seed \(seed): a violation without operations")
      }
    }
    #expect(failures.isEmpty, "\(failures.prefix(5))")
    #expect(violated > 500 && smallest * 100 > violated * 95, "\(smallest) of \(violated)")
    #expect(holding > 800 && holding < 2500, "\(holding) of 3000 hold")
  }

  @Test func violation_isShownWithItsTimeAndOperations() throws {
    var judge = LiveJudge()
    func run(_ process: Int64, _ writes: UInt64?, _ value: UInt64, _ time: Int64) {
      let place = judge.invoke(
        process: process, key: 7, writes: writes, at: time, tag: UInt64(time))
      judge.complete(place, key: 7, .ok, value: value, version: nil, at: time + 5)
    }
    run(1, 1, 1, 10)
    run(2, 2, 2, 20)
    #expect(judge.linearizable == .yes && judge.keysJudged == 1)
    for time in 0..<60 { run(4, nil, 2, 100 + Int64(time) * 10) }
    run(3, nil, 1, 900)
    #expect(judge.linearizable == .no)
    #expect(judge.violatedSince == 905)
    #expect(judge.trouble(ofKey: 7)?.since == 905)
    let violation = try #require(judge.violations.first)
    // write 1, write 2, and the read of 1, although many reads came between.
    #expect(violation.tags == [10, 20, 900])
    #expect(violation.operations.map(\.value) == [1, 2, 1])
  }

  @Test func unseenWrites_beyondTheBound_leaveItOpen() {
    var limits = LiveLimits()
    limits.unseenWrites = 2
    for forgotten in [false, true] {
      var judge = LiveJudge(limits)
      for process in 1...(forgotten ? 3 : 2) {
        let place = judge.invoke(
          process: Int64(process), key: 0, writes: UInt64(process), at: Int64(process))
        judge.complete(place, key: 0, .info, value: 0, version: nil, at: Int64(process) + 100)
      }
      let read = judge.invoke(process: 9, key: 0, writes: nil, at: 200)
      judge.complete(read, key: 0, .ok, value: 1, version: nil, at: 201)
      #expect(judge.linearizable == (forgotten ? .unknown : .yes))
    }
  }
}
