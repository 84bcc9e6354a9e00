/// A JSON value whose keys keep their order, so that equal runs print equal bytes.
public indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case unsigned(UInt64)
  /// What is no finite number prints as `null`.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Field])

  public struct Field: Equatable, Sendable {
    public let key: String
    public let value: JSONValue
  }

  /// `[("a", 1)]` as an object.
  public static func object(_ fields: [(String, JSONValue)]) -> JSONValue {
    .object(fields.map { Field(key: $0.0, value: $0.1) })
  }

  /// Null where there is no figure.
  static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

  /// One line of JSON text.
  public var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .unsigned(let value): text += "\(value)"
    case .number(let value): text += Self.digits(value)
    case .string(let value): Self.quote(value, to: &text)
    case .array(let items):
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += ", " }
        item.write(to: &text)
      }
      text += "]"
    case .object(let fields):
      text += "{"
      for (index, field) in fields.enumerated() {
        if index > 0 { text += ", " }
        Self.quote(field.key, to: &text)
        text += ": "
        field.value.write(to: &text)
      }
      text += "}"
    }
  }

  /// The shortest digits that read back as the same number; whole numbers without a point.
  static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), abs(value) < 0x1p53 { return "\(Int(value))" }
    return "\(value)"
  }

  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        text += "\\u" + YAMLText.hexadecimal(scalar.value, 4).lowercased()
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
