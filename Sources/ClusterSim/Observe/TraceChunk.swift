/// Memory for some traces, given back when the last ring that holds it is gone.
final class TraceChunk {
  /// A power of two.
  static let size = 64

  /// Where they are. Changed only by a ring that holds the chunk alone.
  struct Cells: @unchecked Sendable {
    let first: UnsafeMutablePointer<OperationTrace>
  }
  let cells: Cells

  /// Traces of nothing, for the ring to write over.
  init() {
    cells = Cells(first: .allocate(capacity: Self.size))
    cells.first.initialize(repeating: OperationTrace(), count: Self.size)
  }

  init(copyOf other: TraceChunk) {
    cells = Cells(first: .allocate(capacity: Self.size))
    cells.first.initialize(from: other.cells.first, count: Self.size)
  }

  deinit {
    // The traces are trivial: there is nothing to deinitialize.
    cells.first.deallocate()
  }
}

/// Chunks that several rings hold are only ever read.
extension TraceChunk: @unchecked Sendable {}
