/// A point of virtual time: signed nanoseconds since the start of the run.
///
/// There is no other clock in the simulation. Adding beyond the range of 64 bits (292 years)
/// traps: no run comes near it, so such a sum is a broken computation.
public struct Instant: Comparable, Hashable, Sendable {
  /// Nanoseconds since the start of the run.
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// The start of the run.
  public static let zero = Instant(nanoseconds: 0)

  /// Seconds since the start of the run, rounded to a `Double`: for figures, not for decisions.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Milliseconds since the start of the run, rounded to a `Double`.
  public var milliseconds: Double { Double(nanoseconds) / 1e6 }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  public static func + (instant: Instant, span: Span) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + span.nanoseconds)
  }

  public static func - (instant: Instant, span: Span) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - span.nanoseconds)
  }

  public static func - (later: Instant, earlier: Instant) -> Span {
    Span(nanoseconds: later.nanoseconds - earlier.nanoseconds)
  }

  public static func += (instant: inout Instant, span: Span) {
    instant.nanoseconds += span.nanoseconds
  }
}

extension Instant: CustomStringConvertible {
  /// The exact time since the start, as `Span` writes it: `1.5s`.
  public var description: String { Span(nanoseconds: nanoseconds).description }
}
