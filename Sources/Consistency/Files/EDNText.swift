/// The grammar of EDN (edn-format/edn), as far as a reader of histories needs it: forms are passed
/// over, or read where they are words, whole numbers or texts.
struct EDNText {
  var text: ByteText
  let maximumDepth: Int

  /// A form that means something in a history; the rest is `other`.
  enum Form {
    case null
    case value(HistoryValue)
    case vector([Item])
    case other
  }

  /// A form inside a vector, and where it begins.
  struct Item {
    let offset: Int
    let form: Form
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
    text = ByteText(bytes)
    self.maximumDepth = maximumDepth
  }

  func wrong(_ expected: String) -> TextFault {
    TextFault(text.at, "\(text.shown()) does not fit", expected: expected)
  }

  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte == UInt8(ascii: ",")
  }

  /// Whether a word, a number or a keyword ends before this byte.
  static func endsToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: ";"):
      true
    default: isSpace(byte)
    }
  }

  /// Passes white space, commas, comments and discarded forms (`#_ form`).
  mutating func skipSpace(depth: Int = 0) throws(TextFault) {
    while true {
      if Self.isSpace(text.next) {
        text.at += 1
      } else if text.next == UInt8(ascii: ";") {
        while !text.isAtEnd, text.next != UInt8(ascii: "\n") { text.at += 1 }
      } else if text.next == UInt8(ascii: "#"), text.byte(1) == UInt8(ascii: "_") {
        text.at += 2
        try skipForm(depth: depth + 1)
      } else {
        return
      }
    }
  }

  /// Passes the characters of a word, number or keyword and returns where it began.
  mutating func token() -> Int {
    let start = text.at
    while !text.isAtEnd, !Self.endsToken(text.next) { text.at += 1 }
    return start
  }

  /// Passes `#tag` before a form: what a tag means is nothing to a history.
  mutating func skipTags(depth: Int) throws(TextFault) {
    while text.next == UInt8(ascii: "#"), text.byte(1) != UInt8(ascii: "{"),
      text.byte(1) != UInt8(ascii: "#")
    {
      text.at += 1
      let start = token()
      guard text.at > start else { throw wrong("a tag after `#`") }
      try skipSpace(depth: depth)
    }
  }

  /// Passes any form.
  mutating func skipForm(depth: Int) throws(TextFault) { _ = try form(depth: depth) }

  /// Reads any form, telling apart what a history may hold.
  mutating func form(depth: Int) throws(TextFault) -> Form {
    guard depth <= maximumDepth else {
      throw TextFault(text.at, "brackets too deep", expected: "at most \(maximumDepth) levels")
    }
    try skipSpace(depth: depth)
    try skipTags(depth: depth)
    switch text.next {
    case UInt8(ascii: "\""): return .value(.text(try string()))
    case UInt8(ascii: "["): return .vector(try items(UInt8(ascii: "]"), depth))
    case UInt8(ascii: "("):
      _ = try items(UInt8(ascii: ")"), depth)
      return .other
    case UInt8(ascii: "{"):
      let start = text.at
      guard try items(UInt8(ascii: "}"), depth).count % 2 == 0 else {
        throw TextFault(start, "a map with a key too many", expected: "a value for every key")
      }
      return .other
    case UInt8(ascii: "#"):
      text.at += 1
      if text.next == UInt8(ascii: "{") {
        _ = try items(UInt8(ascii: "}"), depth)
      } else {
        text.at += 1
        _ = token()
      }
      return .other
    case UInt8(ascii: "\\"):
      text.at += 2
      _ = token()
      guard text.at <= text.bytes.count else { throw Self.endsEarly(text.bytes.count) }
      return .other
    default: return try atom()
    }
  }

  private static func endsEarly(_ offset: Int) -> TextFault {
    TextFault(offset, "the text ends inside an operation", expected: "the rest of it")
  }

  private mutating func items(
    _ closing: UInt8, _ depth: Int
  ) throws(TextFault) -> [Item] {
    text.at += 1
    var items: [Item] = []
    try skipSpace(depth: depth)
    while text.next != closing {
      if text.isAtEnd { throw Self.endsEarly(text.at) }
      let start = text.at
      items.append(Item(offset: start, form: try form(depth: depth + 1)))
      try skipSpace(depth: depth)
    }
    text.at += 1
    return items
  }

  private mutating func atom() throws(TextFault) -> Form {
    let first = text.next
    let signed = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    let isNumber = ByteText.isDigit(signed ? text.byte(1) : first)
    let start = token()
    guard text.at > start else {
      throw text.isAtEnd ? Self.endsEarly(text.at) : wrong("a value")
    }
    if isNumber { return try number(start) }
    let word = try text.text(start, text.at)
    if first == UInt8(ascii: ":") { return .value(.text(word)) }
    return word == "nil" ? .null : .other
  }

  /// Whole numbers, also with the `N` of big ones; ratios, fractions and exponents are `other`.
  private func number(_ start: Int) throws(TextFault) -> Form {
    var end = text.at
    if text.bytes[end - 1] == UInt8(ascii: "N") { end -= 1 }
    var place = start + (ByteText.isDigit(text.bytes[start]) ? 0 : 1)
    while place < end {
      guard ByteText.isDigit(text.bytes[place]) else { return .other }
      place += 1
    }
    guard let value = text.integer(start, end) else {
      throw TextFault(
        start, "\(text.shown(from: start)) does not fit into 64 bits",
        expected: "a smaller number")
    }
    return .value(.integer(value))
  }

  private mutating func string() throws(TextFault) -> String {
    let opening = text.at
    text.at += 1
    var result = ""
    var plain = text.at
    while text.next != UInt8(ascii: "\"") {
      if text.isAtEnd {
        throw TextFault(opening, "a text without an end", expected: "`\"` after it")
      }
      if text.next == UInt8(ascii: "\\") {
        result += try text.text(plain, text.at)
        text.at += 1
        result.unicodeScalars.append(try escape())
        plain = text.at
      } else {
        text.at += 1
      }
    }
    result += try text.text(plain, text.at)
    text.at += 1
    return result
  }

  private mutating func escape() throws(TextFault) -> Unicode.Scalar {
    let start = text.at
    let letter = text.next
    text.at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return Unicode.Scalar(letter)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "u"):
      // A lone surrogate is possible in Clojure's strings and has no place in UTF-8.
      return Unicode.Scalar(try text.hexadecimal()) ?? "\u{fffd}"
    default:
      throw TextFault(
        start, "\(text.shown(from: start)) after `\\`", expected: "one of \" \\ b f n r t u")
    }
  }
}
