import ClusterSim
import Consistency
import Testing

@testable import Scenarios

@Suite struct RunReportTests {
  private func run(_ name: String, seed: UInt64, _ overrides: [String] = []) throws -> ScenarioRun {
    var scenario = try #require(try Catalogue.builtIn(name)).applying(overrides: overrides)
    scenario.configuration.seed = seed
    var run = try ScenarioRun(scenario)
    run.finish()
    return run
  }

  @Test func json_writesEveryValueExactly() {
    #expect(JSONValue.string("a\"\\\n\t\u{1}ä").text == #""a\"\\\n\t\u0001ä""#)
    #expect(JSONValue.number(0.1).text == "0.1")
    #expect(JSONValue.number(60.0).text == "60")
    #expect(JSONValue.number(-0.5).text == "-0.5")
    #expect(JSONValue.number(1e300).text == "1e+300")
    #expect(JSONValue.number(Double.nan).text == "null")
    #expect(JSONValue.number(-Double.infinity).text == "null")
    #expect(JSONValue.number(nil).text == "null")
    #expect(JSONValue.unsigned(.max).text == "18446744073709551615")
    let object = JSONValue.object([
      ("b", .array([.integer(1), .bool(true)])), ("a", .object([] as [JSONValue.Field])),
    ])
    #expect(object.text == #"{"b": [1, true], "a": {}}"#)
  }

  @Test func decimals_areRounded() {
    #expect(Decimal.text(0.05, places: 1) == "0.1")
    #expect(Decimal.text(99.96, places: 1) == "100.0")
    #expect(Decimal.text(-1.25, places: 2) == "-1.25")
    #expect(Decimal.text(7, places: 0) == "7")
    #expect(Decimal.text(.infinity, places: 1) == "-")
  }

  /// Keys and their order as shared/interface.md fixes them.
  @Test func report_hasTheFixedKeysInOrder() throws {
    let text = RunReport.json(try run("partition", seed: 7), build: "test")
    var rest = text[...]
    for key in [
      "{\"scenario\": \"partition\", \"seed\": 7, \"build\": \"test\", \"virtual_seconds\": 60, \"events\": ",
      "\"state_hash\": \"", "\"settings\": {\"storage.engine\": \"leaderless\", \"storage.n\": 5, ",
      "\"cache.enabled\": false", "\"workload.read_share\": ",
      "\"clients\": {\"operations\": ", "\"ok\": ", "\"fail\": ", "\"info\": ",
      "\"availability\": ",
      "\"latency_ms\": {\"read\": {\"p50\": ", "\"p99\": ", "\"p999\": ", "\"write\": {\"p50\": ",
      "\"stale_reads\": 0, \"stale_reads_by\": {\"cache\": 0, \"quorum\": 0}, ",
      "\"staleness_ms\": {\"p50\": null, \"p99\": null, \"max\": null}, ",
      "\"lost_acknowledged_writes\": 0, \"conflicts\": ",
      "\"failures\": {\"not-enough-replicas\": ",
      "\"timeout\": ", "\"locations\": [{\"name\": \"east\", \"operations\": ",
      "\"phases\": [{\"from\": 0, \"to\": 20, \"label\": \"before\"",
      "{\"from\": 20, \"to\": 40, \"label\": \"during\"",
      "{\"from\": 40, \"to\": 60, \"label\": \"after\"",
      "{\"name\": \"west\"",
      "\"verdict\": {\"linearizable\": \"", "\"keys_checked\": ", "\"violations\": [",
      "\"read_your_writes\": \"", "\"monotonic_reads\": \"", "\"monotonic_writes\": \"",
      "\"writes_follow_reads\": \"",
      "\"cache\": {\"hits\": 0, \"misses\": 0, \"hit_ratio\": null, \"evictions\": 0, \"expired\": 0, \"coalesced\": ",
      "\"nodes\": [{\"name\": \"n1\", \"state\": \"up\", \"keys\": ", "\"hints\": ",
      "\"ring_share\": ",
      "\"messages_in\": ", "\"messages_out\": ",
      "\"faults\": [{\"at\": 20, \"kind\": \"partition\", \"target\": \"halves\", \"first_suspicion_s\": ",
      "\"agreement_s\": ", "\"recovered_s\": ", "\"false_suspicions\": ",
    ] {
      guard let found = rest.range(of: key) else {
        Issue.record("no \(key) at its place in \(text)")
        return
      }
      rest = rest[found.upperBound...]
    }
    #expect(!text.contains("\n"), "one line")
  }

  @Test func equalRuns_areByteEqualAndSeedsDiffer() throws {
    let first = RunReport.json(try run("partition", seed: 7), build: "b")
    #expect(RunReport.json(try run("partition", seed: 7), build: "b") == first)
    #expect(RunReport.json(try run("partition", seed: 8), build: "b") != first)
  }

  /// The scenario `partition` as issue 2 wants it: the minority is refused with the reason named.
  @Test func partition_costsTheMinority() throws {
    for seed: UInt64 in [1, 2] {
      let run = try run("partition", seed: seed)
      let phases = run.simulation.metrics.phases
      let (east, west) = (phases[1].locations[0], phases[1].locations[1])
      #expect((east.availability ?? 0) > 0.99, "seed \(seed)")
      #expect(west.ok == 0 && west.failures(.notEnoughReplicas) > 1000, "seed \(seed)")
      #expect(run.answerable.share(phase: 1, location: 0)?.reads == 1)
      #expect(run.answerable.share(phase: 1, location: 1)?.reads == 0)
      #expect(run.simulation.metrics.total.stale == 0)
    }
    let loose = try run("partition", seed: 1, ["storage.r=1", "storage.w=1"])
    let during = loose.simulation.metrics.phases[1].locations
    #expect(during.allSatisfy { ($0.availability ?? 0) > 0.99 && $0.staleFromQuorum > 0 })
  }

  @Test func text_showsPhasesAndFaults() throws {
    let text = RunReport.text(try run("partition", seed: 7), build: "test")
    let lines = text.split(separator: "\n").map(String.init)
    let west = try #require(lines.first { $0.contains("west during") })
    #expect(west.contains(" 0.0%") && west.contains("not-enough-replicas"))
    #expect(lines.contains { $0.contains("1 partition halves") && $0.contains("40.0s") })
    #expect(lines.allSatisfy { line in line.last != " " })
  }

  /// A plan that went wrong is told where people look, with when and why.
  @Test func planned_thatCannotBeDone_isTold() throws {
    let scenario = try Scenario.read(
      Array(
        """
        for: 5s
        workload: {rate: 50}
        actions: [{at: 2s, restart: n1}, {at: 3s, move-shard: 1 group 2}]
        """.utf8), file: "vain.yaml")
    var run = try ScenarioRun(scenario)
    run.finish()
    let text = RunReport.text(run, build: "test")
    #expect(text.contains("\nplanned, not done at 2s: restart n1: n1 is not killed\n"))
    #expect(
      text.contains(
        "\nplanned, not done at 3s: move-shard 1 group 2: storage.engine leaderless has"))
    let json = RunReport.json(run, build: "test")
    #expect(
      json.contains(
        #""actions_not_done": [{"at": 2, "action": "restart n1", "reason": "n1 is not killed"}, "#))
    #expect(
      RunReport.json(try self.run("default", seed: 1), build: "test").contains(
        #""actions_not_done": [], "#))
  }

  /// The run knows it by itself, and shows which operations break it.
  @Test func text_tellsCausality() throws {
    let run = try run("partition", seed: 1, ["storage.r=1", "storage.w=1"])
    #expect(run.verdict.linearizable == .no && run.verdict.causal == .no)
    let text = RunReport.text(run, build: "test")
    #expect(text.contains("\n  causal               no\n"))
    #expect(text.contains("\n  Causality is broken: read of "))
  }

  @Test func text_saysWhyCausalityIsOpen() throws {
    let run = try run("partition", seed: 1, ["observe.verdict=off"])
    #expect(
      RunReport.text(run, build: "test").contains("\n  causal               unknown  not judged\n"))
  }

  @Test func objectives_areJudgedAtTheEndOrOnTheWay() throws {
    let scenario = try Scenario.read(
      Array(
        """
        for: 10s
        workload: {rate: 50}
        actions: [{at: 2s, kill: n1}, {at: 6s, restart: n1}]
        objectives:
          - nodes.up = 8
          - nodes.up < 8
          - nodes.up < 8 for 3s
          - nodes.up < 8 for 5s
        """.utf8), file: "o.yaml")
    var run = try ScenarioRun(scenario)
    run.finish()
    #expect(run.objectives.map(\.isMet) == [true, false, true, false])
    #expect(run.holds == false && run.notReached.isEmpty)
    #expect(
      RunReport.json(run, build: "b").contains(
        #"{"condition": "nodes.up < 8 for 3s", "met": true}"#))
    #expect(try ScenarioRun(scenario, for: .seconds(1)).end == .zero + .seconds(1))
    var short = try ScenarioRun(scenario, for: .seconds(6))
    short.finish()
    #expect(short.objectives.map(\.isMet) == [nil, nil, true, nil])
    #expect(short.holds == nil && short.notReached.isEmpty, "what is due at the end is done")
    // A stretch that is longer than the scenario was never to be had.
    var brief = scenario
    brief.duration = .seconds(4)
    brief.objectives = [scenario.objectives[3]]
    var briefRun = try ScenarioRun(brief)
    briefRun.finish()
    #expect(briefRun.objectives.map(\.notJudged) == ["needs 5s, the run ended at 4s"])
    var shorter = try ScenarioRun(scenario, for: .seconds(5))
    shorter.finish()
    #expect(shorter.notReached.map(\.action.text) == ["restart n1"])
    #expect(
      RunReport.json(shorter, build: "b").contains(
        #"{"at": 6, "action": "restart n1", "reason": "not reached: the run ended at 5s"}"#))
  }

  @Test func looking_changesNothing() throws {
    let scenario = try #require(try Catalogue.builtIn("kill-one"))
    var run = try ScenarioRun(scenario, for: .seconds(25))
    run.finish()
    var simulation = try Simulation(scenario.configuration)
    simulation.run(until: .zero + .seconds(25))
    #expect(run.simulation.stateHash == simulation.stateHash)
  }

  @Test func historyLines_haveTheFormatThatCheckReads() {
    let invoke = OperationRecord(
      process: 3, kind: .invoke, function: .read, key: "k17", value: nil, time: 1_500_000_000)
    #expect(
      HistoryLines.line(invoke)
        == #"{"process": 3, "type": "invoke", "f": "read", "key": "k17", "value": null, "time": 1500000000}"#
    )
    let ok = OperationRecord(
      process: 3, kind: .ok, function: .write, key: "k17", value: 42, time: 7, version: 9)
    #expect(
      HistoryLines.text([ok])
        == #"{"process": 3, "type": "ok", "f": "write", "key": "k17", "value": 42, "time": 7, "version": 9}"#
        + "\n")
  }
}

extension Substring {
  /// The first place of `text`; the standard library without Foundation has `ranges(of:)`.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }

  /// A Raft group is told with its leader and what each server holds and voted.
  @Test func report_raft_tellsEveryGroup() throws {
    var scenario = try #require(try Catalogue.builtIn("default")).applying(overrides: [
      "storage.engine=raft", "storage.shards=2", "workload.rate=50", "cache.enabled=false",
    ])
    scenario.duration = .seconds(1)
    var run = try ScenarioRun(scenario)
    run.finish()
    let text = RunReport.json(run, build: "test")
    #expect(text.contains("\"by_group\": [{\"group\": 1, \"leader\": \"n"))
    #expect(text.contains("\"state\": \"leader\", \"term\": "))
    for group in run.simulation.raftGroups {
      let leader = try #require(group.servers.first { $0.host == group.leader })
      #expect(leader.vote == group.leader && leader.lag == 0 && leader.commit <= leader.last)
      // A majority voted for the leader in its term.
      let votes = group.servers.count { $0.vote == group.leader && $0.term == leader.term }
      #expect(votes * 2 > group.servers.count)
    }
  }
}
