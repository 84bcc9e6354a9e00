/// Reads one line of a history in JSON Lines (the form of interface.md; JSON itself: RFC 8259).
///
/// Keys may come in any order and unknown ones are passed over, but what is known is held to its
/// type.
struct JSONLine {
  private var text: ByteText
  private let maximumDepth: Int

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
    let known = ["process", "type", "f", "key", "value", "time", "version", "siblings"]
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
    default:
      fields.hasSiblings = text.next == UInt8(ascii: "t")
      try literal(fields.hasSiblings ? "true" : "false", "true or false")
    }
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

// The grammar of JSON.
extension JSONLine {
  private mutating func skipSpace() {
    while text.next == 0x20 || text.next == 0x09 || text.next == 0x0d { text.at += 1 }
  }

  private func wrong(_ expected: String) -> TextFault {
    TextFault(text.at, "\(text.shown()) does not fit", expected: expected)
  }

  private mutating func literal(_ word: StaticString, _ expected: String) throws(TextFault) {
    let start = text.at
    for place in 0..<word.utf8CodeUnitCount {
      guard text.next == word.utf8Start[place] else {
        throw TextFault(start, "\(text.shown(from: start)) does not fit", expected: expected)
      }
      text.at += 1
    }
  }

  private mutating func integer(_ expected: String) throws(TextFault) -> Int64 {
    let start = text.at
    let isWhole = try number(expected)
    guard isWhole else {
      throw TextFault(start, "\(text.shown(from: start)) is not whole", expected: expected)
    }
    guard let value = text.integer(start, text.at) else {
      throw TextFault(
        start, "\(text.shown(from: start)) does not fit into 64 bits", expected: expected)
    }
    return value
  }

  /// Passes a number and tells whether it has neither fraction nor exponent.
  private mutating func number(_ expected: String) throws(TextFault) -> Bool {
    let start = text.at
    if text.next == UInt8(ascii: "-") { text.at += 1 }
    let first = text.next
    let before = text.at
    skipDigits()
    guard text.at > before, first != 0x30 || text.at == before + 1 else {
      throw TextFault(start, "\(text.shown(from: start)) does not fit", expected: expected)
    }
    var isWhole = true
    if text.next == UInt8(ascii: ".") {
      isWhole = false
      text.at += 1
      guard ByteText.isDigit(text.next) else { throw wrong("a digit") }
      skipDigits()
    }
    if text.next | 0x20 == UInt8(ascii: "e") {
      isWhole = false
      text.at += 1
      if text.next == UInt8(ascii: "+") || text.next == UInt8(ascii: "-") { text.at += 1 }
      guard ByteText.isDigit(text.next) else { throw wrong("a digit") }
      skipDigits()
    }
    return isWhole
  }

  private mutating func skipDigits() {
    while ByteText.isDigit(text.next) { text.at += 1 }
  }

  private mutating func string() throws(TextFault) -> String {
    text.at += 1
    let start = text.at
    while text.next != UInt8(ascii: "\"") {
      if text.next == UInt8(ascii: "\\") { return try escapedString(start) }
      guard text.next >= 0x20 else { throw unfinished() }
      text.at += 1
    }
    text.at += 1
    return try text.text(start, text.at - 1)
  }

  private func unfinished() -> TextFault {
    TextFault(text.at, "\(text.shown()) inside a text", expected: "`\"` before it")
  }

  private mutating func escapedString(_ start: Int) throws(TextFault) -> String {
    var result = try text.text(start, text.at)
    while text.next != UInt8(ascii: "\"") {
      guard text.next >= 0x20 else { throw unfinished() }
      if text.next == UInt8(ascii: "\\") {
        text.at += 1
        result.unicodeScalars.append(try escape())
      } else {
        let plain = text.at
        while text.next >= 0x20, text.next != UInt8(ascii: "\""), text.next != UInt8(ascii: "\\") {
          text.at += 1
        }
        result += try text.text(plain, text.at)
      }
    }
    text.at += 1
    return result
  }

  private mutating func escape() throws(TextFault) -> Unicode.Scalar {
    let letter = text.next
    text.at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default:
      throw TextFault(
        text.at - 1, "\(text.shown(from: text.at - 1)) after `\\`",
        expected: "one of \" \\ / b f n r t u")
    }
    let start = text.at
    var code = try text.hexadecimal()
    if code & 0xfc00 == 0xd800, text.next == UInt8(ascii: "\\"),
      text.byte(1) == UInt8(ascii: "u")
    {
      text.at += 2
      let low = try text.hexadecimal()
      guard low & 0xfc00 == 0xdc00 else {
        throw TextFault(start, "half of a surrogate pair", expected: "both halves")
      }
      code = 0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw TextFault(start, "half of a surrogate pair", expected: "both halves")
    }
    return scalar
  }

  /// Passes any value, as strictly as if it were wanted.
  private mutating func skipValue(depth: Int) throws(TextFault) {
    guard depth <= maximumDepth else {
      throw TextFault(text.at, "brackets too deep", expected: "at most \(maximumDepth) levels")
    }
    switch text.next {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "-"), 0x30...0x39: _ = try number("a value")
    case UInt8(ascii: "n"): try literal("null", "a value")
    case UInt8(ascii: "t"): try literal("true", "a value")
    case UInt8(ascii: "f"): try literal("false", "a value")
    case UInt8(ascii: "["): try skipItems(closing: UInt8(ascii: "]"), depth: depth)
    case UInt8(ascii: "{"): try skipItems(closing: UInt8(ascii: "}"), depth: depth)
    default: throw wrong("a value")
    }
  }

  private mutating func skipItems(closing: UInt8, depth: Int) throws(TextFault) {
    text.at += 1
    skipSpace()
    if text.next != closing {
      while true {
        if closing == UInt8(ascii: "}") {
          guard text.next == UInt8(ascii: "\"") else { throw wrong("a key in quotes") }
          _ = try string()
          skipSpace()
          guard text.next == UInt8(ascii: ":") else { throw wrong("`:`") }
          text.at += 1
          skipSpace()
        }
        try skipValue(depth: depth + 1)
        skipSpace()
        if text.next == closing { break }
        guard text.next == UInt8(ascii: ",") else {
          throw wrong("`,` or `\(Unicode.Scalar(closing))`")
        }
        text.at += 1
        skipSpace()
      }
    }
    text.at += 1
  }
}
