/// Why the program ends without having done what was asked; one line for standard error.
struct Failure: Error {
  let message: String
  let code: Int32

  /// What the user gave cannot be used.
  init(_ message: String, code: Int32 = ExitCode.unusable) {
    self.message = message
    self.code = code
  }

  /// Something that was to hold does not.
  static func broken(_ message: String) -> Failure {
    Failure(message, code: ExitCode.doesNotHold)
  }

  /// A signal ended the work; nothing needs saying.
  static func signal(_ number: Int32) -> Failure { Failure("", code: 128 + number) }
}

enum ExitCode {
  static let done: Int32 = 0
  /// A check did not hold: a lesson failed, an objective was missed.
  static let doesNotHold: Int32 = 1
  /// Unusable input or usage.
  static let unusable: Int32 = 2
}
