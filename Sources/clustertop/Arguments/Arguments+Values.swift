import ClusterSim

// Values of options in the types that commands want, checked.
extension Arguments {
  /// A whole number. Throws `Failure` where it is none, or out of `range`.
  func integer(_ option: Option, in range: ClosedRange<Int>) throws(Failure) -> Int? {
    guard let text = text(option) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw wrong(
        option, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A seed. Throws `Failure` where it is none.
  func seed() throws(Failure) -> UInt64? {
    guard let text = text(.seed) else { return nil }
    guard let seed = UInt64(text) else {
      throw wrong(.seed, text, "a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }

  /// A factor. Throws `Failure` where it is no number, or out of `range`.
  func number(_ option: Option, in range: ClosedRange<Double>) throws(Failure) -> Double? {
    guard let text = text(option) else { return nil }
    let digits = text.hasPrefix("x") ? String(text.dropFirst()) : text
    guard let value = Double(digits), range.contains(value) else {
      throw wrong(option, text, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A length of time. Throws `Failure` where it is none, or out of `range`.
  func span(_ option: Option, in range: ClosedRange<Span>) throws(Failure) -> Span? {
    guard let text = text(option) else { return nil }
    switch Span.parse(text) {
    case .failure(let problem): throw Failure("--\(option.name): \(problem)")
    case .success(let span):
      guard range.contains(span) else {
        throw wrong(
          option, text, "a length of time from \(range.lowerBound) to \(range.upperBound)")
      }
      return span
    }
  }

  private func wrong(_ option: Option, _ text: String, _ right: String) -> Failure {
    Failure("--\(option.name): '\(text)' is not \(right)")
  }
}
