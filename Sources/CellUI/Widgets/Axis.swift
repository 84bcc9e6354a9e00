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
        // A hair of tolerance keeps 1000 from becoming 10 000 by rounding of the logarithm.
        low = (first + 1e-9).rounded(.down)
        high = max((last - 1e-9).rounded(.up), low + 1)
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
      let parts = rows >= 9 ? 4 : (rows >= 3 ? 2 : 1)
      return (0...parts).map { part in
        let share = Double(part) / Double(parts)
        return Tick(
          row: PlainMath.cell(Double(rows - 1) * share),
          label: NumberText.short(high - (high - low) * share))
      }
    case .logarithmic:
      let first = Int((low - 1e-9).rounded(.up))
      let last = Int((high + 1e-9).rounded(.down))
      guard first <= last else { return [] }
      var result: [Tick] = []
      for exponent in stride(from: last, through: first, by: -1) {
        let value = PlainMath.power10(exponent)
        let row = PlainMath.cell(Double(rows - 1) * (1 - share(value)))
        if let above = result.last, row - above.row < 2 && exponent != first { continue }
        if result.last?.row == row { continue }
        result.append(Tick(row: row, label: Axis.decade(exponent)))
      }
      return result
    }
  }

  private static func decade(_ exponent: Int) -> String {
    if exponent >= 0 { return NumberText.short(PlainMath.power10(exponent)) }
    return NumberText.fixed(PlainMath.power10(exponent), min(9, -exponent))
  }
}
