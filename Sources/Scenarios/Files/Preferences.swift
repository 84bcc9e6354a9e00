import ClusterSim

/// What a person's configuration file says of the dashboard. The file is only ever read; options on
/// the command line come before it.
public struct Preferences: Equatable, Sendable {
  public var theme: String?
  public var speed: Double?
  public var seed: UInt64?
  public var color: String?
  public var glyphs: String?
  public var mouse: Bool?

  public init() {}

  /// Where it is looked for; nil where no folder is known.
  public static var usualPath: String? {
    Catalogue.configurationFolder().map { $0 + "/config.yaml" }
  }

  /// The file at `path`; where nil, the usual one, or nothing where there is none.
  ///
  /// - Parameters:
  ///   - colors: what `color` may be.
  ///   - glyphs: what `glyphs` may be.
  ///
  /// Throws `ScenarioError` with the place of what is wrong.
  public static func load(
    path: String?, colors: [String], glyphs: [String]
  ) throws(ScenarioError) -> Preferences {
    guard let path = path ?? usualPath.flatMap({ FileBytes.isFile($0) ? $0 : nil }) else {
      return Preferences()
    }
    return try read(try FileBytes.read(path), file: path, colors: colors, glyphs: glyphs)
  }

  static func read(
    _ bytes: [UInt8], file: String, colors: [String], glyphs: [String]
  ) throws(ScenarioError) -> Preferences {
    let reader = FieldReader(file: file)
    let fields = try reader.fields(
      try YAMLParser.parse(bytes, file: file), "a configuration",
      known: ["theme", "speed", "seed", "color", "glyphs", "mouse"])
    func choice(_ name: String, _ known: [String]) throws(ScenarioError) -> String? {
      guard let node = fields.node(name) else { return nil }
      let text = try reader.scalar(node, name)
      guard known.contains(text) else {
        throw reader.fail(
          node.position, Nearest.message("\(name)", Visible.line(text), among: known))
      }
      return text
    }
    var preferences = Preferences()
    if let node = fields.node("theme") {
      preferences.theme = try reader.line(node, "theme", limit: 256)
    }
    if let node = fields.node("speed") {
      preferences.speed = try reader.number(node, "speed", 0.1...100)
    }
    if let node = fields.node("seed") {
      guard let seed = UInt64(try reader.scalar(node, "seed")) else {
        throw reader.fail(
          node.position, "seed: a whole number from 0 to \(UInt64.max) is expected")
      }
      preferences.seed = seed
    }
    preferences.color = try choice("color", colors)
    preferences.glyphs = try choice("glyphs", glyphs)
    preferences.mouse = try choice("mouse", ["true", "false"]).map { $0 == "true" }
    return preferences
  }

  /// A file that says what each field is for, all of them at their usual values.
  public static func commented(theme: String, colors: [String], glyphs: [String]) -> String {
    """
    # clustertop reads this file from \(usualPath ?? "$XDG_CONFIG_HOME/clustertop/config.yaml").
    # It is only ever read: what you change inside the program goes to $XDG_STATE_HOME/clustertop/.
    # Options on the command line come before it. Every line may be left out.

    # A bundled theme, one of your folder, or a file; without it, the one chosen last.
    theme: \(theme)
    # Virtual seconds per second, 0.1 to 100.
    speed: 1
    # The seed of every random stream; without it, the scenario's own.
    # seed: 7
    # \(colors.joined(separator: ", ")); auto heeds NO_COLOR, COLORTERM and TERM.
    color: \(colors[0])
    # \(glyphs.joined(separator: ", ")); auto heeds the locale and TERM.
    glyphs: \(glyphs[0])
    # Clicks and the wheel; false leaves the mouse to the terminal.
    mouse: true

    """
  }
}
