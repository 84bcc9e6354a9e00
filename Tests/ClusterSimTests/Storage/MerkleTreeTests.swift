import Testing

@testable import ClusterSim

/// Hash trees and what a comparison of two costs (Dynamo section 4.7; facts.md section 3).
@Suite struct MerkleTreeTests {
  /// Compares two trees as an exchange does; says how many hashes that took and which leaves differ.
  private func compare(
    _ mine: MerkleTree, _ theirs: MerkleTree
  ) -> (comparisons: Int, leaves: ContiguousArray<UInt32>) {
    var exchange = TreeExchange(
      asker: NodeID(0), partner: NodeID(1), askerEpoch: 0, keys: [], mine: mine, theirs: theirs,
      heard: 0)
    var comparisons = 0
    while !exchange.asked.isEmpty {
      comparisons += exchange.asked.count
      exchange.asked = exchange.compare()
    }
    return (comparisons, exchange.leaves)
  }

  private func tree(depth: Int, _ contents: [(key: UInt64, content: UInt64)]) -> MerkleTree {
    var tree = MerkleTree(depth: depth)
    for (key, content) in contents { tree.add(key: MerkleTree.mix(key), content: content) }
    tree.seal()
    return tree
  }

  @Test func equalTrees_costOneComparison() {
    var stream = RandomStream(seed: 3, purpose: 1)
    for depth in 1...12 {
      var contents = (0..<500).map { (key: UInt64($0), content: stream.next()) }
      let first = tree(depth: depth, contents)
      stream.shuffle(&contents)
      // The order in which keys come does not matter.
      let result = compare(first, tree(depth: depth, contents))
      #expect(result.comparisons == 1 && result.leaves.isEmpty, "depth \(depth)")
    }
  }

  /// One differing leaf of 2^h: the root and two children at each of h levels.
  @Test func oneDifferingLeaf_costsTwoHPlusOne() {
    for depth in 1...12 {
      for changed in [0, 17, 499] {
        let contents = (0..<500).map { (key: UInt64($0), content: UInt64(7)) }
        var other = contents
        other[changed].content = 8
        let result = compare(tree(depth: depth, contents), tree(depth: depth, other))
        #expect(result.comparisons == 2 * depth + 1, "depth \(depth)")
        let leaf = MerkleTree(depth: depth).leaf(of: MerkleTree.mix(UInt64(changed)))
        #expect(result.leaves == [leaf], "depth \(depth)")
      }
    }
  }

  /// Every leaf differs: every node of the tree is compared, and no more.
  @Test func everyLeafDiffers_costsTheWholeTree() {
    let full = (0..<4000).map { (key: UInt64($0), content: UInt64(1)) }
    let result = compare(tree(depth: 6, full), tree(depth: 6, []))
    #expect(result.comparisons == 127)
    #expect(result.leaves.count == 64)
    #expect(Set(result.leaves) == Set(64..<128))
  }

  /// A key that only one side holds differs from one held in its first version.
  @Test func missingKey_differs() {
    let held = tree(depth: 4, [(key: 5, content: 0)])
    #expect(compare(held, tree(depth: 4, [])).leaves.count == 1)
  }
}
