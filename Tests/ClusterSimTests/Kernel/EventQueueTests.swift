import Testing

@testable import ClusterSim

/// The reference: an array that is searched for the least (time, push order).
private struct ModelQueue {
  var events: [Event] = []
  var pushed: UInt64 = 0

  mutating func push(_ time: Int64, _ b: UInt64) {
    events.append(
      Event(time: time, sequence: pushed, kind: .gossip, node: UInt16(b & 7), a: UInt32(b), b: b))
    pushed += 1
  }

  mutating func popMin() -> Event {
    let first = events.indices.min {
      (events[$0].time, events[$0].sequence) < (events[$1].time, events[$1].sequence)
    }!
    return events.remove(at: first)
  }
}

/// A queue and its model, changed alike.
private struct Pair {
  var queue: EventQueue
  var model = ModelQueue()

  mutating func push(_ time: Int64, _ b: UInt64) {
    queue.push(time: time, kind: .gossip, node: UInt16(b & 7), a: UInt32(b), b: b)
    model.push(time, b)
  }

  /// Some later than one before, as they should be, some earlier.
  mutating func pushInOrder(_ time: Int64, _ b: UInt64) {
    queue.pushInOrder(time: time, kind: .gossip, node: UInt16(b & 7), b: b)
    model.events.append(
      Event(
        time: time, sequence: model.pushed, kind: .gossip, node: UInt16(b & 7), a: 0, b: b))
    model.pushed += 1
  }

  mutating func change(_ stream: inout RandomStream, times: Int, growing: Int) {
    for _ in 0..<times {
      if stream.chance(growing, 10) || model.events.isEmpty {
        // Few distinct times, negative ones too: most events share theirs with others.
        let time = Int64(stream.below(40)) - 5
        let b = stream.next() >> 40
        switch stream.below(4) as Int {
        case 0: pushInOrder(time, b)
        case 1: pushInOrder((model.events.map(\.time).max() ?? 0) + Int64(stream.below(2)), b)
        default: push(time, b)
        }
      } else if stream.chance(1, 2) {
        #expect(queue.popMin() == model.popMin())
      } else {
        let limit = Int64(stream.below(40)) - 5
        let expected = model.events.map(\.time).min()! <= limit ? model.popMin() : nil
        #expect(queue.pop(ifAtOrBefore: limit) == expected)
      }
      #expect(queue.count == model.events.count)
      #expect(queue.nextTime == model.events.map(\.time).min())
    }
  }

  mutating func drain() {
    while !model.events.isEmpty { #expect(queue.popMin() == model.popMin()) }
    #expect(queue.isEmpty && queue.nextTime == nil && queue.pop(ifAtOrBefore: .max) == nil)
  }
}

@Suite struct EventQueueTests {
  @Test func randomPushesAndPops_comeOutAsFromASortedArray() {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 1)
      var pair = Pair(queue: EventQueue(capacity: 1))
      for growing in [7, 5, 3, 6] { pair.change(&stream, times: 150, growing: growing) }
      pair.drain()
    }
  }

  @Test func aCopyAndTheOriginal_divergeIndependently() {
    for seed in 0..<20 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 2)
      var original = Pair(queue: EventQueue())
      original.change(&stream, times: 100 + Int(seed), growing: 6)
      var copy = original
      copy.queue.makeUnique()
      copy.change(&stream, times: 100, growing: 5)
      original.queue.makeUnique()
      original.change(&stream, times: 100, growing: 7)
      let checkpoint = original
      original.queue.makeUnique()
      original.drain()
      copy.drain()
      var resumed = checkpoint
      resumed.queue.makeUnique()
      resumed.drain()
    }
  }

  @Test func eventsOfOneTime_comeOutInTheOrderOfTheirPushes() {
    var queue = EventQueue()
    for index in 0..<1000 as Range<UInt64> { queue.push(time: 7, kind: .gossip, b: index) }
    for index in 0..<1000 as Range<UInt64> {
      let event = queue.popMin()
      #expect(event.b == index && event.sequence == index && event.time == 7)
    }
  }

  @Test func visitingSorted_givesTheOrderOfPoppingAndChangesNothing() {
    for popFirst in [false, true] {
      var stream = RandomStream(seed: 3, purpose: 3)
      var queue = EventQueue()
      for index in 0..<200 as Range<UInt64> {
        queue.push(time: Int64(stream.below(50)), kind: .gossip, b: index)
      }
      if popFirst { _ = queue.popMin() }
      var visited: [Event] = []
      for index in 0..<100 as Range<UInt64> {
        queue.pushInOrder(time: 20 + Int64(index / 3), kind: .gossip, node: 0, b: 1000 + index)
      }
      queue.forEachSorted { visited.append($0) }
      var popped: [Event] = []
      while !queue.isEmpty { popped.append(queue.popMin()) }
      #expect(visited == popped)
      #expect(visited.count == (popFirst ? 299 : 300))
    }
  }

  @Test func aQueueThatHasEmptied_givesItsMemoryBack() {
    var queue = EventQueue(capacity: 100)
    let smallest = queue.bytes
    for index in 0..<100_000 { queue.push(time: Int64(index ^ 0x55), kind: .gossip) }
    let peak = queue.bytes
    // shared/performance.md: at most 64 bytes a pending event.
    #expect(peak <= 64 * 100_000)
    while !queue.isEmpty { _ = queue.popMin() }
    _ = queue.pop(ifAtOrBefore: 0)
    #expect(queue.bytes == smallest)
    #expect(peak > 100 * smallest)
  }

  @Test func theExtremesOfTime_areOrderedToo() {
    var queue = EventQueue()
    let times: [Int64] = [.max, 0, .min, -1, 1, .max, .min]
    for time in times { queue.push(time: time, kind: .gossip) }
    var popped: [Int64] = []
    while !queue.isEmpty { popped.append(queue.popMin().time) }
    #expect(popped == times.sorted())
  }

  @Test func anEvent_takes32Bytes() {
    #expect(MemoryLayout<Event>.stride == 32)
  }

  @Test func poppingFromAnEmptyQueue_stops() async {
    await #expect(processExitsWith: .failure) {
      var queue = EventQueue()
      _ = queue.popMin()
    }
  }
}
