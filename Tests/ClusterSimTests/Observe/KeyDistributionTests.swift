import Glibc
import Testing

@testable import ClusterSim

@Suite struct KeyDistributionTests {
  /// Pearson's statistic of drawn counts against stated probabilities.
  private func chiSquare(_ sampler: KeySampler, draws: Int, seed: UInt64) -> Double {
    var stream = RandomStream(seed: seed, purpose: 1)
    var counts = [Int](repeating: 0, count: sampler.count)
    for _ in 0..<draws { counts[sampler.draw(&stream)] += 1 }
    return (0..<sampler.count).reduce(0) { sum, key in
      let expected = sampler.probability(of: key) * Double(draws)
      let difference = Double(counts[key]) - expected
      return sum + difference * difference / expected
    }
  }

  @Test func draws_followTheStatedProbabilities() {
    let cases: [KeyDistribution] = [
      .uniform, .zipf(theta: 0.99), .zipf(theta: 0.5), .zipf(theta: 0), .zipf(theta: 1.2),
      .hot(share: 0.3), .hot(share: 0.001),
    ]
    for (seed, distribution) in cases.enumerated() {
      let sampler = KeySampler(distribution, count: 100)
      // 99 degrees of freedom: mean 99, sd 14; beyond 172 once in 10^5.
      #expect(chiSquare(sampler, draws: 200_000, seed: UInt64(seed)) < 172, "\(distribution)")
    }
  }

  @Test func zipf_hasTheProbabilitiesOfTheDefinition() {
    // zeta(10, 0.99) by hand from the definition, with the C library's pow.
    let weights = (1...10).map { pow(Double($0), -0.99) }
    let sampler = KeySampler(.zipf(theta: 0.99), count: 10)
    for key in 0..<10 {
      #expect(abs(sampler.probability(of: key) - weights[key] / weights.reduce(0, +)) < 1e-15)
    }
    // facts.md section 5: the best static cache of 10 and of 100 of 1000 keys hits .3825, .6850.
    let thousand = KeySampler(.zipf(theta: 0.99), count: 1000)
    let best = (0..<1000).map { thousand.probability(of: $0) }
    #expect(abs(best.prefix(10).reduce(0, +) - 0.3825) < 5e-5)
    #expect(abs(best.prefix(100).reduce(0, +) - 0.6850) < 5e-5)
  }

  @Test func probabilities_sumToOne() {
    for count in [1, 2, 3, 1000] {
      for distribution in [.uniform, .zipf(theta: 0.99), .hot(share: 0.2)] as [KeyDistribution] {
        let sampler = KeySampler(distribution, count: count)
        let sum = (0..<count).reduce(0.0) { $0 + sampler.probability(of: $1) }
        #expect(abs(sum - 1) < 1e-12)
      }
    }
  }

  @Test func theLastKeys_areDrawnToo() {
    var stream = RandomStream(seed: 3, purpose: 1)
    let sampler = KeySampler(.zipf(theta: 0.99), count: 7)
    #expect(Set((0..<1000).map { _ in sampler.draw(&stream) }) == Set(0..<7))
    #expect(KeySampler(.hot(share: 0), count: 1).draw(&stream) == 0)
  }
}
