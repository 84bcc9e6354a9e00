/// Why a history cannot be judged: where, what is wrong, and what would be right.
public struct HistoryProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// From 1; 0 for a history that never was a file.
  public var line: Int
  /// In characters (Unicode scalars), from 1.
  public var column: Int
  /// Without a final stop; text of the file in it has its control characters made visible.
  public var problem: String
  /// To follow the word "expected".
  public var expected: String

  public init(line: Int, column: Int, _ problem: String, expected: String) {
    self.line = line
    self.column = column
    self.problem = problem
    self.expected = expected
  }

  /// `3:17: problem; expected what would be right`.
  public var description: String { "\(line):\(column): \(problem); expected \(expected)" }
}

/// A problem inside a piece of text, before its place in the file is known.
struct TextFault: Error {
  /// In bytes from the beginning of the piece.
  let offset: Int
  let problem: String
  let expected: String

  init(_ offset: Int, _ problem: String, expected: String) {
    self.offset = offset
    self.problem = problem
    self.expected = expected
  }

  /// The problem at its place: the piece begins at the given line and column.
  func placed(
    in bytes: UnsafeBufferPointer<UInt8>, line: Int, column: Int
  ) -> HistoryProblem {
    var line = line
    var column = column
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
    }
    return HistoryProblem(line: line, column: column, problem, expected: expected)
  }
}

/// Bounds on what an untrusted history may ask of us.
public struct HistoryLimits: Sendable {
  /// Bytes of one operation's text.
  public var operationBytes = 1 << 20
  /// Brackets within brackets.
  public var depth = 64
  /// Lines or maps of a history; at 48 bytes each this bounds the memory.
  public var records = 5_000_000
  /// Bytes of all different keys and texts together.
  public var textBytes = 256 << 20

  public init() {}
}
