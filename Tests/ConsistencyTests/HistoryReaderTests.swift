import Testing

@testable import Consistency

struct HistoryReaderTests {
  /// Reads a text in pieces of the given size.
  private func read(
    _ text: String, piece: Int = 7, limits: HistoryLimits = HistoryLimits()
  ) throws(HistoryProblem) -> [HistoryReader.Placed] {
    try read(Array(text.utf8), piece: piece, limits: limits)
  }

  private func read(
    _ bytes: [UInt8], piece: Int, limits: HistoryLimits = HistoryLimits()
  ) throws(HistoryProblem) -> [HistoryReader.Placed] {
    var reader = HistoryReader(limits: limits)
    var records: [HistoryReader.Placed] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + piece)
      try reader.feed(bytes[start..<end], into: &records)
      start = end
    }
    try reader.finish(into: &records)
    return records
  }

  private func history(_ text: String) throws(HistoryProblem) -> History {
    var builder = HistoryBuilder()
    for record in try read(text) { try builder.add(record) }
    return try builder.history()
  }

  @Test func jsonLines_anyKeyOrderAndUnknownKeys_areRead() throws {
    let records = try read(
      """
      {"process": 3, "type": "invoke", "f": "write", "key": "k17", "value": 42, "time": 1500000000}

      \t{"note": {"a": [1, -2.5e3, true, false, null, "}\\""]}, "time":-7,"value":null ,"key":5,"f":"read","type":"ok","process":-4,"version":9}\r
      {"process":1,"type":"fail","f":"cas","key":"\\u00e9\\ud83d\\ude00\\n","value":[null,"x"],"time":null}
      """)
    #expect(
      records == [
        .init(
          record: OperationRecord(
            process: 3, kind: .invoke, function: .write, key: "k17", value: 42, time: 1_500_000_000),
          line: 1, column: 1),
        .init(
          record: OperationRecord(
            process: -4, kind: .ok, function: .read, key: "5", value: nil, time: -7, version: 9),
          line: 3, column: 1),
        .init(
          record: OperationRecord(
            process: 1, kind: .fail, function: .cas, key: "é😀\n", value: "x", time: nil),
          line: 4, column: 1),
      ])
  }

  @Test func edn_asJepsenAndKnossosWriteIt_isRead() throws {
    let bare = """
      ; a history
      {:process 3, :type :invoke, :f :write, :value 4}
      {:process :nemesis, :type :info, :f :start-partition, :value [:isolated {"n1" #{"n2"}}]}
      #_ {:process 9 :type :nonsense}
      {:type :info, :f :write, :value :timed-out, :process 3 :error [:timeout \\{ "}"] :index 1}
      #jepsen.history.Op{:index 2, :time 12, :type :invoke, :process 0, :f :cas, :value [1 2]}
      {:process 0 :type :ok :f :cas :value [1 2] :time 13 :tag #inst "1985-04-12", :d 1.5M :r 2/3}
      {:process 1 :type :ok :f :read :value nil}, {:process 1 :type :ok :f :read :value -12N}
      {:process 1 :type :invoke :f :read :value [7 nil]} {:process 1 :type :ok :f :read
       :value ["k\\"1" "v"]}
      {:process 2 :type :invoke :f :cas :value [:x [nil 3]]}
      """
    func record(
      _ process: Int64, _ kind: OperationRecord.Kind, _ function: OperationRecord.Function,
      _ key: String, _ value: HistoryValue?, from: HistoryValue? = nil, time: Int64? = nil
    ) -> OperationRecord {
      OperationRecord(
        process: process, kind: kind, function: function, key: key, value: value, from: from,
        time: time)
    }
    let right = [
      record(3, .invoke, .write, "", 4), record(3, .info, .write, "", ":timed-out"),
      record(0, .invoke, .cas, "", 2, from: 1, time: 12),
      record(0, .ok, .cas, "", 2, from: 1, time: 13), record(1, .ok, .read, "", nil),
      record(1, .ok, .read, "", -12), record(1, .invoke, .read, "7", nil),
      record(1, .ok, .read, "k\"1", "v"), record(2, .invoke, .cas, ":x", 3),
    ]
    for text in [bare, "[\(bare)\n]", " (\(bare)\n) ; done"] {
      for piece in [1, 2, 13, 10_000] {
        #expect(try read(text, piece: piece).map(\.record) == right)
      }
    }
    #expect(try read(bare).map(\.line) == [2, 5, 6, 7, 8, 8, 9, 9, 11])
    #expect(try read(bare).map(\.column) == [1, 1, 1, 1, 1, 45, 1, 52, 1])
    #expect(try read("[]").isEmpty)
  }

  @Test func format_isToldByContent() throws {
    for (text, format) in [
      ("\u{feff}\n {\"process\"", HistoryReader.Format.jsonLines), ("{}", .jsonLines),
      ("{:process", .edn), ("\n[{:a", .edn), ("; x", .edn), ("({:a", .edn), ("#_ 1", .edn),
      ("[]", .edn),
    ] {
      var reader = HistoryReader()
      var records: [HistoryReader.Placed] = []
      try? reader.feed(text.utf8, into: &records)
      #expect(reader.format == format, "\(text)")
    }
  }

  /// Each broken text with `‸` before the place of the problem, and a word of its message.
  @Test func malformed_everyKind_isRefusedAtItsPlace() {
    let good = "{\"process\":1,\"type\":\"invoke\",\"f\":\"read\",\"key\":\"a\"}"
    let deep = String(repeating: "[", count: 100)
    let jsonTable: [(String, String)] = [
      ("{‸", "key in quotes"), ("{\"process\":1‸", "the end"),
      ("{\"process\":‸1.5,", "not whole"), ("{\"process\":‸1e3}", "not whole"),
      ("{\"process\":‸\"1\"}", "`\"1\"`"), ("{\"process\":‸01}", "`01`"),
      ("{\"process\":‸99999999999999999999}", "64 bits"), ("{\"process\":‸-}", "whole number"),
      ("{\"process\":1,‸\"process\":1}", "twice"), ("{\"type\":‸\"okay\"}", "\"invoke\""),
      ("{\"f\":‸\"append\"}", "cas"), ("{\"time\":‸1.5}", "nanoseconds"),
      ("{\"type\":\"ok\",\"f\":\"read\",\"key\":\"a\"‸}", "process"),
      ("{\"process\":1,\"f\":\"read\",\"key\":\"a\"‸}", "type"),
      ("{\"process\":1,\"type\":\"ok\",\"key\":\"a\"‸}", "\"f\""),
      ("{\"process\":1,\"type\":\"ok\",\"f\":\"read\"‸}", "key"),
      ("{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"a\"‸}", "value"),
      (
        "{\"process\":1,\"value\":‸null,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"a\"}", "value"
      ),
      (
        "{\"process\":1,\"type\":\"invoke\",\"f\":\"write\",\"key\":\"a\",\"value\":‸[1,2]}",
        "two values"
      ),
      (
        "{\"process\":1,\"type\":\"invoke\",\"f\":\"cas\",\"key\":\"a\",\"value\":‸1}", "[from, to]"
      ),
      ("{\"value\":‸[1]}", "1 values"), ("{\"value\":‸[]}", "0 values"),
      ("{\"value\":‸true}", "null"), ("{\"value\":[1,2‸,3]}", "[from, to]"),
      ("{\"key\":‸null}", "null"), ("{\"key\":\"é‸\u{1}\"}", "␁"), ("{\"key\":\"é‸", "the end"),
      ("{\"key\":\"\\‸x\"}", "after `\\`"), ("{\"key\":\"\\u‸d800\"}", "surrogate"),
      ("{\"key\":\"\\u00‸g0\"}", "hexadecimal"), ("{\"x\":‸tru}", "`tru`"),
      ("{\"x\":[1 ‸2]}", "`,`"), ("{\"x\":{‸1:2}}", "in quotes"), ("{} ‸{}", "end of the line"),
      ("{‸}", "process"),
      ("\(good) ‸x", "end of the line"), ("{\"x\":\(deep.prefix(64))‸[", "deep"),
      ("‸[1]", "object"),
    ]
    let ednTable: [(String, String)] = [
      ("‸{:process 1", "ends inside"), ("[{:process 1‸}", "without :type"), ("[‸", "`]`"),
      ("[{:process 1 :type :ok :f :read}‸", "`]`"), ("[] ‸x", "after the last"),
      ("{:a 1‸}}", "without :process"), ("{:process 1 :type :ok :f :read :value 1}\n ‸}", "closes"),
      ("{:process 1 ‸:process 2}", "twice"), ("{:process ‸1.5}", "whole number"),
      ("{:process 1 :type ‸\"ok\"}", ":invoke"), ("{:process 1 ‸:type}", "no value"),
      ("\n\n  {:process 1 :type :ok\n    :f ‸:append :value 1}", ":read"),
      ("{:process 1 :type :ok :f :read :value ‸[1 2 3]}", "[key value]"),
      ("{:process 1 :type :ok :f :read :value ‸1.5}", "whole number"),
      ("{:process 1 :type :ok :f :read :value ‸true}", "whole number"),
      ("{:process 1 :type :ok :f :read :value [1 ‸{}]}", "whole number"),
      ("{:process 1 :type :ok :f :read :value ‸99999999999999999999}", "64 bits"),
      ("{:process 1 :type :invoke :f :cas :value ‸3}", "two values"),
      ("{:process 1 :type :invoke :f :write :value ‸nil}", "without a value"),
      ("{:process 1 :type :invoke :f :write‸}", "without a value"),
      ("{:process 1 :x (1 2‸]}", "does not fit"), ("‸{:x \"abc}", "ends inside"),
      ("{:x #_‸}", "does not fit"), ("{:x \"\\‸q\"}", "after `\\`"), ("{:x ‸{1}}", "too many"),
      ("{:x #‸ 1}", "tag"), ("{:x \(deep.prefix(63))‸\(deep)", "deep"),
      ("‸; only\n", "no operation"),
      ("‸foo {:process 1}", "{:process"),
    ]
    var table: [(String, String)] = [
      ("‸", "no operation"), ("‸ \n\n", "no operation"), ("‸hello", "no history"),
      ("\n  ‸7", "no history"), ("‸[{\"process\":1}]", "JSON array"),
    ]
    table += jsonTable.map { ("\(good)\n\($0.0)", $0.1) }
    table += ednTable.map { (text, word) in
      // The reader wants the brackets closed before it looks inside.
      (text.contains(deep) ? text + Self.closing(text) : text, word)
    }
    for (marked, word) in table {
      let before = marked.prefix { $0 != "‸" }
      let text = String(before + marked.dropFirst(before.count + 1))
      let line = before.count { $0 == "\n" } + 1
      let column = before.split(separator: "\n", omittingEmptySubsequences: false).last!.count + 1
      for piece in [1, 5, 100_000] {
        do throws(HistoryProblem) {
          _ = try read(text, piece: piece)
          Issue.record("`\(text)` was read")
        } catch {
          #expect(error.line == line && error.column == column, "`\(text)`: \(error)")
          #expect(error.description.contains(word), "`\(text)`: \(error) without \(word)")
        }
      }
    }
  }

  /// The brackets that end a text of one map and vectors.
  private static func closing(_ text: String) -> String {
    String(repeating: "]", count: text.count { $0 == "[" }) + "}"
  }

  @Test func malformed_notUTF8_isRefusedAtItsPlace() {
    let bytes = Array("{\"process\":1,\"key\":\"ab".utf8) + [0xff, 0x22, 0x7d]
    do throws(HistoryProblem) {
      _ = try read(bytes, piece: 4)
      Issue.record("bytes that are no text were read")
    } catch {
      #expect(error.line == 1 && error.column == 21)
    }
  }

  @Test func malformed_contradictions_areRefusedAtTheirLine() {
    let table: [(String, Int, String)] = [
      ("3 invoke write 1|3 invoke write 2", 2, "still open"), ("3 ok write 1", 1, "nothing open"),
      ("3 invoke write 1|3 ok write 1|3 ok write 1", 3, "nothing open"),
      ("3 invoke write 1|3 ok read 1", 2, "invoked a write at line 1"),
      ("3 invoke write 1|3 ok write 2", 2, "another value"),
      ("3 invoke write 1|3 info write 1|3 info write 1", 3, "nothing open"),
    ]
    for (events, line, word) in table {
      for isJSON in [true, false] {
        let text = events.split(separator: "|").map { event -> String in
          let words = event.split(separator: " ")
          let record = OperationRecord(
            process: Int64(words[0])!, kind: .init(rawValue: String(words[1]))!,
            function: .init(rawValue: String(words[2]))!, key: "k",
            value: .integer(Int64(words[3])!), time: nil)
          return isJSON ? HistoryWriter.json(record) : HistoryWriter.edn(record)
        }.joined(separator: "\n")
        do throws(HistoryProblem) {
          _ = try history(text)
          Issue.record("\(events) was taken")
        } catch {
          #expect(error.line == line && error.column == 1, "\(events): \(error)")
          #expect(error.description.contains(word), "\(events): \(error)")
        }
      }
    }
  }

  @Test func limits_endALongLineALongHistoryAndMuchText() {
    var limits = HistoryLimits()
    limits.operationBytes = 100
    for text in [
      "{\"x\":\"" + String(repeating: "a", count: 200),
      "{:x \"" + String(repeating: "a", count: 200),
      String(repeating: " ", count: 200),
    ] {
      #expect(throws: HistoryProblem.self, "\(text.prefix(6))") {
        _ = try read(text, piece: 10, limits: limits)
      }
    }
    let record = OperationRecord(
      process: 1, kind: .invoke, function: .read, key: "abc", value: nil, time: nil)
    limits.records = 2
    var few = HistoryBuilder(limits: limits)
    limits.textBytes = 2
    var short = HistoryBuilder(limits: limits)
    let placed = { HistoryReader.Placed(record: record, line: $0, column: 1) }
    #expect(throws: HistoryProblem.self) { try short.add(placed(1)) }
    do throws(HistoryProblem) {
      for line in 1...3 { try few.add(placed(line)) }
      Issue.record("three records were taken")
    } catch {
      #expect(error.line == 3)
    }
  }

  /// A clock comes back from both formats, a broken one ends in a line with its place, and what is told
  /// of retries is passed over.
  @Test func clocksComeBack_andStepsArePassedOver() throws {
    var record = OperationRecord(
      process: 1, kind: .ok, function: .read, key: "k", value: .integer(4), time: 9)
    record.clock = VersionClock(text: "n1=4 n2+9")
    var told = record
    told.attempts = 2
    told.steps = [
      .init(time: 1, by: "clients-east", to: "n1", what: "timeout"),
      .init(time: 2, by: "clients-east", to: nil, what: "again"),
    ]
    #expect(HistoryWriter.json(told).contains("\"attempts\": 2, \"steps\": [{\"time\": 1, "))
    for (line, broken) in [
      (HistoryWriter.json(told), "\"clock\": \"n1-4\""),
      (HistoryWriter.edn(told), ":clock \"n1-4\""),
    ] {
      #expect(try read(line).map(\.record) == [record], "\(line)")
      let wrong = String(line.replacing("n1=4 n2+9", with: "n1-4"))
      do throws(HistoryProblem) {
        _ = try read(wrong)
        Issue.record("\(broken) was taken")
      } catch {
        #expect(error.line == 1 && error.description.contains("n1=4 n2=7 n2+9"), "\(error)")
      }
    }
  }

  @Test func events_areOrderedByTimeAndTiesByTheFile() throws {
    let history = try history(
      """
      {"process": 1, "type": "invoke", "f": "read", "key": "a", "time": 50}
      {"process": 1, "type": "ok", "f": "read", "key": "a", "value": 7, "time": 60}
      {"process": 2, "type": "invoke", "f": "write", "key": "a", "value": 7, "time": 10}
      {"process": 2, "type": "ok", "f": "write", "key": "a", "value": 7, "time": 50}
      """)
    #expect(history.operations.map(\.process) == [2, 1])
    #expect(history.operations.map(\.invoke) == [0, 1])
    #expect(history.operations.map(\.complete) == [2, 3])
    #expect(history.operations.map(\.line) == [3, 1])
  }

  @Test func writing_thenReading_returnsTheSameRecords() throws {
    for seed in 0..<300 {
      var random = Seeded(seed)
      var make = RandomHistory()
      make.operations = 20
      make.keys = 1 + random.below(3)
      make.versions = random.chance(50)
      var records = make.records(&random)
      let odd: [HistoryValue] = ["a\"\\\n\t\u{7f}\u{1}é😀", ":word", ": no word", "", "nil", -5]
      for place in records.indices where records[place].value != nil {
        records[place].value = odd[random.below(odd.count)]
      }
      for place in records.indices where random.chance(20) {
        records[place].key = ["a b", "é\"", "7"][random.below(3)]
      }
      let json = records.map { HistoryWriter.json($0) + "\n" }.joined()
      let edn = records.map { HistoryWriter.edn($0) + "\n" }.joined()
      #expect(try read(json, piece: 1 + random.below(60)).map(\.record) == records, "seed \(seed)")
      #expect(try read(edn, piece: 1 + random.below(60)).map(\.record) == records, "seed \(seed)")
    }
  }

  /// Bytes at random, and good histories with bytes changed: a problem with a place or records, and
  /// never a trap.
  @Test func fuzz_anyBytes_endInRecordsOrAProblem() {
    var refused = 0
    var taken = 0
    for seed in 0..<4000 {
      var random = Seeded(seed)
      var bytes: [UInt8]
      if random.chance(30) {
        let alphabet = Array("{}[]()\"\\:;#_, \n0123456789-.eEnulltrfasip\u{e9}".utf8)
        bytes = (0..<random.below(80)).map { _ in alphabet[random.below(alphabet.count)] }
      } else {
        let records = RandomHistory().records(&random)
        let isJSON = random.chance(50)
        let text = records.map {
          (isJSON ? HistoryWriter.json($0) : HistoryWriter.edn($0)) + "\n"
        }.joined()
        bytes = Array((!isJSON && random.chance(50) ? "[" + text + "]" : text).utf8)
        for _ in 0..<random.below(4) {
          let place = random.below(bytes.count)
          switch random.below(3) {
          case 0: bytes[place] = UInt8(random.below(256))
          case 1: bytes.remove(at: place)
          default: bytes.insert(UInt8(random.below(256)), at: place)
          }
        }
      }
      let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
      do throws(HistoryProblem) {
        let records = try read(bytes, piece: 1 + random.below(30))
        var builder = HistoryBuilder()
        for record in records { try builder.add(record) }
        _ = try builder.history()
        taken += 1
      } catch {
        refused += 1
        #expect(error.line >= 1 && error.line <= lines && error.column >= 1, "seed \(seed)")
        let safe = error.description.unicodeScalars.allSatisfy {
          $0.value >= 0x20 && !(0x7f..<0xa0).contains($0.value)
        }
        #expect(safe, "seed \(seed): \(error)")
      }
    }
    #expect(refused > 1000 && taken > 500, "\(refused) refused, \(taken) taken")
  }
}
