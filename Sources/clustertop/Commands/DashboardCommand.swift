import CellUI
import ClusterSim
import Dashboard
import NcursesTerminal
import Scenarios

extension Option {
  static let theme = Option(
    "theme", value: "NAME|FILE", "a bundled theme, one of your folder, or a base16 or btop file")
  static let speed = Option("speed", value: "X", "virtual seconds per second, 0.1 to 100")
  static let glyphs = Option(
    "glyphs", choices: ["auto", "braille", "block", "ascii"],
    "characters to draw with; auto heeds the locale and TERM")
  static let noMouse = Option("no-mouse", "leave the mouse to the terminal")
  static let paused = Option("paused", "begin with time stopped")
  static let config = Option(
    "config", value: "FILE", "read this configuration instead of your own")
  static let printConfig = Option(
    "print-config", "print a commented configuration file and do nothing else")
  static let printTheme = Option(
    "print-theme", "print the theme as a file to begin your own with, and do nothing else")
  static let probe = Option(
    "probe", "tell what the terminal can do, with samples, and do nothing else")
  static let plain = Option(
    "plain", "lines to read and to type instead of a screen, for screen readers and pipes")
  static let record = Option(
    "record", value: "FILE", "on leaving, save the session as a recording")
}

extension Command {
  private static let screenOptions: [Option] = [
    .seed, .set, .theme, .speed, .paused, .record, .config, .color, .glyphs, .noMouse,
    .plain,
  ]

  static let dashboard = Command(
    "", operands: "[SCENARIO]", count: 0...1,
    "A live simulated cluster on your terminal, to be broken with keys",
    options: screenOptions + [.printConfig, .printTheme, .probe],
    notes: """
      SCENARIO is a file or a name; `clustertop scenarios` tells what to look at in
        \(wrappedNames).
      Inside, ? lists the keys and q quits. `clustertop COMMAND --help` tells more of a command.
      """,
    run: { arguments throws(Failure) in
      if arguments.has(.printConfig) {
        try Descriptor.print(
          Preferences.commented(
            theme: ThemeShelf.bundledNames[0], colors: Option.color.choices,
            glyphs: Option.glyphs.choices))
        return ExitCode.done
      }
      if arguments.has(.printTheme) {
        let theme = try chosenTheme(arguments, try preferences(arguments))
        try Descriptor.print(theme.theme.fileText)
        return ExitCode.done
      }
      if arguments.has(.probe) {
        let preferences = try preferences(arguments)
        let theme = try chosenTheme(arguments, preferences)
        let options = terminalOptions(arguments, preferences, theme)
        try Descriptor.print(try TerminalProbe.text(options, theme))
        return ExitCode.done
      }
      let name = arguments.operands.first ?? "default"
      let scenario = try ScenarioChoice.loadOrCommand(name, arguments)
      return try open(scenario, lesson: nil, menu: false, arguments)
    })

  static let lesson = Command(
    "lesson", operands: "[ID]", count: 0...1, "The dashboard on the lesson menu, or in a lesson",
    options: screenOptions,
    notes: "ID is one that `clustertop lessons` lists, or a lesson's file.",
    run: { arguments throws(Failure) in
      guard let id = arguments.operands.first else {
        return try open(
          try ScenarioChoice.load("default", arguments), lesson: nil, menu: true, arguments)
      }
      let entry = try LessonShelf.find(id)
      let file = entry.id.contains(".") || entry.id.contains("/") ? id : entry.id
      return try open(
        try ScenarioChoice.load(file, arguments), lesson: entry, menu: false, arguments)
    })

  /// The built-in names on lines that fit a terminal.
  private static var wrappedNames: String {
    var lines = [""]
    for name in Catalogue.names {
      if lines[lines.count - 1].count + name.count > 64 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : ", ") + name
    }
    return lines.joined(separator: ",\n        ")
  }

  /// Opens the screen and runs until it is left.
  static func open(
    _ scenario: Scenario, lesson: LessonShelf.Entry?, menu: Bool, _ arguments: Arguments
  ) throws(Failure) -> Int32 {
    let preferences = try preferences(arguments)
    let speed = try arguments.number(.speed, in: 0.1...100) ?? preferences.speed ?? 1
    // A recording has the seed it was made with.
    let seed = try arguments.seed() ?? (scenario.recording == nil ? preferences.seed : nil)
    let theme = try chosenTheme(arguments, preferences)
    var configuration = scenario.configuration
    if let seed { configuration.seed = seed }
    let simulation: Simulation
    do { simulation = try Simulation(configuration) } catch {
      throw Failure("\(scenario.name): \(error.message)")
    }
    let options = terminalOptions(arguments, preferences, theme)
    // A place that cannot be written to is refused before anything is done.
    try checkRecord(arguments)
    if arguments.has(.plain) {
      var session = PlainSession(simulation, scenario, seed: seed)
      if let lesson {
        session.lesson = LessonRunner(lesson.lesson)
        session.lessonID = lesson.id
      }
      let outcome: Result<Int32, Failure>
      do throws(Failure) {
        outcome = .success(try session.run(scenario, listsLessons: menu))
      } catch { outcome = .failure(error) }
      // Where the terminal is gone, what is said fails; what was done is saved all the same.
      if let file = arguments.text(.record) {
        try OutputFile.replace(file, with: try session.recordingText())
      }
      if let number = StopSignal.pending { return 128 + number }
      return try outcome.get()
    }
    let terminal: NcursesTerminal
    do { terminal = try NcursesTerminal(options) } catch { throw Failure("\(error)") }
    defer { terminal.close() }

    var session = DashboardSession(
      simulation, scenario, theme: theme, seed: seed, terminal: terminal)
    session.listLessons()
    session.state.speed = speed
    session.state.isPaused = arguments.has(.paused)
    session.state.isMouseOn = options.mouse
    if menu { session.state.overlays = [.lessons(row: 0)] }
    if let lesson {
      session.lesson = LessonRunner(lesson.lesson)
      session.lessonID = lesson.id
      AppReducer.lessonStarted(&session.state)
      session.state.isPaused = arguments.has(.paused)
    }
    let code = session.run()
    if let file = arguments.text(.record) {
      try OutputFile.replace(file, with: try session.recordingText())
    }
    return code
  }

  private static func terminalOptions(
    _ arguments: Arguments, _ preferences: Preferences, _ theme: ThemeShelf.Entry
  ) -> TerminalOptions {
    TerminalOptions(
      color: (arguments.text(.color) ?? preferences.color).flatMap(ColorMode.init) ?? .auto,
      glyphs: (arguments.text(.glyphs) ?? preferences.glyphs).flatMap(GlyphMode.init) ?? .auto,
      mouse: !arguments.has(.noMouse) && preferences.mouse != false, theme: theme.theme)
  }

  private static func checkRecord(_ arguments: Arguments) throws(Failure) {
    guard let file = arguments.text(.record) else { return }
    guard try !OutputPlace(file).isStandardOutput else {
      throw Failure(
        "--record: \(file) would be standard output, where the screen is; name a file"
          + (file == "-" ? ", such as ./- for one called -" : ""))
    }
    try OutputFile.check(file)
  }

  private static func preferences(_ arguments: Arguments) throws(Failure) -> Preferences {
    do throws(ScenarioError) {
      return try Preferences.load(
        path: arguments.text(.config), colors: Option.color.choices,
        glyphs: Option.glyphs.choices)
    } catch { throw Failure(error.description) }
  }

  /// `--theme`, else the configuration's, else the one chosen last time, else the first.
  private static func chosenTheme(
    _ arguments: Arguments, _ preferences: Preferences
  ) throws(Failure) -> ThemeShelf.Entry {
    if let name = arguments.text(.theme) ?? preferences.theme { return try ThemeShelf.find(name) }
    if let last = StateFolder.read(ThemeShelf.stateFile)?.split(separator: "\n").first,
      let theme = try? ThemeShelf.find(String(last))
    {
      return theme
    }
    return try ThemeShelf.find(ThemeShelf.bundledNames[0])
  }
}
