import Testing

@testable import ClusterSim

@Suite struct HeartbeatColumnsTests {
  /// Moments are numbers that are given out anew again and again; the times they stand for stay.
  @Test func times_areKept_howeverManyMomentsThereWere() {
    var stream = RandomStream(seed: 3, purpose: 88)
    var columns = HeartbeatColumns()
    var rose: [Int64] = []
    var held: [Int64?] = []
    for host in 0..<40 as Range<Int64> {
      let time = Int64(stream.below(100))
      columns.append(.alive, rose: time, heldSince: host % 7 == 0 ? 99 - host : nil)
      rose.append(time)
      held.append(host % 7 == 0 ? 99 - host : nil)
    }
    var now: Int64 = 100
    for step in 0..<20_000 {
      now += Int64(stream.below(3))
      let index = stream.below(rose.count)
      if stream.below(5) == 0 {
        columns.setBelief(step % 2 == 0 ? .suspect : .alive, of: index, now: now)
        held[index] = now
      } else {
        columns.raise(index, to: UInt32(step), now: now)
        rose[index] = now
      }
      let other = stream.below(rose.count)
      #expect(columns.rose(other) == rose[other] && columns.heldSince(other) == held[other])
      if step % 100 == 0 {
        let oldest = rose.indices.filter { $0 != 7 && columns.belief($0) == .alive }
          .map { rose[$0] }.min()
        #expect(columns.oldestRise(except: 7) == oldest)
      }
    }
    columns.restartAges(now: now + 5)
    #expect(rose.indices.allSatisfy { columns.rose($0) == now + 5 })
  }

  /// Tables merged column into column are the same as with every entry seen by itself.
  @Test func merge_isSeeingEachEntry() {
    for seed in 0..<40 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 87)
      let members = (0..<30).map { NodeID(UInt16($0)) }
      var roster = Roster(members, now: 0)
      func table(_ me: Int, restarted: Bool) -> MembershipTable {
        var table = MembershipTable(
          me: NodeID(UInt16(me)), roster: roster, incarnation: 1, now: 0)
        table.beat(now: 1)
        var changes: [BeliefChange] = []
        for node in members where node.index != me && stream.below(4) > 0 {
          _ = table.see(
            node, counter: UInt32(1 + stream.below(5)),
            incarnation: restarted && stream.below(8) == 0 ? 2 : 1, now: 2, &changes)
          if stream.below(4) == 0 {
            _ = table.change(node, to: stream.below(2) == 0 ? .suspect : .dead, now: 3)
          }
        }
        return table
      }
      var mine = table(3, restarted: seed % 4 == 1)
      var theirs = table(5, restarted: seed % 4 == 2)
      if seed % 4 == 3 {
        roster = roster.removing(NodeID(9))
        _ = mine.forget(NodeID(9), roster: roster, now: 4)
        _ = theirs.forget(NodeID(9), roster: roster, now: 4)
      }
      var (plain, told) = (mine, mine)
      var (merged, seen, noted): ([BeliefChange], [BeliefChange], [BeliefChange]) = ([], [], [])
      var gossip = HeartbeatGossip()
      var risen: [Rise] = []
      let whole = WholeTable(theirs)
      gossip.receive(
        whole, into: &mine, now: 9, packet: 64, wantsRisen: false, changes: &merged, risen: &risen)
      #expect(seed % 4 == 1 || seed % 4 == 2 || risen.isEmpty)
      risen = []
      gossip.receive(
        whole, into: &told, now: 9, packet: 64, wantsRisen: true, changes: &noted, risen: &risen)
      let expected = members.filter { mine.counter($0) != plain.counter($0) }.map {
        Rise(node: $0, before: plain.rose($0))
      }
      let inOrder = risen.sorted { $0.node < $1.node }
      #expect(inOrder.filter { expected.contains($0) } == expected, "\(seed)")
      // A higher incarnation is news as well, at whatever counter.
      #expect(inOrder.count == expected.count || seed % 4 == 1 || seed % 4 == 2, "\(seed)")
      whole.visit { entry in
        if entry.node == plain.me {
          plain.refute(entry.belief, incarnation: entry.incarnation)
        } else if plain.isKnown(entry.node) {
          _ = plain.see(
            entry.node, counter: entry.counter, incarnation: entry.incarnation, now: 9, &seen)
        }
      }
      #expect(mine.incarnation == plain.incarnation)
      #expect(merged.map(\.subject) == seen.map(\.subject))
      #expect(noted.map(\.subject) == seen.map(\.subject))
      #expect(mine.deadCount == plain.deadCount && mine.suspectCount == plain.suspectCount)
      for node in members {
        let (one, other) = (mine[node], plain[node])
        #expect(one.counter == other.counter && one.incarnation == other.incarnation, "\(seed)")
        #expect(one.rose == other.rose && one.belief == other.belief && one.known == other.known)
        #expect(mine.heldSince(node) == plain.heldSince(node))
        #expect(told[node].counter == one.counter && told[node].rose == one.rose)
        #expect(told[node].belief == one.belief && told[node].incarnation == one.incarnation)
      }
    }
  }
}
