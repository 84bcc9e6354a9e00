import CEmbedded
import Glibc
import Testing

@testable import CellUI

@Suite struct ThemeTests {
  private static let slots = [
    "101010", "181818", "282828", "585858", "b8b8b8", "d8d8d8", "e8e8e8", "f8f8f8",
    "ab4642", "dc9656", "f7ca88", "a1b56c", "86c1b9", "7cafc2", "ba8baf", "a16946",
  ]

  private static func palette(_ indent: String, _ quote: String) -> String {
    slots.enumerated().map { slot, color in
      "\(indent)base0\(String(slot, radix: 16, uppercase: true)): \(quote)\(color)\(quote)\n"
    }.joined()
  }

  private func theme(_ text: String) throws -> Theme {
    try Theme(file: Array(text.utf8), fallbackName: "fallback")
  }

  private static let scheme =
    "system: \"base16\"\nname: \"Sample\"\nvariant: \"dark\"\npalette:\n" + palette("  ", "\"")

  @Test func base16_givesSlotsToRoles() throws {
    let theme = try theme(Self.scheme)
    #expect(theme.name == "Sample" && theme.variant == .dark && theme.paintsBackground)
    // The base16 guide: 00 background, 05 text, 08 red, 0A yellow, 0B green, 0D blue.
    #expect(theme[.background] == RGB(hex: 0x101010))
    #expect(theme[.text] == RGB(hex: 0xD8D8D8))
    #expect(theme[.alive] == RGB(hex: 0xA1B56C))
    #expect(theme[.dead] == RGB(hex: 0xAB4642))
    #expect(theme[.suspect] == RGB(hex: 0xF7CA88))
    #expect(theme[.accent] == RGB(hex: 0x7CAFC2))
    #expect(theme[.heat1] == theme[.alive] && theme[.heat8] == theme[.dead])
  }

  @Test func otherForms_ofTheSameScheme_areTheSame() throws {
    let expected = try theme(Self.scheme)
    let forms = [
      "scheme: \"Sample\"\nauthor: 'x: y'\n" + Self.palette("", ""),
      "---\r\n# c\r\nname: Sample # c\r\npalette: # c\r\n\r\n"
        + Self.palette("    ", "'").replacing("\n", with: " # c\r\n"),
      "\u{FEFF}name: Sample\nsystem: base24\npalette:\n" + Self.palette(" ", "\"")
        + " base10: \"000000\"\n base17: \"ffffff\"\n",
      Self.scheme.replacing("a1b56c", with: "#A1B56C").replacing("base0B", with: "base0b"),
    ]
    for form in forms { #expect(try theme(form) == expected, "\(form)") }
  }

  @Test func clustertopMapping_overridesRoles() throws {
    let theme = try theme(
      Self.scheme + "clustertop:\n  alive: base0C\n  dead: \"#ff0000\"\n  background: terminal\n"
        + "  heat8: 00ff00\n")
    #expect(theme[.alive] == RGB(hex: 0x86C1B9) && theme[.dead] == RGB(hex: 0xFF0000))
    #expect(theme[.background] == nil && !theme.paintsBackground)
    #expect(theme[.heat1] == theme[.alive] && theme[.heat8] == RGB(hex: 0x00FF00))
  }

  @Test func badFiles_sayLineColumnAndWhatWouldBeRight() {
    let cases: [(text: String, line: Int, column: Int, says: String)] = [
      ("", 1, 1, "empty"),
      ("# nothing\n\n", 1, 1, "empty"),
      ("hello\n", 1, 1, "key: value"),
      (": x\n", 1, 1, "key: value"),
      ("name:x\n", 1, 1, "key: value"),
      (Self.scheme.replacing("ab4642", with: "ab464"), 13, 11, "six hexadecimal"),
      (Self.scheme.replacing("ab4642", with: "xb4642"), 13, 11, "six hexadecimal"),
      (Self.scheme.replacing("\"ab4642\"", with: "#ab4642"), 13, 11, "quotes"),
      (Self.scheme.replacing("\"ab4642\"", with: ""), 13, 10, "no value"),
      (Self.scheme.replacing("\"ab4642\"", with: "\"ab4642"), 13, 11, "not closed"),
      (Self.scheme.replacing("\"ab4642\"", with: "\"ab4642\" x"), 13, 20, "follows"),
      (Self.scheme.replacing("  base08: \"ab4642\"\n", with: ""), 20, 1, "base08 is missing"),
      (Self.scheme.replacing("base09", with: "base08"), 14, 3, "twice"),
      (Self.scheme.replacing("base09", with: "base18"), 14, 3, "base00 to base0F"),
      (Self.scheme.replacing("  base09", with: "   base09"), 14, 4, "indented by 3"),
      (Self.scheme.replacing("  base09", with: "\tbase09"), 14, 1, "tab"),
      (Self.scheme.replacing("\"base16\"", with: "base8"), 1, 9, "base16 or base24"),
      (Self.scheme.replacing("\"dark\"", with: "dusk"), 3, 10, "dark or light"),
      (Self.scheme.replacing("variant", with: "varient"), 3, 1, "did you mean variant?"),
      (Self.scheme.replacing("palette:\n", with: "palette: x\n"), 4, 10, "stands alone"),
      (Self.scheme.replacing("palette:\n", with: "colors:\n"), 5, 1, "not under palette"),
      (Self.scheme + "clustertop:\n  alvie: base0B\n", 22, 3, "did you mean alive?"),
      (Self.scheme + "clustertop:\n  qqqqqqqq: base0B\n", 22, 3, "no role"),
      (Self.scheme + "clustertop:\n  alive: base13\n", 22, 10, "not in the palette"),
      (Self.scheme + "clustertop:\n  alive: green\n", 22, 10, "slot like base0B"),
      (Self.scheme + "clustertop:\n  alive:\n", 22, 9, "no value"),
      (Self.scheme + "name: again\n", 21, 1, "twice"),
      (Self.scheme + "note: [1, 2]\n", 21, 7, "plain value"),
      ("name: a\u{1B}b\n", 1, 8, "control character"),
      ("name: " + String(repeating: "x", count: 2000) + "\n", 1, 1025, "longer"),
      (String(repeating: "# x\n", count: 20_000), 1, 1, "at most 65536"),
      ("theme[main_bg]=\"#12\n", 1, 16, "not closed"),
      ("theme[main_bg]=\"#1234\"\n", 1, 17, "#RRGGBB"),
      ("theme[main_bg]=\"1 2 300\"\n", 1, 17, "0 to 255"),
      ("theme[main_bg] \"#123456\"\n", 1, 15, "= is wanted"),
      ("theme[]=\"#123456\"\n", 1, 7, "key is wanted"),
      ("theme[a]=\"#123456\"\nmain_fg=1\n", 2, 1, "theme[key]"),
    ]
    for bad in cases {
      do {
        _ = try theme(bad.text)
        Issue.record("accepted: \(bad.text.prefix(60)) (\(bad.says))")
      } catch let error as ThemeError {
        #expect(error.line == bad.line && error.column == bad.column, "\(error) (\(bad.says))")
        #expect(error.message.contains(bad.says), "\(error)")
      } catch {
        Issue.record("\(error)")
      }
    }
    #expect(throws: ThemeError.self) { try Theme(file: [0x6E, 0xFF, 0xFE, 0x0A]) }
  }

  @Test func anyBytes_areRefusedOrRead_neverFatal() {
    for seed in 0..<400 {
      var random = Seeded(UInt64(seed))
      var bytes = Array(
        (seed % 2 == 0 ? Self.scheme : "theme[main_bg]=\"#123456\"\ntheme[title]=\"1 2 3\"\n").utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: at)
        default: bytes.insert(Array("#:\"[] \n\t=".utf8).randomElement(using: &random)!, at: at)
        }
      }
      do {
        let theme = try Theme(file: bytes)
        #expect(theme[.text] != nil)
      } catch let error as ThemeError {
        #expect(error.line >= 1 && error.column >= 1 && !error.message.isEmpty)
      } catch {
        Issue.record("\(error)")
      }
    }
  }

  @Test func btop_forms_areRead() throws {
    let theme = try theme(
      """
      # a btop theme
      theme[main_bg]="#00"
      theme[main_fg]="#cc"
      theme[hi_fg]="181 40 40"
      theme[cpu_start]="#77CA9B"
      theme[cpu_mid]="#cbc06c"
      theme[cpu_end]="#dc4c4c"
      theme[inactive_fg]=""
      theme[something_new]="#123456"
      """)
    #expect(theme.name == "fallback" && theme.variant == .dark)
    #expect(theme[.background] == RGB(hex: 0) && theme[.text] == RGB(hex: 0xCCCCCC))
    #expect(theme[.footerKey] == RGB(181, 40, 40))
    #expect(theme[.alive] == RGB(hex: 0x77CA9B) && theme[.dead] == RGB(hex: 0xDC4C4C))
    let open = try self.theme("theme[main_bg]=\"\"\ntheme[main_fg]=\"#cc\"\n")
    #expect(!open.paintsBackground)
  }

  /// The folder Themes, found from this file.
  private var folder: String {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/") + "/Themes"
  }

  private func contents(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: Theme.fileLimit)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  private var bundled: [(name: String, bytes: [UInt8])] {
    (0..<embedded_theme_count()).map { index in
      let file = embedded_theme(index)
      return (
        String(cString: file.name),
        Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
      )
    }
  }

  @Test func bundledTable_isTheFolder() throws {
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var names: Set<String> = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml") { names.insert(String(name.dropLast(5))) }
    }
    #expect(Set(bundled.map(\.name)) == names)
    #expect(bundled.count == names.count)
    for theme in bundled { #expect(contents("\(folder)/\(theme.name).yaml") == theme.bytes) }
    #expect(embedded_theme(9999).name == nil)
  }

  @Test func bundledThemes_areReadable() throws {
    #expect(bundled.first?.name == "dark")
    var themes: [String: Theme] = [:]
    for (name, bytes) in bundled {
      let theme = try Theme(file: bytes, fallbackName: "none")
      #expect(theme.name != "none")
      themes[name] = theme
      let page = theme[.background] ?? (theme.variant == .dark ? RGB(hex: 0) : RGB(hex: 0xFFFFFF))
      for role in [Role.text, .title, .dim, .footerText] {
        #expect(theme[role]!.contrast(with: page) >= 4.4, "\(name) \(role)")
      }
      for role in [Role.alive, .suspect, .dead, .frozen, .slow, .hint, .you, .error, .footerKey] {
        #expect(theme[role]!.contrast(with: page) >= 3, "\(name) \(role)")
      }
      let selection = theme[.selection]!
      #expect(theme[.selectionText]!.contrast(with: selection) >= 3, "\(name) selection")
    }
    #expect(themes["dark"] == .standard)
    #expect(themes["light"]?.variant == .light && themes["mono"] != nil)
    let strong = try #require(themes["high-contrast"])
    for role in Role.allCases where role.rawValue >= Role.alive.rawValue {
      #expect(strong[role]!.contrast(with: RGB(hex: 0)) >= 7, "\(role)")
    }
  }

  /// Whatever it was read from, a theme is told as a file that reads back to it.
  @Test func fileText_readsBackToTheSameTheme() throws {
    var themes = [Theme.standard]
    for index in 0..<embedded_theme_count() {
      let file = embedded_theme(index)
      themes.append(
        try Theme(file: UnsafeBufferPointer(start: file.bytes, count: file.length)))
    }
    themes.append(
      try Theme(
        file: Array("theme[main_bg]=\"#102030\"\ntheme[main_fg]=\"#ddeeff\"\n".utf8),
        fallbackName: "of btop"))
    for name in ["it's", #"say "so""#, #"it's "so""#] {
      var theme = Theme.standard
      theme.name = name
      themes.append(theme)
    }
    #expect(themes.count > 10)
    for theme in themes {
      var wanted = theme
      if theme.name == #"it's "so""# { wanted.name = #"its "so""# }
      #expect(try Theme(file: Array(theme.fileText.utf8)) == wanted, "\(theme.name)")
    }
  }

  @Test func roles_names_readBack() {
    for role in Role.allCases { #expect(Role(name: role.name) == role) }
    #expect(Role(name: "nonsense") == nil)
    #expect(Role.chart(7) == .chart2 && Role.chart(-1) == .chart6 && Role.replica(5) == .replica1)
    #expect(Role.heat(-1) == .heat1 && Role.heat(.nan) == .heat1 && Role.heat(1) == .heat8)
  }
}
