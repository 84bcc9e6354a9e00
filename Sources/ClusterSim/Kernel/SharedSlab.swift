/// A `PayloadSlab` whose values are named by several messages at once, and go with the last of them.
struct SharedSlab<Element> {
  private struct Shared {
    var element: Element
    var references: Int
  }
  private var slab = PayloadSlab<Shared>()

  var isEmpty: Bool { slab.isEmpty }

  /// Keeps a value that so many messages name, and gives its handle.
  mutating func insert(_ element: Element, references: Int = 1) -> UInt64 {
    slab.insert(Shared(element: element, references: references))
  }

  /// One more message names it.
  mutating func retain(_ handle: UInt64) { slab[handle].references += 1 }

  /// One of the messages is gone, or has been read.
  mutating func release(_ handle: UInt64) {
    slab[handle].references -= 1
    if slab[handle].references == 0 { slab.remove(handle) }
  }

  /// Visits every value in the order of places.
  func visit(_ body: (Element) -> Void) { slab.visit { body($1.element) } }

  /// The value of a handle. Stops the run on a void handle.
  subscript(handle: UInt64) -> Element {
    @inline(__always)
    _read {
      yield slab[handle].element
    }
  }
}
