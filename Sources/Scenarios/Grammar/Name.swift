/// What nodes and locations may be called: short words that are safe on any screen and in any file.
enum Name {
  static let rule = "a name has 1 to 24 letters, digits, '-', '_' or '.', beginning with a letter"

  static func isName(_ text: String) -> Bool {
    guard (1...24).contains(text.utf8.count), let first = text.utf8.first, isLetter(first) else {
      return false
    }
    return text.utf8.allSatisfy {
      isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
  }
}
