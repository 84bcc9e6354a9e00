import ClusterSim
import Testing

@testable import Scenarios

@Suite struct ConditionTests {
  let names = ActionNames(
    nodes: ["n1", "n2", "n3"], hosts: ["n1", "n2", "n3", "c-east", "c-west"],
    locations: ["east", "west"])

  private func complaint(_ text: String) -> String {
    do throws(LineProblem) {
      return "read: \(try Condition.parse(text, names: names).text)"
    } catch {
      return "\(error.column): \(error.message)"
    }
  }

  /// Two nodes in the east and one in the west, quiet unless told otherwise.
  private func simulation(
    rate: Double = 0, _ change: (inout Settings) -> Void = { _ in }
  ) throws -> Simulation {
    var settings = Settings()
    settings.workload.rate = rate
    change(&settings)
    return try Simulation(
      ClusterConfiguration(
        name: "t", locations: [.init(name: "east"), .init(name: "west")],
        nodes: [
          .init(name: "n1", location: "east"), .init(name: "n2", location: "east"),
          .init(name: "n3", location: "west"),
        ], settings: settings))
  }

  private func holds(_ text: String, _ simulation: Simulation) throws -> Bool {
    try Condition.parse(text, names: names).status(in: simulation).holdsNow
  }

  @Test func clauses_groupAsWritten() throws {
    let condition = try Condition.parse(
      "availability(west) < 90% and stale_reads > 0 or p99(east, recent) <= 50ms for 3s")
    #expect(condition.alternatives.map(\.count) == [2, 1])
    #expect(condition.hold == .seconds(3))
    #expect(
      condition.alternatives.joined().map(\.text) == [
        "availability(west) < 90.0%", "stale_reads > 0", "p99(east, recent) <= 50.0ms",
      ])
  }

  @Test func everyFigure_canBeNamedAndMeasured() throws {
    var simulation = try simulation(rate: 300)
    simulation.run(until: .zero + .seconds(3))
    // Shards, families and queries are measured where there are any.
    var sharded = try self.simulation(rate: 300) {
      $0.storage.engine = .raft
      $0.storage.sharding = .function
      $0.workload.families = true
      $0.workload.queryShare = 0.5
    }
    sharded.run(until: .zero + .seconds(3))
    // And web servers.
    var tiered = try self.simulation(rate: 300) { $0.path.servers = 2 }
    tiered.run(until: .zero + .seconds(3))
    let ofShards = Set(FigureCatalogue.sharding.map(\.name))
    let ofPath = Set(FigureCatalogue.path.map(\.name))
    for definition in FigureCatalogue.all {
      let measured =
        ofShards.contains(definition.name)
        ? sharded : ofPath.contains(definition.name) ? tiered : simulation
      let forms: [String] =
        switch definition.source {
        case .clients(_, let recent):
          ["", "(west)", "(west, phase)", "(phase)"] + (recent == nil ? [] : ["(east, recent)"])
        case .location: ["(west)"]
        case .pair: ["(n1, n3)"]
        case .cluster: [""]
        }
      for form in forms {
        let figure = try Figure.parse(definition.name + form, names: names)
        #expect(figure.text == definition.name + form)
        let value = figure.value(in: measured)
        #expect(value?.isFinite == true, "\(figure.text) is not measured")
      }
    }
    #expect(Set(FigureCatalogue.all.map(\.name)).count == FigureCatalogue.all.count)
  }

  @Test func figures_followTheState() throws {
    var simulation = try simulation()
    simulation.run(until: .zero + .seconds(1))
    #expect(
      try holds("time = 1s and nodes.up = 3 and faults = 0 and replicas_converged", simulation))
    #expect(try holds("reachable(n1, n3) and not reachable(n1, n3) = true", simulation) == false)
    #expect(try holds("settings.storage.r = 2 and settings.storage.quorum != sloppy", simulation))
    #expect(try holds("settings.storage.timeout > 399ms", simulation))
    // Nothing has ended, so there is no availability; no comparison holds.
    #expect(try !holds("availability(west) < 50% or availability(west) >= 50%", simulation))
    try simulation.inject(.partition(.halves))
    try simulation.inject(.kill(host: "n2"))
    try simulation.inject(.set(path: "storage.r", value: "1"))
    #expect(try holds("faults.active = 2 and nodes.up < 3 and settings.storage.r = 1", simulation))
    #expect(try holds("not reachable(n1, n3) and reachable(n1, n2)", simulation))
    #expect(try holds("reachable(n1, n3) = false", simulation))
    #expect(try holds("answerable_reads(west) <= 100%", simulation))
  }

  @Test func status_ticksEveryClause() throws {
    let simulation = try simulation()
    let status = try Condition.parse("nodes.up = 3 and faults > 0").status(in: simulation)
    #expect(
      status.clauses == [
        .init(text: "nodes.up = 3", measured: "3", holds: true),
        .init(text: "faults > 0", measured: "0", holds: false),
      ])
    #expect(!status.holdsNow)
  }

  @Test func watch_asksForTheWholeTimeAtAStretch() throws {
    var simulation = try simulation()
    var watch = ConditionWatch(try Condition.parse("nodes.up = 3 for 2s"))
    var isMet = watch.update(simulation)
    #expect(!isMet)
    simulation.run(until: .zero + .milliseconds(1900))
    isMet = watch.update(simulation)
    #expect(!isMet)
    #expect(watch.heldShare(at: simulation.now) == 0.95)
    try simulation.inject(.kill(host: "n1"))
    isMet = watch.update(simulation)
    #expect(!isMet, "the hold is broken")
    simulation.run(until: .zero + .seconds(4))
    try simulation.inject(.restart(host: "n1"))
    isMet = watch.update(simulation)
    #expect(!isMet)
    simulation.run(until: .zero + .seconds(6))
    isMet = watch.update(simulation)
    #expect(isMet)
  }

  @Test func wrongText_isReportedWithColumnAndWhatWouldBeRight() {
    let cases: [(String, String)] = [
      ("", "1: a figure, such as availability(west) is missing"),
      ("avalability < 1%", "1: unknown figure 'avalability'; did you mean 'availability'?"),
      ("availability", "13: 'availability' needs a comparison such as < 90%"),
      ("availability(wset) < 1%", "14: unknown location 'wset'; did you mean 'west'?"),
      ("availability(west, now) < 1%", "20: unknown window 'now'; known: run, phase, recent"),
      ("availability(west < 1%", "19: '<' is not ')'"),
      ("availability < 120%", "16: '120%' is not a share from 0% to 100%"),
      ("p99 < 50", "7: '50' is not a length of time such as 50ms or 3s"),
      ("stale_reads > many", "15: 'many' is not a whole number from 0"),
      ("stale_reads(west, recent) > 0", "1: write stale_reads[(LOCATION[, run|phase])]"),
      ("hints(west) = 0", "1: write hints"),
      ("reachable(n1) = true", "1: write reachable(HOST, HOST)"),
      ("reachable(n1, n7)", "15: unknown host 'n7'; did you mean 'n1'?"),
      ("not hints = 0", "5: 'not' goes only before a figure that is yes or no"),
      (
        "hints = 0 und faults = 0",
        "11: 'und' does not go on from a clause; expected and, or, for 3s, or the end"
      ),
      ("hints = 0 and", "14: a figure, such as availability(west) is missing"),
      ("hints = 0 for", "14: a length of time after 'for', such as 3s is missing"),
      ("hints = 0 for ever", "15: 'ever' is not a length of time up to 3600s, such as 3s"),
      ("hints = 0 for 3s and faults = 0", "18: 'for 3s' ends a condition; nothing follows it"),
      ("settings.storage.rr = 1", "1: unknown setting 'storage.rr'; did you mean 'storage.r'?"),
      ("settings.storage.r = 99", "22: storage.r: '99' is not in its range: 1 to 16"),
      (
        "settings.storage.quorum < strict",
        "27: storage.quorum has no order; compare it with = or !="
      ),
      (
        "replicas_converged < true",
        "22: 'true' is not a figure with an order; 'replicas_converged' is yes or no"
      ),
    ]
    for (text, expected) in cases { #expect(complaint(text) == expected) }
    let many = Array(repeating: "hints = 0", count: 17).joined(separator: " or ")
    #expect(complaint(many) == "209: more than 16 clauses")
  }

  @Test func randomText_neverCrashes() {
    let seed: UInt64 = 0xc0_4d17
    var stream = TestStream(seed: seed)
    let words =
      FigureCatalogue.all.map(\.name)
      + [
        "(", ")", ",", "<", ">=", "=", "!=", "!", "and", "or", "not", "for", "3s", "90%", "west",
        "n1", "phase", "0", "settings.storage.r", "é",
      ]
    var read = 0
    for _ in 0..<5000 {
      let text = (0..<Int(stream.next() % 8)).map { _ in
        words[Int(stream.next() % UInt64(words.count))]
      }.joined(separator: stream.next() % 3 == 0 ? "" : " ")
      if (try? Condition.parse(text)) != nil { read += 1 }
    }
    #expect(read > 0, "seed \(seed): some random texts are conditions")
  }
}
