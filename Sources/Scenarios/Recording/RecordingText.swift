import ClusterSim

/// Writes a session as a scenario file: what differs from the usual values, and no more, so that it
/// can be pasted into an issue.
public enum RecordingText {
  /// The text of a file that `Scenario.read` reads back as the same configuration and recording.
  ///
  /// - Parameters:
  ///   - configuration: what the session began with.
  ///   - end: the moment at which it ended.
  ///
  /// Throws `ScenarioError` where more was done than a file may hold.
  public static func text(
    _ configuration: ClusterConfiguration, _ recording: Recording, end: Instant
  ) throws(ScenarioError) -> String {
    guard configuration.trace == nil else {
      throw ScenarioError(
        file: configuration.name,
        message: "a session over a trace file cannot be recorded: the file is no part of it")
    }
    let count = configuration.actions.count + recording.entries.count
    guard count <= ActionListReader.actionLimit else {
      throw ScenarioError(
        file: configuration.name,
        message: "\(count) actions; a recording holds at most \(ActionListReader.actionLimit)")
    }
    var lines = [
      "# A recorded session; `clustertop replay FILE` plays it again.",
      "name: \(scalar(configuration.name))", "seed: \(configuration.seed)",
      "for: \(max(end - .zero, .milliseconds(1)))",
    ]
    lines += cluster(configuration) + settings(configuration)
    if count > 0 { lines.append("actions:") }
    for action in configuration.actions { lines.append(line(action, after: nil)) }
    for entry in recording.entries { lines.append(line(entry.done, after: entry.after)) }
    if let events = recording.events { lines.append("events: \(events)") }
    if let hash = recording.stateHash { lines.append("state_hash: \"\(hash)\"") }
    if let build = recording.build { lines.append("build: \(scalar(build))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ action: TimedAction, after events: Int?) -> String {
    let text = action.action.text
    let verb = text.prefix { $0 != " " }
    let rest = text.dropFirst(verb.count + 1)
    let count = events.map { ", after: \($0)" } ?? ""
    return "  - {at: \(action.at)\(count), \(verb): \(rest.isEmpty ? "" : scalar(String(rest)))}"
  }

  private static func cluster(_ configuration: ClusterConfiguration) -> [String] {
    var lines = ["cluster:", "  locations:"]
    for place in configuration.locations {
      lines.append("    - {name: \(place.name), weight: \(place.weight)}")
    }
    if let counts = counts(of: configuration.nodes) {
      return lines + ["  nodes: {\(counts)}"]
    }
    lines.append("  nodes:")
    for node in configuration.nodes {
      lines.append(
        "    - {name: \(node.name), location: \(node.location), "
          + (node.zone.map { "zone: \($0), " } ?? "") + "weight: \(node.weight)}")
    }
    return lines
  }

  /// `east: 5, west: 3` where that says it all: usual names and weights, each location in one piece.
  private static func counts(of nodes: [ClusterConfiguration.Node]) -> String? {
    var groups: [(location: String, count: Int)] = []
    for (index, node) in nodes.enumerated() {
      guard node == .init(name: "n\(index + 1)", location: node.location) else { return nil }
      if groups.last?.location == node.location {
        groups[groups.count - 1].count += 1
      } else {
        guard !groups.contains(where: { $0.location == node.location }) else { return nil }
        groups.append((node.location, 1))
      }
    }
    return groups.map { "\($0.location): \($0.count)" }.joined(separator: ", ")
  }

  /// A line for each section with a setting that has not its usual value.
  private static func settings(_ configuration: ClusterConfiguration) -> [String] {
    let settings = configuration.settings
    var usual = Settings()
    usual.membership.suspectAfter = configuration.usualSuspectAfter
    return ScenarioReader.settingSections.compactMap { section in
      let changed = SettingCatalogue.all.filter {
        $0.path.hasPrefix(section + ".") && $0.get(settings) != $0.get(usual)
      }
      if changed.isEmpty { return nil }
      let fields = changed.map {
        "\($0.path.dropFirst(section.count + 1)): \(scalar($0.text(in: settings)))"
      }
      return "\(section): {\(fields.joined(separator: ", "))}"
    }
  }

  /// Plain where no reader of YAML could take it for anything else, else in double quotes.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
          || [0x20, 0x25, 0x2b, 0x2d, 0x2e, 0x5f].contains(byte)
      } && text != "null" && text.first.map { $0.isLetter || $0.isNumber } == true
      && text.last != " "
    if isPlain { return text }
    // By scalars: a reverse solidus with a combining mark behind it is another Character.
    let quoted = text.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
    return "\"\(quoted)\""
  }
}
