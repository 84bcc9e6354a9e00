import Testing

@testable import ClusterSim

@Suite struct SpreadTests {
  /// Twelve nodes over two locations and five zones, n0, n1, … in turn.
  private static let domains: [FailureDomain] = (0..<12).map {
    FailureDomain(location: UInt16($0 % 2), zone: UInt16([1, 3, 2, 4, 1, 5][$0 % 6]))
  }

  private static func ring(_ spread: Spread) -> HashRing {
    var all = members(12, vnodes: 16)
    for index in all.indices { all[index].domain = domains[index] }
    return HashRing(all, depth: 6, spread: spread)
  }

  /// What dealing out means: no domain gives a node more than another that has some left.
  @Test func copies_areDealtOutEvenly_andTheFirstStaysTheOwner() {
    let plain = Self.ring(.none)
    for spread in [Spread.zone, .location] {
      func domainOf(_ node: NodeID) -> Int {
        let domain = Self.domains[node.index]
        return Int(spread == .zone ? domain.zone : domain.location)
      }
      let ring = Self.ring(spread)
      let sizes = (0..<6).map { domain in
        (0..<12).count { domainOf(NodeID(UInt16($0))) == domain }
      }
      var wrong: [String] = []
      for index in 0..<300 {
        let token = RingToken.token("key\(index)")
        for count in 1...7 {
          let list = ring.preferenceList(token, count: count)
          var used = [Int](repeating: 0, count: 6)
          for node in list { used[domainOf(node)] += 1 }
          let most = used.max()!
          let even = used.indices.allSatisfy { used[$0] >= min(sizes[$0], most - 1) }
          if !even || list.count != count || Set(list.map(\.rawValue)).count != count
            || list[0] != plain.owner(token)
          {
            wrong.append("\(spread) key\(index) \(count)")
          }
        }
      }
      #expect(wrong.isEmpty)
    }
  }

  @Test func byLocation_theZonesOfALocationDifferAsWell() {
    let ring = Self.ring(.location)
    let wrong = (0..<300).filter { index in
      let list = ring.preferenceList(RingToken.token("key\(index)"), count: 4)
      return Set(list.map { Self.domains[$0.index].zone }).count < 4
    }
    #expect(wrong.isEmpty)
  }

  @Test func joinAndLeave_giveTheRingBuiltAnew() {
    var all = members(6, vnodes: 16)
    for index in all.indices { all[index].domain = Self.domains[index] }
    let ring = HashRing(Array(all.dropLast()), spread: .zone).adding(all[5])
    #expect(ring == HashRing(all, spread: .zone))
    all.remove(at: 2)
    #expect(ring.removing(NodeID(2)) == HashRing(all, spread: .zone))
  }
}
