/// Values that live for a while and are named by a 32-bit handle: messages in flight, operations
/// under way. Freed places are used again, last freed first.
///
/// A handle carries the generation of its place (10 bits beside 22 bits of index), so using one
/// after its value was removed stops the run instead of reading a stranger's value.
struct Slab<Element> {
  private var elements: ContiguousArray<Element?> = []
  private var generations: ContiguousArray<UInt16> = []
  private var free: ContiguousArray<UInt32> = []
  private(set) var count = 0

  private static var indexBits: UInt32 { 22 }
  private static var indexMask: UInt32 { (1 << indexBits) - 1 }
  private static var generationMask: UInt16 { (1 << 10) - 1 }

  /// The most values that can be held at once: 4 194 304.
  static var limit: Int { Int(indexMask) + 1 }

  var isEmpty: Bool { count == 0 }

  /// Keeps a value and gives its handle. Stops the run beyond `limit`.
  @inline(__always)
  mutating func insert(_ element: Element) -> UInt32 {
    count += 1
    if let index = free.popLast() {
      elements[Int(index)] = element
      return handle(Int(index))
    }
    let index = elements.count
    precondition(index < Self.limit, "more than \(Self.limit) values in one slab")
    elements.append(element)
    generations.append(0)
    return UInt32(truncatingIfNeeded: index)
  }

  /// Takes a value out; its handle is void from now on.
  @inline(__always)
  @discardableResult
  mutating func remove(_ handle: UInt32) -> Element {
    let index = checkedIndex(handle)
    guard let element = elements[index].take() else { preconditionFailure("slab: void handle") }
    generations[index] = (generations[index] &+ 1) & Self.generationMask
    free.append(UInt32(truncatingIfNeeded: index))
    count -= 1
    return element
  }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt32) -> Bool {
    let index = Int(handle & Self.indexMask)
    return index < elements.count && generations[index] == handle >> Self.indexBits
      && elements[index] != nil
  }

  /// The value of a handle, read and changed in place. Stops the run on a void handle.
  subscript(handle: UInt32) -> Element {
    @inline(__always)
    _read {
      yield elements[checkedIndex(handle)]!
    }
    @inline(__always)
    _modify {
      let index = checkedIndex(handle)
      yield &elements[index]!
    }
  }

  /// Visits every value in the order of places (not of insertion).
  @inline(__always)
  func visit(_ body: (_ handle: UInt32, _ element: Element) -> Void) {
    for index in elements.indices {
      if let element = elements[index] { body(handle(index), element) }
    }
  }

  @inline(__always)
  private func handle(_ index: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: index) | UInt32(generations[index]) << Self.indexBits
  }

  @inline(__always)
  private func checkedIndex(_ handle: UInt32) -> Int {
    let index = Int(handle & Self.indexMask)
    precondition(
      UInt32(generations[index]) == handle >> Self.indexBits, "slab: void handle")
    return index
  }
}
