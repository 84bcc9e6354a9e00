import ClusterSim

/// What a replay without a screen found.
public struct ReplayReport {
  private let run: ScenarioRun
  private let build: String

  /// A report of a finished run of a recording; `build` names the program that replayed it.
  public init(_ run: ScenarioRun, build: String) {
    self.run = run
    self.build = build
  }

  private var recording: Recording { run.scenario.recording ?? Recording() }

  /// The object that `replay --headless --format json` prints.
  public var json: JSONValue {
    .object([
      ("recording", .string(run.scenario.name)),
      ("seed", .unsigned(run.scenario.configuration.seed)),
      ("actions", .integer(recording.entries.count)),
      ("virtual_seconds", .number(run.simulation.now.seconds)),
      ("events", .integer(run.simulation.eventsProcessed)),
      ("state_hash", .string(run.simulation.stateHash)),
      ("recorded_state_hash", recording.stateHash.map { .string($0) } ?? .null),
      ("matches", run.matchesRecording.map { .bool($0) } ?? .null),
      ("refused", .array(run.refused.map { .string($0) })),
      ("build", .string(build)),
      ("recorded_build", recording.build.map { .string($0) } ?? .null),
    ])
  }

  /// A few lines for people.
  public var text: String {
    let count = recording.entries.count
    var lines = [
      "\(run.scenario.name): \(count) action\(count == 1 ? "" : "s"), "
        + "\(run.simulation.eventsProcessed) events, \(run.simulation.now)"
    ]
    lines += run.refused.map { "  refused at \($0)" }
    let hash = run.simulation.stateHash
    if run.matchesRecording == true {
      lines.append("state hash \(hash): matches the recording")
    } else {
      lines.append(
        "state hash \(hash): DOES NOT MATCH the recorded \(recording.stateHash ?? "(none)")")
      if let recorded = recording.build, recorded != build {
        lines.append("recorded by build \(recorded), replayed by \(build)")
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
