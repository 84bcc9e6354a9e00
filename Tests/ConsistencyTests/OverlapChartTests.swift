import Testing

@testable import Consistency

struct OverlapChartTests {
  private func operation(
    _ process: Int64, _ function: OperationRecord.Function, _ value: Int, _ begin: Int, _ end: Int
  ) -> Violation.Operation {
    Violation.Operation(
      process: process, function: function, kind: .ok, value: .integer(Int64(value)), from: nil,
      begin: begin, end: end, invokeTime: Int64(begin) * 1_000_000,
      completeTime: Int64(end) * 1_000_000, version: nil, line: begin + 1)
  }

  /// Wide or narrow: each bar begins and ends in the order of the events, and nothing is wider than
  /// the room; the times are there either way.
  @Test func rows_wideOrNarrow_keepTheOrderOfEvents() {
    let operations = [
      operation(1, .write, 7, 0, 2), operation(2, .read, 3, 1, 4), operation(3, .read, 7, 3, 5),
    ]
    for width in [200, 80, 50] {
      let rows = OverlapChart.rows(operations, width: width)
      #expect(rows.allSatisfy { $0.count <= width }, "width \(width)")
      for time in ["0.000 to 2.000 ms", "1.000 to 4.000 ms", "3.000 to 5.000 ms"] {
        #expect(rows.contains { $0.contains(time) }, "width \(width)")
      }
      let ends = rows.prefix(3).map { row in
        Array(row).enumerated().filter { $0.element == "|" }.map(\.offset)
      }
      #expect(ends.allSatisfy { $0.count == 2 }, "width \(width)")
      let order = [ends[0][0], ends[1][0], ends[0][1], ends[2][0], ends[1][1], ends[2][1]]
      #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 }, "width \(width)")
    }
  }
}
