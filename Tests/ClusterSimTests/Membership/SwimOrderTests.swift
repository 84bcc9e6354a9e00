import Testing

@testable import ClusterSim

/// The round robin of SWIM (DSN 2002, section 4.3), with a list and with a key for the order.
@Suite struct SwimOrderTests {
  /// A member's table and its order; more hosts than members, as caches and clients have numbers too.
  private struct Observer {
    var roster: Roster
    var table: MembershipTable
    var order = SwimOrder()
    var stream: RandomStream

    init(_ count: Int, seed: UInt64) {
      let ids = (0..<count).map { NodeID(UInt16($0)) }
      roster = Roster(ids, now: 0)
      table = MembershipTable(me: ids[count / 3], roster: roster, incarnation: 1, now: 0)
      stream = RandomStream(seed: seed, purpose: 93)
    }

    mutating func next() -> NodeID { order.next(table, .roundRobin, &stream)! }

    mutating func join(_ node: NodeID) {
      roster = roster.adding(node, now: 1)
      table.learn(node, roster: roster, now: 1)
      order.learn(node, &stream)
    }

    mutating func leave(_ node: NodeID) {
      roster = roster.removing(node)
      _ = table.forget(node, roster: roster, now: 1)
    }

    var live: [NodeID] {
      (0..<table.peerCount).map { table.peer(at: $0) }.filter { table.belief($0) != .dead }
    }
  }

  private static let sizes = [2, 5, 40, 257, 258, 400, 1000]

  @Test func aRound_visitsEveryLiveMemberOnce() {
    for count in Self.sizes {
      var observer = Observer(count, seed: UInt64(count))
      for node in 0..<count where node % 5 == 4 && NodeID(UInt16(node)) != observer.table.me {
        _ = observer.table.change(NodeID(UInt16(node)), to: .dead, now: 1)
      }
      if count > 20 { observer.leave(NodeID(3)) }
      for _ in 0..<4 {
        var seen: Set<NodeID> = []
        let live = observer.live
        for _ in live { #expect(seen.insert(observer.next()).inserted, "\(count)") }
        #expect(seen == Set(live), "\(count)")
      }
    }
  }

  /// Whoever is a member over a whole traversal is visited in it once, whoever joins meanwhile at most
  /// once; and nobody waits longer than 2n-1 probes, n the most members there were.
  @Test func joinsAndLeaves_keepTheRoundAndItsBound() {
    for count in Self.sizes where count > 2 {
      var observer = Observer(count, seed: UInt64(count) + 1)
      var change = RandomStream(seed: UInt64(count), purpose: 92)
      var probes = 0
      var last: [NodeID: Int] = [:]
      var most = count
      var next = count + 7
      for node in observer.live { last[node] = 0 }
      for _ in 0..<(6 * count) {
        probes += 1
        let node = observer.next()
        last[node] = probes
        if change.below(4) == 0, next < 2 * count + 7 {
          observer.join(NodeID(UInt16(next)))
          last[NodeID(UInt16(next))] = probes
          next += 1
        } else if change.below(6) == 0, observer.live.count > 2 {
          let gone = change.pick(observer.live)
          observer.leave(gone)
          last[gone] = nil
        }
        most = max(most, observer.live.count + 1)
        let longest = last.values.map { probes - $0 }.max() ?? 0
        #expect(longest <= 2 * most - 1, "\(count): \(longest)")
      }
    }
  }

  /// Within one traversal nobody has a second turn, whoever joins and wherever they come in.
  @Test func aNewcomer_givesNobodyASecondTurn() {
    for count in Self.sizes where count > 2 {
      for seed in 0..<20 as Range<UInt64> {
        var observer = Observer(count, seed: seed)
        let members = observer.live
        var turns: [NodeID: Int] = [:]
        for turn in 0..<members.count {
          if turn == members.count / 2 { observer.join(NodeID(UInt16(count + 3))) }
          turns[observer.next(), default: 0] += 1
        }
        // The newcomer may have taken one of these turns; then the last member follows.
        if turns[NodeID(UInt16(count + 3))] != nil { turns[observer.next(), default: 0] += 1 }
        #expect(turns.values.allSatisfy { $0 == 1 }, "\(count)")
        #expect(members.allSatisfy { turns[$0] == 1 }, "\(count)")
      }
    }
  }

  /// Every member is equally likely at a place of a round, and a newcomer at every place of the rest:
  /// chi-square within 4.5 standard deviations of its mean.
  @Test func positions_areUniform() {
    for count in [20, 300] {
      let trials = count == 20 ? 20_000 : 15_000
      var first = [Int](repeating: 0, count: count)
      var late = [Int](repeating: 0, count: 10)
      var arrivals = 0
      for seed in 0..<trials {
        var observer = Observer(count, seed: UInt64(seed))
        first[observer.next().index] += 1
        observer.join(NodeID(UInt16(count)))
        guard seed % 3 == 0 else { continue }
        for turn in 0..<(count - 1) where observer.next() == NodeID(UInt16(count)) {
          late[turn * 10 / (count - 1)] += 1
          arrivals += 1
          break
        }
      }
      let me = count / 3
      #expect(first.remove(at: me) == 0)
      #expect(abs(ChiSquare.deviations(first)) < 4.5, "\(count)")
      // Tenths of the round: with 20 members not all have the same number of places.
      if count == 300 { #expect(abs(ChiSquare.deviations(late)) < 4.5, "\(late)") }
      // One place of about n has been passed, and one newcomer in n takes it.
      let passed = Double((trials + 2) / 3 - arrivals)
      let expected = Double(trials) / 3 / Double(count)
      #expect(abs(passed - expected) < 4.5 * expected.squareRoot() + 1, "\(count): \(passed)")
    }
  }
}
