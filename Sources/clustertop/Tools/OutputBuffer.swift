import Scenarios

/// Standard output in large pieces, for results of millions of lines.
struct OutputBuffer {
  private var bytes: [UInt8] = []
  private static let limit = 1 << 16

  init() { bytes.reserveCapacity(Self.limit + 4096) }

  mutating func append(_ text: StaticString) {
    bytes.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  mutating func append(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  /// A key in UTF-8 as a JSON string: quotes, reverse solidus and all control characters escaped.
  mutating func appendQuoted(_ key: UnsafeRawBufferPointer) {
    bytes.append(UInt8(ascii: "\""))
    if key.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x22 && $0 != 0x5c }) {
      bytes.append(contentsOf: key)
    } else {
      for scalar in String(decoding: key, as: UTF8.self).unicodeScalars { appendEscaped(scalar) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// A key in UTF-8 for people: what a terminal would obey is written `\u{1b}`, and a reverse solidus
  /// twice, so that different keys never look alike.
  mutating func appendVisible(_ key: UnsafeRawBufferPointer) {
    let reverseSolidus = UInt8(ascii: "\\")
    if key.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != reverseSolidus }) {
      bytes.append(contentsOf: key)
      return
    }
    for scalar in String(decoding: key, as: UTF8.self).unicodeScalars {
      let text = String(scalar)
      if scalar == "\\" {
        append(#"\\"#)
      } else if Visible.line(text) == text {
        append(text.utf8)
      } else {
        append("\\u{\(String(scalar.value, radix: 16))}".utf8)
      }
    }
  }

  /// Writes what is there once it is much. Throws `Failure` where that cannot be.
  mutating func flushIfFull() throws(Failure) {
    if bytes.count >= Self.limit { try flush() }
  }

  mutating func flush() throws(Failure) {
    guard !bytes.isEmpty else { return }
    try Descriptor.print(String(decoding: bytes, as: UTF8.self))
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func appendEscaped(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": append(#"\""#)
    case "\\": append(#"\\"#)
    case "\n": append(#"\n"#)
    case "\r": append(#"\r"#)
    case "\t": append(#"\t"#)
    case _ where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
      let digits = String(scalar.value, radix: 16)
      append(#"\u00"#)
      if digits.utf8.count == 1 { append("0") }
      bytes.append(contentsOf: digits.utf8)
    default: bytes.append(contentsOf: String(scalar).utf8)
    }
  }
}
