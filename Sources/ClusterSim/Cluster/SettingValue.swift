/// What a setting may hold, with its range; ranges include both ends.
public enum SettingKind: Equatable, Sendable {
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  /// A share from 0 to 1, written `0.05` or `5%`.
  case share
  case span(ClosedRange<Span>)
  /// Bytes, written `1024`, `1KiB`, `4MiB`.
  case bytes(ClosedRange<Int>)
  case flag
  case choice([String])
  case distribution

  /// How the range reads in help and in errors.
  public var range: String {
    switch self {
    case .integer(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .share: "0% to 100%"
    case .span(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .bytes(let range): "\(range.lowerBound) to \(range.upperBound) bytes"
    case .flag: "true or false"
    case .choice(let names): names.joined(separator: ", ")
    case .distribution:
      "constant 1ms, uniform 1ms 2ms, exponential 1ms, normal 5ms 1ms, lognormal 1ms 0.5 "
        + "or pareto 1ms 2.5"
    }
  }
}

/// A setting's value in the type of its kind.
public enum SettingValue: Equatable, Sendable {
  case integer(Int)
  case number(Double)
  case span(Span)
  case flag(Bool)
  case word(String)
  case distribution(Distribution)

  /// Canonical text: what `set` takes and the screen shows.
  public var text: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .span(let value): value.description
    case .flag(let value): value ? "true" : "false"
    case .word(let value): value
    case .distribution(let value): value.description
    }
  }
}

/// Why a text is no value for a setting; `message` says what would be right.
public struct SettingError: Error, Equatable, Sendable {
  public let message: String
  public init(_ message: String) { self.message = message }
}

extension SettingKind {
  /// Reads `text` as a value of this kind.
  public func parse(_ text: String) throws(SettingError) -> SettingValue {
    switch self {
    case .integer(let range):
      guard let value = Int(text), range.contains(value) else { throw wrong(text) }
      return .integer(value)
    case .number(let range):
      guard let value = Double(text), value.isFinite, range.contains(value) else {
        throw wrong(text)
      }
      return .number(value)
    case .share:
      let percent = text.hasSuffix("%")
      guard let read = Double(percent ? String(text.dropLast()) : text), read.isFinite else {
        throw wrong(text)
      }
      let value = percent ? read / 100 : read
      guard (0...1).contains(value) else { throw wrong(text) }
      return .number(value)
    case .span(let range):
      guard case .success(let value) = Span.parse(text), range.contains(value) else {
        throw wrong(text)
      }
      return .span(value)
    case .bytes(let range):
      guard let value = Self.bytes(text), range.contains(value) else { throw wrong(text) }
      return .integer(value)
    case .flag:
      switch text {
      case "true", "on", "yes": return .flag(true)
      case "false", "off", "no": return .flag(false)
      default: throw wrong(text)
      }
    case .choice(let names):
      guard names.contains(text) else { throw wrong(text) }
      return .word(text)
    case .distribution:
      switch Distribution.parse(text) {
      case .success(let value): return .distribution(value)
      case .failure(let error): throw SettingError(error.description)
      }
    }
  }

  private func wrong(_ text: String) -> SettingError {
    SettingError("'\(text)' is not in its range: \(range)")
  }

  private static func bytes(_ text: String) -> Int? {
    for (suffix, factor) in [("KiB", 1024), ("MiB", 1_048_576), ("B", 1)]
    where text.hasSuffix(suffix) {
      guard let count = Int(text.dropLast(suffix.count)) else { return nil }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: factor)
      return overflow ? nil : bytes
    }
    return Int(text)
  }
}
