/// Which cells must be sent to turn one grid into the next.
public enum GridDiff {
  /// Columns `x` of row `y`.
  public struct Run: Equatable, Sendable {
    public var y: Int
    public var x: Range<Int>

    public init(y: Int, x: Range<Int>) {
      self.y = y
      self.x = x
    }
  }

  /// Changed runs from top to bottom and left to right; none for equal grids. Runs closer than
  /// `gap` columns are joined, because moving the cursor costs more than sending those cells
  /// again. A run never begins at the right half of a wide character or ends before it, in either
  /// grid. A grid of another size (or none) means every row.
  public static func runs(from old: CellGrid?, to new: CellGrid, gap: Int = 4) -> [Run] {
    guard new.width > 0 else { return [] }
    guard let old, old.size == new.size else {
      return (0..<new.height).map { Run(y: $0, x: 0..<new.width) }
    }
    var runs: [Run] = []
    let width = new.width
    old.cells.withUnsafeBufferPointer { before in
      new.cells.withUnsafeBufferPointer { after in
        for y in 0..<new.height {
          row(before, after, y * width, width) { start, end in
            if let last = runs.last, last.y == y, start - last.x.upperBound < gap {
              runs[runs.count - 1].x = last.x.lowerBound..<max(end, last.x.upperBound)
            } else {
              runs.append(Run(y: y, x: start..<end))
            }
          }
        }
      }
    }
    return runs
  }

  private static func row(
    _ before: UnsafeBufferPointer<Cell>, _ after: UnsafeBufferPointer<Cell>, _ base: Int,
    _ width: Int, _ found: (Int, Int) -> Void
  ) {
    var x = 0
    while x < width {
      if before[base + x] == after[base + x] {
        x += 1
        continue
      }
      var start = x
      while x < width && before[base + x] != after[base + x] { x += 1 }
      // Both halves of a wide character go together.
      while start > 0 && (before[base + start].isFiller || after[base + start].isFiller) {
        start -= 1
      }
      while x < width && (before[base + x].isFiller || after[base + x].isFiller) { x += 1 }
      found(start, x)
    }
  }
}
