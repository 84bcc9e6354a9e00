/// A place in a piece of text, with what both formats need to read it.
struct ByteText {
  let bytes: UnsafeBufferPointer<UInt8>
  var at = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  @inline(__always)
  var isAtEnd: Bool { at >= bytes.count }

  /// The next byte; 0, which neither format allows, at the end.
  @inline(__always)
  var next: UInt8 { at < bytes.count ? bytes[at] : 0 }

  @inline(__always)
  func byte(_ distance: Int) -> UInt8 {
    at + distance < bytes.count ? bytes[at + distance] : 0
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Digits with an optional sign, from `start` up to `end`; nil beyond 64 bits.
  func integer(_ start: Int, _ end: Int) -> Int64? {
    var place = start
    let isNegative = bytes[place] == UInt8(ascii: "-")
    if isNegative || bytes[place] == UInt8(ascii: "+") { place += 1 }
    var value: Int64 = 0
    while place < end {
      let digit = Int64(bytes[place] &- 0x30)
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, overToo) =
        isNegative
        ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      if over || overToo { return nil }
      value = sum
      place += 1
    }
    return value
  }

  /// The text from `start` up to `end`. Throws where it is not UTF-8.
  func text(_ start: Int, _ end: Int) throws(TextFault) -> String {
    let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
    guard let text = String(validating: part, as: UTF8.self) else {
      throw TextFault(start, "these bytes are not UTF-8", expected: "text in UTF-8")
    }
    return text
  }

  /// The four hexadecimal digits at `at`, which it passes.
  mutating func hexadecimal() throws(TextFault) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let lower = next | 0x20
      if Self.isDigit(next) {
        value = value << 4 | UInt32(next - 0x30)
      } else if lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") {
        value = value << 4 | UInt32(lower - UInt8(ascii: "a") + 10)
      } else {
        throw TextFault(at, "\(shown()) in `\\u`", expected: "four hexadecimal digits")
      }
      at += 1
    }
    return value
  }

  /// What stands at `at`, short and safe to print, for messages.
  func shown() -> String { shown(from: at) }

  func shown(from start: Int) -> String {
    if start >= bytes.count { return "the end" }
    var end = start + 1
    while end < bytes.count, end - start < 24, !Self.endsWord(bytes[end]) { end += 1 }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    var safe = "`"
    for scalar in text.unicodeScalars { safe.unicodeScalars.append(Self.visible(scalar)) }
    return safe + "`"
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "{"), UInt8(ascii: "}"),
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }

  /// The stand-in of a character that a terminal would obey.
  static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "?"
    case 0x7f: "\u{2421}"
    case 0x80..<0xa0, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: "\u{fffd}"
    default: scalar
    }
  }
}
