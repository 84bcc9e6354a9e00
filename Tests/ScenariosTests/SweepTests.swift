import ClusterSim
import Testing

@testable import Scenarios

@Suite struct SweepTests {
  /// Two-sided 95 % points of Student's t, as every table has them (for example Abramowitz and
  /// Stegun, table 26.10).
  @Test func studentT_degreesOfTheTables_areTheirs() {
    let table: [(Int, Double)] = [
      (1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (10, 2.228),
      (19, 2.093), (30, 2.042), (60, 2.000), (120, 1.980), (2000, 1.961), (2001, 1.961),
      (1_000_000, 1.960),
    ]
    for (degrees, t) in table {
      #expect(abs(StudentT.quantile975(degrees) - t) < 0.0006, "\(degrees)")
    }
    // Where the series ends and the expansion begins there is no step.
    #expect(abs(StudentT.quantile975(2000) - StudentT.quantile975(2001)) < 1e-6)
  }

  /// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, deviation sqrt(32/7), half width t(7) s / sqrt(8).
  @Test func runningMean_smallSample_isTheTextbook() throws {
    var mean = RunningMean()
    for value in [2.0, 4, 4, 4, 5, 5, 7, 9] { mean.add(value) }
    #expect(abs(mean.mean - 5) < 1e-12)
    let deviation = (32.0 / 7).squareRoot()
    #expect(abs(try #require(mean.deviation) - deviation) < 1e-12)
    #expect(abs(try #require(mean.halfWidth) - 2.3646 * deviation / 8.0.squareRoot()) < 1e-3)
    var one = RunningMean()
    one.add(3)
    #expect(one.json["low"] == .null && one.json["n"] == .integer(1))
  }

  private static func plan() throws -> SweepPlan {
    var scenario = try #require(try Catalogue.builtIn("default"))
    scenario.configuration.settings.workload.keys = 50
    scenario.configuration.settings.workload.rate = 50
    return try SweepPlan(
      scenario, seeds: 5...7, variations: [.init("storage.r=1,2"), .init("storage.w=1,2")],
      changes: ["workload.keys=50"], length: .milliseconds(500), build: "test")
  }

  /// The bytes of a sweep, or of one shard of it.
  private static func text(_ plan: SweepPlan, shard: Int = 1, of count: Int = 0) throws -> String {
    var summary = SweepSummary()
    var text = ""
    for index in stride(from: shard - 1, to: plan.count, by: max(1, count)) {
      let line = try plan.line(index)
      summary.add(line)
      text += line.json.text + "\n"
    }
    let last =
      count == 0
      ? summary.json(of: plan.identityJSON)
      : SweepSummary.shardLine(shard, of: count, plan.identityJSON)
    return text + last.text + "\n"
  }

  @Test func merge_anyNumberOfShards_givesTheBytesOfTheWhole() throws {
    let plan = try Self.plan()
    #expect(plan.count == 12)
    let whole = try Self.text(plan)
    for count in [1, 5, 13] {
      var merge = SweepMerge()
      for shard in (1...count).reversed() {
        try merge.add(try Self.text(plan, shard: shard, of: count), file: "s\(shard)")
      }
      #expect(try merge.whole().text == whole, "\(count) shards")
    }
    let summary = try JSONReader.value(String(whole.split(separator: "\n").last!))
    #expect(whole.split(separator: "\n").count == 13)
    guard case .array(let groups)? = summary["summary"]?["groups"] else {
      Issue.record("no groups in \(summary.text)")
      return
    }
    #expect(groups.count == 4)
    #expect(groups.allSatisfy { $0["runs"] == .integer(3) })
    #expect(groups[2]["settings"]?.text == #"{"storage.r": "2", "storage.w": "1"}"#)
  }

  @Test func merge_wrongShards_areRefusedByName() throws {
    let plan = try Self.plan()
    let shards = try (1...3).map { try Self.text(plan, shard: $0, of: 3) }
    func complaint(_ files: [String]) -> String {
      do throws(ScenarioError) {
        var merge = SweepMerge()
        for (index, text) in files.enumerated() { try merge.add(text, file: "f\(index)") }
        _ = try merge.whole()
        return "merged"
      } catch { return error.description }
    }
    let lines = shards[1].split(separator: "\n").map(String.init)
    let other = shards[1].replacing(#""seeds": "5-7""#, with: #""seeds": "5-8""#)
    #expect(complaint(shards) == "merged")
    #expect(complaint([shards[0], shards[2]]) == "merge: missing shards: 2/3")
    #expect(complaint([shards[0], shards[0]]).contains("f1:5:1: is shard 1/3, as f0 is"))
    #expect(complaint([shards[0], other]).contains("is a shard of another sweep than f0"))
    #expect(complaint([lines.dropLast().joined(separator: "\n")]).contains("is cut off"))
    #expect(complaint([lines.dropFirst().joined(separator: "\n")]).contains("f0:1:1: run 1 "))
    #expect(complaint(["{\"run\": "]).contains("f0:1:9: is no line of a sweep"))
    #expect(complaint([""]).contains("is empty"))
    #expect(complaint([try Self.text(plan)]).contains("is no last line of a shard"))
  }

  @Test func plan_badValues_areRefusedWithTheOption() {
    func complaint(_ texts: [String]) -> String {
      do throws(ScenarioError) {
        var variations: [SweepPlan.Variation] = []
        for text in texts { variations.append(try .init(text)) }
        guard let scenario = try Catalogue.builtIn("default") else { return "none" }
        _ = try SweepPlan(
          scenario, seeds: 1...3, variations: variations, changes: [], length: nil, build: "")
        return "planned"
      } catch { return error.description }
    }
    #expect(complaint(["storage.r=1,17"]).hasPrefix("--vary storage.r=17: storage.r: '17'"))
    #expect(complaint(["storage.rr=1"]).contains("did you mean 'storage.r'"))
    #expect(complaint(["storage.r"]).contains("PATH=V1,V2"))
    #expect(complaint(["storage.r=1,1"]).contains("given twice"))
    let many = (1...101).map(String.init).joined(separator: ",")
    #expect(
      complaint(["workload.keys=\(many)", "cache.capacity=\(many)"]).contains("10000 combinations"))
  }

  /// JSON that this program writes reads back as the same value.
  @Test func jsonReader_ownText_isReadBack() throws {
    let value = JSONValue.object([
      ("a\"\\\n\u{1}é", .array([.null, .bool(true), .bool(false), .integer(-3), .number(0.1)])),
      ("empty", .object([JSONValue.Field]())), ("none", .array([])), ("big", .unsigned(.max)),
      ("tiny", .number(1e-300)), ("text", .string("näher")),
    ])
    #expect(try JSONReader.value(value.text) == value)
    for broken in ["", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"", "\"\\u12\"", "1e999", "--1"] {
      #expect(throws: JSONReader.Problem.self) { try JSONReader.value(broken) }
    }
    #expect(throws: JSONReader.Problem.self) {
      try JSONReader.value(String(repeating: "[", count: 100))
    }
  }
}

@Suite struct ComparisonTests {
  @Test func compare_twoQuorums_haveARowForEveryFigure() throws {
    let scenario = try #require(try Catalogue.builtIn("partition"))
    let reports = try ["storage.r=3", "storage.r=1"].map { change in
      var run = try ScenarioRun(
        try scenario.applying(overrides: [change]), for: .seconds(2))
      run.finish()
      return RunReport.value(run, build: "b")
    }
    let comparison = RunComparison(
      .init(changes: ["storage.r=3"], report: reports[0]),
      .init(changes: ["storage.r=1"], report: reports[1]))
    let row = try #require(comparison.rows.first { $0.path == "clients.latency_ms.read.p50" })
    let (left, right) = (
      reports[0]["clients"]?["latency_ms"]?["read"]?["p50"],
      reports[1]["clients"]?["latency_ms"]?["read"]?["p50"]
    )
    #expect(row.left == left && row.right == right)
    #expect((row.difference ?? 0) < 0, "one answer comes sooner than three")
    for path in [
      "locations.west.availability", "locations.east.phases.before.operations",
      "counters.read_repairs", "cache.hits", "nodes.n3.keys", "verdict.linearizable",
    ] {
      #expect(comparison.rows.contains { $0.path == path }, "\(path)")
    }
    #expect(Set(comparison.rows.map(\.path)).count == comparison.rows.count)
    #expect(comparison.text.contains("clients.latency_ms.read.p50"))
    // The same future twice differs in nothing.
    let same = RunComparison(
      .init(changes: [], report: reports[0]), .init(changes: [], report: reports[0]))
    #expect(same.rows.allSatisfy { $0.left == $0.right && ($0.difference ?? 0) == 0 })
  }
}

/// `clustertop compare partition --for 25s --vary storage.engine=… --set cache.enabled=false`
@Suite struct VariantTableTests {
  private static let engines = ["leaderless", "primary-replica", "multi-primary", "raft"]

  private func table(_ scenarioName: String, varied: [[(path: String, value: String)]]) throws -> (
    VariantTable, [JSONValue]
  ) {
    let scenario = try #require(try Catalogue.builtIn(scenarioName))
      .applying(overrides: ["cache.enabled=false"])
    let reports = try varied.map { settings in
      var run = try ScenarioRun(
        try scenario.applying(overrides: settings.map { "\($0.path)=\($0.value)" }),
        for: .seconds(25))
      run.finish()
      return RunReport.value(run, build: "b")
    }
    let table = VariantTable(
      zip(varied, reports).map { ($0, $1) }, common: ["cache.enabled=false"])
    return (table, reports)
  }

  /// Every cell is the run's own figure, and the four engines fit a page of 80 columns.
  @Test func table_fourEngines_showsEachRunsFigures() throws {
    let (table, reports) = try table(
      "partition", varied: Self.engines.map { [("storage.engine", $0)] })
    let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.label, $0.cells) })
    for (column, report) in reports.enumerated() {
      guard case .integer(let stale)? = report["clients"]?["stale_reads"],
        case .integer(let lost)? = report["clients"]?["lost_acknowledged_writes"],
        case .string(let verdict)? = report["verdict"]?["linearizable"],
        case .number(let share)? = report["clients"]?["availability"]
      else {
        Issue.record("a figure is missing for \(Self.engines[column])")
        continue
      }
      #expect(rows["stale reads"]?[column] == "\(stale)")
      #expect(rows["acked writes lost"]?[column] == "\(lost)")
      #expect(rows["linearizable"]?[column] == verdict)
      let tenths = Int((share * 1000).rounded())
      #expect(rows["answered"]?[column] == "\(tenths / 10).\(tenths % 10)%")
    }
    // The sides of the cut are told apart, before and during it.
    #expect(rows["  east before"] != nil && rows["  west during"] != nil)
    let lines = table.text.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[0] == "partition, seed 1, 25 s, by storage.engine:")
    #expect(lines[2].split(separator: " ").map(String.init) == Self.engines)
    #expect(table.markdown.contains("|  | `leaderless` | `primary-replica` |"))
    guard case .array(let figures)? = table.json["figures"] else {
      Issue.record("no figures")
      return
    }
    let p99 = figures.first { $0["figure"] == .string("clients.latency_ms.read.p99") }
    #expect(
      p99?["values"]
        == .array(reports.map { $0["clients"]?["latency_ms"]?["read"]?["p99"] ?? .null }))
  }

  /// Where the values would not fit the columns are letters, each explained.
  @Test func table_manyVariants_namesColumnsByLetters() throws {
    let varied = try SweepPlan.Variation.combinations(
      [.init("storage.engine=leaderless,raft"), .init("network.loss=0%,1%,2%")], atMost: 64)
    let report = JSONValue.object([("scenario", .string("s"))])
    let text = VariantTable(varied.map { ($0, report) }, common: []).text
    #expect(text.contains("  A: storage.engine=leaderless network.loss=0%\n"))
    #expect(text.contains("  F: storage.engine=raft network.loss=2%\n"))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(throws: ScenarioError.self) {
      _ = try SweepPlan.Variation.combinations([.init("storage.r=1,2,3")], atMost: 2)
    }
  }
}
