import Testing

@testable import ClusterSim

@Suite struct NodeSetTests {
  @Test func randomUse_agreesWithASet() {
    for seed in 0..<10 as Range<UInt64> {
      var stream = RandomStream(seed: seed, purpose: 1)
      var sets = [NodeSet(), NodeSet()]
      var models: [Set<NodeID>] = [[], []]
      for _ in 0..<500 {
        let which = stream.below(2)
        // Numbers within and beyond the inline word, and its edges.
        let node = NodeID(UInt16(stream.pick([0, 1, 5, 62, 63, 64, 65, 127, 128, 200, 65535])))
        switch stream.below(6) {
        case 0...1:
          #expect(sets[which].insert(node) == models[which].insert(node).inserted)
        case 2:
          #expect(sets[which].remove(node) == (models[which].remove(node) != nil))
        case 3:
          sets[which].formUnion(sets[1 - which])
          models[which].formUnion(models[1 - which])
        case 4:
          sets[which].formIntersection(sets[1 - which])
          models[which].formIntersection(models[1 - which])
        default:
          sets[which].subtract(sets[1 - which])
          models[which].subtract(models[1 - which])
        }
        #expect(sets[which].map(\.rawValue) == models[which].map(\.rawValue).sorted())
        #expect(sets[which].count == models[which].count)
        #expect(sets[which].contains(node) == models[which].contains(node))
        #expect(sets[which].first == models[which].min())
        #expect(sets[which].isEmpty == models[which].isEmpty)
        // Equal contents are equal values with equal hashes, whatever led to them.
        let rebuilt = NodeSet(models[which])
        #expect(sets[which] == rebuilt && sets[which].hashValue == rebuilt.hashValue)
        #expect(sets[0].isSubset(of: sets[1]) == models[0].isSubset(of: models[1]))
        #expect(sets[0].isDisjoint(with: sets[1]) == models[0].isDisjoint(with: models[1]))
      }
    }
  }

  @Test func below_holdsTheFirstNumbers() {
    #expect(NodeSet(below: 70).map(\.rawValue) == Array(0..<70))
    #expect(NodeSet(below: 0).isEmpty)
    #expect([NodeID(3), NodeID(1)] as NodeSet == NodeSet([NodeID(1), NodeID(3)]))
  }
}
