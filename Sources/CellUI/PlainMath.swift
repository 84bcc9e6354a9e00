/// The few functions that drawing needs and the standard library lacks. Kept here so that CellUI
/// depends on nothing; pictures need far fewer digits than these give.
public enum PlainMath {
  /// Where a clock hand points after `turns` full turns clockwise from the top: x to the right,
  /// y down, length 1.
  public static func hand(turns: Double) -> (x: Double, y: Double) {
    guard turns.isFinite else { return (0, -1) }
    let share = turns - turns.rounded(.down)
    let eighth = Int((share * 8).rounded())
    // Within an eighth of the nearest axis or diagonal the series need few terms.
    let angle = (share - Double(eighth) / 8) * 2 * Double.pi
    let square = angle * angle
    var sine = angle
    var cosine = 1.0
    var sineTerm = angle
    var cosineTerm = 1.0
    for k in 1...7 {
      let n = Double(2 * k)
      cosineTerm *= -square / (n * (n - 1))
      sineTerm *= -square / (n * (n + 1))
      cosine += cosineTerm
      sine += sineTerm
    }
    let half = 0.5.squareRoot()
    let turned: [(c: Double, s: Double)] = [
      (1, 0), (half, half), (0, 1), (-half, half), (-1, 0), (-half, -half), (0, -1), (half, -half),
    ]
    let (c, s) = turned[eighth % 8]
    return (s * cosine + c * sine, -(c * cosine - s * sine))
  }

  /// Logarithm to base 10 of a positive number; minus infinity for 0 and below.
  public static func log10(_ value: Double) -> Double {
    guard value > 0 else { return -.infinity }
    guard value.isFinite else { return .infinity }
    // ln m = 2 artanh((m - 1) / (m + 1)), with m in 1..<2.
    let ratio = (value.significand - 1) / (value.significand + 1)
    var term = ratio
    var sum = 0.0
    for k in 0..<16 {
      sum += term / Double(2 * k + 1)
      term *= ratio * ratio
    }
    return (2 * sum + Double(value.exponent) * 0.6931471805599453) * 0.4342944819032518
  }

  /// 10 to an integer power.
  public static func power10(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }

  /// The nearest integer, held within what a screen can mean; 0 for no number.
  static func cell(_ value: Double) -> Int {
    value.isNaN ? 0 : Int(min(max(value, -1_000_000), 1_000_000).rounded())
  }
}
