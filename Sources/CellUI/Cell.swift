/// One position of the screen, in eight bytes. A wide character is its lead cell followed by a
/// filler; every scalar in a grid is printable or the filler.
public struct Cell: Equatable, Hashable, Sendable {
  /// The scalar's value; 0 marks the right half of a wide character.
  public var code: UInt32
  public var style: Style

  public init(_ scalar: Unicode.Scalar, _ style: Style) {
    code = scalar.value
    self.style = style
  }

  private init(code: UInt32, style: Style) {
    self.code = code
    self.style = style
  }

  public static let blank = Cell(" ", Style(.text))

  /// The right half of a wide character.
  public static func filler(_ style: Style) -> Cell { Cell(code: 0, style: style) }

  public var isFiller: Bool { code == 0 }
  public var scalar: Unicode.Scalar { Unicode.Scalar(code) ?? " " }
}
