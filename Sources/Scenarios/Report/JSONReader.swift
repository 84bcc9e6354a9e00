/// Reads JSON (RFC 8259), as `merge` needs it for lines that this program wrote.
struct JSONReader {
  /// Why a text is no JSON: `offset` bytes from its beginning.
  struct Problem: Error, Equatable {
    let offset: Int
    let message: String
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0
  private static let depthLimit = 32

  /// Reads the one value in `text`. Throws `Problem` where it is none, or nested too deeply.
  static func value(_ text: String) throws(Problem) -> JSONValue {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(Problem) in
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.at == bytes.count else { throw reader.wrong("the end of the line") }
        return value
      }
    }
    return try result.get()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private func wrong(_ expected: String) -> Problem {
    Problem(offset: at, message: "\(expected) is expected")
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(Problem) -> JSONValue {
    guard depth < Self.depthLimit else { throw wrong("less depth") }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(Problem) -> JSONValue {
    guard bytes[at...].starts(with: word.utf8) else { throw wrong("a value") }
    at += word.utf8.count
    return value
  }

  private mutating func object(_ depth: Int) throws(Problem) -> JSONValue {
    at += 1
    var fields: [(String, JSONValue)] = []
    if take(UInt8(ascii: "}")) { return .object(fields) }
    while true {
      skipBlanks()
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw wrong("`:`") }
      fields.append((key, try value(depth: depth + 1)))
      if take(UInt8(ascii: "}")) { return .object(fields) }
      guard take(UInt8(ascii: ",")) else { throw wrong("`,` or `}`") }
    }
  }

  private mutating func array(_ depth: Int) throws(Problem) -> JSONValue {
    at += 1
    var items: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(items) }
    while true {
      items.append(try value(depth: depth + 1))
      if take(UInt8(ascii: "]")) { return .array(items) }
      guard take(UInt8(ascii: ",")) else { throw wrong("`,` or `]`") }
    }
  }

  private mutating func number() throws(Problem) -> JSONValue {
    let start = at
    while let byte = next, (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if let value = Int(text) { return .integer(value) }
    if let value = UInt64(text) { return .unsigned(value) }
    guard let value = Double(text), value.isFinite else {
      at = start
      throw wrong("a value")
    }
    return .number(value)
  }

  private mutating func string() throws(Problem) -> String {
    guard next == UInt8(ascii: "\"") else { throw wrong("a text in quotes") }
    at += 1
    var text: [UInt8] = []
    while let byte = next {
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(&text)
      default: text.append(byte)
      }
    }
    throw wrong("the end of a text")
  }

  /// The escapes that `JSONValue` writes, and the other short ones; no surrogate pairs.
  private mutating func escape(_ text: inout [UInt8]) throws(Problem) {
    guard let byte = next else { throw wrong("an escape") }
    at += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "u"):
      guard at + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw wrong("four hexadecimal digits") }
      at += 4
      text += Array(String(Character(scalar)).utf8)
    default: throw wrong("an escape")
    }
  }
}
