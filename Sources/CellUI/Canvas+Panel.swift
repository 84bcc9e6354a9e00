extension Canvas {
  /// A title rule over the full width of row `y`: the panel's digit, its title, and at the right
  /// a note. `focused` panels are brighter and marked for those who see no colour.
  public mutating func titleRule(
    _ y: Int = 0, number: Int? = nil, title: String, note: String = "", focused: Bool = false
  ) {
    hline(0, y, width, Style(focused ? .focus : .rule))
    drawTitle(left: 1, right: width - 1, y, number, title, note, focused)
  }

  /// A box around the whole frame with the title in its upper edge.
  /// Returns the rectangle inside, in present coordinates.
  @discardableResult
  public mutating func box(
    number: Int? = nil, title: String = "", note: String = "", focused: Bool = false
  ) -> Rect {
    let edge = Style(focused ? .focus : .rule)
    hline(1, 0, width - 2, edge)
    hline(1, height - 1, width - 2, edge)
    vline(0, 1, height - 2, edge)
    vline(width - 1, 1, height - 2, edge)
    put(0, 0, glyphs.topLeft, edge)
    put(width - 1, 0, glyphs.topRight, edge)
    put(0, height - 1, glyphs.bottomLeft, edge)
    put(width - 1, height - 1, glyphs.bottomRight, edge)
    drawTitle(left: 2, right: width - 2, 0, number, title, note, focused)
    return bounds.inset(1)
  }

  private mutating func drawTitle(
    left: Int, right: Int, _ y: Int, _ number: Int?, _ title: String, _ note: String,
    _ focused: Bool
  ) {
    var x = left
    let strong: Attributes = focused ? [.bold, .underline] : [.bold]
    if let number {
      x += text(x, y, String(number), Style(.panelNumber, .bold), width: max(0, right - x))
      if !title.isEmpty { x += text(x, y, " ", Style(.title), width: max(0, right - x)) }
    }
    x += text(x, y, title, Style(.title, strong), width: max(0, right - x))
    if !title.isEmpty || number != nil { text(x, y, " ", Style(.rule), width: max(0, right - x)) }
    let room = right - x - 3
    guard !note.isEmpty, room >= 3 else { return }
    let used = textRight(right - 1, y, note, Style(.dim), width: room)
    put(right - 1 - used - 1, y, " ", Style(.rule))
    put(right - 1, y, " ", Style(.rule))
  }
}
