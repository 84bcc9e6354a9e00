import CEmbedded
import ClusterSim
import Glibc

/// The scenarios that are built in, and where others are looked for.
public enum Catalogue {
  /// Names of the built-in scenarios in their order, lessons among them.
  public static var names: [String] {
    (0..<embedded_scenario_count()).map { String(cString: embedded_scenario($0).name) }
  }

  /// A built-in scenario; nil where there is none of that name.
  ///
  /// Throws `ScenarioError` where the built-in file is broken, which a test excludes.
  public static func builtIn(_ name: String) throws(ScenarioError) -> Scenario? {
    guard let bytes = bytes(of: name) else { return nil }
    return try Scenario.read(bytes, file: "built-in:\(name)")
  }

  /// The text of a built-in scenario, to be copied and changed.
  public static func bytes(of name: String) -> [UInt8]? {
    for index in 0..<embedded_scenario_count() {
      let entry = embedded_scenario(index)
      guard String(cString: entry.name) == name else { continue }
      return Array(UnsafeBufferPointer(start: entry.bytes, count: entry.length))
    }
    return nil
  }

  /// The built-in scenarios that are lessons, with their names.
  public static func lessons() throws(ScenarioError) -> [(id: String, scenario: Scenario)] {
    var lessons: [(id: String, scenario: Scenario)] = []
    for name in names {
      if let scenario = try builtIn(name), scenario.lesson != nil {
        lessons.append((name, scenario))
      }
    }
    return lessons
  }

  /// Finds a scenario as the user named it: the file as given, then in `folder` (with or without
  /// `.yaml`), then built in. Throws `ScenarioError`, naming the nearest built-in one.
  public static func find(
    _ name: String, folder: String? = configurationFolder()
  ) throws(ScenarioError) -> Scenario {
    let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if FileBytes.isFile(name) { return try Scenario.load(path: name) }
    if let folder, !name.contains("/") {
      for path in ["\(folder)/\(name)", "\(folder)/\(name).yaml"] where FileBytes.isFile(path) {
        return try Scenario.load(path: path)
      }
    }
    if let scenario = try builtIn(name) { return scenario }
    // A path that is no file: say what the system says of it.
    if isPath { return try Scenario.load(path: name) }
    throw ScenarioError(
      file: name, message: Nearest.message("scenario", Visible.line(name), among: names))
  }

  /// `$XDG_CONFIG_HOME/clustertop`, or `.config/clustertop` in the home folder; nil without either.
  public static func configurationFolder() -> String? {
    if let folder = environment("XDG_CONFIG_HOME") { return folder + "/clustertop" }
    return environment("HOME").map { $0 + "/.config/clustertop" }
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
