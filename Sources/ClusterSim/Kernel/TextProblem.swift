/// Why a text of the user could not be read, and what would have been right. Shown, never trapped.
public struct TextProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// What is wrong, without a final stop.
  public var problem: String
  /// What would be right, to follow the word "expected".
  public var expected: String

  public init(_ problem: String, expected: String) {
    self.problem = problem
    self.expected = expected
  }

  public var description: String { "\(problem); expected \(expected)" }
}
