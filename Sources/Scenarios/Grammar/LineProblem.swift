/// Why a line of text is no action or no condition: where it goes wrong, what would be right.
public struct LineProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// Of the word that is wrong, counted from 1 in characters; one past the end where one is missing.
  public let column: Int
  public let message: String

  public var description: String { message }
}
