import ClusterSim
import Scenarios

extension Option {
  static let vs = Option(
    "vs", value: "PATH=VALUE", isRepeatable: true,
    "a setting of the run on the right side; repeatable")
  static let textJSONOrTable = Option(
    "format", choices: ["text", "json", "md"],
    "form of the result; md, with --vary, is a table for a document")
}

extension Command {
  /// More futures than these are no table any more.
  private static let mostVariants = 64

  static let compare = Command(
    "compare", operands: "SCENARIO", count: 1...1,
    "Runs futures of one seed and puts their figures side by side",
    options: [.set, .vs, .vary, .length, .seed, .textJSONOrTable],
    notes: """
      With --vs: two futures and every figure. The left side has the changes of --set, the right
      side those of --vs; a side without any is the scenario as it is. The difference is right
      minus left.
      With --vary: a column for each value, such as
      `--vary storage.engine=leaderless,primary-replica,multi-primary,raft`, and a row for each of
      the figures that people ask for first; --format json has all of them. Several --vary multiply,
      --set holds for all.
      """,
    run: { arguments throws(Failure) in
      let length = try arguments.span(.length, in: .milliseconds(1)...Scenario.longestDuration)
      _ = try arguments.seed()
      switch (arguments.has(.vs), arguments.has(.vary)) {
      case (false, false):
        throw Failure("--vs PATH=VALUE or --vary PATH=V1,V2 is missing: what differs")
      case (true, true):
        throw Failure("--vs and --vary exclude each other; --vary takes any number of values")
      case (true, false): try compareTwo(arguments, length)
      case (false, true): try compareMany(arguments, length)
      }
      return ExitCode.done
    })

  private static func compareTwo(_ arguments: Arguments, _ length: Span?) throws(Failure) {
    guard arguments.text(.textJSONOrTable) != "md" else {
      throw Failure("--format md needs --vary; --vs prints text or json")
    }
    let left = try ScenarioChoice.load(arguments.operands[0], arguments)
    let right = try ScenarioChoice.load(arguments.operands[0], arguments, changes: .vs)
    let reports = try reports([left, right], length)
    let comparison = RunComparison(
      .init(changes: arguments.all(.set), report: reports[0]),
      .init(changes: arguments.all(.vs), report: reports[1]))
    try Descriptor.print(
      arguments.text(.textJSONOrTable) == "json"
        ? comparison.json.text + "\n" : comparison.text)
  }

  private static func compareMany(_ arguments: Arguments, _ length: Span?) throws(Failure) {
    let common = try ScenarioChoice.load(arguments.operands[0], arguments, notes: false)
    var combinations: [[(path: String, value: String)]] = []
    var scenarios: [Scenario] = []
    do throws(ScenarioError) {
      var variations: [SweepPlan.Variation] = []
      for text in arguments.all(.vary) { variations.append(try .init(text)) }
      combinations = try SweepPlan.Variation.combinations(variations, atMost: mostVariants)
      for settings in combinations {
        let changes = settings.map { "\($0.path)=\($0.value)" }
        scenarios.append(try common.applying(overrides: changes, option: "--vary"))
      }
    } catch {
      throw Failure(error.description)
    }
    ScenarioChoice.noteIgnored(
      arguments.all(.set) + (combinations.first ?? []).map { "\($0.path)=" }, scenarios)
    let reports = try reports(scenarios, length)
    let table = VariantTable(
      zip(combinations, reports).map { ($0, $1) }, common: arguments.all(.set))
    switch arguments.text(.textJSONOrTable) {
    case "json": try Descriptor.print(table.json.text + "\n")
    case "md": try Descriptor.print(table.markdown)
    default: try Descriptor.print(table.text)
    }
  }

  /// Runs them all, as many at a time as there are cores; the reports in the same order.
  private static func reports(
    _ scenarios: [Scenario], _ length: Span?
  ) throws(Failure) -> [JSONValue] {
    var reports: [JSONValue] = []
    StopSignal.watch()
    var bar = ProgressBar(scenarios[0].name)
    defer { bar.clear() }
    try WorkerPool.run(
      scenarios.count, threads: min(scenarios.count, WorkerPool.cores),
      job: { report(scenarios[$0], length) },
      idle: { done throws(Failure) in
        bar.show(Double(done) / Double(scenarios.count))
        try StopSignal.check()
      },
      each: { result throws(Failure) in reports.append(try result.get()) })
    return reports
  }

  private static func report(_ scenario: Scenario, _ length: Span?) -> Result<JSONValue, Failure> {
    do {
      var run = try ScenarioRun(scenario, for: length)
      while !run.isFinished, StopSignal.pending == nil { run.advance() }
      return .success(RunReport.value(run, build: Build.id))
    } catch {
      return .failure(Failure("\(scenario.name): \(error.message)"))
    }
  }
}
