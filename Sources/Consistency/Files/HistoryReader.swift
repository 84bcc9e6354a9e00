/// Reads a history piece by piece, in JSON Lines or in EDN, whichever the text turns out to be.
///
/// Feed it the file in pieces of any size; what it holds never exceeds one operation's text and the
/// piece. It hands out records in the order of the file, each with its place.
public struct HistoryReader: Sendable {
  public enum Format: Equatable, Sendable { case jsonLines, edn }

  /// A record and where it begins in the file, both counted from 1.
  public struct Placed: Equatable, Sendable {
    public var record: OperationRecord
    public var line: Int
    public var column: Int
  }

  /// Nil until enough was read to tell.
  public private(set) var format: Format?
  private let limits: HistoryLimits
  private var splitter = EDNSplitter()
  /// What is not yet consumed; begins at the place below.
  private var pending: [UInt8] = []
  private var line = 1
  private var column = 1
  /// How far the splitter has looked at `pending`, and the place of that byte.
  private var examined = 0
  private var ahead = (line: 1, column: 1)

  public init(limits: HistoryLimits = HistoryLimits()) { self.limits = limits }

  /// Takes the next bytes and appends the records that became complete.
  public mutating func feed(
    _ bytes: some Sequence<UInt8>, into records: inout [Placed]
  ) throws(HistoryProblem) {
    pending.append(contentsOf: bytes)
    if format == nil { try recognise(isEnd: false) }
    try take(into: &records)
  }

  /// Says that the file ends here.
  public mutating func finish(into records: inout [Placed]) throws(HistoryProblem) {
    if format == nil { try recognise(isEnd: true) }
    if format == .jsonLines, !pending.isEmpty { pending.append(UInt8(ascii: "\n")) }
    try take(into: &records)
    guard format == .edn else { return }
    if splitter.isInForm {
      throw HistoryProblem(
        line: line, column: column, "the text ends inside the operation that begins here",
        expected: "its closing bracket")
    }
    if splitter.isFirst {
      throw HistoryProblem(
        line: 1, column: 1, "there is no operation", expected: Self.bothForms)
    }
    if splitter.isEnclosed {
      throw HistoryProblem(
        line: ahead.line, column: ahead.column, "the text ends inside the brackets around it",
        expected: "`]`")
    }
  }

  private mutating func take(into records: inout [Placed]) throws(HistoryProblem) {
    switch format {
    case nil: break
    case .jsonLines: try takeLines(into: &records)
    case .edn: try takeForms(into: &records)
    }
  }

  private func tooLong() -> HistoryProblem {
    HistoryProblem(
      line: line, column: column,
      "more than \(limits.operationBytes) bytes without the end of an operation",
      expected: "operations of at most that many")
  }
}

// JSON Lines.
extension HistoryReader {
  private mutating func takeLines(into records: inout [Placed]) throws(HistoryProblem) {
    var start = 0
    let depth = limits.depth
    while let end = pending[max(start, examined)...].firstIndex(of: UInt8(ascii: "\n")) {
      examined = 0
      if end - start > limits.operationBytes { throw tooLong() }
      let here = (line: line, column: column)
      let record = try pending.withUnsafeBufferPointer {
        buffer throws(HistoryProblem) -> OperationRecord? in
        let bytes = UnsafeBufferPointer(rebasing: buffer[start..<end])
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
        do throws(TextFault) { return try JSONLine.record(bytes, maximumDepth: depth) } catch {
          throw error.placed(in: bytes, line: here.line, column: here.column)
        }
      }
      if let record { records.append(Placed(record: record, line: line, column: column)) }
      line += 1
      column = 1
      start = end + 1
    }
    pending.removeFirst(start)
    examined = pending.count
    if pending.count > limits.operationBytes { throw tooLong() }
  }
}

// EDN.
extension HistoryReader {
  private mutating func takeForms(into records: inout [Placed]) throws(HistoryProblem) {
    // Where the form that has begun does so; one that began in an earlier piece begins at 0.
    var start = 0
    while examined < pending.count {
      let byte = pending[examined]
      let finding: EDNSplitter.Finding
      do throws(TextFault) { finding = try splitter.take(byte) } catch {
        throw HistoryProblem(
          line: ahead.line, column: ahead.column, error.problem, expected: error.expected)
      }
      if case .begins = finding {
        start = examined
        (line, column) = ahead
      }
      examined += 1
      if byte == UInt8(ascii: "\n") {
        ahead = (ahead.line + 1, 1)
      } else if byte & 0xc0 != 0x80 {
        ahead.column += 1
      }
      if case .ends = finding {
        try takeForm(start..<examined, into: &records)
      }
      if splitter.isInForm, examined - start > limits.operationBytes { throw tooLong() }
    }
    if !splitter.isInForm { start = pending.count }
    pending.removeFirst(start)
    examined -= start
  }

  private func takeForm(
    _ range: Range<Int>, into records: inout [Placed]
  ) throws(HistoryProblem) {
    let here = (line: line, column: column)
    let depth = limits.depth
    let record = try pending.withUnsafeBufferPointer {
      buffer throws(HistoryProblem) -> OperationRecord? in
      let bytes = UnsafeBufferPointer(rebasing: buffer[range])
      do throws(TextFault) { return try EDNOperation.record(bytes, maximumDepth: depth) } catch {
        throw error.placed(in: bytes, line: here.line, column: here.column)
      }
    }
    if let record {
      records.append(Placed(record: record, line: here.line, column: here.column))
    }
  }
}

// Which of the two it is.
extension HistoryReader {
  private mutating func recognise(isEnd: Bool) throws(HistoryProblem) {
    if pending.starts(with: [0xef, 0xbb, 0xbf]) { pending.removeFirst(3) }
    var marks: [(byte: UInt8, line: Int, column: Int)] = []
    var place = (line: 1, column: 1)
    for byte in pending {
      if !EDNText.isSpace(byte) { marks.append((byte, place.line, place.column)) }
      if marks.count == 3 { break }
      place = byte == UInt8(ascii: "\n") ? (place.line + 1, 1) : (place.line, place.column + 1)
    }
    guard let first = marks.first else {
      if isEnd {
        throw HistoryProblem(
          line: 1, column: 1, "there is no operation", expected: Self.bothForms)
      }
      if pending.count > limits.operationBytes { throw tooLong() }
      return
    }
    switch first.byte {
    case UInt8(ascii: ";"), UInt8(ascii: "#"): format = .edn
    case UInt8(ascii: "{"):
      if marks.count > 1 || isEnd {
        let isJSON = marks.count < 2 || "\"}".utf8.contains(marks[1].byte)
        format = isJSON ? .jsonLines : .edn
      }
    case UInt8(ascii: "["), UInt8(ascii: "("):
      if marks.count == 3, marks[1].byte == UInt8(ascii: "{"), marks[2].byte == UInt8(ascii: "\"") {
        throw HistoryProblem(
          line: first.line, column: first.column, "a JSON array",
          expected: "JSON Lines: one object a line, without brackets around them")
      }
      if marks.count == 3 || isEnd || marks.dropFirst().first?.byte == UInt8(ascii: "]") {
        format = .edn
      }
    default:
      throw HistoryProblem(
        line: first.line, column: first.column, "this is no history", expected: Self.bothForms)
    }
  }

  private static let bothForms =
    "`{\"process\": …}` on every line (JSON Lines) or `{:process …}` (EDN)"
}
