/// A horizontal meter one row high.
public struct Bar {
  public enum Look: Sendable {
    /// A mark a cell, each in the heat of its place, as in btop.
    case meter
    /// Filled to an eighth of a cell, in one style.
    case solid
  }

  /// 0 (empty) to 1 (full); held within.
  public var share: Double
  public var look: Look
  /// Colour of `.solid`; for `.meter` only its background and attributes count, unless `heat`
  /// is false.
  public var style: Style
  /// Colours by place from cool to hot; false takes `style`.
  public var heat: Bool
  /// Hot at the empty end: for shares of which more is better.
  public var inverted: Bool

  public init(
    _ share: Double, look: Look = .meter, style: Style = Style(.chart1), heat: Bool = false,
    inverted: Bool = false
  ) {
    self.share = share.isNaN ? 0 : min(max(share, 0), 1)
    self.look = look
    self.style = style
    self.heat = heat
    self.inverted = inverted
  }

  public func draw(_ canvas: inout Canvas, _ x: Int, _ y: Int, width: Int) {
    guard width > 0 else { return }
    let eighths = PlainMath.cell(share * Double(width) * 8)
    for column in 0..<width {
      let filled = min(max(eighths - column * 8, 0), 8)
      if look == .meter || canvas.glyphs.isASCII {
        meterCell(&canvas, x + column, y, filled >= 4, place(column, width))
      } else {
        canvas.put(
          x + column, y, filled == 0 ? " " : canvas.glyphs.row(filled),
          cellStyle(place(column, width)))
      }
    }
  }

  private func meterCell(
    _ canvas: inout Canvas, _ x: Int, _ y: Int, _ filled: Bool, _ place: Double
  ) {
    if filled {
      canvas.put(x, y, canvas.glyphs.isASCII ? "|" : "■", cellStyle(place))
    } else {
      canvas.put(x, y, canvas.glyphs.dot, Style(.rule, style.attributes, on: style.background))
    }
  }

  private func cellStyle(_ place: Double) -> Style {
    heat ? Style(.heat(place), style.attributes, on: style.background) : style
  }

  private func place(_ column: Int, _ width: Int) -> Double {
    let share = Double(column) / Double(max(1, width - 1))
    return inverted ? 1 - share : share
  }
}
