import Testing

@testable import ClusterSim

/// The table is literals: it is worked out anew here, and the logarithm compared with fdlibm's, which
/// `RandomStreamTests` compares with the C library's.
@Suite struct UnitLogarithmTests {
  @Test func table_isReciprocalsOfTheMiddles() {
    var ones = 0
    for place in 0..<128 {
      let middle = Double(
        bitPattern: UnitLogarithm.first + UInt64(place) * UnitLogarithm.width
          + UnitLogarithm.width / 2)
      let reciprocal = UnitLogarithm.intervals[2 * place]
      #expect(reciprocal == 1 / middle)
      let logarithm = -Elementary.log(reciprocal)
      #expect(abs(UnitLogarithm.intervals[2 * place + 1] - logarithm) <= logarithm.ulp)
      if middle == 1 { ones += 1 }
    }
    #expect(ones == 1)
  }

  @Test func negative_isTheLogarithm() {
    var stream = RandomStream(seed: 11, purpose: 3)
    var worst = 0.0
    func check(_ n: Int64) {
      let expected = -Elementary.log(Double(n) * 0x1p-53)
      // Of the largest, 36.7, one unit in the last place is more than that.
      worst = max(worst, abs(UnitLogarithm.negative(n) - expected) - expected.ulp)
    }
    for _ in 0..<200_000 { check(Int64(bitPattern: stream.next() >> 11) + 1) }
    // Every size, the ends of the table's intervals, and beside 1, where the result is nearly 0.
    for power in 0...53 as ClosedRange<Int64> {
      for near in -2...2 as ClosedRange<Int64> { check(min(max(1 << power + near, 1), 1 << 53)) }
    }
    for place in 0..<128 {
      let end = Double(bitPattern: UnitLogarithm.first + UInt64(place) * UnitLogarithm.width)
      for near in -2...2 as ClosedRange<Int64> { check(Int64(end * 0x1p52) + near) }
    }
    #expect(worst <= 2e-15, "\(worst)")
    #expect(UnitLogarithm.negative(1 << 53) == 0)
    #expect(UnitLogarithm.negative(1 << 53 - 1) == 0x1p-53)
  }
}
