/// What a register holds: a whole number or a text. Nothing at all is `nil` of the optional.
public enum HistoryValue: Hashable, Sendable, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  case integer(Int64)
  case text(String)

  public init(integerLiteral value: Int64) { self = .integer(value) }

  public init(stringLiteral value: String) { self = .text(value) }

  /// Values that a program counts; beyond the largest whole number they become their digits.
  public init(_ value: UInt64) {
    self = Int64(exactly: value).map { .integer($0) } ?? .text("\(value)")
  }
}

/// Gives every value a small number, so that a search compares and stores words. Number 0 is nil.
struct ValueTable: Sendable {
  typealias ID = Int32
  static let none: ID = 0

  private(set) var values: [HistoryValue?] = [nil]
  private var integers: [Int64: ID] = [:]
  private var texts: [String: ID] = [:]
  private(set) var textBytes = 0

  mutating func id(_ value: HistoryValue?) -> ID {
    switch value {
    case nil: return Self.none
    case .integer(let number):
      if let known = integers[number] { return known }
      integers[number] = ID(values.count)
    case .text(let text):
      if let known = texts[text] { return known }
      texts[text] = ID(values.count)
      textBytes += text.utf8.count
    }
    values.append(value)
    return ID(values.count - 1)
  }

  subscript(id: ID) -> HistoryValue? { values[Int(id)] }
}
