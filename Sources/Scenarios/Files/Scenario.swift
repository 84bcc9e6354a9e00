import ClusterSim

/// A run ready to begin: the cluster, its settings, the planned actions, and what to look at.
public struct Scenario: Equatable, Sendable {
  public var name: String
  /// What to look at, in a sentence or two.
  public var about: String
  public var configuration: ClusterConfiguration
  /// Virtual time that `run` takes where it is not told.
  public var duration: Span
  /// What must hold at the end, or for so long at a stretch where they say `for`.
  public var objectives: [Condition]
  public var lesson: Lesson?
  /// What a session did, where the file is a recording.
  public var recording: Recording?

  /// Where a file does not say `for`.
  public static let usualDuration = Span.seconds(60)
  /// The longest run that a file may ask for: a day.
  public static let longestDuration = Span.seconds(86_400)

  /// The names that conditions and actions may use at the start.
  public var names: ActionNames { ActionNames(of: configuration) }

  /// With settings changed as `--set PATH=VALUE` asks, in order; what the file or its size made of
  /// `membership.suspect_after` stays, so that two futures differ in nothing that is not named. Throws
  /// `ScenarioError` naming the option and what would be right.
  public func applying(
    overrides: [String], option name: String = "--set"
  ) throws(ScenarioError) -> Scenario {
    var scenario = overrides.isEmpty ? self : planningItsRecording
    for override in overrides {
      let option = "\(name) \(override)"
      guard let sign = override.firstIndex(of: "=") else {
        throw ScenarioError(file: option, message: "write \(name) PATH=VALUE, as in storage.r=1")
      }
      let path = String(override[..<sign])
      let value = String(override[override.index(after: sign)...])
      do {
        try scenario.configuration.settings.set(path, to: value)
      } catch { throw ScenarioError(file: option, message: error.message) }
    }
    return scenario
  }
}
