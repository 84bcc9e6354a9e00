import CellUI
import Glibc
import NcursesTerminal
import Scenarios

/// What `--probe` says of the terminal, with samples to look at: where a sample does not look as its
/// line says, an option or a variable is named that helps.
struct TerminalProbe {
  private let environment: TerminalEnvironment
  private let theme: ThemeShelf.Entry
  /// What samples may use: nothing where standard output is no terminal.
  private let depth: ColorDepth
  private var lines: [String] = []

  /// The whole text. Throws `Failure` where TERM names no known terminal.
  static func text(_ options: TerminalOptions, _ theme: ThemeShelf.Entry) throws(Failure) -> String
  {
    let environment: TerminalEnvironment
    do { environment = try TerminalEnvironment(options) } catch { throw Failure("\(error)") }
    var probe = TerminalProbe(environment, theme)
    probe.tellEnvironment()
    probe.tellColours(options)
    probe.tellCharacters(options)
    return probe.lines.joined(separator: "\n") + "\n"
  }

  private init(_ environment: TerminalEnvironment, _ theme: ThemeShelf.Entry) {
    self.environment = environment
    self.theme = theme
    depth = isatty(STDOUT_FILENO) == 1 ? environment.promisedDepth : .mono
  }

  private mutating func sample(_ name: String, _ value: String) {
    lines.append(name + String(repeating: " ", count: max(1, 12 - name.count)) + value)
  }

  private mutating func pair(_ name: String, _ value: String) {
    // Variables may hold what a terminal would obey; samples are made here.
    sample(name, Visible.line(value))
  }

  private mutating func tellEnvironment() {
    var size = winsize()
    let isSized = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    pair(
      "screen",
      isatty(STDOUT_FILENO) == 1
        ? "standard output is a terminal"
        : "standard output is no terminal, so samples have no colour")
    pair(
      "keys",
      isatty(STDIN_FILENO) == 1
        ? "standard input is a terminal"
        : "standard input is no terminal, so the dashboard would not start")
    pair(
      "size",
      isSized
        ? "\(size.ws_col) columns, \(size.ws_row) rows; all panels fit from 80 by 24" : "unknown")
    pair(
      "TERM",
      environment.term
        + (environment.entry == environment.term ? "" : ", used as \(environment.entry)"))
    for name in ["COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG", "TMUX"] {
      if let value = Environment.variable(name) { pair(name, value) }
    }
    pair(
      "mouse",
      environment.hasXtermModes
        ? "clicks and wheel; m or --no-mouse leaves them to the terminal" : "not known to be there")
    pair(
      "theme",
      "\(theme.name)\(theme.path.map { " (\($0))" } ?? ""), \(theme.theme.variant.rawValue)")
  }

  private mutating func tellColours(_ options: TerminalOptions) {
    let announced = ["truecolor", "24bit"].contains(Environment.variable("COLORTERM") ?? "")
    let wantsDirect = options.color == .rgb || options.color == .auto && announced
    let meaning =
      switch environment.promisedDepth {
      case .mono: "none: NO_COLOR is set, or --color mono, or the terminal has none"
      case .eight: "8, as TERM says; another TERM if the terminal can do more"
      case .sixteen: "16, by --color 16 or as TERM says"
      case .indexed where wantsDirect:
        "256: for 24 bits the terminal database lacks a direct-colour entry (Debian: ncurses-term)"
      case .indexed: "256; --color rgb if the terminal can do more"
      case .direct: "24 bits; --color 256 where the second ramp is not even"
      }
    pair("colours", meaning)
    guard depth > .mono else { return }
    lines.append("")
    sample("16", (0..<16).map { block(.sixteen, $0) }.joined())
    if depth >= .indexed { sample("256", (16..<52).map { block(.indexed, $0) }.joined()) }
    if depth == .direct {
      let ramp = (0..<36).map { step in
        let share = UInt8(step * 255 / 35)
        return "\u{1b}[48;2;\(share);\(128);\(255 - share)m \u{1b}[0m"
      }
      sample("rgb", ramp.joined())
    }
    sample("roles", ThemeSample.text(theme.theme, depth))
    let attributes = [("1", "bold"), ("4", "underlined"), ("7", "reverse"), ("2", "dim")]
    sample(
      "attributes", attributes.map { "\u{1b}[\($0.0)m\($0.1)\u{1b}[0m" }.joined(separator: "  "))
  }

  private func block(_ depth: ColorDepth, _ number: Int) -> String {
    if depth == .indexed { return "\u{1b}[48;5;\(number)m \u{1b}[0m" }
    return "\u{1b}[\(number < 8 ? 40 + number : 92 + number)m  \u{1b}[0m"
  }

  private mutating func tellCharacters(_ options: TerminalOptions) {
    lines.append("")
    pair(
      "locale",
      environment.isUTF8 ? "UTF-8" : "not UTF-8, so only ASCII is sent; try LC_ALL=C.UTF-8")
    pair("glyphs", environment.glyphs.rawValue + ", of braille, block and ascii: --glyphs chooses")
    pair("ascii", "+ alive  ? suspect  x dead  |-----|  .:-=+*#")
    guard environment.isUTF8, options.glyphs != .ascii else { return }
    pair("block", "● alive  ? suspect  ✗ dead  ├─────┤  ▁▂▃▄▅▆▇█")
    pair("braille", "⠁⠃⠇⡇⡏⡟⡿⣿ rising without gaps; if not, --glyphs block")
    pair("widths", "日本|  the bar stands under the one below")
    pair("", "1234|")
  }
}
