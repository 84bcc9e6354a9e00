import Testing

@testable import ClusterSim

@Suite struct KernelBenchTests {
  @Test func hashes_areThoseOfAnIndependentImplementation() {
    // From a program in C++ with std::priority_queue, written for the comparison of speed.
    #expect(
      KernelBench.hold(size: 100, operations: 4000, seed: 1).stateHash.hex == "67e3909de8996ebf")
    #expect(
      KernelBench.hold(size: 5000, operations: 9000, seed: 1).stateHash.hex == "e55dd0323876102b")
    let gossip = KernelBench.gossip(nodes: 50, seconds: 20, seed: 1)
    #expect(gossip.stateHash.hex == "ff0921b62a6ec4ba")
    #expect(gossip.operations == 1000)
  }

  @Test func stateHash_dependsOnEveryWordAndTheirOrder() {
    func hash(_ words: [UInt64]) -> String {
      var hash = StateHash()
      for word in words { hash.mix(word) }
      return hash.hex
    }
    let all = [[], [0], [1], [0, 1], [1, 0], [1, 0, 0], [1 << 63], [0, 0], [.max]].map(hash)
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { $0.utf8.count == 16 })
    #expect(hash([1, 2, 3]) == hash([1, 2, 3]))
  }

  @Test func hold_hasTheSameHashForTheSameSeedOnly() {
    let runs = [1, 1, 2].map { KernelBench.hold(size: 10, operations: 100, seed: $0).stateHash }
    #expect(runs[0] == runs[1] && runs[0] != runs[2])
  }
}
