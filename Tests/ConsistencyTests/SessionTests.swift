import Testing

@testable import Consistency

struct SessionTests {
  /// One event a word: `1w5@7` process 1 writes 5 as version 7, `2r5` process 2 reads 5, `2r-` nil;
  /// operations follow one another. A letter before the process is the key.
  private func records(_ text: String) -> [OperationRecord] {
    var records: [OperationRecord] = []
    for word in text.split(separator: " ") {
      let key = word.prefix { $0.isLetter }
      let rest = word.dropFirst(key.count)
      let process = Int64(rest.prefix { $0.isNumber })!
      let isWrite = rest.contains("w")
      let parts = rest.drop { $0.isNumber }.dropFirst().split(separator: "@")
      let value = parts[0] == "-" ? nil : HistoryValue.integer(Int64(parts[0])!)
      for kind in [OperationRecord.Kind.invoke, .ok] {
        records.append(
          OperationRecord(
            process: process, kind: kind, function: isWrite ? .write : .read, key: String(key),
            value: kind == .ok || isWrite ? value : nil, time: Int64(records.count),
            version: kind == .ok && parts.count > 1 ? Int64(parts[1]) : nil))
      }
    }
    return records
  }

  private func broken(_ text: String) throws -> Set<SessionGuarantee> {
    let verdict = try Verdict.judge(records: records(text))
    #expect(!SessionGuarantee.allCases.contains { verdict[$0] == .unknown }, "\(text)")
    let broken = SessionGuarantee.allCases.filter { verdict[$0] == .no }
    #expect(Set(verdict.sessionViolations.map(\.guarantee)) == Set(broken), "\(text)")
    return Set(broken)
  }

  @Test func guarantees_byVersion_breakOneByOne() throws {
    #expect(try broken("1w1@1 1r1@1 2r1@1 2w2@2 1r2@2") == [])
    #expect(try broken("1w1@1 2w2@2 2r1@1") == [.readYourWrites])
    #expect(try broken("1w1@1 1w2@2 2r2@2 2r1@1") == [.monotonicReads])
    #expect(try broken("1w1@2 1w2@1") == [.monotonicWrites])
    #expect(try broken("1w1@2 2r1@2 2w2@1") == [.writesFollowReads])
    // Another's newer write, an older read of another key, another process: all allowed.
    #expect(try broken("1w1@1 2w2@2 1r2@2") == [])
    #expect(try broken("a1w1@5 b1w2@3 b1r2@3 a1r1@5") == [])
    #expect(try broken("1w1@1 1w2@2 2r2@2 3r1@1") == [])
  }

  /// `1w5@a=1` writes 5 as a version whose clock is `a=1`; `_` stands for a space.
  private func brokenByClock(_ text: String) throws -> [SessionGuarantee] {
    var records: [OperationRecord] = []
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "@", omittingEmptySubsequences: false)
      let isWrite = parts[0].contains("w")
      let value = Int64(parts[0].drop { $0.isNumber }.dropFirst())!
      for kind in [OperationRecord.Kind.invoke, .ok] {
        var record = OperationRecord(
          process: Int64(parts[0].prefix { $0.isNumber })!, kind: kind,
          function: isWrite ? .write : .read, key: "k",
          value: kind == .ok || isWrite ? .integer(value) : nil, time: Int64(records.count))
        if kind == .ok, parts.count > 1 {
          let clock: VersionClock = try #require(
            VersionClock(text: String(parts[1].replacing("_", with: " "))))
          record.clock = clock
        }
        records.append(record)
      }
    }
    let verdict = try Verdict.judge(records: records)
    #expect(!SessionGuarantee.allCases.contains { verdict[$0] == .unknown }, "\(text)")
    return SessionGuarantee.allCases.filter { verdict[$0] == .no }
  }

  /// Dynamo's figure 3 and what would break it: versions beside one another are neither older nor newer.
  @Test func guarantees_byClock_breakOneByOne() throws {
    #expect(try brokenByClock("1w1@x=1 1r1@x=1 1w2@x=2 1r2@x=2") == [])
    #expect(try brokenByClock("1w1@x=1 1w2@x=2 1r1@x=1") == [.readYourWrites])
    // Another's version, written beside the own one.
    #expect(try brokenByClock("1w1@x=1 2w2@y=1 1r2@y=1") == [.readYourWrites])
    #expect(try brokenByClock("1w1@x=1 2w2@y=1 1r2@x=1_y=1") == [])
    #expect(try brokenByClock("1w1@x=1 2w2@x=1_y=1 3r2@x=1_y=1 3r1@x=1") == [.monotonicReads])
    #expect(try brokenByClock("1w1@x=1 1w2@y=1") == [.monotonicWrites])
    #expect(try brokenByClock("1w1@x=1 2r1@x=1 2w2@y=1") == [.writesFollowReads])
    // A single write beyond a gap is not all before it.
    #expect(try brokenByClock("1w1@x=1 2w2@x=2 3w3@x+3 2r3@x+3") == [.readYourWrites])
    #expect(try brokenByClock("3w3@x+3 1w1@x=1 2w2@x=2 3r9@x=2_x+3 3r9@x=3") == [])
  }

  @Test func clock_asText_comesBack() throws {
    for text in ["", "n1=4", "n1=4 n2=7 n2+9"] {
      let clock = try #require(VersionClock(text: text))
      #expect(clock.text == text)
    }
    for text in ["n1", "=4", "n1=", "n1=x", "n1=0", "n1=4,n2=1"] {
      #expect(VersionClock(text: text) == nil, "\(text)")
    }
  }

  @Test func guarantees_byUniqueValues_breakWhereNoOrderAllowsThem() throws {
    // Not linearizable, or the answer would be yes at once: process 9 reads what is long gone.
    let stale = "9w70 9w71 8r70 "
    #expect(try broken(stale) == [])
    #expect(try broken(stale + "1w1 1r-") == [.readYourWrites])
    #expect(try broken(stale + "2w1 1r1 1r-") == [.monotonicReads])
    #expect(try broken(stale + "3w1 4w2 1r1 1r2 1r1") == [.monotonicReads])
    // Each reader alone is content, both together are not.
    #expect(try broken(stale + "3w1 4w2 1r1 1r2 2r2 2r1") == [.monotonicReads])
    #expect(try broken(stale + "1w1 2w2 1r2 2r1") == [.readYourWrites])
    #expect(try broken(stale + "1w1 1w2 1r1") == [])
    // Process 1 read 2 before it wrote 1; process 2 read 1 before it wrote 2.
    let before =
      records(stale) + [
        OperationRecord(process: 1, kind: .invoke, function: .write, key: "x", value: 1, time: 50),
        OperationRecord(process: 1, kind: .info, function: .write, key: "x", value: 1, time: 51),
      ]
    #expect(try Verdict.judge(records: before).writesFollowReads == .yes)
  }

  @Test func guarantees_valuesWrittenTwiceWithoutVersions_areUnknown() throws {
    let verdict = try Verdict.judge(records: records("1w1 1w2 2r1 2w1 1r2"))
    #expect(verdict.linearizable == .no)
    for guarantee in SessionGuarantee.allCases { #expect(verdict[guarantee] == .unknown) }
    #expect(verdict.causal == .unknown)
  }

  @Test func guarantees_linearizableHistories_holdWithVersionsAndWithout() throws {
    for seed in 0..<400 {
      var random = Seeded(seed)
      var make = RandomHistory()
      make.operations = 30
      make.processes = 4
      make.keys = 1 + random.below(3)
      make.values = random.below(4)
      make.versions = random.chance(50)
      let verdict = try Verdict.judge(records: make.records(&random))
      #expect(verdict.linearizable == .yes, "seed \(seed)")
      #expect(verdict.overall == .yes && verdict.causal == .yes, "seed \(seed)")
      for guarantee in SessionGuarantee.allCases {
        #expect(verdict[guarantee] == .yes, "seed \(seed): \(guarantee)")
      }
    }
  }

  /// The definition, tried out: some order of the values, the initial one first, in which no pair of
  /// operations of one process breaks the guarantee.
  @Test func guarantees_byValue_agreeWithTryingEveryOrder() throws {
    var brokenOnes = 0
    for seed in 0..<1500 {
      var random = Seeded(seed)
      let values = 2 + random.below(3)
      var text = "99w90 99w91 98r90 "
      var next = 1
      for _ in 0..<8 {
        let process = 1 + random.below(3)
        if next <= values, random.chance(45) {
          text += "\(process)w\(next) "
          next += 1
        } else {
          let value = random.below(values + 1)
          text += value == 0 ? "\(process)r- " : "\(process)r\(value) "
        }
      }
      while next <= values {
        text += "\(70 + next)w\(next) "
        next += 1
      }
      let records = records(text)
      let verdict = try Verdict.judge(records: records)
      for guarantee in SessionGuarantee.allCases {
        let holds = Self.orders(values).contains { order in
          !Self.breaks(guarantee, records.filter { $0.kind == .ok && $0.process < 90 }, order)
        }
        #expect((verdict[guarantee] == .yes) == holds, "\(text): \(guarantee)")
        brokenOnes += holds ? 0 : 1
      }
    }
    #expect(brokenOnes > 500)
  }

  /// Every rank of the values 1...count; rank 0 is the initial one's.
  private static func orders(_ count: Int) -> [[Int]] {
    var orders: [[Int]] = [[]]
    for value in 1...count {
      orders = orders.flatMap { order in
        (0...order.count).map { place in
          var longer = order
          longer.insert(value, at: place)
          return longer
        }
      }
    }
    return orders.map { order in
      [0] + (1...count).map { order.firstIndex(of: $0)! + 1 }
    }
  }

  private static func breaks(
    _ guarantee: SessionGuarantee, _ operations: [OperationRecord], _ rank: [Int]
  ) -> Bool {
    func place(_ record: OperationRecord) -> Int {
      guard case .integer(let value) = record.value else { return 0 }
      return rank[Int(value)]
    }
    for (earlier, first) in operations.enumerated() {
      for second in operations.dropFirst(earlier + 1) where second.process == first.process {
        let isPair =
          switch guarantee {
          case .readYourWrites: first.function == .write && second.function == .read
          case .monotonicReads: first.function == .read && second.function == .read
          case .monotonicWrites: first.function == .write && second.function == .write
          case .writesFollowReads: first.function == .read && second.function == .write
          }
        if isPair, place(first) > place(second) { return true }
      }
    }
    return false
  }

  @Test func causal_badPatterns_areFound() throws {
    func pattern(_ text: String) throws -> String? {
      let verdict = try Verdict.judge(records: records(text))
      #expect((verdict.causal == .no) == (verdict.causalViolation != nil))
      return verdict.causalViolation?.pattern
    }
    #expect(try pattern("x1w1 x2r7") == "thin air read")
    // Process 2 saw y, which process 1 wrote after x, and then finds x unwritten.
    #expect(try pattern("x1w1 y1w2 y2r2 x2r-") == "read of the initial value after a write")
    #expect(try pattern("x1w1 x1w3 y1w2 y2r2 x2r1") == "read of an overwritten value")
    // Through a third process.
    #expect(try pattern("x1w1 x2r1 x2w2 y2w3 y3r3 x3r1") == "read of an overwritten value")
    // Stale, not linearizable, but causal: process 2 saw nothing that follows the write.
    #expect(try pattern("x1w1 x2r-") == nil)
    // Concurrent writes in different orders for different readers: causal, not sequential.
    #expect(try pattern("x1w1 x2w2 x3r1 x3r2 x4r2 x4r1") == nil)
    // Each reads what the other writes only after reading.
    #expect(try pattern("x1r2 y1w1 y2r1 x2w2") == "cyclic causal order")
  }
}
