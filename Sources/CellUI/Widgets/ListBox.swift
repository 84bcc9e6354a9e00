/// A list to choose from: a pointer and the selection colour on one row, a note at the right.
public struct ListBox {
  public struct Item: Equatable, Sendable {
    public var text: String
    public var note: String
    public var style: Style
    /// Headings are bold and not for choosing; the caller skips them.
    public var isHeading: Bool

    public init(
      _ text: String, note: String = "", style: Style = .text, isHeading: Bool = false
    ) {
      self.text = text
      self.note = note
      self.style = style
      self.isHeading = isHeading
    }
  }

  public var items: [Item]
  public var selected: Int?
  public var offset: Int

  public init(items: [Item], selected: Int? = nil, offset: Int = 0) {
    self.items = items
    self.selected = selected
    self.offset = offset
  }

  /// Fills the canvas. Returns the first row shown; row `r` of the canvas is item `result + r`.
  @discardableResult
  public func draw(_ canvas: inout Canvas) -> Int {
    let rows = canvas.height
    let first = Scroll.offset(offset, selected: selected, rows: rows, count: items.count)
    let barred = items.count > rows
    let width = canvas.width - (barred ? 1 : 0)
    for row in 0..<max(0, min(rows, items.count - first)) {
      let item = items[first + row]
      let chosen = selected == first + row
      canvas.inside(Rect(x: 0, y: row, width: width, height: 1)) {
        ListBox.draw(&$0, item, chosen)
      }
    }
    if barred {
      Scroll.drawBar(
        &canvas, x: canvas.width - 1, y: 0, rows: rows, offset: first, count: items.count)
    }
    return first
  }

  private static func draw(_ line: inout Canvas, _ item: Item, _ chosen: Bool) {
    if item.isHeading {
      line.text(0, 0, item.text, Style(.title, .bold), width: line.width)
      return
    }
    if chosen {
      line.fill(nil, " ", Style.text.selected())
      line.put(0, 0, line.glyphs.pointer, Style(.accent, .bold).selected())
      line.park(0, 0)
    }
    let used = line.text(
      2, 0, item.text, item.style.selected(chosen), width: max(0, line.width - 2))
    let room = line.width - used - 4
    if room >= 3 && !item.note.isEmpty {
      line.textRight(
        line.width, 0, item.note, Style(.dim).selected(chosen), width: room)
    }
  }
}
