import Glibc

/// A distribution of lengths of time: one shape, or two mixed. A trivial value: it sits in rules and
/// settings and is copied without counting references.
public struct Distribution: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    case constant(Span)
    /// Uniform from the first to the second.
    case uniform(Span, Span)
    /// Exponential with this mean.
    case exponential(Span)
    /// Normal with this mean and standard deviation; draws below 0 are cut to 0.
    case normal(Span, Span)
    /// Lognormal with this median; sigma is the standard deviation of the logarithm.
    case lognormal(Span, sigma: Double)
    /// Pareto: never below the span, P(X > x) = (span / x)^alpha.
    case pareto(Span, alpha: Double)
  }

  public let first: Shape
  /// What part of the draws follows the first shape, above 0; 1 where there is no second.
  public let share: Double
  public let second: Shape?

  public init(_ shape: Shape) {
    first = shape
    share = 1
    second = nil
  }

  /// - Parameter share: of the draws that follow the first shape, above 0 and below 1.
  public init(_ share: Double, _ first: Shape, else second: Shape) {
    precondition(share > 0 && share < 1)
    self.first = first
    self.share = share
    self.second = second
  }

  public static func constant(_ span: Span) -> Distribution { Distribution(.constant(span)) }
  public static func uniform(_ low: Span, _ high: Span) -> Distribution {
    Distribution(.uniform(low, high))
  }
  public static func exponential(_ mean: Span) -> Distribution { Distribution(.exponential(mean)) }
  public static func normal(_ mean: Span, _ deviation: Span) -> Distribution {
    Distribution(.normal(mean, deviation))
  }
  public static func lognormal(_ median: Span, sigma: Double) -> Distribution {
    Distribution(.lognormal(median, sigma: sigma))
  }
  public static func pareto(_ low: Span, alpha: Double) -> Distribution {
    Distribution(.pareto(low, alpha: alpha))
  }

  /// One length in nanoseconds, never negative.
  @inline(__always)
  public func sample(_ stream: inout RandomStream) -> Int64 {
    if share == 1, case .constant(let span) = first { return span.nanoseconds }
    return draw(&stream)
  }

  /// As `sample`. Changes nothing: it mutates so that it is passed by its address, where settings that
  /// every message asks would be copied with every message.
  @inline(__always)
  mutating func sampleInPlace(_ stream: inout RandomStream) -> Int64 {
    if share == 1, case .constant(let span) = first { return span.nanoseconds }
    return drawInPlace(&stream)
  }

  @inline(never)
  private mutating func drawInPlace(_ stream: inout RandomStream) -> Int64 { draw(&stream) }

  @inline(__always)
  private func draw(_ stream: inout RandomStream) -> Int64 {
    if let second, stream.unit() >= share { return second.sample(&stream) }
    return first.sample(&stream)
  }

  /// The mean in nanoseconds; infinite for a Pareto distribution with alpha <= 1.
  public var mean: Double {
    guard let second else { return first.mean }
    return share * first.mean + (1 - share) * second.mean
  }
}

extension Distribution.Shape {
  /// The longest length that is drawn, about three days: tails beyond it are cut there. No run is so
  /// long, so what takes longer never ends in any; and thousands of them add up, or one is multiplied
  /// by the factor of a slow host, within 64 bits.
  private static var longest: Double { 0x1p48 }

  /// One length in nanoseconds, never negative.
  @inline(__always)
  public func sample(_ stream: inout RandomStream) -> Int64 {
    switch self {
    case .constant(let span):
      return span.nanoseconds
    case .uniform(let low, let high):
      let width = high.nanoseconds &- low.nanoseconds
      // Both ends included; the multiplication is biased by less than width / 2^64.
      let part = stream.next().multipliedFullWidth(by: UInt64(bitPattern: width) &+ 1).high
      return low.nanoseconds &+ Int64(bitPattern: part)
    case .exponential(let mean):
      return Self.rounded(stream.exponential() * Double(mean.nanoseconds))
    case .normal(let mean, let deviation):
      return Self.rounded(
        Double(mean.nanoseconds) + stream.gaussian() * Double(deviation.nanoseconds))
    case .lognormal(let median, let sigma):
      return Self.rounded(
        Double(median.nanoseconds) * Elementary.exp(sigma * stream.gaussian()))
    case .pareto(let low, let alpha):
      return Self.rounded(
        Double(low.nanoseconds) * Elementary.exp(stream.exponential() / alpha))
    }
  }

  /// To the nearest nanosecond, cut to 0...2^48.
  @inline(__always)
  private static func rounded(_ nanoseconds: Double) -> Int64 {
    Int64(min(max(nanoseconds, 0), longest) + 0.5)
  }

  /// The mean in nanoseconds; infinite for a Pareto distribution with alpha <= 1.
  public var mean: Double {
    switch self {
    case .constant(let span): return Double(span.nanoseconds)
    case .uniform(let low, let high):
      return (Double(low.nanoseconds) + Double(high.nanoseconds)) / 2
    case .exponential(let mean): return Double(mean.nanoseconds)
    case .normal(let mean, let deviation):
      return Self.cutNormalMean(Double(mean.nanoseconds), Double(deviation.nanoseconds))
    case .lognormal(let median, let sigma):
      return Double(median.nanoseconds) * Elementary.exp(sigma * sigma / 2)
    case .pareto(let low, let alpha):
      return alpha <= 1 ? .infinity : Double(low.nanoseconds) * alpha / (alpha - 1)
    }
  }

  /// The mean of max(0, X) for a normal X: m Phi(m/s) + s phi(m/s).
  private static func cutNormalMean(_ mean: Double, _ deviation: Double) -> Double {
    guard deviation > 0 else { return max(mean, 0) }
    let z = mean / deviation
    let below = erfc(-z / 2.0.squareRoot()) / 2
    return mean * below + deviation * Elementary.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
  }
}
