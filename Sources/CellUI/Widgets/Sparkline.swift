/// The latest values as one row of small columns, the newest at the right.
public struct Sparkline {
  /// Oldest first; no number leaves a gap.
  public var values: [Double]
  /// The value of a full column; nil takes the largest shown.
  public var top: Double?
  public var style: Style
  /// Colours by value from cool to hot; false takes `style`.
  public var heat: Bool

  public init(
    _ values: [Double], top: Double? = nil, style: Style = Style(.chart1), heat: Bool = false
  ) {
    self.values = values
    self.top = top
    self.style = style
    self.heat = heat
  }

  /// Braille shows two values a column, the others one.
  public func draw(_ canvas: inout Canvas, _ x: Int, _ y: Int, width: Int) {
    guard width > 0 else { return }
    let each = canvas.glyphs == .braille ? 2 : 1
    let shown = values.suffix(width * each)
    let most = top ?? shown.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    let gap = width * each - shown.count
    for column in 0..<width {
      var mask: UInt8 = 0
      var largest = -1.0
      for part in 0..<each {
        let index = column * each + part - gap
        guard index >= 0 else { continue }
        let value = shown[shown.startIndex + index]
        guard value.isFinite else { continue }
        let share = most > 0 ? min(max(value / most, 0), 1) : 0
        largest = max(largest, share)
        // The lowest dot is always set: a value of 0 differs from no value.
        let dots = max(1, PlainMath.cell(share * 4))
        for dot in (4 - dots)..<4 { mask |= 1 << UInt8(dot + part * 4) }
      }
      guard largest >= 0 else { continue }
      let scalar =
        canvas.glyphs == .braille
        ? DotCanvas.scalar(mask, .braille)
        : canvas.glyphs.column(max(1, PlainMath.cell(largest * 8)))
      let look = heat ? Style(.heat(largest), style.attributes, on: style.background) : style
      canvas.put(x + column, y, scalar, look)
    }
  }
}
