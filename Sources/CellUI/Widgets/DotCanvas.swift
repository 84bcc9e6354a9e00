/// A picture of dots finer than cells. Coordinates are always those of braille, two dots a column
/// and four a row, so a dot is square on a terminal whose cells are twice as high as wide, and
/// the same drawing code serves every glyph set: braille shows each dot, blocks join two dots
/// above each other, ASCII two by two.
public struct DotCanvas {
  /// In dots: twice the columns.
  public let width: Int
  /// In dots: four times the rows.
  public let height: Int
  private let columns: Int
  private let rows: Int
  private var masks: ContiguousArray<UInt8>
  private var styles: ContiguousArray<Style>

  /// An empty picture for an area of cells.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    width = self.columns * 2
    height = self.rows * 4
    masks = ContiguousArray(repeating: 0, count: self.columns * self.rows)
    styles = ContiguousArray(repeating: .text, count: self.columns * self.rows)
  }

  /// Sets a dot; outside it does nothing. A cell has one style: that of its last dot.
  public mutating func set(_ x: Int, _ y: Int, _ style: Style) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let index = (y >> 2) * columns + (x >> 1)
    // Bit number: left column 0...3 from the top, right column 4...7.
    masks[index] |= 1 << UInt8((y & 3) + (x & 1) * 4)
    styles[index] = style
  }

  public func isSet(_ x: Int, _ y: Int) -> Bool {
    guard x >= 0, x < width, y >= 0, y < height else { return false }
    return masks[(y >> 2) * columns + (x >> 1)] & (1 << UInt8((y & 3) + (x & 1) * 4)) != 0
  }

  /// True if the cell has any dot.
  public func hasDots(column: Int, row: Int) -> Bool {
    guard column >= 0, column < columns, row >= 0, row < rows else { return false }
    return masks[row * columns + column] != 0
  }

  /// A line with both ends (Bresenham). Ends far outside are held near the picture.
  public mutating func line(_ x0: Int, _ y0: Int, _ x1: Int, _ y1: Int, _ style: Style) {
    let limit = 4 * (width + height) + 16
    func held(_ value: Int) -> Int { min(max(value, -limit), limit) }
    var (x, y) = (held(x0), held(y0))
    let (endX, endY) = (held(x1), held(y1))
    let (dx, dy) = (abs(endX - x), -abs(endY - y))
    let (stepX, stepY) = (x < endX ? 1 : -1, y < endY ? 1 : -1)
    var error = dx + dy
    while true {
      set(x, y, style)
      if x == endX && y == endY { return }
      let twice = 2 * error
      if twice >= dy {
        error += dy
        x += stepX
      }
      if twice <= dx {
        error += dx
        y += stepY
      }
    }
  }

  public mutating func circle(_ x: Double, _ y: Double, radius: Double, _ style: Style) {
    arc(x, y, radius: radius, from: 0, to: 1, style)
  }

  /// Part of a circle, clockwise, in turns from the top; `to` may be past 1.
  public mutating func arc(
    _ x: Double, _ y: Double, radius: Double, from: Double, to: Double, _ style: Style
  ) {
    guard radius > 0, radius < 100_000, to >= from, from.isFinite, to.isFinite else { return }
    let share = min(to - from, 1)
    let steps = max(1, PlainMath.cell(share * radius * 7) + 1)
    for step in 0...steps {
      let hand = PlainMath.hand(turns: from + share * Double(step) / Double(steps))
      set(PlainMath.cell(x + hand.x * radius), PlainMath.cell(y + hand.y * radius), style)
    }
  }

  /// The cell in which a point on a circle lies: for labels and marks.
  public static func cell(
    onCircle x: Double, _ y: Double, radius: Double, turns: Double
  ) -> Point {
    let hand = PlainMath.hand(turns: turns)
    return Point(
      PlainMath.cell(x + hand.x * radius) >> 1, PlainMath.cell(y + hand.y * radius) >> 2)
  }

  /// Puts the cells that have dots with the top left at column `x`, row `y`; others stay.
  public func draw(_ canvas: inout Canvas, _ x: Int = 0, _ y: Int = 0) {
    for row in 0..<rows {
      for column in 0..<columns {
        let mask = masks[row * columns + column]
        guard mask != 0 else { continue }
        canvas.put(
          x + column, y + row, DotCanvas.scalar(mask, canvas.glyphs), styles[row * columns + column]
        )
      }
    }
  }

  /// The character for a mask of eight dots.
  static func scalar(_ mask: UInt8, _ glyphs: Glyphs) -> Unicode.Scalar {
    let left = mask & 15
    let right = mask >> 4
    switch glyphs {
    case .braille:
      // Unicode numbers the dots 1 2 3 7 on the left and 4 5 6 8 on the right.
      let value =
        UInt32(left & 7) | UInt32(left & 8) << 3 | UInt32(right & 7) << 3
        | UInt32(right & 8) << 4
      return Unicode.Scalar(0x2800 + value)!
    case .block:
      let quadrants: [Unicode.Scalar] = [
        " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
      ]
      let index =
        (left & 3 != 0 ? 1 : 0) | (right & 3 != 0 ? 2 : 0) | (left & 12 != 0 ? 4 : 0)
        | (right & 12 != 0 ? 8 : 0)
      return quadrants[index]
    case .ascii:
      let upper = mask & 0x33 != 0
      let lower = mask & 0xCC != 0
      return upper ? (lower ? ":" : "'") : "."
    }
  }
}
