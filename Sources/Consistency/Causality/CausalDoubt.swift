/// Why causality is `unknown`.
public enum CausalDoubt: String, Sendable {
  /// Nobody judged it.
  case notJudged = "not judged"
  /// Then it is open which of the writes a read found.
  case writtenTwice = "a value is written twice"
  /// `CheckOptions.causalWords`.
  case tooLong = "the history is too long for the memory that causality may have"
  /// For the live judge: a process or a value that is no small number.
  case untellable = "a process or a value is beyond what can be told apart"

  public var text: String { rawValue }
}
