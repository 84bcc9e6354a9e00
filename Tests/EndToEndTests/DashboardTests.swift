import Testing

/// The dashboard in a real terminal: what a person sees and does.
struct DashboardTests {
  @Test func start_atTheThreeUsualSizes_showsEveryPanelThatFits() {
    let sizes = [
      (80, 24, ["1 Ring", "2 Nodes", "4 Latency", "6 Events"]),
      (120, 40, ["1 Ring", "2 Nodes", "3 Quorum", "4 Latency", "5 Cache", "6 Events"]),
      (200, 50, ["1 Ring", "2 Nodes", "3 Quorum", "4 Latency", "5 Cache", "6 Events", "8 Load"]),
    ]
    for (width, height, titles) in sizes {
      let screen = TmuxScreen(width, height)
      screen.start("--seed 1")
      screen.wait("8/8 up")
      for title in titles { screen.wait(title) }
      let lines = screen.lines
      #expect(lines.first?.contains("seed 1") == true || width == 80)
      let footer = lines.last { !$0.isEmpty } ?? ""
      #expect(footer.hasPrefix("?Help qQuit"), "\(width)x\(height): \(footer)")
      screen.type("q")
      screen.wait("READY.")
    }
  }

  /// The row of a node in panel 2.
  private static func row(_ node: String, _ lines: [String]) -> String {
    lines.first { line in
      line.contains(" \(node) ") && ["alive", "suspect", "dead"].contains { line.contains($0) }
    } ?? ""
  }

  @Test func killAndRestart_aNode_isSeenByTheOthersAndHintsPileUpAndDrain() {
    let screen = TmuxScreen(200, 50)
    screen.start("--seed 1 --speed 2")
    screen.wait("8/8 up")
    screen.type("2jj")
    screen.wait("n3 is selected") { $0.contains { $0.contains("▶ n3") } }
    screen.type("K")
    screen.wait("n3 suspect") { Self.row("n3", $0).contains("suspect") }
    screen.wait("n3 dead") { Self.row("n3", $0).contains("dead") }
    screen.wait("the ring shows n3 dead") { $0.contains { $0.contains("✗ n3") } }
    screen.wait("7/8 up")
    screen.wait("hints owed to n3") { Self.owed("n3", $0) ?? 0 > 20 }
    screen.type("K")
    screen.wait("8/8 up")
    screen.wait("n3 alive") { Self.row("n3", $0).contains("alive") }
    screen.wait("no hints owed to n3") { Self.owed("n3", $0) == 0 }
    // The clients noticed.
    screen.wait("during")
  }

  /// Hints that others hold for a node, by its row in panel 2; nil where the column is not found.
  private static func owed(_ node: String, _ lines: [String]) -> Int? {
    guard let head = lines.first(where: { $0.contains(" owed ") }),
      let end = column(of: "owed", in: head).map({ $0 + 4 })
    else { return nil }
    let characters = Array(row(node, lines))
    guard characters.count >= end else { return nil }
    let digits = characters[..<end].reversed().prefix { $0.isNumber }
    return Int(String(digits.reversed()))
  }

  private static func column(of word: String, in line: String) -> Int? {
    let characters = Array(line)
    let wanted = Array(word)
    return (0..<max(0, characters.count - wanted.count)).first {
      Array(characters[$0..<$0 + wanted.count]) == wanted
    }
  }

  @Test func partition_minorityWithoutQuorum_isRefusedWithTheReasonNamed() {
    let screen = TmuxScreen(200, 50)
    screen.start("partition --seed 1 --speed 8")
    screen.wait("the west is told why") {
      $0.contains { $0.contains("west:") && $0.contains("not-enough-replicas") }
    }
    let east = screen.lines.first { $0.contains("east:") && $0.contains("not-enough-replicas") }
    #expect(east == nil, "the majority is refused as well: \(east ?? "")")
    screen.wait("after")
  }

  @Test func resize_downToOneCellAndBack_livesAndDrawsAllAgain() {
    let screen = TmuxScreen(200, 50)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    let full = screen.lines
    for (width, height) in [(120, 40), (80, 24), (60, 16), (40, 8), (20, 3), (5, 2), (1, 1)] {
      screen.resize(width, height)
      screen.wait("\(width)x\(height) is drawn") { lines in
        lines.contains { !$0.isEmpty } && lines.count <= height + 1
      }
    }
    screen.resize(200, 50)
    screen.wait("the screen of before") { $0 == full }
    screen.resize(1, 1)
    screen.wait("1x1") { $0.count <= 2 }
    screen.type("q")
    screen.wait("the program has ended") { _ in screen.ask("#{alternate_on}") == "0" }
  }

  @Test func paused_nothingChanges_sendsNoByte() {
    let screen = TmuxScreen(120, 40, recording: true)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    screen.type("j")
    screen.wait("n2 is selected") { $0.contains { $0.contains("▶ n2") } }
    let before = screen.bytes.utf8.count
    // Silence can only be shown by waiting: ten frames' time.
    _ = Program.shell("sleep 1")
    #expect(before > 1000)
    #expect(screen.bytes.utf8.count == before)
  }

  @Test func scrub_backAndForth_showsTheSameMomentAgain() {
    let screen = TmuxScreen(120, 40)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    screen.type("}")
    screen.wait("00:10.0")
    screen.type("K]]")
    screen.wait("00:12.0")
    screen.wait("7/8 up")
    let there = Self.figures(screen.lines)
    screen.type("[[[[")
    screen.wait("00:08.0")
    screen.wait("8/8 up")
    screen.key("End")
    screen.wait("00:12.0")
    screen.wait("as it was") { Self.figures($0) == there }
  }

  /// Everything between status line and footer.
  private static func figures(_ lines: [String]) -> [String] {
    Array(lines.dropFirst().dropLast(2))
  }

  @Test func noColor_isSet_sendsNoColourButStates() {
    let screen = TmuxScreen(120, 40, variables: "NO_COLOR=1", recording: true)
    screen.start("--seed 1")
    screen.wait("8/8 up")
    screen.type("K")
    screen.wait("dead")
    screen.type("q")
    screen.wait("READY.")
    let codes = Self.selectGraphics(screen.bytes)
    #expect(!codes.isEmpty)
    // 0 to 9 and 22 to 29 are weights and underlines; 30 and more are colours.
    #expect(codes.allSatisfy { $0 < 30 }, "\(codes.filter { $0 >= 30 }.prefix(9))")
  }

  @Test func color_usually_isSent() {
    let screen = TmuxScreen(120, 40, recording: true)
    screen.start("--seed 1")
    screen.wait("8/8 up")
    #expect(Self.selectGraphics(screen.bytes).contains { $0 >= 30 })
  }

  /// All parameters of SGR sequences.
  private static func selectGraphics(_ bytes: String) -> [Int] {
    var codes: [Int] = []
    for part in bytes.split(separator: "\u{1b}").filter({ $0.hasPrefix("[") }) {
      let body = part.dropFirst().prefix { $0.isNumber || $0 == ";" || $0 == ":" }
      guard part.dropFirst(body.count + 1).hasPrefix("m") else { continue }
      codes += body.split(whereSeparator: { $0 == ";" || $0 == ":" }).compactMap { Int($0) }
    }
    return codes
  }

  @Test func plainLocaleOrTerminal_isASCIIOnly() {
    for variables in ["LC_ALL=C", "TERM=vt100", "TERM=vt100 NO_COLOR=1 LC_ALL=C"] {
      let screen = TmuxScreen(120, 40, variables: variables, recording: true)
      screen.start("--seed 1")
      screen.wait("8/8 up")
      screen.type("K")
      screen.wait("x n1")
      screen.type("?")
      screen.wait("Leave at once")
      #expect(screen.bytes.unicodeScalars.allSatisfy { $0.isASCII }, "\(variables)")
    }
  }

  @Test func suspend_andForeground_takesTheScreenAgain() {
    let screen = TmuxScreen(120, 40)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    let full = screen.lines
    screen.key("C-z")
    screen.wait("the shell is back") { _ in screen.ask("#{alternate_on}") == "0" }
    screen.type("fg\n")
    screen.wait("the screen of before") { $0 == full }
  }

  @Test func copyScreen_writesWhatIsShown() {
    let screen = TmuxScreen(120, 40)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    let shown = screen.lines
    screen.type("y")
    screen.wait("screen saved to")
    let saved = screen.folder.read(".local/state/clustertop/screen-default-0s.txt")
    let lines = saved.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(Array(lines.prefix(38)) == Array(shown.prefix(38)))
  }

  @Test func theme_chosenWithTheKey_isRememberedAndTheConfigurationUntouched() {
    let screen = TmuxScreen(200, 50)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    screen.type("T")
    screen.wait("theme light")
    #expect(screen.folder.read(".local/state/clustertop/theme") == "light\n")
    screen.type("q")
    screen.wait("READY.")
    screen.start("--seed 1 --paused")
    screen.wait("light")
    #expect(Program.shell("ls \(screen.folder.path)/.config").code != 0)
  }

  @Test func lesson_fromTheMenu_startsWithItsQuestion() {
    let screen = TmuxScreen(120, 40)
    screen.start("lesson --seed 1")
    screen.wait("What a partition costs")
    screen.key("Enter")
    screen.wait("step 1/3")
  }

  @Test func prompt_misspeltAction_saysWhatWouldBeRight() {
    let screen = TmuxScreen(120, 40)
    screen.start("--seed 1 --paused")
    screen.wait("PAUSED")
    screen.type(":kil n3\n")
    screen.wait("did you mean 'kill'")
    screen.key("Escape")
    screen.type(":set storage.r 3\n")
    screen.wait("R 3")
  }
}
