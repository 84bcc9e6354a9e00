/// Bits of a style that are not colours.
public struct Attributes: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let dim = Attributes(rawValue: 2)
  public static let underline = Attributes(rawValue: 4)
  public static let reverse = Attributes(rawValue: 8)
  /// Part of the selected item: drawn on the selection colour, reversed where there is no colour.
  public static let selected = Attributes(rawValue: 16)
  public static let italic = Attributes(rawValue: 32)
}

/// How a cell looks, in four bytes: two roles and attributes.
public struct Style: Equatable, Hashable, Sendable {
  public var role: Role
  /// The role painted behind the glyph; `.background` is the page itself.
  public var background: Role
  public var attributes: Attributes
  private var reserved: UInt8 = 0

  public init(_ role: Role, _ attributes: Attributes = [], on background: Role = .background) {
    self.role = role
    self.background = background
    self.attributes = attributes
  }

  public static let text = Style(.text)
  public static let dim = Style(.dim)

  /// The same style with attributes added.
  public func with(_ more: Attributes) -> Style {
    Style(role, attributes.union(more), on: background)
  }

  /// The same style as part of the selected item if `selected`.
  public func selected(_ selected: Bool = true) -> Style {
    selected ? with(.selected) : self
  }

  public func on(_ background: Role) -> Style { Style(role, attributes, on: background) }
}

extension Attributes: Hashable {}
