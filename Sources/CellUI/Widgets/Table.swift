/// Rows and columns with a header, a selected row and a sort mark. Columns drop out by priority
/// where the canvas is too narrow, and those that may grow share what is left over.
public struct Table {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable {
    public var title: String
    /// The least columns it needs.
    public var width: Int
    public var alignment: Alignment
    /// 0 always stays; of the others the highest number goes first.
    public var priority: Int
    public var grows: Bool
    /// The most that a growing column takes.
    public var maxWidth: Int

    public init(
      _ title: String, width: Int, alignment: Alignment = .left, priority: Int = 0,
      grows: Bool = false, maxWidth: Int = .max
    ) {
      self.title = title
      self.width = max(1, width)
      self.alignment = alignment
      self.priority = priority
      self.grows = grows
      self.maxWidth = max(self.width, maxWidth)
    }
  }

  /// What a cell shows.
  public enum Content {
    case text(String, Style)
    /// A glyph, a blank and a word: state that does not depend on colour.
    case mark(Unicode.Scalar, String, Style)
    case bar(Bar)
    case sparkline(Sparkline)
    case empty
  }

  /// Where things came to lie, in the canvas's coordinates.
  public struct Layout: Equatable, Sendable {
    /// Index of the first row shown.
    public var offset: Int
    /// The rows below the header.
    public var body: Rect
    /// Place of each column; nil for those dropped.
    public var columns: [Range<Int>?]

    /// The row under a point, if any of `count` is there.
    public func row(at point: Point, count: Int) -> Int? {
      guard body.contains(point), offset + point.y - body.y < count else { return nil }
      return offset + point.y - body.y
    }

    /// The column under a point.
    public func column(at point: Point) -> Int? {
      columns.firstIndex { $0?.contains(point.x) ?? false }
    }
  }

  public var columns: [Column]
  public var rowCount: Int
  public var selected: Int?
  public var offset: Int
  public var sortColumn: Int?
  public var sortDescending: Bool
  public var showsHeader: Bool

  public init(
    columns: [Column], rowCount: Int, selected: Int? = nil, offset: Int = 0, sortColumn: Int? = nil,
    sortDescending: Bool = true, showsHeader: Bool = true
  ) {
    self.columns = columns
    self.rowCount = max(0, rowCount)
    self.selected = selected
    self.offset = offset
    self.sortColumn = sortColumn
    self.sortDescending = sortDescending
    self.showsHeader = showsHeader
  }

  /// Fills the canvas. `content` is asked only for rows and columns that are seen.
  @discardableResult
  public func draw(_ canvas: inout Canvas, content: (_ row: Int, _ column: Int) -> Content)
    -> Layout
  {
    let header = showsHeader && canvas.height > 1 ? 1 : 0
    let rows = canvas.height - header
    let first = Scroll.offset(offset, selected: selected, rows: rows, count: rowCount)
    let barred = rowCount > rows && canvas.width > 8
    let width = canvas.width - (barred ? 1 : 0)
    let places = Table.places(columns, width: width)
    if header == 1 { drawHeader(&canvas, places) }
    for row in 0..<max(0, min(rows, rowCount - first)) {
      drawRow(&canvas, y: header + row, index: first + row, width: width, places, content)
    }
    if barred {
      Scroll.drawBar(
        &canvas, x: canvas.width - 1, y: header, rows: rows, offset: first, count: rowCount)
    }
    return Layout(
      offset: first, body: Rect(x: 0, y: header, width: width, height: rows), columns: places)
  }

  private func drawHeader(_ canvas: inout Canvas, _ places: [Range<Int>?]) {
    for (index, place) in places.enumerated() {
      guard let place else { continue }
      let sorted = sortColumn == index
      let style = Style(sorted ? .accent : .dim, sorted ? [.bold, .underline] : [.bold])
      let mark =
        sorted ? String(sortDescending ? canvas.glyphs.sortDown : canvas.glyphs.sortUp) : ""
      // The title gives way to the mark, because a mark cut off tells nothing.
      let room = place.count - mark.columns
      let title = columns[index].title
      let shown = title.columns > room ? String(title.prefix(max(0, room))) : title
      if columns[index].alignment == .right {
        canvas.textRight(place.upperBound, 0, shown + mark, style, width: place.count)
      } else {
        canvas.text(place.lowerBound, 0, shown + mark, style, width: place.count)
      }
    }
  }

  private func drawRow(
    _ canvas: inout Canvas, y: Int, index: Int, width: Int, _ places: [Range<Int>?],
    _ content: (Int, Int) -> Content
  ) {
    let chosen = index == selected
    if chosen {
      canvas.fill(Rect(x: 0, y: y, width: width, height: 1), " ", Style.text.selected())
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold).selected())
      canvas.park(0, y)
    }
    for (column, place) in places.enumerated() {
      guard let place else { continue }
      draw(content(index, column), &canvas, place, y, columns[column].alignment, chosen)
    }
  }

  private func draw(
    _ content: Content, _ canvas: inout Canvas, _ place: Range<Int>, _ y: Int,
    _ alignment: Alignment, _ chosen: Bool
  ) {
    switch content {
    case .text(let text, let style):
      if alignment == .right {
        canvas.textRight(place.upperBound, y, text, style.selected(chosen), width: place.count)
      } else {
        canvas.text(place.lowerBound, y, text, style.selected(chosen), width: place.count)
      }
    case .mark(let glyph, let word, let style):
      canvas.put(place.lowerBound, y, glyph, style.selected(chosen))
      canvas.text(
        place.lowerBound + 2, y, word, style.selected(chosen), width: max(0, place.count - 2))
    case .bar(var bar):
      bar.style = bar.style.selected(chosen)
      bar.draw(&canvas, place.lowerBound, y, width: place.count)
    case .sparkline(var line):
      line.style = line.style.selected(chosen)
      line.draw(&canvas, place.lowerBound, y, width: place.count)
    case .empty: break
    }
  }

  /// Where the columns lie: two columns for the pointer, then the kept ones one blank apart.
  static func places(_ columns: [Column], width: Int) -> [Range<Int>?] {
    var kept = Array(columns.indices)
    func needed() -> Int { 2 + kept.reduce(-1) { $0 + columns[$1].width + 1 } }
    while needed() > width,
      let drop = kept.filter({ columns[$0].priority > 0 }).max(by: {
        (columns[$0].priority, $0) < (columns[$1].priority, $1)
      })
    {
      kept.removeAll { $0 == drop }
    }
    var spare = max(0, width - needed())
    var growing = kept.filter { columns[$0].grows }
    var result = [Range<Int>?](repeating: nil, count: columns.count)
    var x = 2
    for index in kept {
      var share = columns[index].width
      if columns[index].grows {
        let extra = min(spare / growing.count, columns[index].maxWidth - share)
        share += extra
        spare -= extra
        growing.removeFirst()
      }
      let end = min(x + share, width)
      if end > x { result[index] = x..<end }
      x += share + 1
    }
    return result
  }
}
