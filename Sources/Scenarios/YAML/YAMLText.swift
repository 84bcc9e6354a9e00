/// Looks through a file's bytes before libyaml does, so that a byte that cannot be text is reported
/// with its line and column (libyaml names only an offset).
enum YAMLText {
  /// What is wrong with the bytes, if anything: not UTF-8, or a character that YAML excludes.
  static func firstProblem(in bytes: [UInt8]) -> (position: TextPosition, message: String)? {
    var position = TextPosition(line: 1, column: 1)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x0a {
        position = TextPosition(line: position.line + 1, column: 1)
        index += 1
        continue
      }
      guard let (scalar, length) = decode(bytes, at: index) else {
        return (position, "the byte 0x\(hexadecimal(UInt32(byte), 2)) is not UTF-8 text")
      }
      guard isAllowed(scalar) else {
        let code = hexadecimal(scalar, 4)
        return (position, "the control character U+\(code) cannot stand in a YAML file")
      }
      position.column += 1
      index += length
    }
    return nil
  }

  /// One past the last character of the last line that has any.
  static func end(of bytes: UnsafeBufferPointer<UInt8>) -> TextPosition {
    var end = TextPosition(line: 1, column: 1)
    var current = end
    for byte in bytes {
      if byte == 0x0a {
        current = TextPosition(line: current.line + 1, column: 1)
      } else if byte & 0xc0 != 0x80 {
        // Continuation bytes are no characters of their own.
        current.column += 1
        end = current
      }
    }
    return end
  }

  /// One scalar by the table of well-formed sequences (Unicode 15, table 3-7); nil if ill-formed.
  private static func decode(_ bytes: [UInt8], at start: Int) -> (scalar: UInt32, length: Int)? {
    let first = UInt32(bytes[start])
    if first < 0x80 { return (first, 1) }
    let length: Int
    let lowest: UInt32
    switch first {
    case 0xc2...0xdf: (length, lowest) = (2, 0x80)
    case 0xe0...0xef: (length, lowest) = (3, 0x800)
    case 0xf0...0xf4: (length, lowest) = (4, 0x10000)
    default: return nil
    }
    guard start + length <= bytes.count else { return nil }
    var scalar = first & (0x7f >> UInt32(length))
    for byte in bytes[(start + 1)..<(start + length)] {
      guard byte & 0xc0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3f)
    }
    guard scalar >= lowest, Unicode.Scalar(scalar) != nil else { return nil }
    return (scalar, length)
  }

  /// The printable characters of YAML 1.1, section 5.1.
  private static func isAllowed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0a, 0x0d, 0x20...0x7e, 0x85, 0xa0...0xd7ff, 0xe000...0xfefe, 0xff00...0xfffd,
      0x10000...0x10ffff:
      true
    default: false
    }
  }

  static func hexadecimal(_ value: UInt32, _ digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
