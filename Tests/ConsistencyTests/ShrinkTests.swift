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
      let part = all.compactMap { operation -> BruteForce.Operation? in
        guard let shown = violation.operations.first(where: { $0.begin == operation.begin }) else {
          return nil
        }
        // A cas that had not ended when the violation was there.
        var operation = operation
        if shown.kind == .info { (operation.kind, operation.end) = (.info, .max) }
        return operation
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

  /// A read that is under way when the violation is there, and finds what is written only later, was
  /// once shown as the violation, all by itself: it had lost its write.
  @Test func smallest_aReadUnderWay_isNotHeldToAWriteYetToCome() throws {
    var records: [OperationRecord] = []
    func add(
      _ process: Int64, _ kind: OperationRecord.Kind, _ function: OperationRecord.Function,
      _ value: HistoryValue?
    ) {
      records.append(
        OperationRecord(
          process: process, kind: kind, function: function, key: "k", value: value, time: nil))
    }
    for value in 1...2 {
      add(0, .invoke, .write, .integer(Int64(value)))
      add(0, .ok, .write, .integer(Int64(value)))
    }
    add(9, .invoke, .read, nil)
    add(1, .invoke, .read, nil)
    add(1, .ok, .read, 1)
    add(0, .invoke, .write, 3)
    add(0, .ok, .write, 3)
    add(9, .ok, .read, 3)
    let violation = try #require(try Verdict.judge(records: records).violations.first)
    #expect(violation.operations.map(\.value) == [1, 2, 1])
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
