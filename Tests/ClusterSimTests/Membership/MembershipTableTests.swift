import Testing

@testable import ClusterSim

@Suite struct MembershipTableTests {
  /// A table that writes down only what differs says the same as one that has a place for everybody.
  @Test func aSparseTable_saysTheSameAsAFullOne() {
    for seed in 0..<30 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 90)
      let me = NodeID(2)
      var roster = Roster((0..<12).map { NodeID(UInt16($0)) }, now: 3)
      var sparse = MembershipTable(me: me, roster: roster, incarnation: 1, now: 5)
      var full = sparse
      // The own counter begins, and with it the places of all.
      full.beat(now: 5)
      var next: UInt16 = 15
      for step in 1...200 as ClosedRange<Int64> {
        let now = 10 * step
        let node = NodeID(UInt16(stream.below(Int(next))))
        switch stream.below(8) {
        case 0 where stream.below(4) == 0:
          roster = roster.adding(NodeID(next), now: now)
          sparse.learn(NodeID(next), roster: roster, now: now)
          full.learn(NodeID(next), roster: roster, now: now)
          next += 1
        case 1 where node != me && roster.contains(node) && stream.below(4) == 0:
          roster = roster.removing(node)
          let changes = (
            sparse.forget(node, roster: roster, now: now),
            full.forget(node, roster: roster, now: now)
          )
          #expect(changes.0?.from == changes.1?.from && changes.0?.to == changes.1?.to)
        case 2 where stream.below(10) == 0:
          sparse.restartAges(now: now)
          full.restartAges(now: now)
        case 3, 4:
          guard node != me, roster.contains(node) else { continue }
          let incarnation = sparse.incarnation(of: node) + UInt32(stream.below(2))
          sparse.setIncarnation(incarnation, of: node)
          full.setIncarnation(incarnation, of: node)
        default:
          guard node != me, roster.contains(node) else { continue }
          let belief = [Belief.alive, .suspect, .dead][stream.below(3)]
          let changes = (
            sparse.change(node, to: belief, now: now), full.change(node, to: belief, now: now)
          )
          #expect(changes.0?.from == changes.1?.from && changes.0?.to == changes.1?.to)
        }
        #expect(sparse.width == full.width && sparse.peerCount == full.peerCount)
        #expect(sparse.deadCount == full.deadCount)
        for place in 0..<sparse.peerCount {
          #expect(sparse.peer(at: place) == full.peer(at: place))
        }
        for number in 0..<next where NodeID(number) != me {
          let node = NodeID(number)
          #expect(sparse.belief(node) == full.belief(node))
          #expect(sparse.incarnation(of: node) == full.incarnation(of: node))
          #expect(sparse.isKnown(node) == full.isKnown(node))
          #expect(sparse.isNotDead(node) == full.isNotDead(node))
          if sparse.isKnown(node), node.index < sparse.width {
            #expect(sparse.heldSince(node) == full.heldSince(node), "\(seed) \(step) \(node)")
          }
        }
      }
    }
  }

  /// Members who believe what everybody begins with take no memory for it, however many there are.
  @Test func aTableOfAGroupThatIsWell_isEmpty() {
    let roster = Roster((0..<5000).map { NodeID(UInt16($0)) }, now: 0)
    var table = MembershipTable(me: NodeID(7), roster: roster, incarnation: 1, now: 0)
    #expect(table.bytes == 0)
    _ = table.change(NodeID(9), to: .suspect, now: 1)
    #expect(table.bytes == 16)
  }
}
