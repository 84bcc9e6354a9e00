/// As `Slab`, for values that hold memory of their own, which they give back when they are taken out.
struct PayloadSlab<Element> {
  private var elements: ContiguousArray<Element?> = []
  private var places = SlabPlaces()

  var count: Int { places.count }
  var isEmpty: Bool { places.count == 0 }

  /// Keeps a value and gives its handle. Stops the run beyond `SlabPlaces.limit`.
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
  @discardableResult
  mutating func remove(_ handle: UInt64) -> Element {
    let index = places.checkedIndex(handle)
    guard let element = elements[index].take() else { preconditionFailure("slab: void handle") }
    places.give(back: index)
    return element
  }

  /// Whether the handle names a value that is still here.
  func contains(_ handle: UInt64) -> Bool { places.contains(handle) }

  /// The value of a handle, read and changed in place. Stops the run on a void handle.
  subscript(handle: UInt64) -> Element {
    @inline(__always)
    _read {
      yield elements[places.checkedIndex(handle)]!
    }
    @inline(__always)
    _modify {
      yield &elements[places.checkedIndex(handle)]!
    }
  }

  /// Visits every value in the order of places (not of insertion).
  func visit(_ body: (_ handle: UInt64, _ element: Element) -> Void) {
    for index in elements.indices {
      if let element = elements[index] { body(places.handle(index), element) }
    }
  }
}
