import Testing

@testable import ClusterSim

@Suite struct LatencyHistogramTests {
  private static let parts = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 0.9999, 1]

  /// The value at rank ceil(q n) of the sorted samples.
  private func nearestRank(_ sorted: [Int64], _ q: Double) -> Int64 {
    sorted[max(1, Int((q * Double(sorted.count)).rounded(.up))) - 1]
  }

  @Test func quantiles_areWithinTheErrorOfSortedSamples() {
    let distributions: [Distribution] = [
      .exponential(.milliseconds(2)), .lognormal(.milliseconds(1), sigma: 2),
      .pareto(.microseconds(10), alpha: 0.8), .uniform(.microseconds(1), .seconds(300)),
      .constant(.milliseconds(7)),
    ]
    for (seed, distribution) in distributions.enumerated() {
      var stream = RandomStream(seed: UInt64(seed), purpose: 1)
      var histogram = LatencyHistogram()
      var samples: [Int64] = []
      for _ in 0..<20_000 {
        let sample = min(max(distribution.sample(&stream), 1000), 500_000_000_000)
        histogram.record(sample)
        samples.append(sample)
      }
      samples.sort()
      for q in Self.parts {
        let exact = Double(nearestRank(samples, q))
        let found = Double(histogram.quantile(q)!)
        #expect(abs(found / exact - 1) <= 0.0079, "\(distribution) at \(q): \(found) for \(exact)")
      }
      #expect(histogram.max == samples.last && histogram.min == samples.first)
      let mean = samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count)
      #expect(abs(histogram.mean! / mean - 1) < 1e-9)
      #expect(histogram.count == samples.count)
    }
  }

  @Test func everySingleValue_isFoundWithinHalfABucket() {
    // All powers of two and their neighbours: the edges of the buckets.
    for bit in 0..<39 as Range<Int64> {
      for offset in -1...1 as ClosedRange<Int64> {
        let value = (Int64(1) << bit) + offset
        var histogram = LatencyHistogram()
        histogram.record(value)
        // Least and greatest are exact, so pull them away from the value.
        histogram.record(0)
        histogram.record(.max)
        let found = histogram.quantile(0.5)!
        #expect(abs(found - value) <= max(8, value / 127), "\(value): \(found)")
      }
    }
  }

  @Test func anEmptyHistogram_hasNoFigures() {
    var histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == nil && histogram.mean == nil && histogram.max == nil)
    histogram.record(5)
    #expect(histogram.quantile(0.5) == 5)
    histogram.reset()
    #expect(histogram == LatencyHistogram() && histogram.isEmpty)
  }

  @Test func merging_equalsRecordingEverythingInOne() {
    var stream = RandomStream(seed: 9, purpose: 1)
    var (one, two, all) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
    for index in 0..<5000 {
      let sample = Distribution.exponential(.milliseconds(3)).sample(&stream)
      all.record(sample)
      if index % 3 == 0 { one.record(sample) } else { two.record(sample) }
    }
    var merged = LatencyHistogram()
    merged.merge(one)
    merged.merge(two)
    merged.merge(LatencyHistogram())
    #expect(merged == all)
  }

  @Test func valuesBeyondTheRange_countAsTheLargest() {
    var histogram = LatencyHistogram()
    for _ in 0..<10 { histogram.record(.max) }
    #expect(histogram.quantile(1) == .max)
    #expect(histogram.quantile(0.5) == .max)
    #expect(histogram.mean == Double(Int64.max))
  }
}
