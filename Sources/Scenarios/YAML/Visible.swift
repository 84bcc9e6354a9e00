/// Makes text from untrusted files safe to show: a control character never reaches the terminal,
/// its visible symbol does.
public enum Visible {
  /// Keeps line feeds, as texts of several lines have them.
  static func text(_ text: String) -> String { replaced(text, keepsLineFeeds: true) }

  /// For names and messages, which are one line.
  public static func line(_ text: String) -> String { replaced(text, keepsLineFeeds: false) }

  private static func replaced(_ text: String, keepsLineFeeds: Bool) -> String {
    func isPlain(_ scalar: Unicode.Scalar) -> Bool {
      symbol(for: scalar) == nil || (keepsLineFeeds && scalar == "\n")
    }
    if text.unicodeScalars.allSatisfy(isPlain) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      result.append(isPlain(scalar) ? scalar : symbol(for: scalar)!)
    }
    return String(result)
  }

  /// The stand-in of a character that a terminal would obey; nil where it only shows it.
  private static func symbol(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value)
    case 0x7f: "\u{2421}"
    // C1 controls, line and paragraph separators, and what changes the direction of writing.
    case 0x80..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: "\u{fffd}"
    default: nil
    }
  }
}
