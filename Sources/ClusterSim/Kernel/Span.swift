/// A length of virtual time in signed nanoseconds.
public struct Span: Comparable, Hashable, Sendable {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  public static let zero = Span(nanoseconds: 0)

  public static func nanoseconds(_ count: Int64) -> Span { Span(nanoseconds: count) }
  public static func microseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000) }
  public static func milliseconds(_ count: Int64) -> Span { Span(nanoseconds: count * 1_000_000) }

  /// A length in seconds, rounded to the nearest nanosecond (halves away from zero).
  /// Traps where the length does not fit into 64 bits of nanoseconds, or is no number.
  public static func seconds(_ seconds: Double) -> Span {
    Span(nanoseconds: Int64((seconds * 1e9).rounded()))
  }

  /// The length in seconds, rounded to a `Double`.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// The length in milliseconds, rounded to a `Double`.
  public var milliseconds: Double { Double(nanoseconds) / 1e6 }

  public static func < (left: Span, right: Span) -> Bool { left.nanoseconds < right.nanoseconds }

  public static func + (left: Span, right: Span) -> Span {
    Span(nanoseconds: left.nanoseconds + right.nanoseconds)
  }

  public static func - (left: Span, right: Span) -> Span {
    Span(nanoseconds: left.nanoseconds - right.nanoseconds)
  }

  public static func += (left: inout Span, right: Span) { left.nanoseconds += right.nanoseconds }

  public static func -= (left: inout Span, right: Span) { left.nanoseconds -= right.nanoseconds }

  public static func * (span: Span, factor: Int) -> Span {
    Span(nanoseconds: span.nanoseconds * Int64(factor))
  }

  /// Division towards zero.
  public static func / (span: Span, divisor: Int) -> Span {
    Span(nanoseconds: span.nanoseconds / Int64(divisor))
  }

  public static prefix func - (span: Span) -> Span { Span(nanoseconds: -span.nanoseconds) }
}

extension Span {
  /// What is accepted where a length of time is read; for messages to the user.
  public static let grammar = "a number and a unit (ns, us, ms, s or m), such as 250ms or 1.5s"

  /// Reads `250ms`, `1.5s`, `2m`: digits, at most one point, a unit, no sign and no blanks.
  /// Exact: more decimals than the unit has nanoseconds are refused, as is what does not fit.
  public static func parse(_ text: some StringProtocol) -> Result<Span, TextProblem> {
    let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    let unit = String(text[number.endIndex...])
    guard let scale = nanosecondsPerUnit(unit), number.utf8.count > 0 else {
      return .failure(TextProblem("`\(text)` is no length of time", expected: grammar))
    }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    let tooFine = TextProblem(
      "`\(text)` is finer than a nanosecond", expected: "at most as many decimals as nanoseconds")
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else {
      return .failure(TextProblem("`\(text)` is no length of time", expected: grammar))
    }
    // Nothing but digits: what is no number of 64 bits is too large for one.
    guard let whole = Int64(parts[0]) else { return .failure(tooLong(text)) }
    let (base, overflow) = whole.multipliedReportingOverflow(by: scale)
    var total = base
    if parts.count == 2 {
      var rest = scale
      for digit in parts[1].utf8 {
        let value = Int64(digit - UInt8(ascii: "0"))
        // A minute is 6 x 10^10 ns: the last decimals come out uneven and are refused as well.
        guard rest % 10 == 0 || value == 0 else { return .failure(tooFine) }
        rest /= 10
        let (sum, full) = total.addingReportingOverflow(value * rest)
        if full { return .failure(tooLong(text)) }
        total = sum
      }
    }
    return overflow ? .failure(tooLong(text)) : .success(Span(nanoseconds: total))
  }

  private static func tooLong(_ text: some StringProtocol) -> TextProblem {
    TextProblem("`\(text)` is too long", expected: "less than 292 years")
  }

  private static func nanosecondsPerUnit(_ unit: String) -> Int64? {
    switch unit {
    case "ns": 1
    case "us": 1_000
    case "ms": 1_000_000
    case "s": 1_000_000_000
    case "m": 60_000_000_000
    default: nil
    }
  }
}

extension Span: CustomStringConvertible {
  /// Exact, in the largest of ns, us, ms, s that gives at least 1: `1.5ms`, `90s`.
  public var description: String {
    let size = nanoseconds.magnitude
    let (unit, scale, digits): (String, UInt64, Int) =
      switch size {
      case 0: ("s", 1, 0)
      case ..<1_000: ("ns", 1, 0)
      case ..<1_000_000: ("us", 1_000, 3)
      case ..<1_000_000_000: ("ms", 1_000_000, 6)
      default: ("s", 1_000_000_000, 9)
      }
    let sign = nanoseconds < 0 ? "-" : ""
    let rest = String(size % scale)
    var fraction = String(repeating: "0", count: max(0, digits - rest.utf8.count)) + rest
    while fraction.hasSuffix("0") { fraction.removeLast() }
    return sign + String(size / scale) + (fraction.isEmpty ? "" : "." + fraction) + unit
  }
}
