/// Values that live for a while and are named by a 64-bit handle: messages in flight, operations
/// under way. Freed places are used again, last freed first.
///
/// A handle carries the generation of its place (32 bits beside 32 bits of index): an answer that
/// comes late never meets a stranger, however often the place was used again.
struct Slab<Element> {
  private var elements: ContiguousArray<Element?> = []
  private var generations: ContiguousArray<UInt32> = []
  private var free: ContiguousArray<UInt32> = []
  private(set) var count = 0

  /// The most values that can be held at once: 16 777 216.
  static var limit: Int { 1 << 24 }

  var isEmpty: Bool { count == 0 }

  /// Keeps a value and gives its handle. Stops the run beyond `limit`.
  @inline(__always)
  mutating func insert(_ element: Element) -> UInt64 {
    count += 1
    if let index = free.popLast() {
      elements[Int(index)] = element
      return handle(Int(index))
    }
    let index = elements.count
    precondition(index < Self.limit, "more than \(Self.limit) values in one slab")
    elements.append(element)
    generations.append(0)
    return handle(index)
  }

  /// Takes a value out; its handle is void from now on.
  @inline(__always)
  @discardableResult
  mutating func remove(_ handle: UInt64) -> Element {
    let index = checkedIndex(handle)
    guard let element = elements[index].take() else { preconditionFailure("slab: void handle") }
    generations[index] &+= 1
    free.append(UInt32(truncatingIfNeeded: index))
    count -= 1
    return element
  }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt64) -> Bool {
    let index = Int(truncatingIfNeeded: handle & 0xFFFF_FFFF)
    return index < elements.count && UInt64(generations[index]) == handle >> 32
      && elements[index] != nil
  }

  /// The value of a handle, read and changed in place. Stops the run on a void handle.
  subscript(handle: UInt64) -> Element {
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
  func visit(_ body: (_ handle: UInt64, _ element: Element) -> Void) {
    for index in elements.indices {
      if let element = elements[index] { body(handle(index), element) }
    }
  }

  @inline(__always)
  private func handle(_ index: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: index) | UInt64(generations[index]) << 32
  }

  @inline(__always)
  private func checkedIndex(_ handle: UInt64) -> Int {
    let index = Int(truncatingIfNeeded: handle & 0xFFFF_FFFF)
    precondition(
      UInt64(generations[index]) == handle >> 32, "slab: void handle")
    return index
  }
}
