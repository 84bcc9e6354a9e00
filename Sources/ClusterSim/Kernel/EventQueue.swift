/// The pending events, taken out in the order of (time, sequence).
///
/// A 4-ary heap of 16-byte keys; what an event carries stays in its place of a second table, so
/// sifting moves half the bytes and the four children of a key share one cache line. After a pop
/// the root stays a hole, which the next push fills: most events schedule a successor. Events that
/// are pushed in the order of their times need no heap: they may wait in a lane beside it.
///
/// The queue is a value, and a copy of it a checkpoint, but it does not ask before every push
/// whether it is the only owner of its tables. Whoever changes a copy calls `makeUnique()` once at
/// the entry; debug builds check it.
struct EventQueue {
  /// The time above the sequence number above the place of the payload: one comparison orders.
  typealias Key = Int128

  struct Payload {
    var b: UInt64
    var a: UInt32
    var node: UInt16
    var kind: EventKind
  }

  /// Places of payloads and sequence numbers share 64 bits: 16.7 million events at once,
  /// 1.1 x 10^12 in the life of a queue.
  static var placeBits: UInt64 { 24 }
  static var placeMask: UInt64 { (1 << placeBits) - 1 }
  static var lastSequence: UInt64 { (1 << (64 - placeBits)) - 1 }
  /// Beyond the end of the heap, so that every group of four children is complete.
  static var never: Key { .max }
  static var noPlace: Int { -1 }

  private(set) var keys: UnsafeMutablePointer<Key>
  private var payloads: UnsafeMutablePointer<Payload>
  /// Heap positions in use, the hole at the root included.
  private var used = 0
  /// The place of the payload last popped while the root is a hole, otherwise `noPlace`.
  private var holePlace = EventQueue.noPlace
  /// Head of the list of free places, linked through `Payload.b`, or `noPlace`.
  private var freePlace = EventQueue.noPlace
  /// Places ever used; those beyond are fresh.
  private var placesUsed = 0
  private var capacity: Int
  private var nextSequence: UInt64 = 0
  private var tables: EventTables
  /// A ring of `laneSize` places, sorted.
  private(set) var lane: UnsafeMutablePointer<InOrder>
  var laneHead = 0
  var laneCount = 0
  private let smallest: Int

  /// - Parameter capacity: room before the first growth; the tables never shrink below it.
  init(capacity: Int = 256) {
    smallest = max(64, capacity)
    tables = EventTables(capacity: smallest)
    keys = tables.keys
    payloads = tables.payloads
    lane = tables.lane
    self.capacity = smallest
  }

  /// How many events are pending.
  @inline(__always)
  var count: Int { heapCount &+ laneCount }

  @inline(__always)
  private var heapCount: Int { holePlace < 0 ? used : used - 1 }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  /// Virtual time of the next event in nanoseconds.
  @inline(__always)
  var nextTime: Int64? {
    if isEmpty { return nil }
    let root = heapCount == 0 ? Self.never : holePlace < 0 ? keys[0] : keys[leastOfFour(1)]
    return Self.time(min(root, laneKey))
  }

  /// Bytes of both tables.
  var bytes: Int { EventTables.bytes(capacity: capacity) }

  /// Makes this copy the only owner of its tables. Call it before the first change of a copy.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&tables) { move(to: capacity) }
  }

  @inline(__always)
  mutating func assertUnique() {
    assert(isKnownUniquelyReferenced(&tables), "makeUnique() was forgotten")
  }

  /// Adds an event and gives it the next sequence number, so events of one time stay in the order
  /// of their pushes.
  @inline(__always)
  mutating func push(
    time: Int64, kind: EventKind, node: UInt16 = 0, a: UInt32 = 0, b: UInt64 = 0
  ) {
    assertUnique()
    let payload = Payload(b: b, a: a, node: node, kind: kind)
    if holePlace >= 0 {
      payloads[holePlace] = payload
      let key = nextKey(time, place: holePlace)
      holePlace = Self.noPlace
      siftDown(key)
    } else {
      let place = takePlace()
      payloads[place] = payload
      let key = nextKey(time, place: place)
      used += 1
      siftUp(key, from: used - 1)
    }
  }

  /// Takes out the first event; there must be one.
  @inline(__always)
  mutating func popMin() -> Event {
    precondition(!isEmpty, "pop from an empty event queue")
    fillHole()
    return laneComesFirst ? takeFromLane() : takeRoot()
  }

  /// Takes out the first event unless it is later than `limit`.
  @inline(__always)
  mutating func pop(ifAtOrBefore limit: Int64) -> Event? {
    if isEmpty { return nil }
    fillHole()
    if laneComesFirst { return Self.time(laneKey) <= limit ? takeFromLane() : nil }
    return Self.time(keys[0]) <= limit ? takeRoot() : nil
  }

  /// Visits all events in the order they would be popped. Sorts a copy of the keys: for hashes of
  /// the state and for debugging.
  func forEachSorted(_ body: (Event) -> Void) {
    let first = holePlace < 0 ? 0 : 1
    var events = (first..<max(first, used)).map { (keys[$0], event(keys[$0])) }
    for place in 0..<laneCount { events.append((inLane(place).key, event(inLane(place)))) }
    for (_, event) in events.sorted(by: { $0.0 < $1.0 }) { body(event) }
  }
}

// The heap.
extension EventQueue {
  @inline(__always)
  static func time(_ key: Key) -> Int64 { Int64(truncatingIfNeeded: key >> 64) }

  @inline(__always)
  private static func place(_ key: Key) -> Int {
    Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: key) & placeMask)
  }

  @inline(__always)
  private func event(_ key: Key) -> Event {
    let payload = payloads[Self.place(key)]
    return Self.event(key, payload)
  }

  @inline(__always)
  static func event(_ key: Key, _ payload: Payload) -> Event {
    Event(
      time: time(key), sequence: UInt64(truncatingIfNeeded: key) >> placeBits,
      kind: payload.kind, node: payload.node, a: payload.a, b: payload.b)
  }

  @inline(__always)
  mutating func nextKey(_ time: Int64, place: Int) -> Key {
    let sequence = nextSequence
    precondition(sequence < Self.lastSequence, "event queue: sequence numbers used up")
    nextSequence = sequence &+ 1
    return Key(time) << 64
      | Key(sequence << Self.placeBits | UInt64(truncatingIfNeeded: place))
  }

  @inline(__always)
  private mutating func takeRoot() -> Event {
    assertUnique()
    let key = keys[0]
    holePlace = Self.place(key)
    return event(key)
  }

  /// The position of the least of the four keys from `first`. Which it is cannot be predicted, so
  /// there is no branch: the outcomes of the comparisons are added up.
  @inline(__always)
  private func leastOfFour(_ first: Int) -> Int {
    let group = keys + first
    let left = Self.bit(group[1] < group[0])
    let right = 2 &+ Self.bit(group[3] < group[2])
    let swap = 0 &- Self.bit(group[right] < group[left])
    return first &+ (left ^ ((left ^ right) & swap))
  }

  @inline(__always)
  private static func bit(_ condition: Bool) -> Int {
    Int(truncatingIfNeeded: unsafeBitCast(condition, to: UInt8.self))
  }

  /// Puts a key into the hole at the root and restores the order.
  @inline(__always)
  private mutating func siftDown(_ key: Key) {
    let keys = self.keys
    let end = used
    var position = 0
    var first = 1
    while first < end {
      let child = leastOfFour(first)
      let least = keys[child]
      if least >= key { break }
      keys[position] = least
      position = child
      first = 4 &* child &+ 1
    }
    keys[position] = key
  }

  @inline(__always)
  private mutating func siftUp(_ key: Key, from last: Int) {
    var position = last
    while position > 0 {
      let parent = (position &- 1) >> 2
      if keys[parent] <= key { break }
      keys[position] = keys[parent]
      position = parent
    }
    keys[position] = key
  }

  /// After a pop without a push: the last key takes the root's place.
  @inline(__always)
  private mutating func fillHole() {
    if holePlace >= 0 { removeHole() }
  }

  @inline(never)
  private mutating func removeHole() {
    payloads[holePlace].b = UInt64(bitPattern: Int64(freePlace))
    freePlace = holePlace
    holePlace = Self.noPlace
    used -= 1
    let key = keys[used]
    keys[used] = Self.never
    if used > 0 { siftDown(key) }
    if used < capacity / 8 && capacity > smallest { move(to: max(smallest, used * 2)) }
  }

  @inline(__always)
  private mutating func takePlace() -> Int {
    if freePlace >= 0 {
      let place = freePlace
      freePlace = Int(Int64(bitPattern: payloads[place].b))
      return place
    }
    if placesUsed == capacity { move(to: capacity * 2) }
    placesUsed += 1
    return placesUsed - 1
  }

  /// Moves everything into new tables, which also closes the gaps between the places in use.
  @inline(never)
  private mutating func move(to newCapacity: Int) {
    precondition(newCapacity <= Int(Self.placeMask) + 1, "more than 16.7 million pending events")
    // A key in the hole is void, but its place is kept for the push to come.
    if holePlace >= 0 { holePlace = 0 }
    let target = EventTables(capacity: newCapacity)
    for position in 0..<used {
      let key = keys[position]
      target.keys[position] = key & ~Key(Self.placeMask) | Key(position)
      target.payloads[position] = payloads[Self.place(key)]
    }
    for place in 0..<laneCount { target.lane[place] = inLane(place) }
    laneHead = 0
    tables = target
    keys = target.keys
    payloads = target.payloads
    lane = target.lane
    capacity = newCapacity
    placesUsed = used
    freePlace = Self.noPlace
  }
}

/// Copies share tables that are only ever read until `makeUnique()`, which counts owners atomically.
extension EventQueue: @unchecked Sendable {}
