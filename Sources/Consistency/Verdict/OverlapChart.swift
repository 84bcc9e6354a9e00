/// Draws operations as bars under one another, so that one sees what overlapped what.
///
/// The horizontal axis is the order of the events, not their distance in time: every begin and end
/// has a column of its own. A bar that ends in `...` belongs to an operation whose end nobody knows.
public enum OverlapChart {
  /// Rows without a line feed, at most `limit` of them and one that says how many are left out.
  ///
  /// - Parameter width: columns there are; where the times do not fit beside the bars they follow in
  ///   rows of their own.
  public static func rows(
    _ operations: [Violation.Operation], limit: Int = 40, width room: Int = .max
  ) -> [String] {
    let shown = Array(operations.prefix(limit))
    let places = shown.flatMap { [$0.begin] + ($0.end.map { [$0] } ?? []) }.sorted()
    var columns: [Int: Int] = [:]
    let heads = shown.map(head)
    let left = heads.map { $0.unicodeScalars.count }.max() ?? 0
    // Two blanks before the bars and the dots of an open end behind them.
    let step = max(2, min(6, min(60, room - left - 5) / max(1, places.count)))
    for (order, place) in places.enumerated() { columns[place] = order * step }
    let width = places.count * step + 3
    let longest = shown.map { times($0).unicodeScalars.count }.max() ?? 0
    let beside = longest <= room - left - width - 4
    var rows = shown.indices.map { row -> String in
      let operation = shown[row]
      let from = columns[operation.begin] ?? 0
      let padding = String(repeating: " ", count: left - heads[row].unicodeScalars.count)
      var bar = String(repeating: " ", count: from) + "|"
      if let end = operation.end, let to = columns[end] {
        bar += String(repeating: "-", count: max(0, to - from - 1)) + "|"
        bar += String(repeating: " ", count: max(0, width - to - 1))
      } else {
        bar += String(repeating: "-", count: max(0, width - from - 4)) + "..."
      }
      return trimmed("\(heads[row])\(padding)  \(bar)" + (beside ? "  \(times(operation))" : ""))
    }
    if !beside { rows += shown.indices.map { "\(heads[$0]): \(times(shown[$0]))" } }
    if operations.count > limit { rows.append("and \(operations.count - limit) more") }
    return rows
  }

  /// Who and what: `process 3  write 42`.
  static func head(_ operation: Violation.Operation) -> String {
    "process \(operation.process)  \(what(operation))"
  }

  /// `write 42`, `read -> 41`, `cas 1 to 2`, `cas 1 to 2 failed`.
  public static func what(_ operation: Violation.Operation) -> String {
    switch operation.function {
    case .read: return "read -> \(shown(operation.value))"
    case .write: return "write \(shown(operation.value))"
    case .cas:
      let failed = operation.kind == .fail ? " failed" : ""
      return "cas \(shown(operation.from)) to \(shown(operation.value))\(failed)"
    }
  }

  private static func shown(_ value: HistoryValue?) -> String {
    switch value {
    case nil: return "nil"
    case .integer(let number): return "\(number)"
    case .text(let text): return visible(text, limit: 24)
    }
  }

  /// A text of the file, safe and short enough to print.
  public static func visible(_ text: String, limit: Int = 60) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) { result.append(ByteText.visible(scalar)) }
    if text.unicodeScalars.count > limit { result.append("\u{2026}") }
    return String(result)
  }

  private static func times(_ operation: Violation.Operation) -> String {
    guard let begin = operation.invokeTime else { return "line \(operation.line)" }
    let end =
      operation.end == nil ? "never ended" : operation.completeTime.map(milliseconds) ?? "?"
    return "\(milliseconds(begin)) to \(end) ms, line \(operation.line)"
  }

  /// Nanoseconds as milliseconds with three digits behind the point.
  public static func milliseconds(_ nanoseconds: Int64) -> String {
    let micro = nanoseconds.magnitude / 1000
    let digits = "\(micro % 1000)"
    let padded = String(repeating: "0", count: 3 - digits.utf8.count) + digits
    return "\(nanoseconds < 0 ? "-" : "")\(micro / 1000).\(padded)"
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}
