import Testing

@testable import Consistency

struct ShrinkTests {
  /// Leaves out operation by operation, by the rule the shrinker states, and asks the brute-force
  /// checker each time.
  @Test func smallest_randomViolations_areViolationsAndCannotLoseAnOperation() throws {
    var shrunk = 0
    for seed in 0..<3000 {
      var random = Seeded(seed + 70_000)
      var make = RandomHistory()
      make.operations = 4 + random.below(6)
      make.values = random.below(4)
      make.lies = 60
      make.info = 20
      var options = CheckOptions()
      options.failedCas = random.chance(30) ? .observed : .drop
      let brute = BruteForce(options: options)
      let records = make.records(&random)
      if brute.isLinearizable(records) { continue }
      shrunk += 1
      var judge = HistoryJudge(try HistoryBuilder.history(records), options)
      while judge.judgeNextKey() {}
      let violation = try #require(judge.verdict().violations.first)
      #expect(violation.isSmallest)
      let all = BruteForce.operations(records)
      let part = all.filter { operation in
        violation.operations.contains { $0.begin == operation.begin }
      }
      #expect(part.count == violation.operations.count)
      #expect(!brute.isLinearizable(part), "seed \(seed): the part can be explained")
      for place in part.indices where mayGo(part[place], from: part) {
        var rest = part
        rest.remove(at: place)
        #expect(brute.isLinearizable(rest), "seed \(seed): operation \(place) is not needed")
      }
    }
    #expect(shrunk > 1000)
  }

  /// Whether no operation that stays could have found what this one set, and each finds its value
  /// written.
  private func mayGo(_ gone: BruteForce.Operation, from part: [BruteForce.Operation]) -> Bool {
    if gone.record.function == .read || gone.kind == .fail { return true }
    return !part.contains { observer in
      guard observer.begin != gone.begin, gone.begin < observer.end else { return false }
      var isExact = true
      switch (observer.record.function, observer.kind) {
      case (.write, _): return false
      case (.read, _): guard observer.record.value == gone.record.value else { return false }
      case (.cas, .fail):
        isExact = false
        guard observer.record.from != gone.record.value else { return false }
      case (.cas, _): guard observer.record.from == gone.record.value else { return false }
      }
      let isLast = !part.contains {
        $0.record.function != .read && $0.kind == .ok && $0.begin > gone.end
          && $0.end < observer.begin
      }
      let isOnly = !part.contains {
        $0.record.function != .read && $0.kind != .fail && $0.begin != gone.begin
          && $0.begin != observer.begin && $0.record.value == gone.record.value
          && $0.begin < observer.end
      }
      return isLast || (isExact && isOnly)
    }
  }

  @Test func smallest_staleRead_isTheTwoWritesAndTheRead() throws {
    var records: [OperationRecord] = []
    func add(_ function: OperationRecord.Function, _ value: HistoryValue) {
      let process = Int64(records.count % 3)
      for kind in [OperationRecord.Kind.invoke, .ok] {
        records.append(
          OperationRecord(
            process: process, kind: kind, function: function, key: "k",
            value: kind == .invoke && function == .read ? nil : value, time: nil))
      }
    }
    for value in 1...40 {
      add(.write, .integer(Int64(value)))
      add(.read, .integer(Int64(value)))
    }
    add(.read, 12)
    let verdict = try Verdict.judge(records: records)
    #expect(verdict.linearizable == .no)
    let part = try #require(verdict.violations.first).operations
    #expect(part.map(\.function) == [.write, .write, .read])
    #expect(part.first?.value == 12 && part.last?.value == 12)
  }
}
