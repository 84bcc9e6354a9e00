/// Trivial values that live for a while and are named by a 64-bit handle: requests that an engine
/// works on, hints that were sent.
///
/// Not optional inside: reading one field of an optional copies the whole value.
struct Slab<Element: BitwiseCopyable> {
  private var elements: ContiguousArray<Element> = []
  private var places = SlabPlaces()

  var count: Int { places.count }
  var isEmpty: Bool { places.count == 0 }

  /// Keeps a value and gives its handle. Stops the run beyond `SlabPlaces.limit`.
  @inline(__always)
  mutating func insert(_ element: Element) -> UInt64 {
    let handle = places.take()
    let index = SlabPlaces.index(of: handle)
    if index < elements.count {
      elements[index] = element
    } else {
      elements.append(element)
    }
    return handle
  }

  /// Takes a value out; its handle is void from now on.
  @inline(__always)
  @discardableResult
  mutating func remove(_ handle: UInt64) -> Element {
    let index = places.checkedIndex(handle)
    places.give(back: index)
    return elements[index]
  }

  /// Whether the handle names a value that is still here.
  @inline(__always)
  func contains(_ handle: UInt64) -> Bool { places.contains(handle) }

  /// The value of a handle, read and changed in place. Stops the run on a void handle.
  subscript(handle: UInt64) -> Element {
    @inline(__always)
    _read {
      yield elements[places.checkedIndex(handle)]
    }
    @inline(__always)
    _modify {
      yield &elements[places.checkedIndex(handle)]
    }
  }

  /// Visits every value in the order of places (not of insertion).
  @inline(__always)
  func visit(_ body: (_ handle: UInt64, _ element: Element) -> Void) {
    for index in elements.indices where places.isUsed(index) {
      body(places.handle(index), elements[index])
    }
  }
}
