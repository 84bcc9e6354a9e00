// The grammar of JSON.
extension JSONLine {
  mutating func skipSpace() {
    while text.next == 0x20 || text.next == 0x09 || text.next == 0x0d { text.at += 1 }
  }

  func wrong(_ expected: String) -> TextFault {
    TextFault(text.at, "\(text.shown()) does not fit", expected: expected)
  }

  mutating func literal(_ word: StaticString, _ expected: String) throws(TextFault) {
    let start = text.at
    for place in 0..<word.utf8CodeUnitCount {
      guard text.next == word.utf8Start[place] else {
        throw TextFault(start, "\(text.shown(from: start)) does not fit", expected: expected)
      }
      text.at += 1
    }
  }

  mutating func integer(_ expected: String) throws(TextFault) -> Int64 {
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
  mutating func number(_ expected: String) throws(TextFault) -> Bool {
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

  mutating func skipDigits() {
    while ByteText.isDigit(text.next) { text.at += 1 }
  }

  mutating func string() throws(TextFault) -> String {
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

  func unfinished() -> TextFault {
    TextFault(text.at, "\(text.shown()) inside a text", expected: "`\"` before it")
  }

  mutating func escapedString(_ start: Int) throws(TextFault) -> String {
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

  mutating func escape() throws(TextFault) -> Unicode.Scalar {
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
  mutating func skipValue(depth: Int) throws(TextFault) {
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

  mutating func skipItems(closing: UInt8, depth: Int) throws(TextFault) {
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
