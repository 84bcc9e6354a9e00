import ClusterSim
import Consistency
import Glibc
import Scenarios

extension Option {
  static let length = Option("for", value: "TIME", "virtual time to run, such as 60s or 5m")
  static let history = Option(
    "history", value: "FILE",
    "write every operation as a line of JSON, or of EDN where FILE ends in .edn")
  static let events = Option("events", value: "FILE", "write the event log as lines of JSON")
  static let metrics = Option(
    "metrics", value: "FILE", "write the final figures as OpenMetrics text")
  static let trace = Option(
    "trace", value: "FILE", "write the keys that clients read, one a line, for `clustertop cache`")
}

extension Command {
  static let run = Command(
    "run", operands: "SCENARIO", count: 1...1,
    "Runs a scenario without a screen and reports what happened",
    options: [.length, .seed, .set, .textOrJSON, .history, .events, .metrics, .trace],
    notes: """
      SCENARIO is a file, - for standard input, or a name that `clustertop scenarios` lists.
      FILE is written whole or not at all; - or /dev/stdout is standard output, which one of them may
      have instead of the report (a file named - is ./-). Pipes and devices are written as it goes on.
      It exits with 1 where the scenario states objectives and one was missed. They speak of the
      scenario's end: with a shorter --for those not met by then are not judged, and the report says so.
      """,
    run: { arguments throws(Failure) in try RunCommand(arguments).run() })
}

/// `clustertop run`.
private struct RunCommand {
  let arguments: Arguments
  /// Lines of history, events or trace kept at most; more are refused. Between two looks, and of the
  /// history until it is settled.
  static let recordLimit = 2_000_000

  init(_ arguments: Arguments) { self.arguments = arguments }

  func run() throws(Failure) -> Int32 {
    let length = try arguments.span(.length, in: .milliseconds(1)...Scenario.longestDuration)
    _ = try arguments.seed()
    let streamed = try RunFiles.streamed(arguments)
    let scenario = try ScenarioChoice.load(arguments.operands[0], arguments)
    var run: ScenarioRun
    do { run = try ScenarioRun(scenario, for: length) } catch {
      throw Failure("\(scenario.name): \(error.message)")
    }
    var files = try RunFiles(arguments, &run.simulation, limit: Self.recordLimit)
    StopSignal.watch()
    var bar = ProgressBar(scenario.name)
    // A bar would stand among the lines.
    let isQuiet = streamed != nil && isatty(STDOUT_FILENO) == 1
    while !run.isFinished {
      run.advance()
      try files.take(&run)
      if !isQuiet { bar.show(run.simulation.now.seconds / run.end.seconds) }
      if StopSignal.pending != nil { bar.clear() }
      try StopSignal.check()
    }
    bar.clear()
    try files.finish(&run)
    if streamed == nil { try Descriptor.print(report(run)) }
    guard run.holds == false else { return ExitCode.done }
    // Nothing else tells why it exits so.
    if streamed != nil { throw .broken(missed(run)) }
    return ExitCode.doesNotHold
  }

  private func missed(_ run: ScenarioRun) -> String {
    let texts = run.objectives.filter { $0.isMet == false }.map(\.condition.text)
    return "\(texts.count == 1 ? "objective" : "objectives") missed: "
      + texts.joined(separator: "; ")
  }

  private func report(_ run: ScenarioRun) -> String {
    arguments.text(.textOrJSON) == "json"
      ? RunReport.json(run, build: Build.id) + "\n" : RunReport.text(run, build: Build.id)
  }
}

/// The files that `run` writes beside its report; each appears whole or not at all.
private struct RunFiles: ~Copyable {
  private var history: OutputFile?
  private var events: OutputFile?
  private var trace: OutputFile?
  private var metrics: OutputFile?
  private let historyName: String?

  private static let options = [Option.history, .events, .metrics, .trace]

  /// The option whose file is standard output. Throws `Failure` where two want the same place: what
  /// both write would be one mixture, or the second would replace the first.
  static func streamed(_ arguments: Arguments) throws(Failure) -> Option? {
    var taken: [(option: Option, place: OutputPlace)] = []
    for option in options {
      guard let name = arguments.text(option) else { continue }
      let place = try OutputPlace(name)
      if let other = taken.first(where: { $0.place.collides(with: place) }) {
        let shown = place.isStandardOutput ? "standard output" : name
        throw Failure(
          "--\(other.option.name) and --\(option.name) cannot both write to \(shown); give each its "
            + "own FILE")
      }
      taken.append((option, place))
    }
    return taken.first { $0.place.isStandardOutput }?.option
  }

  init(
    _ arguments: Arguments, _ simulation: inout Simulation, limit: Int
  ) throws(Failure) {
    historyName = arguments.text(.history)
    if let name = historyName { history = try OutputFile(name) }
    if let name = arguments.text(.events) { events = try OutputFile(name) }
    if let name = arguments.text(.trace) { trace = try OutputFile(name) }
    if let name = arguments.text(.metrics) { metrics = try OutputFile(name) }
    if historyName != nil { simulation.recordHistory(limit: limit) }
    if arguments.has(.events) { simulation.recordLog(limit: limit) }
    if arguments.has(.trace) { simulation.recordReads(limit: limit) }
  }

  /// Writes what has happened since the last call; of the history what is settled.
  mutating func take(_ run: inout ScenarioRun) throws(Failure) {
    try write(run.simulation.takeSettledHistory())
    if events != nil { try events?.write(EventLines.text(run.simulation.takeLog())) }
    if trace != nil {
      try trace?.write(run.simulation.takeReads().reduce(into: "") { $0 += $1 + "\n" })
    }
  }

  private mutating func write(_ records: [OperationRecord]) throws(Failure) {
    guard let historyName else { return }
    try history?.write(HistoryLines.text(records, HistoryLines.format(ofFile: historyName)))
  }

  mutating func finish(_ run: inout ScenarioRun) throws(Failure) {
    try write(run.simulation.takeHistory())
    let simulation = run.simulation
    let refused =
      simulation.recordsRefused + (historyName == nil ? 0 : simulation.historyRefused)
    if refused > 0 {
      throw Failure(
        "more lines of history, events or trace at a time than are kept; lower workload.rate")
    }
    try history?.finish()
    try events?.finish()
    try trace?.finish()
    try metrics?.write(OpenMetrics.text(simulation))
    try metrics?.finish()
  }
}
