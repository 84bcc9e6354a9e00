import ClusterSim
import Scenarios

extension Option {
  static let vs = Option(
    "vs", value: "PATH=VALUE", isRepeatable: true,
    "a setting of the run on the right side; repeatable")
}

extension Command {
  static let compare = Command(
    "compare", operands: "SCENARIO", count: 1...1,
    "Runs two futures of one seed and puts their figures side by side",
    options: [.set, .vs, .length, .seed, .textOrJSON],
    notes: """
      The left side has the changes of --set, the right side those of --vs; a side without any is
      the scenario as it is. The difference is right minus left.
      """,
    run: { arguments throws(Failure) in
      let length = try arguments.span(.length, in: .milliseconds(1)...Scenario.longestDuration)
      _ = try arguments.seed()
      guard arguments.has(.vs) else {
        throw Failure("--vs PATH=VALUE is missing: what the right side changes")
      }
      let left = try ScenarioChoice.load(arguments.operands[0], arguments)
      let right = try ScenarioChoice.load(arguments.operands[0], arguments, changes: .vs)
      let scenarios = [left, right]
      var reports: [JSONValue] = []
      StopSignal.watch()
      var bar = ProgressBar(left.name)
      defer { bar.clear() }
      try WorkerPool.run(
        2, threads: min(2, WorkerPool.cores),
        job: { report(scenarios[$0], length) },
        idle: { done throws(Failure) in
          bar.show(Double(done) / 2)
          try StopSignal.check()
        },
        each: { result throws(Failure) in reports.append(try result.get()) })
      bar.clear()
      let comparison = RunComparison(
        .init(changes: arguments.all(.set), report: reports[0]),
        .init(changes: arguments.all(.vs), report: reports[1]))
      try Descriptor.print(
        arguments.text(.textOrJSON) == "json"
          ? comparison.json.text + "\n" : comparison.text)
      return ExitCode.done
    })

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
