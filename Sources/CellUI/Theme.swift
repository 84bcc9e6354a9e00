/// Colours for every role. Whether they reach the screen as 24 bits, 256 or 16 colours or not at
/// all is decided elsewhere, in ``ColorDepth``.
public struct Theme: Equatable, Sendable {
  public enum Variant: String, Sendable { case dark, light }

  /// The scheme's own name, as shown to the user.
  public var name: String
  public var variant: Variant
  /// By `Role.rawValue`; nil is the terminal's own colour.
  private var colors: [RGB?]

  /// The colour of a role; nil is the terminal's own foreground or background.
  public subscript(role: Role) -> RGB? {
    get { colors[Int(role.rawValue)] }
    set { colors[Int(role.rawValue)] = newValue }
  }

  /// True if the theme paints the page; else the terminal's own background shows through.
  public var paintsBackground: Bool { self[.background] != nil }

  /// A theme from a base16 palette: 16 (or 24) colours, 00 to 07 from the background to the
  /// brightest text, 08 to 0F red, orange, yellow, green, cyan, blue, magenta, brown
  /// (github.com/tinted-theming/home, styling.md). `variant` nil: told by the palette itself.
  public init(name: String, variant: Variant? = nil, palette: [RGB]) {
    precondition(palette.count >= 16)
    self.name = name
    self.variant =
      variant ?? (palette[0].luminance > palette[5].luminance ? .light : .dark)
    colors = Array(repeating: nil, count: Role.allCases.count)
    for role in Role.allCases {
      self[role] = Theme.color(of: role, palette)
    }
    interpolateHeat()
  }

  /// Heat runs from alive over suspect to dead.
  mutating func interpolateHeat() {
    guard let cool = self[.alive], let warm = self[.suspect], let hot = self[.dead] else { return }
    for step in 0..<8 {
      let share = Double(step) / 7
      let role = Role(rawValue: Role.heat1.rawValue + UInt8(step))!
      self[role] =
        share < 0.5
        ? cool.mixed(with: warm, share * 2) : warm.mixed(with: hot, share * 2 - 1)
    }
  }

  /// The slot that a role takes unless the theme says otherwise. Text is moved towards the
  /// foreground where a scheme has it too faint to be read (WCAG ratios 4.5 and 3).
  private static func color(of role: Role, _ palette: [RGB]) -> RGB {
    let page = palette[0]
    let ink = palette[5]
    switch role {
    case .background: return page
    case .text, .statusText: return ink
    case .title, .selectionText: return palette[7].readable(on: page, toward: ink, ratio: 4.5)
    case .dim, .footerText, .unknown, .left:
      return palette[3].readable(on: page, toward: ink, ratio: 4.5)
    case .rule: return palette[3].readable(on: page, toward: ink, ratio: 1.7)
    case .selection: return palette[2]
    case .statusBar, .footerBar: return palette[1]
    default: return palette[slot(of: role)].readable(on: page, toward: ink, ratio: 3)
    }
  }

  private static func slot(of role: Role) -> Int {
    switch role {
    case .dead, .cut, .error, .bad, .chart4: 0x8
    case .slow, .panelNumber, .replica5: 0x9
    case .suspect, .stale, .warning, .paused, .prompt, .chart3: 0xA
    case .alive, .ok, .good, .chart2, .replica1: 0xB
    case .frozen, .lesson, .request, .chart6, .replica4: 0xC
    case .accent, .focus, .footerKey, .joining, .info, .cache, .chart1, .replica2: 0xD
    case .hint, .leader, .you, .chart5, .replica3: 0xE
    default: 0x5
    }
  }

  /// What is used before any theme has been read: the colours of Themes/dark.yaml.
  public static let standard: Theme = {
    var theme = Theme(name: "Clustertop Dark", palette: standardPalette)
    theme[.background] = nil
    return theme
  }()

  /// base00 to base0F of Themes/dark.yaml.
  static let standardPalette: [RGB] = [
    0x0B0E14, 0x131721, 0x24304A, 0x4D5566, 0x8A93A6, 0xC9D1D9, 0xE6EDF3, 0xF7FAFC,
    0xFF5C6C, 0xFF9F43, 0xF9D65C, 0x4ADE80, 0x39D5E8, 0x5AA9FF, 0xC792EA, 0xB08968,
  ].map { RGB(hex: $0) }
}
