/// Reads one line of a history in JSON Lines (the form of interface.md; JSON itself: RFC 8259).
///
/// Keys may come in any order and unknown ones are passed over, but what is known is held to its
/// type.
struct JSONLine {
  var text: ByteText
  let maximumDepth: Int

  private static let words = RecordFields.Words(
    process: "\"process\": a whole number",
    type: "\"type\": \"invoke\", \"ok\", \"fail\" or \"info\"",
    function: "\"f\": \"read\", \"write\" or \"cas\"", key: "\"key\": a text",
    pair: "\"value\": [from, to]")

  /// Reads the line. Throws where it is no object, or no operation.
  static func record(
    _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
  ) throws(TextFault) -> OperationRecord {
    var line = JSONLine(text: ByteText(bytes), maximumDepth: maximumDepth)
    return try line.record()
  }

  private mutating func record() throws(TextFault) -> OperationRecord {
    skipSpace()
    guard text.next == UInt8(ascii: "{") else { throw wrong("a JSON object: `{\"process\": …}`") }
    text.at += 1
    var fields = RecordFields()
    var seen = 0
    skipSpace()
    if text.next != UInt8(ascii: "}") {
      while true {
        try field(&fields, &seen)
        skipSpace()
        if text.next == UInt8(ascii: "}") { break }
        guard text.next == UInt8(ascii: ",") else { throw wrong("`,` or `}`") }
        text.at += 1
        skipSpace()
      }
    }
    let end = text.at
    text.at += 1
    skipSpace()
    guard text.isAtEnd else { throw wrong("the end of the line") }
    return try fields.record(Self.words, end: end)
  }

  private mutating func field(
    _ fields: inout RecordFields, _ seen: inout Int
  ) throws(TextFault) {
    let start = text.at
    guard text.next == UInt8(ascii: "\"") else { throw wrong("a key in quotes") }
    let name = try string()
    skipSpace()
    guard text.next == UInt8(ascii: ":") else { throw wrong("`:`") }
    text.at += 1
    skipSpace()
    let known = [
      "process", "type", "f", "key", "value", "time", "version", "siblings", "unordered", "clock",
    ]
    guard let place = known.firstIndex(of: name) else { return try skipValue(depth: 1) }
    guard seen & 1 << place == 0 else {
      throw TextFault(start, "\"\(name)\" is given twice", expected: "it once")
    }
    seen |= 1 << place
    switch place {
    case 0: fields.process = try integer("a whole number: the process")
    case 1: fields.kind = try word("\"invoke\", \"ok\", \"fail\" or \"info\"")
    case 2: fields.function = try word("\"read\", \"write\" or \"cas\"")
    case 3: fields.key = try key()
    case 4:
      fields.valueOffset = text.at
      fields.value = try value()
    case 5: fields.time = try nullable("a whole number of nanoseconds, or null")
    case 6: fields.version = try nullable("a whole number, or null")
    case 7: fields.hasSiblings = try flag()
    case 8: fields.isUnordered = try flag()
    default:
      let start = text.at
      guard text.next == UInt8(ascii: "\""), let clock = VersionClock(text: try string()) else {
        throw TextFault(
          start, "\(text.shown(from: start)) is no clock", expected: "\"n1=4 n2=7 n2+9\"")
      }
      fields.clock = clock
    }
  }

  private mutating func flag() throws(TextFault) -> Bool {
    let isSet = text.next == UInt8(ascii: "t")
    try literal(isSet ? "true" : "false", "true or false")
    return isSet
  }

  private mutating func word<Word: RawRepresentable>(
    _ expected: String
  ) throws(TextFault) -> Word where Word.RawValue == String {
    let start = text.at
    guard text.next == UInt8(ascii: "\""), let word = Word(rawValue: try string()) else {
      throw TextFault(start, "\(text.shown(from: start)) does not fit", expected: expected)
    }
    return word
  }

  private mutating func key() throws(TextFault) -> String {
    switch try scalar("a text or a whole number") {
    case .text(let text)?: return text
    case .integer(let number)?: return "\(number)"
    case nil:
      throw TextFault(text.at - 4, "`null` does not fit", expected: "a text or a whole number")
    }
  }

  private mutating func nullable(_ expected: String) throws(TextFault) -> Int64? {
    if text.next == UInt8(ascii: "n") {
      try literal("null", expected)
      return nil
    }
    return try integer(expected)
  }

  private mutating func value() throws(TextFault) -> RecordFields.Shape {
    let expected = "a whole number, a text, null, or [from, to]"
    guard text.next == UInt8(ascii: "[") else {
      return try scalar(expected).map { .scalar($0) } ?? .absent
    }
    let start = text.at
    text.at += 1
    skipSpace()
    var items: [HistoryValue?] = []
    while text.next != UInt8(ascii: "]") {
      items.append(try scalar("a whole number, a text or null"))
      skipSpace()
      if text.next == UInt8(ascii: "]") { break }
      guard text.next == UInt8(ascii: ","), items.count < 2 else { throw wrong("[from, to]") }
      text.at += 1
      skipSpace()
    }
    guard items.count == 2 else {
      throw TextFault(start, "\(items.count) values in brackets", expected: "[from, to]")
    }
    text.at += 1
    return .pair(items[0], items[1])
  }

  private mutating func scalar(_ expected: String) throws(TextFault) -> HistoryValue? {
    switch text.next {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "-"), 0x30...0x39: return .integer(try integer(expected))
    case UInt8(ascii: "n"):
      try literal("null", expected)
      return nil
    default: throw wrong(expected)
    }
  }
}
