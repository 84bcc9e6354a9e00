// Events that are pushed in the order of their times: what takes a fixed time from now, as the way of a
// message from a host to itself. A ring keeps them sorted without a comparison more than one a pop,
// where the heap would move a dozen keys.
extension EventQueue {
  struct InOrder {
    var key: Key
    var payload: Payload
  }

  /// Room of the ring, a power of two. What does not fit, or does not come in order, takes the heap.
  static var laneSize: Int { 64 }

  /// As `push`, for an event that is probably not earlier than any that was pushed so before.
  @inline(__always)
  mutating func pushInOrder(time: Int64, kind: EventKind, node: UInt16, b: UInt64) {
    assertUnique()
    guard laneCount < Self.laneSize,
      laneCount == 0 || Self.time(inLane(laneCount &- 1).key) <= time
    else {
      push(time: time, kind: kind, node: node, b: b)
      return
    }
    lane[(laneHead &+ laneCount) & (Self.laneSize &- 1)] = InOrder(
      key: nextKey(time, place: 0), payload: Payload(b: b, a: 0, node: node, kind: kind))
    laneCount &+= 1
  }

  /// The event `place` behind the first of the lane.
  @inline(__always)
  func inLane(_ place: Int) -> InOrder { lane[(laneHead &+ place) & (Self.laneSize &- 1)] }

  @inline(__always)
  var laneKey: Key { laneCount == 0 ? Self.never : lane[laneHead].key }

  /// Whether the lane's first event is the next; the root must be no hole. An empty heap's root is
  /// `never`.
  @inline(__always)
  var laneComesFirst: Bool { laneCount > 0 && lane[laneHead].key < keys[0] }

  @inline(__always)
  mutating func takeFromLane() -> Event {
    assertUnique()
    let first = lane[laneHead]
    laneHead = (laneHead &+ 1) & (Self.laneSize &- 1)
    laneCount &-= 1
    return event(first)
  }

  @inline(__always)
  func event(_ waiting: InOrder) -> Event { Self.event(waiting.key, waiting.payload) }
}
