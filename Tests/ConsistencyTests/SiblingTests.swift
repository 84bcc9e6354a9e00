import Testing

@testable import Consistency

/// A read that found several values side by side is no register's answer: of its key the verdict says
/// `unknown`, never a guess, live and from the exported history alike; what the rest of the key's
/// operations prove it says all the same.
@Suite struct SiblingTests {
  /// Writes 1 and 2 side by side, a read of both, and then reads of `after` one by one.
  private func records(after: [Int64]) -> [OperationRecord] {
    var records: [OperationRecord] = []
    func add(
      _ process: Int64, _ kind: OperationRecord.Kind, _ function: OperationRecord.Function,
      _ value: Int64?, siblings: Bool = false
    ) {
      var record = OperationRecord(
        process: process, kind: kind, function: function, key: "k",
        value: value.map { .integer($0) }, time: Int64(records.count))
      record.hasSiblings = siblings
      records.append(record)
    }
    add(1, .invoke, .write, 1)
    add(2, .invoke, .write, 2)
    add(1, .ok, .write, 1)
    add(2, .ok, .write, 2)
    add(3, .invoke, .read, nil)
    add(3, .ok, .read, 2, siblings: true)
    for value in after {
      add(4, .invoke, .read, nil)
      add(4, .ok, .read, value)
    }
    return records
  }

  private func live(_ records: [OperationRecord]) -> LiveJudge {
    var judge = LiveJudge()
    var open: [Int64: Int32] = [:]
    for record in records {
      var value: UInt64?
      if case .integer(let number)? = record.value { value = UInt64(number) }
      switch record.kind {
      case .invoke:
        open[record.process] = judge.invoke(
          process: record.process, key: 0, writes: record.function == .write ? value : nil,
          at: record.time!)
      case .ok, .fail, .info:
        judge.complete(
          open[record.process]!, key: 0, record.hasSiblings ? .siblings : .ok, value: value ?? 0,
          version: nil, at: record.time!)
      }
    }
    return judge
  }

  @Test func siblings_leaveTheKeyOpen_unlessTheRestIsViolated() throws {
    for (after, answer) in [
      ([], Answer.unknown), ([2, 2], .unknown), ([1], .unknown), ([1, 2, 1], .no),
    ] as [([Int64], Answer)] {
      let records = records(after: after)
      let judge = live(records)
      let verdict = judge.concluded().verdict { _ in "k" }
      #expect(judge.linearizable == answer && verdict.linearizable == answer, "\(after)")
      #expect(verdict.keysUnknown == (answer == .unknown ? ["k"] : []))
      #expect(judge.trouble(ofKey: 0)?.answer == answer)
      #expect(verdict.readYourWrites == .unknown && verdict.keysWithSiblings == 1)
      for format in [HistoryWriter.json, HistoryWriter.edn] {
        var intake = HistoryIntake()
        try intake.feed(records.map { format($0) + "\n" }.joined().utf8)
        var check = HistoryJudge(try intake.history().0)
        while check.judgeNextKey() {}
        let checked = check.verdict()
        #expect(checked.linearizable == answer, "\(after)")
        #expect(checked.keysUnknown == verdict.keysUnknown && checked.keysWithSiblings == 1)
        #expect(checked.keysChecked == verdict.keysChecked)
        #expect(checked.readYourWrites == .unknown)
      }
    }
  }

  @Test func siblings_isTrueOrFalse_orARefusal() {
    for (text, isRight) in [("true", true), ("false", true), ("1", false), ("nil", false)] {
      var intake = HistoryIntake()
      let line =
        #"{"process": 1, "type": "invoke", "f": "read", "key": "a", "siblings": "# + text + "}\n"
      var isRead = true
      do { try intake.feed(line.utf8) } catch {
        isRead = false
        #expect("\(error)".hasPrefix("1:"), "\(error)")
      }
      #expect(isRead == isRight, "\(text)")
    }
  }
}
