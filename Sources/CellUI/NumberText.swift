/// Numbers as text without a formatting library.
public enum NumberText {
  /// With exactly `decimals` digits after the point (0...9), halves away from zero: `12.3`.
  /// `-` for what is no number, and for sizes that no column can show.
  public static func fixed(_ value: Double, _ decimals: Int = 1) -> String {
    let places = min(max(decimals, 0), 9)
    let scale = PlainMath.power10(places)
    let scaled = (value.magnitude * scale).rounded()
    guard scaled.isFinite, scaled < 9e15 else { return "-" }
    let whole = Int(scaled)
    let sign = value < 0 && whole != 0 ? "-" : ""
    let unit = Int(scale)
    if places == 0 { return sign + String(whole) }
    let digits = String(whole % unit)
    return sign + String(whole / unit) + "."
      + String(repeating: "0", count: places - digits.count) + digits
  }

  /// In at most five columns with a letter for thousands: `7`, `0.3`, `812`, `1.2k`, `45k`, `3.1M`.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    var rest = value.magnitude
    let sign = value < 0 ? "-" : ""
    var letter = 0
    let letters = ["", "k", "M", "G", "T", "P", "E"]
    while rest >= 999.5 && letter < letters.count - 1 {
      rest /= 1000
      letter += 1
    }
    var digits = fixed(rest, rest < 9.95 ? 1 : 0)
    if digits.hasSuffix(".0") { digits.removeLast(2) }
    return (digits == "0" ? "" : sign) + digits + letters[letter]
  }

  /// Padded with blanks on the left to `width` columns; longer text stays whole.
  public static func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.columns)) + text
  }

  /// Padded with blanks on the right to `width` columns; longer text stays whole.
  public static func right(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.columns))
  }
}
