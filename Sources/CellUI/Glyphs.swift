/// Which characters may be used. `braille` and `block` need UTF-8 (and a font that has them);
/// with `ascii` everything on the screen is seven-bit.
public enum Glyphs: String, CaseIterable, Sendable {
  case braille, block, ascii

  /// True if only seven-bit characters may be sent.
  public var isASCII: Bool { self == .ascii }

  private func pick(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
    isASCII ? ascii : unicode
  }

  // State marks: told apart without colour, and always next to the word.
  public var alive: Unicode.Scalar { pick("●", "+") }
  public var suspect: Unicode.Scalar { pick("?", "?") }
  public var dead: Unicode.Scalar { pick("✗", "x") }
  public var slow: Unicode.Scalar { pick("≈", "~") }
  public var frozen: Unicode.Scalar { pick("❄", "*") }
  public var joining: Unicode.Scalar { pick("◌", "o") }
  public var left: Unicode.Scalar { pick("○", "-") }
  public var unknown: Unicode.Scalar { pick("·", ".") }

  // Marks in text.
  public var ok: Unicode.Scalar { pick("✓", "+") }
  public var failed: Unicode.Scalar { pick("✗", "x") }
  public var you: Unicode.Scalar { pick("★", "*") }
  public var warning: Unicode.Scalar { pick("▲", "!") }
  public var cut: Unicode.Scalar { pick("╳", "X") }
  public var bullet: Unicode.Scalar { pick("•", "-") }
  public var pointer: Unicode.Scalar { pick("▶", ">") }
  public var playing: Unicode.Scalar { pick("▶", ">") }
  public var paused: Unicode.Scalar { pick("▮", "=") }
  public var ellipsis: Unicode.Scalar { pick("…", ".") }
  public var arrowRight: Unicode.Scalar { pick("→", ">") }
  public var arrowLeft: Unicode.Scalar { pick("←", "<") }
  public var arrowUp: Unicode.Scalar { pick("↑", "^") }
  public var arrowDown: Unicode.Scalar { pick("↓", "v") }
  public var sortDown: Unicode.Scalar { pick("▼", "v") }
  public var sortUp: Unicode.Scalar { pick("▲", "^") }
  public var dot: Unicode.Scalar { pick("·", ".") }
  public var hint: Unicode.Scalar { pick("⚑", "h") }
  public var leader: Unicode.Scalar { pick("♛", "L") }

  // Points of a ring: a virtual node, a key, a request on its way.
  public var ringPoint: Unicode.Scalar { pick("●", "o") }
  public var ringSmall: Unicode.Scalar { pick("∙", ".") }
  public var ringKey: Unicode.Scalar { pick("◆", "@") }

  // Lines.
  public var horizontal: Unicode.Scalar { pick("─", "-") }
  public var vertical: Unicode.Scalar { pick("│", "|") }
  public var topLeft: Unicode.Scalar { pick("╭", "+") }
  public var topRight: Unicode.Scalar { pick("╮", "+") }
  public var bottomLeft: Unicode.Scalar { pick("╰", "+") }
  public var bottomRight: Unicode.Scalar { pick("╯", "+") }
  public var teeDown: Unicode.Scalar { pick("┬", "+") }
  public var teeUp: Unicode.Scalar { pick("┴", "+") }
  public var teeRight: Unicode.Scalar { pick("├", "+") }
  public var teeLeft: Unicode.Scalar { pick("┤", "+") }
  public var cross: Unicode.Scalar { pick("┼", "+") }
  public var faultLine: Unicode.Scalar { pick("┊", ":") }
  public var titleLeft: Unicode.Scalar { pick("┤", "-") }
  public var titleRight: Unicode.Scalar { pick("├", "-") }

  /// A full cell of a bar.
  public var barFull: Unicode.Scalar { pick("█", "|") }
  /// What an empty part of a bar shows.
  public var barEmpty: Unicode.Scalar { pick("░", ".") }

  /// A column filled from below by `eighths` (0...8).
  public func column(_ eighths: Int) -> Unicode.Scalar {
    let n = min(max(eighths, 0), 8)
    if isASCII { return [" ", "_", ".", ".", "-", "-", "=", "=", "#"][n] }
    return n == 0 ? " " : Unicode.Scalar(0x2580 + UInt32(n))!
  }

  /// A row filled from the left by `eighths` (0...8).
  public func row(_ eighths: Int) -> Unicode.Scalar {
    let n = min(max(eighths, 0), 8)
    if isASCII { return n >= 4 ? "|" : " " }
    return n == 0 ? " " : Unicode.Scalar(0x2590 - UInt32(n))!
  }

  /// A cell shaded by `quarters` (0...4), for heat maps without colour.
  public func shade(_ quarters: Int) -> Unicode.Scalar {
    let n = min(max(quarters, 0), 4)
    return isASCII ? [" ", ".", ":", "+", "#"][n] : [" ", "░", "▒", "▓", "█"][n]
  }

  /// What is drawn for `scalar`: itself, or where it cannot be shown a symbol of one column.
  /// `nil` for scalars of no width, which are left out.
  func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar.value >= 0x20 && scalar.value < 0x7F { return scalar }
    if scalar.isControl {
      if isASCII { return "?" }
      if scalar.value < 0x20 { return Unicode.Scalar(0x2400 + scalar.value) }
      return scalar.value == 0x7F ? "\u{2421}" : "\u{FFFD}"
    }
    if scalar.columns == 0 { return nil }
    return isASCII ? Glyphs.sevenBit(scalar) : scalar
  }

  /// The seven-bit character nearest in look.
  private static func sevenBit(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "─", "━", "–", "—", "−", "‐", "‑", "╌", "┄": "-"
    case "│", "┃", "┊", "▏", "▎", "▌", "║": "|"
    case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╰", "╯": "+"
    case "…", "·", "•", "∙", "░": "."
    case "→", "▶", "›", "»": ">"
    case "←", "◀", "‹", "«": "<"
    case "↑", "▲": "^"
    case "↓", "▼": "v"
    case "×", "✗", "✘", "╳": "x"
    case "✓", "✔", "●": "+"
    case "≈", "∼": "~"
    case "≤", "≥", "≠": "="
    case "‘", "’": "'"
    case "“", "”": "\""
    case "★", "❄", "◆": "*"
    case "█", "▓", "▒": "#"
    case "µ", "μ": "u"
    case "\u{A0}": " "
    default: "?"
    }
  }
}
