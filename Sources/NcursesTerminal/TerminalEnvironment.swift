import CNcurses
import CellUI
import Glibc

/// What environment and terminal database say, before anything is switched on.
public struct TerminalEnvironment: Equatable, Sendable {
  /// The terminfo entry to use.
  public var entry: String
  /// The entry's family before any change for true colour: what TERM says.
  public var term: String
  public var isUTF8: Bool
  public var depth: ColorDepth
  public var glyphs: Glyphs
  /// True for terminals that understand xterm's private modes (mouse, bracketed paste).
  public var hasXtermModes: Bool

  /// Decides by TERM, COLORTERM, NO_COLOR, the locale and the user's options. Throws
  /// ``TerminalError`` if TERM names nothing that the database knows.
  public init(_ options: TerminalOptions) throws {
    isUTF8 = ct_locale()
    let name = TerminalEnvironment.variable("TERM") ?? ""
    guard !name.isEmpty else {
      throw TerminalError(
        "TERM is not set, so the terminal's kind is unknown; try TERM=xterm-256color")
    }
    guard let known = TerminalEnvironment.known(name) else {
      throw TerminalError(
        "TERM=\(name) is not in the terminal database; try TERM=xterm-256color or `clustertop run`, which needs none"
      )
    }
    term = name
    let families = [
      "xterm", "vte", "gnome", "konsole", "alacritty", "foot", "kitty", "wezterm", "tmux", "screen",
      "rxvt", "st-", "iterm", "contour", "ghostty", "putty", "mintty",
    ]
    hasXtermModes = families.contains { name.hasPrefix($0) }
    entry = known
    depth = .mono
    let wantsDirect = options.color == .rgb || TerminalEnvironment.announcesTrueColor
    let mono =
      options.color == .mono
      || options.color == .auto && !(TerminalEnvironment.variable("NO_COLOR") ?? "").isEmpty
    if !mono && options.color != .sixteen && options.color != .indexed && wantsDirect
      && hasXtermModes, let direct = TerminalEnvironment.direct(name)
    {
      entry = direct
      depth = .direct
    } else if !mono {
      // Lowered to what the entry has when it is open.
      depth = options.color == .sixteen ? .sixteen : .indexed
    }
    // Consoles have fonts of 256 or 512 characters, without braille.
    let simple = ["linux", "vt", "dumb", "ansi", "cons", "sun"].contains { name.hasPrefix($0) }
    switch options.glyphs {
    case .ascii: glyphs = .ascii
    case .braille: glyphs = isUTF8 ? .braille : .ascii
    case .block: glyphs = isUTF8 ? .block : .ascii
    case .auto: glyphs = isUTF8 && !simple ? .braille : .ascii
    }
  }

  /// What `depth` becomes once the screen is open: no more than the entry has.
  public var promisedDepth: ColorDepth {
    min(depth, NcursesTerminal.depth(colors: Int(ct_entry_colors(entry))))
  }

  static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static var announcesTrueColor: Bool {
    ["truecolor", "24bit"].contains(variable("COLORTERM") ?? "")
  }

  /// The name or, for a newcomer like `xterm-ghostty`, the part of it that the database knows.
  private static func known(_ name: String) -> String? {
    var candidate = name[...]
    while true {
      if ct_has_entry(String(candidate)) { return String(candidate) }
      guard let dash = candidate.lastIndex(of: "-") else { return nil }
      candidate = candidate[..<dash]
      // A newcomer surely has 256 colours, which the plain name does not promise.
      let colored = "\(candidate)-256color"
      if ct_has_entry(colored) { return colored }
    }
  }

  /// An entry with 24-bit colours for a terminal, if the database has one (Debian keeps them in
  /// ncurses-term). vte-direct writes semicolons, which everything understands; with colons some
  /// terminals do not.
  private static func direct(_ name: String) -> String? {
    let multiplexed = name.hasPrefix("tmux") || name.hasPrefix("screen")
    if multiplexed && variable("TMUX") == nil { return nil }
    let wanted = multiplexed ? "tmux-direct" : "vte-direct"
    return ct_has_entry(wanted) ? wanted : nil
  }
}
