/// Columns of text for reading in a terminal or a mail: the first column to the left, the others to
/// the right.
struct TextTable {
  private var rows: [[String]] = []

  init(_ head: [String]) { rows.append(head) }

  mutating func add(_ row: [String]) {
    precondition(row.count == rows[0].count, "a row of \(row.count) for \(rows[0].count) columns")
    rows.append(row)
  }

  /// The lines, indented by two.
  var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = " "
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        line += " " + (column == 0 ? cell + gap : " " + gap + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
