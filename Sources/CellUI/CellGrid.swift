/// A screenful of cells: one flat array, row by row.
public struct CellGrid: Equatable, Sendable {
  public let width: Int
  public let height: Int
  public internal(set) var cells: ContiguousArray<Cell>

  /// A blank grid. Negative sizes count as 0.
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = ContiguousArray(repeating: .blank, count: self.width * self.height)
  }

  public init(_ size: Size) { self.init(width: size.width, height: size.height) }

  public var size: Size { Size(width: width, height: height) }

  /// The cell at column `x`, row `y`; both must be inside.
  public subscript(x: Int, y: Int) -> Cell {
    get {
      precondition(x >= 0 && x < width && y >= 0 && y < height)
      return cells[y * width + x]
    }
    set {
      precondition(x >= 0 && x < width && y >= 0 && y < height)
      cells[y * width + x] = newValue
    }
  }

  /// Row `y` as text, without trailing blanks and without the fillers of wide characters.
  public func line(_ y: Int) -> String {
    var scalars = String.UnicodeScalarView()
    var blanks = 0
    for x in 0..<width {
      let cell = self[x, y]
      if cell.isFiller { continue }
      if cell.code == 32 {
        blanks += 1
        continue
      }
      for _ in 0..<blanks { scalars.append(" ") }
      blanks = 0
      scalars.append(cell.scalar)
    }
    return String(scalars)
  }

  /// All rows as text, each ended by a newline.
  public var text: String {
    var result = ""
    for y in 0..<height {
      result += line(y)
      result += "\n"
    }
    return result
  }
}
