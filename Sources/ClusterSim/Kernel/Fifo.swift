/// First in, first out over one array that is used in a circle; grows by doubling.
struct Fifo<Element> {
  private var slots: ContiguousArray<Element?> = []
  private var head = 0
  private(set) var count = 0

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  @inline(__always)
  var first: Element? { count == 0 ? nil : slots[head] }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == slots.count { grow() }
    slots[(head + count) & (slots.count - 1)] = element
    count += 1
  }

  @inline(__always)
  mutating func popFirst() -> Element? {
    if count == 0 { return nil }
    let element = slots[head].take()
    head = (head + 1) & (slots.count - 1)
    count -= 1
    return element
  }

  /// Takes the first out; there must be one.
  @inline(__always)
  mutating func removeFirst() {
    precondition(count > 0, "fifo: nothing to take")
    slots[head] = nil
    head = (head + 1) & (slots.count - 1)
    count -= 1
  }

  mutating func removeAll() {
    slots.removeAll()
    head = 0
    count = 0
  }

  /// The element `place` behind the first.
  @inline(__always)
  subscript(place: Int) -> Element {
    get {
      precondition(place < count, "fifo: place \(place) of \(count)")
      return slots[(head + place) & (slots.count - 1)]!
    }
    set {
      precondition(place < count, "fifo: place \(place) of \(count)")
      slots[(head + place) & (slots.count - 1)] = newValue
    }
  }

  private mutating func grow() {
    var larger = ContiguousArray<Element?>(repeating: nil, count: max(8, slots.count * 2))
    for place in 0..<count { larger[place] = slots[(head + place) & (slots.count - 1)] }
    slots = larger
    head = 0
  }
}
