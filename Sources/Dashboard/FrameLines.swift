import CellUI

/// The lines between panels. Neighbours share edges, so every crossing is worked out from the
/// lines that meet there.
struct FrameLines {
  private var masks: ContiguousArray<UInt8>
  private let area: Rect

  private static let up: UInt8 = 1
  private static let down: UInt8 = 2
  private static let left: UInt8 = 4
  private static let right: UInt8 = 8

  init(_ layout: Layout, area: Rect) {
    self.area = area
    masks = ContiguousArray(repeating: 0, count: area.width * area.height)
    for place in layout.places {
      let frame = place.frame
      let atRight = frame.maxX == area.maxX
      let atBottom = frame.maxY == area.maxY
      horizontal(frame.x, atRight ? frame.maxX - 1 : frame.maxX, frame.y)
      if layout.isBoxed || frame.x > area.x {
        vertical(frame.x, frame.y, atBottom ? frame.maxY - 1 : frame.maxY)
      }
      if layout.isBoxed && atRight {
        vertical(frame.maxX - 1, frame.y, atBottom ? frame.maxY - 1 : frame.maxY)
      }
      if layout.isBoxed && atBottom {
        horizontal(frame.x, atRight ? frame.maxX - 1 : frame.maxX, frame.maxY - 1)
      }
    }
  }

  private mutating func horizontal(_ from: Int, _ to: Int, _ y: Int) {
    for x in from..<max(from, to) {
      join(x, y, Self.right)
      join(x + 1, y, Self.left)
    }
  }

  private mutating func vertical(_ x: Int, _ from: Int, _ to: Int) {
    for y in from..<max(from, to) {
      join(x, y, Self.down)
      join(x, y + 1, Self.up)
    }
  }

  private mutating func join(_ x: Int, _ y: Int, _ side: UInt8) {
    guard area.contains(Point(x, y)) else { return }
    masks[(y - area.y) * area.width + x - area.x] |= side
  }

  func draw(_ canvas: inout Canvas) {
    let style = Style(.rule)
    for y in 0..<area.height {
      for x in 0..<area.width {
        let mask = masks[y * area.width + x]
        if mask != 0 { canvas.put(area.x + x, area.y + y, Self.glyph(mask, canvas.glyphs), style) }
      }
    }
  }

  /// Up 1, down 2, left 4, right 8.
  private static func glyph(_ mask: UInt8, _ glyphs: Glyphs) -> Unicode.Scalar {
    switch mask {
    case 1, 2, 3: glyphs.vertical
    case 4, 8, 12: glyphs.horizontal
    case 5: glyphs.bottomRight
    case 6: glyphs.topRight
    case 9: glyphs.bottomLeft
    case 10: glyphs.topLeft
    case 7: glyphs.teeLeft
    case 11: glyphs.teeRight
    case 13: glyphs.teeUp
    case 14: glyphs.teeDown
    default: glyphs.cross
    }
  }
}
