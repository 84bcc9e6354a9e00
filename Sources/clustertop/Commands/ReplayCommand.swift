import ClusterSim
import Scenarios

extension Option {
  static let headless = Option("headless", "play without a screen and compare the state hash")
}

extension Command {
  static let replay = Command(
    "replay", operands: "RECORDING", count: 1...1,
    "Plays a recorded session again, on the dashboard or without a screen",
    options: [
      .headless, .textOrJSON, .metrics, .theme, .speed, .paused, .config, .color, .glyphs, .noMouse,
      .plain,
    ],
    notes: """
      R on the dashboard and --record FILE save recordings. With --headless it exits with 1 where
      the state hash is not the recorded one; --metrics - prints the figures instead of the report.
      """,
    run: { arguments throws(Failure) in
      let scenario = try ScenarioChoice.load(arguments.operands[0], arguments)
      guard scenario.recording?.stateHash != nil else {
        throw Failure(
          "\(arguments.operands[0]): is no recording: it states no `state_hash`; "
            + "`clustertop run` runs any scenario")
      }
      if arguments.has(.metrics) && !arguments.has(.headless) {
        throw Failure("--metrics is for a replay without a screen; write --headless with it")
      }
      return arguments.has(.headless)
        ? try replay(scenario, arguments)
        : try open(scenario, lesson: nil, menu: false, arguments)
    })

  private static func replay(
    _ scenario: Scenario, _ arguments: Arguments
  ) throws(Failure) -> Int32 {
    var run: ScenarioRun
    do { run = try ScenarioRun(scenario) } catch {
      throw Failure("\(scenario.name): \(error.message)")
    }
    var isReportReplaced = false
    if let file = arguments.text(.metrics) {
      isReportReplaced = try OutputPlace(file).isStandardOutput
      // A place that cannot be written to is refused before the long work.
      try OutputFile.check(file)
    }
    StopSignal.watch()
    var bar = ProgressBar(scenario.name)
    while !run.isFinished {
      run.advance()
      bar.show(run.simulation.now.seconds / run.end.seconds)
      if StopSignal.pending != nil { bar.clear() }
      try StopSignal.check()
    }
    bar.clear()
    if let file = arguments.text(.metrics) {
      try OutputFile.replace(file, with: OpenMetrics.text(run.simulation))
      if isReportReplaced, outcome(run) == ExitCode.doesNotHold {
        // Nothing else tells why it exits so.
        throw .broken("the replay is not the recording: state hash \(run.simulation.stateHash)")
      }
      if isReportReplaced { return ExitCode.done }
    }
    let report = ReplayReport(run, build: Build.id)
    try Descriptor.print(
      arguments.text(.textOrJSON) == "json" ? report.json.text + "\n" : report.text)
    return outcome(run)
  }

  private static func outcome(_ run: ScenarioRun) -> Int32 {
    run.matchesRecording == true ? ExitCode.done : ExitCode.doesNotHold
  }
}
