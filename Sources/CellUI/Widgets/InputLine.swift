/// A line of text being typed.
public struct InputLine: Equatable, Sendable {
  /// The text, at most `limit` scalars.
  public private(set) var scalars: [Unicode.Scalar]
  /// Scalars before the cursor.
  public private(set) var cursor: Int
  public var limit: Int

  public init(_ text: String = "", limit: Int = 400) {
    self.limit = max(0, limit)
    scalars = Array(text.unicodeScalars.lazy.filter { !$0.isControl }.prefix(max(0, limit)))
    cursor = scalars.count
  }

  public var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  /// Edits; false if the key is none of its own (Enter, Esc, Tab, arrows up and down, ...).
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert([scalar])
    case .paste(let text): insert(Array(text.unicodeScalars))
    case .backspace:
      if cursor > 0 {
        cursor -= 1
        scalars.remove(at: cursor)
      }
    case .delete, .control("d"):
      if cursor < scalars.count { scalars.remove(at: cursor) }
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(scalars.count, cursor + 1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = scalars.count
    case .control("u"):
      scalars.removeFirst(cursor)
      cursor = 0
    case .control("k"): scalars.removeLast(scalars.count - cursor)
    case .control("w"): removeWord()
    default: return false
    }
    return true
  }

  private mutating func insert(_ new: [Unicode.Scalar]) {
    let allowed = new.filter { !$0.isControl }.prefix(max(0, limit - scalars.count))
    scalars.insert(contentsOf: allowed, at: cursor)
    cursor += allowed.count
  }

  private mutating func removeWord() {
    var start = cursor
    while start > 0 && scalars[start - 1] == " " { start -= 1 }
    while start > 0 && scalars[start - 1] != " " { start -= 1 }
    scalars.removeSubrange(start..<cursor)
    cursor = start
  }

  /// Draws prompt and text in one row, moved so that the cursor is seen, and parks it there.
  public func draw(
    _ canvas: inout Canvas, _ x: Int, _ y: Int, width: Int, prompt: String = "",
    style: Style = .text, promptStyle: Style = Style(.prompt, .bold)
  ) {
    canvas.fill(Rect(x: x, y: y, width: width, height: 1), " ", style)
    let used = canvas.text(x, y, prompt, promptStyle, width: width)
    let room = width - used
    guard room > 0 else { return }
    // The columns before the cursor, less what must scroll away to the left.
    var first = 0
    var before = scalars[..<cursor].reduce(0) { $0 + $1.columns }
    while before >= room && first < cursor {
      before -= scalars[first].columns
      first += 1
    }
    canvas.inside(Rect(x: x + used, y: y, width: room, height: 1)) { line in
      var column = 0
      for scalar in scalars[first...] where column < room {
        column += line.put(column, 0, scalar, style)
      }
      line.park(min(before, room - 1), 0, visible: true)
    }
  }
}
