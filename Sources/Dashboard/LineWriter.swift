import CellUI

/// Wrapped lines with marks before them: the text of lessons and details.
struct LineWriter {
  struct Line: Equatable {
    let text: String
    let style: Style
    let mark: Unicode.Scalar?
    let isChosen: Bool
  }

  let width: Int
  private(set) var lines: [Line] = []

  init(width: Int) { self.width = width }

  mutating func add(
    _ text: String, _ style: Style = .text, mark: Unicode.Scalar? = nil, hanging: Int = 0,
    isChosen: Bool = false
  ) {
    // What fits stays as it is: wrapping would join the blanks of a table.
    let wrapped =
      text.columns <= width ? [text] : TextWrap.lines(text, width: width, hanging: hanging)
    for (row, line) in wrapped.enumerated() {
      lines.append(
        Line(text: line, style: style, mark: row == 0 ? mark : nil, isChosen: row == 0 && isChosen))
    }
  }

  /// A blank line and a heading.
  mutating func heading(_ text: String) {
    if !lines.isEmpty { add("") }
    add(text, Style(.title, .bold))
  }

  /// A name and a value in two columns.
  mutating func pair(_ name: String, _ value: String, _ style: Style = .text, column: Int = 22) {
    let start = min(column, width / 3)
    let head = NumberText.right(name.columns < start ? name : String(name.prefix(start - 1)), start)
    let indent = String(repeating: " ", count: start)
    let rows =
      value.columns <= width - start ? [value] : TextWrap.lines(value, width: width - start)
    for (row, line) in rows.enumerated() { add((row == 0 ? head : indent) + line, style) }
  }
}
