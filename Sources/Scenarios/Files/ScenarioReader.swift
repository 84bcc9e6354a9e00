import ClusterSim

extension Scenario {
  /// Reads a scenario from a file's bytes; `file` is how messages name it. Throws `ScenarioError`.
  public static func read(_ bytes: [UInt8], file: String) throws(ScenarioError) -> Scenario {
    let root = try YAMLParser.parse(bytes, file: file)
    return try ScenarioReader(reader: FieldReader(file: file)).scenario(root)
  }

  /// Reads the scenario file at `path`, a pipe once somebody writes to it. Throws `ScenarioError`,
  /// also where it cannot be read.
  public static func load(path: String) throws(ScenarioError) -> Scenario {
    try read(try FileBytes.read(path, awaitsWriter: true), file: path)
  }
}

/// Turns the tree of a scenario file into typed values, checking every field.
struct ScenarioReader {
  let reader: FieldReader

  /// The sections that hold settings: the first parts of their paths.
  static let settingSections: [String] = SettingCatalogue.all.reduce(into: []) { names, setting in
    let section = String(setting.path.prefix { $0 != "." })
    if names.last != section { names.append(section) }
  }
  static let sections =
    ["name", "about", "seed", "for", "cluster"] + settingSections
    + ["actions", "objectives", "lesson", "events", "state_hash", "build"]

  func scenario(_ root: YAMLNode) throws(ScenarioError) -> Scenario {
    let fields = try reader.fields(root, "a scenario", known: Self.sections)
    var name: String?
    var about = ""
    var seed: UInt64 = 1
    var duration = Scenario.usualDuration
    if let node = fields.node("name") { name = try reader.line(node, "name", limit: 64) }
    if let node = fields.node("about") { about = try reader.text(node, "about", limit: 1000) }
    if let node = fields.node("seed") { seed = try self.seed(node) }
    if let node = fields.node("for") {
      duration = try reader.span(node, "for", Span.milliseconds(1)...Scenario.longestDuration)
    }
    var cluster = try ClusterReader(reader: reader).cluster(fields.node("cluster"))
    cluster.name = name ?? fileName
    cluster.seed = seed
    cluster.settings = try settings(fields)
    if !says("membership", "suspect_after", fields) {
      cluster.settings.membership.suspectAfter = cluster.usualSuspectAfter
    }
    cluster.trace = try trace(fields)
    let start = ActionNames(of: cluster)
    let actions = ActionListReader(reader: reader)
    var recorded: [Recording.Entry] = []
    if let node = fields.node("actions") {
      (cluster.actions, recorded) = try actions.actions(node, start)
    }
    // Conditions may also name what a planned action brings.
    let names = ActionListReader.names(start, after: cluster.actions + recorded.map(\.done))
    var lesson: Lesson?
    if let node = fields.node("lesson") {
      lesson = try LessonReader(reader: reader, names: start).lesson(node)
    }
    return Scenario(
      name: cluster.name, about: about, configuration: cluster, duration: duration,
      objectives: try objectives(fields.node("objectives"), names), lesson: lesson,
      recording: try recording(fields, recorded))
  }

  /// What makes a recording of a scenario; nil where there is nothing of it.
  private func recording(
    _ fields: FieldReader.Fields, _ entries: [Recording.Entry]
  ) throws(ScenarioError) -> Recording? {
    var recording = Recording(entries: entries)
    if let node = fields.node("events") {
      recording.events = try reader.integer(node, "events", 0...Recording.mostEvents)
    }
    if let node = fields.node("state_hash") {
      let text = try reader.scalar(node, "state_hash")
      let isHash =
        text.utf8.count == 16
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
      guard isHash else {
        throw reader.fail(node.position, "state_hash: 16 hexadecimal digits are expected")
      }
      recording.stateHash = text
    }
    if let node = fields.node("build") {
      recording.build = try reader.line(node, "build", limit: 80)
    }
    return recording == Recording() ? nil : recording
  }

  /// The file's name without folder and suffix, for a scenario that gives itself none.
  private var fileName: String {
    let last = reader.file.split(separator: "/").last.map(String.init) ?? reader.file
    return last.split(separator: ".").first.map(String.init) ?? last
  }

  private func seed(_ node: YAMLNode) throws(ScenarioError) -> UInt64 {
    guard let seed = UInt64(try reader.scalar(node, "seed")) else {
      throw reader.fail(node.position, "seed: a whole number from 0 to \(UInt64.max) is expected")
    }
    return seed
  }

  private func settings(_ fields: FieldReader.Fields) throws(ScenarioError) -> Settings {
    var settings = Settings()
    for section in Self.settingSections {
      guard let node = fields.node(section) else { continue }
      try set(node, below: section, &settings)
    }
    return settings
  }

  private func says(_ section: String, _ setting: String, _ fields: FieldReader.Fields) -> Bool {
    guard case .mapping(let entries) = fields.node(section)?.content else { return false }
    return entries.contains { $0.key == setting }
  }

  /// Settings whose paths begin with `section`. A path of three parts is written `web.servers: 3`, or
  /// `servers: 3` inside `web`.
  private func set(
    _ node: YAMLNode, below section: String, _ settings: inout Settings
  ) throws(ScenarioError) {
    let paths = SettingCatalogue.all.map(\.path).filter { $0.hasPrefix(section + ".") }
      .map { String($0.dropFirst(section.count + 1)) }
    var groups: [String] = []
    for path in paths where path.contains(".") {
      let group = String(path.prefix { $0 != "." })
      if groups.last != group { groups.append(group) }
    }
    let traces = section == "workload" ? TraceReader.fields : []
    for entry in try reader.fields(node, "`\(section)`", known: paths + groups + traces).entries
    where !traces.contains(entry.key) {
      let path = "\(section).\(entry.key)"
      if groups.contains(entry.key) {
        try set(entry.value, below: path, &settings)
        continue
      }
      let text = try reader.scalar(entry.value, path)
      do {
        try settings.set(path, to: text)
      } catch { throw reader.fail(entry.value.position, error.message) }
    }
  }

  /// The trace of the workload, and nil where keys are drawn.
  private func trace(_ fields: FieldReader.Fields) throws(ScenarioError) -> KeyTrace? {
    guard let node = fields.node("workload"), case .mapping(let entries) = node.content else {
      return nil
    }
    return try TraceReader(reader: reader).trace(.init(position: node.position, entries: entries))
  }

  private func objectives(
    _ node: YAMLNode?, _ names: ActionNames
  ) throws(ScenarioError) -> [Condition] {
    guard let node else { return [] }
    var objectives: [Condition] = []
    for item in try reader.list(node, "objectives", limit: 32) {
      objectives.append(try reader.condition(item, names))
    }
    return objectives
  }
}
