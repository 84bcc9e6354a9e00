import ClusterSim
import Scenarios

extension Option {
  static let length = Option("for", value: "TIME", "virtual time to run, such as 60s or 5m")
  static let history = Option(
    "history", value: "FILE",
    "write every operation as a line of JSON, or of EDN where FILE ends in .edn; - writes them "
      + "instead of the report")
}

extension Command {
  static let run = Command(
    "run", operands: "SCENARIO", count: 1...1,
    "Runs a scenario without a screen and reports what happened",
    options: [.length, .seed, .set, .textOrJSON, .history],
    notes: """
      SCENARIO is a file, - for standard input, or a name; built in are
        \(Catalogue.names.joined(separator: ", ")).
      It exits with 1 where the scenario states objectives and one was missed.
      """,
    run: { arguments throws(Failure) in try RunCommand(arguments).run() })
}

/// `clustertop run`.
private struct RunCommand {
  let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run() throws(Failure) -> Int32 {
    let length = try arguments.span(.length, in: .milliseconds(1)...Scenario.longestDuration)
    _ = try arguments.seed()
    let scenario = try ScenarioChoice.load(arguments.operands[0], arguments)
    var run: ScenarioRun
    do { run = try ScenarioRun(scenario, for: length) } catch {
      throw Failure("\(scenario.name): \(error.message)")
    }
    let name = arguments.text(.history)
    var file: OutputFile?
    if let name, name != "-" { file = try OutputFile(name) }

    StopSignal.watch()
    var bar = ProgressBar(scenario.name)
    while !run.isFinished {
      run.advance()
      if let name {
        let lines = HistoryLines.text(run.records, HistoryLines.format(ofFile: name))
        if name == "-" { try Descriptor.print(lines) } else { try file?.write(lines) }
      }
      bar.show(run.simulation.now.seconds / run.end.seconds)
      if StopSignal.pending != nil { bar.clear() }
      try StopSignal.check()
    }
    bar.clear()
    if name != nil, run.simulation.historyRefused > 0 {
      throw Failure(
        "--history: more lines in half a second of virtual time than are kept; lower "
          + "workload.rate")
    }
    try file?.finish()
    if name != "-" { try Descriptor.print(report(run)) }
    return run.holds ? ExitCode.done : ExitCode.doesNotHold
  }

  private func report(_ run: ScenarioRun) -> String {
    arguments.text(.textOrJSON) == "json"
      ? RunReport.json(run, build: Build.id) + "\n" : RunReport.text(run, build: Build.id)
  }
}
