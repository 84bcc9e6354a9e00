/// The value axis of a chart.
struct Axis: Equatable {
  struct Tick: Equatable {
    var row: Int
    var label: String
  }

  let scale: LineChart.Scale
  let low: Double
  let high: Double

  /// Rounds outwards to readable ends unless the range is `given`. A linear axis begins at 0
  /// when all is positive, so that heights can be compared.
  init(scale: LineChart.Scale, fitting range: ClosedRange<Double>, given: Bool) {
    self.scale = scale
    switch scale {
    case .logarithmic:
      let least = max(range.lowerBound, 1e-9)
      let most = max(range.upperBound, least)
      let first = PlainMath.log10(least)
      let last = PlainMath.log10(most)
      if given && last > first {
        low = first
        high = last
      } else {
        low = Axis.roundLog(first, up: false)
        high = max(Axis.roundLog(last, up: true), low + 0.3)
      }
    case .linear:
      if given {
        low = range.lowerBound
        high = range.upperBound > low ? range.upperBound : low + 1
      } else {
        low = range.lowerBound >= 0 ? 0 : -Axis.round(up: -range.lowerBound)
        high = max(range.upperBound > 0 ? Axis.round(up: range.upperBound) : 0, low + 1e-9)
      }
    }
  }

  /// The next logarithm of 1, 2 or 5 times a power of ten, downwards or upwards.
  private static func roundLog(_ value: Double, up: Bool) -> Double {
    // A hair of tolerance keeps 1000 from becoming 2000 by rounding of the logarithm.
    let hair = up ? -1e-9 : 1e-9
    let decade = (value + hair).rounded(.down)
    let rest = value + hair - decade
    let steps = [0, 0.30102999566398120, 0.69897000433601880, 1]
    let found = up ? steps.first { $0 >= rest } : steps.last { $0 <= rest }
    return decade + (found ?? 0)
  }

  /// The least of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below.
  private static func round(up value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let unit = PlainMath.power10(Int(PlainMath.log10(value).rounded(.down)))
    for step in [1.0, 1.5, 2, 3, 4, 5, 6, 8, 10, 15] where step * unit >= value * (1 - 1e-9) {
      return step * unit
    }
    return 10 * unit
  }

  /// Height of a value: 0 at the bottom, 1 at the top, held within.
  func share(_ value: Double) -> Double {
    let place = scale == .logarithmic ? PlainMath.log10(max(value, 1e-12)) : value
    return min(max((place - low) / (high - low), 0), 1)
  }

  /// Labels for rows of a plot, from top to bottom, at least one row apart.
  func ticks(rows: Int) -> [Tick] {
    guard rows >= 2 else { return [] }
    switch scale {
    case .linear:
      let parts = rows >= 9 ? evenParts() : (rows >= 3 ? 2 : 1)
      return (0...parts).map { part in
        let share = Double(part) / Double(parts)
        return Tick(
          row: PlainMath.cell(Double(rows - 1) * share),
          label: NumberText.short(high - (high - low) * share))
      }
    case .logarithmic:
      // The ends first, then the powers of ten that are at least two rows from everything.
      let ends = [
        Tick(row: 0, label: label(log: high)), Tick(row: rows - 1, label: label(log: low)),
      ]
      var result = ends
      let first = Int((low + 1e-9).rounded(.up))
      let last = Int((high - 1e-9).rounded(.down))
      for exponent in stride(from: last, through: min(first, last + 1), by: -1) {
        let row = PlainMath.cell(Double(rows - 1) * (1 - (Double(exponent) - low) / (high - low)))
        if result.contains(where: { abs($0.row - row) < 2 }) { continue }
        result.append(Tick(row: row, label: label(log: Double(exponent))))
      }
      return result.sorted { $0.row < $1.row }
    }
  }

  /// Into how many parts the axis is cut so that the labels are round.
  private func evenParts() -> Int {
    for parts in [4, 5, 3] {
      let step = (high - low) / Double(parts)
      let unit = PlainMath.power10(Int((PlainMath.log10(step) + 1e-9).rounded(.down)))
      let digit = step / unit
      if digit < 5.5 && (digit - digit.rounded()).magnitude < 1e-6 { return parts }
    }
    return 2
  }

  /// 10 to the given power as text.
  private func label(log: Double) -> String {
    let exponent = Int((log + 1e-9).rounded(.down))
    let rest = log - Double(exponent)
    // Only the steps of `roundLog` are exact; a given range may end anywhere.
    let factor = rest < 0.15 ? 1.0 : (rest < 0.5 ? 2 : 5)
    let value = factor * PlainMath.power10(exponent)
    return exponent >= 0 ? NumberText.short(value) : NumberText.fixed(value, min(9, -exponent))
  }
}
