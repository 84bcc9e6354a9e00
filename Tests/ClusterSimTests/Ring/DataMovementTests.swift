import Testing

@testable import ClusterSim

@Suite struct DataMovementTests {
  private static let tokens = (0..<10_000).map { RingToken.token("key\($0)") }

  @Test func aJoin_movesTheNewcomersShareAndNothingBetweenOldNodes() {
    let newcomer = NodeID(10)
    let all = members(11, vnodes: 128)
    let old = HashRing(Array(all.prefix(10)))
    let new = old.adding(all[10])
    let movements = DataMovement.between(old, new, replication: 1, keys: Self.tokens)
    for movement in movements {
      #expect(movement.to == [newcomer])
      #expect(movement.from == movement.drops && movement.from.count == 1)
      #expect(new.owner(Self.tokens[movement.key]) == newcomer)
    }
    let gained = Self.tokens.count { new.owner($0) == newcomer }
    #expect(movements.count == gained)
    // facts.md section 4: share expected 1/11; keys sample the share with sd 0.3 %.
    let share = new.share(of: newcomer)
    #expect(abs(Double(movements.count) / 10_000 - share) < 0.015)
    #expect(abs(share - 1.0 / 11) < 5 * 0.0081)
  }

  @Test func theMovedShare_spreadsAsTheFormulaSays() {
    // (1/(n+1)) sqrt(n / ((n+1) V + 1)) over 200 rings, n = 10.
    for vnodes in [16, 128] {
      var (sum, squares) = (0.0, 0.0)
      for index in 0..<200 {
        let ring = HashRing(members(11, vnodes: vnodes, name: "r\(index)-"), depth: 1)
        let share = ring.share(of: NodeID(10))
        sum += share
        squares += (share - 1.0 / 11) * (share - 1.0 / 11)
      }
      let formula = (10 / Double(11 * vnodes + 1)).squareRoot() / 11
      #expect(abs(sum / 200 - 1.0 / 11) < 5 * formula / 200.0.squareRoot())
      // 200 samples estimate a deviation to 5 %.
      #expect(abs((squares / 200).squareRoot() / formula - 1) < 0.2)
    }
  }

  @Test func withReplicas_everyChangeNamesOldHomesArrivalsAndDrops() {
    var stream = RandomStream(seed: 1, purpose: 1)
    for replication in 1...4 {
      let all = members(9, vnodes: 12, weights: [1, 3, 2])
      let old = HashRing(all)
      let new = old.removing(NodeID(UInt16(stream.below(9))))
      let keys = Array(Self.tokens.prefix(1000))
      let movements = DataMovement.between(old, new, replication: replication, keys: keys)
      var byKey: [Int: DataMovement] = [:]
      for movement in movements { byKey[movement.key] = movement }
      for (index, token) in keys.enumerated() {
        let before = old.preferenceList(token, count: replication)
        let after = new.preferenceList(token, count: replication)
        if Set(before) == Set(after) {
          #expect(byKey[index] == nil)
        } else {
          #expect(byKey[index]?.from == before)
          #expect(Set(byKey[index]?.to ?? []) == Set(after).subtracting(before))
          #expect(Set(byKey[index]?.drops ?? []) == Set(before).subtracting(after))
        }
      }
      #expect(!movements.isEmpty)
    }
  }

  @Test func aLeave_isTheReverseOfTheJoin() {
    let all = members(6, vnodes: 32)
    let large = HashRing(all)
    let small = large.removing(NodeID(5))
    let join = DataMovement.between(small, large, replication: 3, keys: Self.tokens)
    let leave = DataMovement.between(large, small, replication: 3, keys: Self.tokens)
    #expect(join.map(\.key) == leave.map(\.key))
    #expect(join.map(\.to) == leave.map(\.drops) && join.map(\.drops) == leave.map(\.to))
    // Three of six nodes hold each key: half of all keys gain the newcomer, give or take.
    #expect(abs(Double(join.count) / 10_000 - 0.5) < 0.15)
  }
}
