import Testing

@testable import ClusterSim

/// What a clock knows, and what a version may replace.
@Suite struct VectorClockTests {
  private let node = NodeID(0)
  private let other = NodeID(1)

  /// `clustertop swarm --seeds 2762`: two writes through one coordinator from one context are
  /// siblings. Who has read only the second does not know the first, and replaces it not.
  @Test func write_ofAReaderOfOneSibling_keepsTheOther() {
    var table = SiblingTable()
    func add(_ value: UInt64, by node: NodeID, _ counter: UInt32, after context: UInt32) -> UInt32 {
      table.add(
        Versioned(version: Version(time: Int64(value), node: node.rawValue), value: value),
        node: node, counter: counter, past: table.clock(of: context))
    }
    let first = add(1, by: node, 1, after: 0)
    let second = add(2, by: node, 2, after: 0)
    let third = add(3, by: other, 1, after: second)
    #expect(table.covers(third, second) && !table.covers(third, first))
    let all = table.join(table.join(first, second), third)
    #expect(table.members(all).map(\.write.value).sorted() == [1, 3])
    // Who has read both knows both.
    let fourth = add(4, by: other, 2, after: all)
    #expect(table.covers(fourth, all))
    #expect(table.members(table.join(all, fourth)).map(\.write.value) == [4])
  }

  @Test func dots_beyondAGap_joinTheRestOnceItIsClosed() {
    var clock = VectorClock()
    clock.add(node, 2, at: 1)
    clock.add(node, 3, at: 2)
    #expect(clock.counter(of: node) == 0 && clock.highest(of: node) == 3)
    #expect(clock.knows(node, 2) && clock.knows(node, 3) && !clock.knows(node, 1))
    clock.add(node, 1, at: 3)
    #expect(clock.counter(of: node) == 3 && clock.dots.isEmpty && clock.entries.count == 1)
    #expect(!clock.knows(node, 4) && !clock.knows(other, 1))
  }

  /// Either way round, whatever came between.
  @Test func merge_takesDotsOver_andTruncationDropsTheOldest() {
    var left = VectorClock()
    left.add(node, 1, at: 1)
    var right = VectorClock()
    right.add(node, 2, at: 5)
    right.add(other, 7, at: 9)
    left.merge(right)
    #expect(left.counter(of: node) == 2 && left.knows(other, 7) && !left.knows(other, 6))
    #expect(left.truncate(to: 1) == 1)
    #expect(left.entries.isEmpty && left.knows(other, 7))
  }

  /// C replaces B, B replaces A, and C's truncated past has forgotten A: whether B came by or not,
  /// A and C are left.
  @Test func join_afterTruncation_isTheSameInAnyOrder() {
    var table = SiblingTable()
    func add(_ value: UInt64, _ counter: UInt32, knowing: [(NodeID, UInt32)]) -> UInt32 {
      var past = VectorClock()
      for (node, counter) in knowing { past.add(node, counter, at: 0) }
      let by = NodeID(UInt16(value))
      return table.add(
        Versioned(version: Version(time: Int64(value), node: by.rawValue), value: value),
        node: by, counter: counter, past: past)
    }
    let a = add(1, 1, knowing: [])
    let b = add(2, 1, knowing: [(NodeID(1), 1)])
    let c = add(3, 1, knowing: [(NodeID(2), 1)])
    let ac = table.join(a, c)
    #expect(table.members(ac).count == 2)
    #expect(table.join(ac, b) == ac && table.join(b, ac) == ac)
  }
}
