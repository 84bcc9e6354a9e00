/// What the program needs of a terminal. One thread owns it.
public protocol Terminal: AnyObject {
  /// Columns and rows as they are now; after `.resize` the new ones.
  var size: Size { get }
  /// What may be drawn here.
  var glyphs: Glyphs { get }
  /// Shows a frame: sends what differs from the frame before, nothing if nothing differs.
  /// A grid of another size than the terminal's shows its top left part.
  func present(_ grid: CellGrid, cursor: Point?, cursorVisible: Bool)
  /// Waits at most `milliseconds` (nil: for ever; 0: not at all) for a key.
  /// Returns nil when the time is over or a signal came.
  func readKey(milliseconds: Int?) -> Key?
  func setMouse(_ on: Bool)
  func setTheme(_ theme: Theme)
  /// Gives the terminal back, stops the process (^Z) and takes the screen again afterwards.
  func suspend()
  /// Sends the whole screen again (^L).
  func redraw()
  /// Gives the terminal back. Calling it twice is harmless.
  func close()
}

extension Terminal {
  /// Shows what was drawn on a canvas.
  public func present(_ canvas: Canvas) {
    present(canvas.grid, cursor: canvas.cursor, cursorVisible: canvas.cursorVisible)
  }
}
