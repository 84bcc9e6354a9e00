import Testing

@testable import CellUI
@testable import NcursesTerminal

@Suite struct KeyTests {
  @Test func names_areWhatTheFooterPrints() {
    let expected: [(Key, String)] = [
      (.character("K"), "K"), (.control("p"), "^P"), (.function(1), "F1"),
      (.character(" "), "Space"),
      (.pageDown, "PgDn"), (.backTab, "S-Tab"), (.escape, "Esc"), (.control("\\"), "^\\"),
      (.character("é"), "é"), (.character("^"), "^"), (.character("F"), "F"),
    ]
    for (key, name) in expected {
      #expect(key.description == name)
      #expect(Key(name) == key)
    }
  }

  @Test func names_ofEveryKey_readBack() {
    var keys: [Key] = (1...12).map { .function($0) }
    keys += (33..<127).map { .character(Unicode.Scalar($0)!) }
    keys += (97...122).map { .control(Unicode.Scalar($0)!) }
    keys += [
      .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right,
    ]
    keys += [.home, .end, .pageUp, .pageDown, .character(" ")]
    #expect(Set(keys.map(\.description)).count == keys.count)
    for key in keys { #expect(Key(key.description) == key) }
  }

  @Test func names_ofNothing_areRefused() {
    for name in ["", "F0", "F13", "F01", "^", "^^^", "Resize", "space", "Paste", "ab", "\u{1B}"]
    where name != "^" {
      #expect(Key(name) == nil, "\(name)")
    }
  }

  @Test func controlCharacters_haveTheirKeys() {
    #expect(NcursesTerminal.key("\r") == .enter)
    #expect(NcursesTerminal.key("\n") == .enter)
    #expect(NcursesTerminal.key("\t") == .tab)
    #expect(NcursesTerminal.key("\u{1B}") == .escape)
    #expect(NcursesTerminal.key("\u{7F}") == .backspace)
    #expect(NcursesTerminal.key("\u{8}") == .backspace)
    #expect(NcursesTerminal.key("\u{10}") == .control("p"))
    #expect(NcursesTerminal.key("\u{0}") == .control("@"))
    #expect(NcursesTerminal.key("\u{9B}") == nil)
    #expect(NcursesTerminal.key("ö") == .character("ö"))
  }
}
