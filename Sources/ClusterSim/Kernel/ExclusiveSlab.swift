/// As `Slab`, for what every event touches: messages in flight, operations under way.
///
/// A value, and a copy of it a checkpoint, but like `EventQueue` it does not ask before every change
/// whether it is the only owner of its memory: whoever changes a copy calls `makeUnique()` once at
/// the entry. Handles are checked all the same.
struct ExclusiveSlab<Element: BitwiseCopyable> {
  private var table: SlabTable<Element>
  private var cells: UnsafeMutablePointer<SlabTable<Element>.Cell>
  /// Places used so far, at once.
  private var size = 0
  private var firstFree = Self.none
  private(set) var count = 0

  private static var none: UInt32 { .max }

  init() {
    table = SlabTable(capacity: 16)
    cells = table.cells
  }

  var isEmpty: Bool { count == 0 }

  /// Makes this copy the only owner of its memory. Call it before the first change of a copy.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&table) { move(to: table.capacity) }
  }

  /// Keeps a value and gives its handle. Stops the run beyond `SlabPlaces.limit`.
  @inline(__always)
  mutating func insert(_ element: Element) -> UInt64 {
    assert(isKnownUniquelyReferenced(&table), "makeUnique() was forgotten")
    count &+= 1
    let index: Int
    if firstFree != Self.none {
      index = Int(firstFree)
      firstFree = cells[index].nextFree
    } else {
      if size == table.capacity { move(to: size * 2) }
      index = size
      size &+= 1
    }
    let generation = cells[index].generation &+ 1
    cells[index].generation = generation
    cells[index].element = element
    return UInt64(truncatingIfNeeded: index) | UInt64(generation) << 32
  }

  /// Takes a value out; its handle is void from now on.
  @inline(__always)
  @discardableResult
  mutating func remove(_ handle: UInt64) -> Element {
    discard(handle)
    return cells[SlabPlaces.index(of: handle)].element
  }

  /// As `remove`, for who does not want the value: nothing is copied.
  @inline(__always)
  mutating func discard(_ handle: UInt64) {
    assert(isKnownUniquelyReferenced(&table), "makeUnique() was forgotten")
    let index = checkedIndex(handle)
    cells[index].generation &+= 1
    cells[index].nextFree = firstFree
    firstFree = UInt32(truncatingIfNeeded: index)
    count &-= 1
  }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt64) -> Bool {
    let index = SlabPlaces.index(of: handle)
    return handle >> 32 & 1 == 1 && index < size
      && UInt64(cells[index].generation) == handle >> 32
  }

  @inline(__always)
  private func checkedIndex(_ handle: UInt64) -> Int {
    precondition(contains(handle), "slab: void handle")
    return SlabPlaces.index(of: handle)
  }

  /// The value of a handle, read and changed in place. Stops the run on a void handle.
  subscript(handle: UInt64) -> Element {
    @inline(__always)
    _read {
      yield cells[checkedIndex(handle)].element
    }
    @inline(__always)
    _modify {
      yield &cells[checkedIndex(handle)].element
    }
  }

  /// Visits every value in the order of places (not of insertion).
  @inline(__always)
  func visit(_ body: (_ handle: UInt64, _ element: Element) -> Void) {
    for index in 0..<size where cells[index].generation & 1 == 1 {
      body(
        UInt64(truncatingIfNeeded: index) | UInt64(cells[index].generation) << 32,
        cells[index].element)
    }
  }

  /// Moves everything into new memory.
  @inline(never)
  private mutating func move(to capacity: Int) {
    precondition(capacity <= SlabPlaces.limit, "more than \(SlabPlaces.limit) values in one slab")
    let target = SlabTable<Element>(capacity: capacity)
    target.cells.update(from: cells, count: size)
    table = target
    cells = target.cells
  }
}

/// The memory of an `ExclusiveSlab`, given back when the last copy of the slab is gone.
final class SlabTable<Element: BitwiseCopyable> {
  struct Cell {
    /// Odd while the place is in use.
    var generation: UInt32
    /// While it is free: the place that was freed before it.
    var nextFree: UInt32
    /// Void until the place is used for the first time.
    var element: Element
  }
  let cells: UnsafeMutablePointer<Cell>
  let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
    let bytes = capacity * MemoryLayout<Cell>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: max(64, MemoryLayout<Cell>.alignment))
    // Zeros make generation 0, which is even: unused.
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    cells = memory.assumingMemoryBound(to: Cell.self)
  }

  deinit {
    // The elements are trivial: there is nothing to deinitialize.
    UnsafeMutableRawPointer(cells).deallocate()
  }
}

/// Copies share memory that is only ever read until `makeUnique()`, which counts owners atomically.
extension ExclusiveSlab: @unchecked Sendable {}
