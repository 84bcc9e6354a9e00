/// A btop theme: lines `theme[key]="value"` with `#RRGGBB`, `#GG` (a grey), `r g b` or nothing
/// (the terminal's own). Keys we have no use for are read and left alone.
/// Source: the themes folder and btop_theme.cpp of github.com/aristocratos/btop.
struct BtopTheme {
  private var colors: [String: RGB] = [:]

  init(_ lines: [ThemeLine]) throws {
    for line in lines {
      let text = line.trimmed
      if text.isEmpty || text.first == "#" { continue }
      guard text.starts(with: Array("theme[".unicodeScalars)), let close = text.firstIndex(of: "]")
      else {
        throw line.error(at: text.startIndex, "not a line of the form theme[key]=\"#RRGGBB\"")
      }
      let key = String(scalars: text[(text.startIndex + 6)..<close])
      guard !key.isEmpty else { throw line.error(at: close, "a key is wanted in the brackets") }
      guard close + 1 < text.endIndex, text[close + 1] == "=" else {
        throw line.error(at: close + 1, "= is wanted after the bracket")
      }
      if let color = try BtopTheme.value(text[(close + 2)...], line) { colors[key] = color }
    }
  }

  private static func value(_ text: ArraySlice<Unicode.Scalar>, _ line: ThemeLine) throws -> RGB? {
    var inner = text
    var start = text.startIndex
    if let mark = text.first, mark == "\"" || mark == "'" {
      guard let end = text.dropFirst().firstIndex(of: mark) else {
        throw line.error(at: text.startIndex, "the quotes are not closed")
      }
      let after = text[(end + 1)...].drop { $0 == " " || $0 == "\t" }
      guard after.isEmpty || after.first == "#" else {
        throw line.error(at: after.startIndex, "something follows the closing quotes")
      }
      start = text.startIndex + 1
      inner = text[start..<end]
    }
    let string = String(scalars: inner)
    if string.isEmpty { return nil }
    if string.hasPrefix("#") {
      if string.utf8.count == 7, let color = RGB(string) { return color }
      if string.utf8.count == 3, let grey = UInt8(string.dropFirst(), radix: 16) {
        return RGB(grey, grey, grey)
      }
    } else {
      let parts = string.split(separator: " ").map { UInt8($0) }
      if parts.count == 3, let red = parts[0], let green = parts[1], let blue = parts[2] {
        return RGB(red, green, blue)
      }
    }
    throw line.error(
      at: start,
      "\(string) is no colour; #RRGGBB, #GG for a grey, three numbers 0 to 255, or nothing")
  }

  /// btop's keys as a base16 palette, so that every role gets something that fits.
  func theme(named name: String) throws -> Theme {
    func pick(_ keys: [String], _ otherwise: RGB) -> RGB {
      keys.compactMap { colors[$0] }.first ?? otherwise
    }
    let standard = Theme.standardPalette
    let page = pick(["main_bg"], standard[0])
    let ink = pick(["main_fg"], page.luminance > 0.4 ? RGB(hex: 0x222222) : standard[5])
    var palette = standard
    palette[0] = page
    palette[1] = page.mixed(with: ink, 0.07)
    palette[2] = pick(["selected_bg"], page.mixed(with: ink, 0.2))
    palette[3] = pick(["inactive_fg"], page.mixed(with: ink, 0.4))
    palette[4] = page.mixed(with: ink, 0.7)
    palette[5] = ink
    palette[6] = ink
    palette[7] = pick(["title"], ink)
    palette[8] = pick(["temp_end", "cpu_end", "used_end"], standard[8])
    palette[9] = pick(["proc_misc", "hi_fg"], standard[9])
    palette[10] = pick(["cpu_mid", "available_mid", "used_mid"], standard[10])
    palette[11] = pick(["cpu_start", "free_mid", "free_end"], standard[11])
    palette[12] = pick(["download_mid", "cached_mid", "temp_start"], standard[12])
    palette[13] = pick(["hi_fg", "net_box"], standard[13])
    palette[14] = pick(["upload_mid", "cpu_box"], standard[14])
    var theme = Theme(name: name, palette: palette)
    if colors["main_bg"] == nil { theme[.background] = nil }
    if let color = colors["selected_fg"] { theme[.selectionText] = color }
    if let color = colors["div_line"] { theme[.rule] = color }
    if let color = colors["hi_fg"] {
      theme[.footerKey] = color
      theme[.panelNumber] = color
    }
    return theme
  }
}
