/// A place to draw: a grid seen through a clip with its own origin. Nothing drawn can leave the
/// clip, and coordinates outside are allowed and do nothing.
public struct Canvas {
  public private(set) var grid: CellGrid
  public let glyphs: Glyphs
  /// Where the hardware cursor rests: on the selected item, so that screen readers find it.
  /// In grid coordinates; set with ``park(_:_:)``.
  public private(set) var cursor: Point?
  /// True if the parked cursor should be seen, as in a line being typed.
  public private(set) var cursorVisible = false

  /// The clip and origin in grid coordinates. The frame may reach beyond the visible part.
  private var frame: Rect
  private var visible: Rect

  /// Columns of the current frame, including any that are clipped away.
  public var width: Int { frame.width }
  /// Rows of the current frame, including any that are clipped away.
  public var height: Int { frame.height }
  /// The current frame in its own coordinates.
  public var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  public init(width: Int, height: Int, glyphs: Glyphs = .braille) {
    self.init(grid: CellGrid(width: width, height: height), glyphs: glyphs)
  }

  /// Draws on top of what `grid` holds.
  public init(grid: CellGrid, glyphs: Glyphs = .braille) {
    self.grid = grid
    self.glyphs = glyphs
    frame = Rect(grid.size)
    visible = frame
  }

  /// Draws with the origin at the top left of `rect` (in present coordinates) and nothing outside.
  @discardableResult
  public mutating func inside<T>(_ rect: Rect, _ draw: (inout Canvas) throws -> T) rethrows -> T {
    let saved = (frame, visible)
    frame = rect.offset(x: saved.0.x, y: saved.0.y)
    visible = saved.1.intersection(frame)
    defer { (frame, visible) = saved }
    return try draw(&self)
  }

  /// Puts one scalar. A wide one takes the next column too and is left out if that is outside.
  /// Returns the columns used: 0, 1 or 2.
  @discardableResult
  public mutating func put(_ x: Int, _ y: Int, _ scalar: Unicode.Scalar, _ style: Style) -> Int {
    guard let shown = glyphs.shown(scalar) else { return 0 }
    let columns = shown.value < 0x300 ? 1 : shown.columns
    let gx = frame.x + x
    let gy = frame.y + y
    guard gy >= visible.y, gy < visible.maxY else { return columns }
    if columns == 1 {
      // What stands in for a wide character keeps its columns, so that texts stay aligned.
      if shown != scalar && scalar.columns == 2 {
        if gx + 1 >= visible.x && gx + 1 < visible.maxX { store(gx + 1, gy, Cell(shown, style)) }
        if gx >= visible.x && gx < visible.maxX { store(gx, gy, Cell(shown, style)) }
        return 2
      }
      if gx >= visible.x && gx < visible.maxX { store(gx, gy, Cell(shown, style)) }
      return 1
    }
    if gx >= visible.x && gx + 1 < visible.maxX {
      store(gx, gy, Cell(shown, style))
      store(gx + 1, gy, .filler(style))
    } else {
      // Half of it is outside: a blank keeps the columns right.
      if gx >= visible.x && gx < visible.maxX { store(gx, gy, Cell(" ", style)) }
      if gx + 1 >= visible.x && gx + 1 < visible.maxX { store(gx + 1, gy, Cell(" ", style)) }
    }
    return 2
  }

  /// Writes text from column `x`. Control characters become visible symbols, scalars of no width
  /// are left out. With `width`, text that is longer is cut and ends in an ellipsis.
  /// Returns the columns used.
  @discardableResult
  public mutating func text(
    _ x: Int, _ y: Int, _ string: some StringProtocol, _ style: Style, width: Int? = nil
  ) -> Int {
    let limit = max(0, width ?? Int.max)
    // Counting is only needed when the text may not fit.
    let cut = string.utf8.count > limit && string.columns > limit
    let room = cut ? max(0, limit - 1) : limit
    var used = 0
    for scalar in string.unicodeScalars {
      if cut && used + scalar.columns > room { break }
      if width == nil && x + used >= self.width { break }
      used += put(x + used, y, scalar, style)
    }
    if cut && limit > 0 {
      put(x + used, y, glyphs.ellipsis, style)
      used += 1
    }
    return used
  }

  /// Writes text that ends before column `maxX`, cut at its right end if longer than `width`.
  /// Returns the columns used.
  @discardableResult
  public mutating func textRight(
    _ maxX: Int, _ y: Int, _ string: some StringProtocol, _ style: Style, width: Int? = nil
  ) -> Int {
    let columns = string.columns
    let used = min(columns, max(0, width ?? columns))
    return text(maxX - used, y, string, style, width: used)
  }

  /// Writes text in the middle of the frame's row `y`, cut if longer than the frame.
  @discardableResult
  public mutating func textCentered(_ y: Int, _ string: some StringProtocol, _ style: Style) -> Int
  {
    let used = min(string.columns, width)
    return text((width - used) / 2, y, string, style, width: used)
  }

  /// Fills `rect` (the whole frame if nil) with one scalar of one column.
  public mutating func fill(
    _ rect: Rect? = nil, _ scalar: Unicode.Scalar = " ", _ style: Style = .text
  ) {
    guard let shown = glyphs.shown(scalar), shown.columns == 1 else { return }
    let area = (rect?.offset(x: frame.x, y: frame.y) ?? frame).intersection(visible)
    let cell = Cell(shown, style)
    for y in area.y..<max(area.y, area.maxY) {
      for x in area.x..<max(area.x, area.maxX) { store(x, y, cell) }
    }
  }

  /// Adds `.selected` to everything in `rect`, keeping glyphs and colours.
  public mutating func select(_ rect: Rect) { restyle(rect) { $0.selected() } }

  /// Changes the style of every cell in `rect`.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let area = rect.offset(x: frame.x, y: frame.y).intersection(visible)
    for y in area.y..<max(area.y, area.maxY) {
      for x in area.x..<max(area.x, area.maxX) {
        let index = y * grid.width + x
        grid.cells[index].style = change(grid.cells[index].style)
      }
    }
  }

  public mutating func hline(_ x: Int, _ y: Int, _ length: Int, _ style: Style = Style(.rule)) {
    fill(Rect(x: x, y: y, width: length, height: 1), glyphs.horizontal, style)
  }

  public mutating func vline(_ x: Int, _ y: Int, _ length: Int, _ style: Style = Style(.rule)) {
    fill(Rect(x: x, y: y, width: 1, height: length), glyphs.vertical, style)
  }

  /// Lets the hardware cursor rest here; the last call of a frame counts. Outside the clip it
  /// does nothing.
  public mutating func park(_ x: Int, _ y: Int, visible shown: Bool = false) {
    let point = Point(frame.x + x, frame.y + y)
    guard visible.contains(point) else { return }
    cursor = point
    cursorVisible = shown
  }

  /// Stores a cell known to be inside, and blanks the other half of a wide character it hits.
  private mutating func store(_ x: Int, _ y: Int, _ cell: Cell) {
    let index = y * grid.width + x
    if grid.cells[index].isFiller && !cell.isFiller && x > 0 {
      grid.cells[index - 1] = Cell(" ", grid.cells[index - 1].style)
    }
    if x + 1 < grid.width && grid.cells[index + 1].isFiller {
      grid.cells[index + 1] = Cell(" ", grid.cells[index + 1].style)
    }
    grid.cells[index] = cell
  }
}
