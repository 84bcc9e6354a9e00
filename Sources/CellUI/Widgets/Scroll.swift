/// Which part of a long list is seen.
public enum Scroll {
  /// The first row shown, changed as little as possible from `offset` so that `selected` is seen
  /// and no room at the end is wasted.
  public static func offset(_ offset: Int, selected: Int?, rows: Int, count: Int) -> Int {
    guard rows > 0 else { return 0 }
    var result = offset
    if let selected {
      if selected < result { result = selected }
      if selected >= result + rows { result = selected - rows + 1 }
    }
    return min(max(0, result), max(0, count - rows))
  }

  /// Marks at the right edge `x` which part of `count` rows is seen; nothing if all are.
  public static func drawBar(
    _ canvas: inout Canvas, x: Int, y: Int, rows: Int, offset: Int, count: Int
  ) {
    guard rows > 0, count > rows else { return }
    let length = max(1, rows * rows / count)
    let hidden = count - rows
    let start = ((rows - length) * offset * 2 + hidden) / (hidden * 2)
    for row in 0..<rows {
      let inside = row >= start && row < start + length
      canvas.put(
        x, y + row, inside ? canvas.glyphs.shade(4) : canvas.glyphs.vertical,
        Style(inside ? .accent : .rule))
    }
  }
}
