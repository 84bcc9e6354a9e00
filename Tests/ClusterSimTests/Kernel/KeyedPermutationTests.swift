import Testing

@testable import ClusterSim

@Suite struct KeyedPermutationTests {
  @Test func everyElement_standsAtJustOnePlace() {
    for count in Array(1...70) + [100, 257, 1000, 1023, 1024, 1025, 10_007] {
      for key in 0..<3 as Range<UInt64> {
        let order = KeyedPermutation(count: count, key: key &* 0x9e37_79b9_7f4a_7c15)
        var seen = [Bool](repeating: false, count: count)
        for place in 0..<count { seen[order[place]] = true }
        #expect(seen.allSatisfy { $0 }, "\(count)")
      }
    }
  }

  /// Over many keys every element is equally likely at a place, and every gap between the elements of
  /// two neighbours: chi-square within 4.5 standard deviations of its mean, which one trial in
  /// 150 000 exceeds by chance.
  @Test func places_areUniform() {
    let count = 300
    let trials = 60_000
    var stream = RandomStream(seed: 5, purpose: 94)
    let places = [0, 1, 17, 149, 299]
    var found = [[Int]](repeating: [Int](repeating: 0, count: count), count: places.count)
    var gaps = [Int](repeating: 0, count: count - 1)
    for _ in 0..<trials {
      let order = KeyedPermutation(count: count, key: stream.next())
      for (row, place) in places.enumerated() { found[row][order[place]] += 1 }
      gaps[(order[1] - order[0] + count) % count - 1] += 1
    }
    for (place, row) in zip(places, found) {
      #expect(abs(ChiSquare.deviations(row)) < 4.5, "place \(place)")
    }
    #expect(abs(ChiSquare.deviations(gaps)) < 4.5)
  }
}

/// Pearson's test of equal chances.
enum ChiSquare {
  /// By how many of its standard deviations the statistic lies above its mean: with k classes the mean
  /// is k-1 and the variance 2 (k-1).
  static func deviations(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    let sum = counts.reduce(0.0) {
      $0 + (Double($1) - expected) * (Double($1) - expected) / expected
    }
    let freedom = Double(counts.count - 1)
    return (sum - freedom) / (2 * freedom).squareRoot()
  }
}
