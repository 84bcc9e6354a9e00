extension Theme {
  /// A style as a terminal can show it.
  public struct Look: Equatable, Hashable, Sendable {
    /// As ``ColorDepth/number(_:page:)`` gives them; -1 is the terminal's own.
    public var foreground: Int
    public var background: Int
    /// Without `.selected`, which has become a colour or `.reverse`.
    public var attributes: Attributes
  }

  /// The colours and attributes of a style at a depth.
  public func look(_ style: Style, _ depth: ColorDepth) -> Look {
    var attributes = style.attributes.subtracting(.selected)
    let chosen = style.attributes.contains(.selected)
    guard depth != .mono else {
      if chosen { attributes.formSymmetricDifference(.reverse) }
      return Look(foreground: -1, background: -1, attributes: attributes)
    }
    let few = depth <= .sixteen
    // The page on which few colours must be told apart; black or white if it is not painted.
    let page = self[.background] ?? (variant == .dark ? RGB(hex: 0) : RGB(hex: 0xFFFFFF))
    var ink = self[style.role]
    var ground = self[style.background]
    // With few colours the terminal's own text colour is the one that can surely be read.
    if few && !paintsBackground && [.text, .statusText, .selectionText].contains(style.role) {
      ink = nil
    }
    if few && [.statusBar, .footerBar, .selection].contains(style.background) {
      ground = self[.background]
    }
    if chosen {
      if few || self[.selection] == nil {
        attributes.formSymmetricDifference(.reverse)
      } else if style.background == .background {
        ground = self[.selection]
        if style.role == .text { ink = self[.selectionText] }
        if let color = ink, let ground, let strong = self[.selectionText] {
          ink = color.readable(on: ground, toward: strong, ratio: 3)
        }
      }
    }
    return Look(
      foreground: depth.number(ink, page: page), background: depth.number(ground),
      attributes: attributes)
  }
}
