import Testing

@testable import ClusterSim

/// The recursive window of gaps against the window it stands for.
@Suite struct ArrivalColumnsTests {
  /// Until half the window is full: mean and standard deviation of all gaps, summed here.
  @Test func fewGaps_areAllOfThem() throws {
    var stream = RandomStream(seed: 1, purpose: 96)
    var columns = ArrivalColumns()
    columns.widen(to: 4)
    var gaps: [Double] = []
    #expect(columns.gaps(3) == nil)
    for _ in 0..<500 {
      let gap = Int64(100_000_000 + stream.below(300_000_000))
      columns.add(gap, of: 3, window: 1000)
      gaps.append(Double(gap))
      let mean = gaps.reduce(0, +) / Double(gaps.count)
      let variance =
        gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
      let held = try #require(columns.gaps(3))
      #expect(abs(held.mean / mean - 1) < 1e-5)
      #expect(abs(held.deviation - variance.squareRoot()) < 1e-4 * mean)
    }
    #expect(columns.gaps(2) == nil && !columns.hasGaps(2) && columns.hasGaps(3))
  }

  /// A window of one knows the last gap alone; of two hosts each has its own.
  @Test func windowOfOne_isTheLastGap() throws {
    var columns = ArrivalColumns()
    columns.widen(to: 4)
    for gap in 1...9 as ClosedRange<Int64> {
      columns.add(gap << 20, of: 0, window: 1)
      columns.add(gap << 21, of: 1, window: 1)
      #expect(try #require(columns.gaps(0)) == (Double(gap << 20), 0))
      #expect(try #require(columns.gaps(1)) == (Double(gap << 21), 0))
    }
  }

  /// Of independent gaps the mean scatters as that of a window of W gaps, by sd / sqrt W, and the
  /// variance held is theirs, (W - 1) / W of the true one on average.
  @Test func longRun_scattersAsAWindow() throws {
    let window = 50
    var stream = RandomStream(seed: 7, purpose: 96)
    var (sum, squares, variances) = (0.0, 0.0, 0.0)
    let runs = 6000
    for _ in 0..<runs {
      var columns = ArrivalColumns()
      columns.widen(to: 1)
      for _ in 0..<300 {
        columns.add(Int64(stream.below(1_200_000)), of: 0, window: window)
      }
      let gaps = try #require(columns.gaps(0))
      sum += gaps.mean
      squares += gaps.mean * gaps.mean
      variances += gaps.deviation * gaps.deviation
    }
    // Uniform over 1.2 ms.
    let (mean, variance) = (600_000.0, 1.2e6 * 1.2e6 / 12)
    let found = sum / Double(runs)
    let scatter = squares / Double(runs) - found * found
    #expect(abs(found / mean - 1) < 0.005)
    #expect(abs(scatter / (variance / Double(window)) - 1) < 0.08)
    #expect(abs(variances / Double(runs) / (variance * 49 / 50) - 1) < 0.02)
  }

  /// What predictions take the first gap to weigh is what it weighs, also from half a window on.
  @Test func firstGap_weighsAsPredicted() throws {
    var columns = ArrivalColumns()
    columns.widen(to: 4)
    columns.add(1 << 30, of: 0, window: 101)
    for count in 2...400 {
      columns.add(0, of: 0, window: 101)
      let weight = try #require(columns.gaps(0)).mean / Double(1 << 30)
      let predicted = Simulation.weightOfFirstGap(of: Double(count), window: 101)
      #expect(abs(weight / predicted - 1) < 1e-4, "\(count)")
    }
  }

  /// After a change for good the old mean weighs (1 - 2 / (W + 1))^k: e^-2 after a window, and a ramp is
  /// followed (W - 1) / 2 gaps behind, as a window's mean is.
  @Test func changes_areFollowedAsDocumented() throws {
    var columns = ArrivalColumns()
    columns.widen(to: 4)
    for _ in 0..<400 { columns.add(1_000_000_000, of: 0, window: 100) }
    for _ in 0..<100 { columns.add(2_000_000_000, of: 0, window: 100) }
    let weight = try 2 - #require(columns.gaps(0)).mean / 1e9
    #expect(abs(weight - 0.1353) < 0.002, "\(weight)")
    for step in 0..<2000 as Range<Int64> {
      columns.add(1_000_000_000 + step * 1_000_000, of: 1, window: 100)
    }
    let behind = try 2999 - #require(columns.gaps(1)).mean / 1e6
    #expect(abs(behind - 49.5) < 0.1, "\(behind)")
  }
}
