/// What is wrong with an input file, where, and what would be right. Nothing was changed.
public struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  public let file: String
  /// Counted from 1; 0 where the fault is not at a place in the text (an unreadable file).
  public let line: Int
  /// Counted from 1, in characters.
  public let column: Int
  public let message: String

  public init(file: String, line: Int = 0, column: Int = 0, message: String) {
    self.file = Visible.line(file)
    self.line = line
    self.column = column
    self.message = message
  }

  /// One line: `FILE:LINE:COLUMN: message`, without the position where there is none.
  public var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return Visible.line("\(place): \(message)")
  }
}
