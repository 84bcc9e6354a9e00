/// A box in front of the panels.
public struct Popup {
  public var title: String
  public var note: String
  /// Wanted size with its border; shrunk to the canvas.
  public var width: Int
  public var height: Int

  public init(title: String, note: String = "", width: Int, height: Int) {
    self.title = title
    self.note = note
    self.width = width
    self.height = height
  }

  /// Clears the middle of the canvas, draws the frame and then the content inside it.
  /// Returns the outer rectangle, for clicks.
  @discardableResult
  public func draw(_ canvas: inout Canvas, _ content: (inout Canvas) -> Void) -> Rect {
    let area = canvas.bounds.centered(width: width, height: height)
    canvas.inside(area) { box in
      box.fill()
      // A frame needs more than its own lines; tiny terminals show the content alone.
      if box.height < 3 || box.width < 6 {
        content(&box)
      } else {
        box.inside(box.box(title: title, note: note, focused: true), content)
      }
    }
    return area
  }
}
