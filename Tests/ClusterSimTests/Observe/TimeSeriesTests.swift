import Testing

@testable import ClusterSim

@Suite struct TimeSeriesTests {
  @Test func theRing_keepsTheNewestInOrder() {
    for capacity in 1...7 {
      var series = TimeSeries(capacity: capacity)
      var model: [Double] = []
      #expect(series.isEmpty && series.newest.isNaN && series.last(3).isEmpty)
      for step in 1...20 {
        series.append(Double(step))
        model.append(Double(step))
        let kept = Array(model.suffix(capacity))
        #expect(series.count == kept.count && series.appended == step)
        #expect(series.newest == Double(step))
        for length in 0...9 { #expect(series.last(length) == Array(kept.suffix(length))) }
        for ago in 0..<kept.count { #expect(series[ago] == kept[kept.count - 1 - ago]) }
      }
      series.removeAll()
      #expect(series == TimeSeries(capacity: capacity))
    }
  }

  @Test func noFigure_isKeptAsNaNAndEqualsItself() {
    var one = TimeSeries(capacity: 3)
    one.append(1)
    one.append(.nan)
    #expect(one.newest.isNaN && one[1] == 1)
    var other = TimeSeries(capacity: 3)
    other.append(1)
    #expect(one != other)
    other.append(.nan)
    #expect(one == other)
  }

  @Test func seriesOfDifferentHistory_areEqualByWhatTheyKeep() {
    var long = TimeSeries(capacity: 2)
    for step in 0..<5 { long.append(Double(step)) }
    var short = TimeSeries(capacity: 2)
    short.append(3)
    short.append(4)
    #expect(long == short)
  }
}
