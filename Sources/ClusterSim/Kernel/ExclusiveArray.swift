/// An array of what nearly every event changes, the hosts. As `EventQueue` and `ExclusiveSlab` it does
/// not ask before every change whether it is the only owner of its memory: whoever changes a copy
/// calls `makeUnique()` once at the entry. Places are checked as an array's.
struct ExclusiveArray<Element>: RandomAccessCollection, MutableCollection {
  private var table: ArrayTable<Element>
  private var elements: UnsafeMutablePointer<Element>
  private(set) var endIndex = 0

  init() {
    table = ArrayTable(capacity: 8)
    elements = table.elements
  }

  var startIndex: Int { 0 }

  @inline(__always)
  subscript(index: Int) -> Element {
    @inline(__always)
    _read {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: endIndex), "no element \(index)")
      yield elements[index]
    }
    @inline(__always)
    _modify {
      precondition(UInt(bitPattern: index) < UInt(bitPattern: endIndex), "no element \(index)")
      assert(isKnownUniquelyReferenced(&table), "makeUnique() was forgotten")
      yield &elements[index]
    }
  }

  mutating func append(_ element: Element) {
    assert(isKnownUniquelyReferenced(&table), "makeUnique() was forgotten")
    if endIndex == table.capacity { move(to: 2 * endIndex) }
    (elements + endIndex).initialize(to: element)
    endIndex += 1
    table.count = endIndex
  }

  /// Makes this copy the only owner of its memory. Call it before the first change of a copy.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&table) { move(to: table.capacity) }
  }

  @inline(never)
  private mutating func move(to capacity: Int) {
    let target = ArrayTable<Element>(capacity: capacity)
    target.elements.initialize(from: elements, count: endIndex)
    target.count = endIndex
    table = target
    elements = target.elements
  }
}

/// The memory of an `ExclusiveArray`, given back when the last copy of the array is gone.
final class ArrayTable<Element> {
  let elements: UnsafeMutablePointer<Element>
  let capacity: Int
  /// Elements that live here.
  var count = 0

  init(capacity: Int) {
    self.capacity = capacity
    elements = .allocate(capacity: capacity)
  }

  deinit {
    elements.deinitialize(count: count)
    elements.deallocate()
  }
}

/// Copies share memory that is only ever read until `makeUnique()`, which counts owners atomically.
extension ExclusiveArray: @unchecked Sendable where Element: Sendable {}
