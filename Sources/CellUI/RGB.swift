/// A colour of 24 bits (sRGB).
public struct RGB: Equatable, Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// From `0xRRGGBB`.
  public init(hex: UInt32) {
    self.init(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
  }

  /// As `0xRRGGBB`.
  public var hex: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// Six hexadecimal digits.
  public var description: String {
    let digits = String(hex, radix: 16)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// From six hexadecimal digits, or three (each doubled), with or without `#`.
  public init?(_ text: some StringProtocol) {
    let digits = text.hasPrefix("#") ? Substring(text.dropFirst()) : Substring(text)
    guard digits.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    switch digits.utf8.count {
    case 6: self.init(hex: UInt32(digits, radix: 16)!)
    case 3:
      let n = UInt32(digits, radix: 16)!
      self.init(hex: (n >> 8 & 15) * 0x110000 + (n >> 4 & 15) * 0x1100 + (n & 15) * 0x11)
    default: return nil
    }
  }
}
