import CNcurses
import Glibc
import Testing

@testable import CellUI

@Suite struct TextTests {
  @Test func width_agreesWithTheCLibrary() throws {
    // The library's table decides what ncurses does; ours must not differ where both know.
    let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
    let before = uselocale(locale)
    defer {
      uselocale(before)
      freelocale(locale)
    }
    var wide = 0
    for value in UInt32(0x20)...0x3FFFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let columns = ct_width(value)
      // -1: control or not in its Unicode version.
      guard columns == 2 || (columns >= 0 && value < 0x3000) else { continue }
      // Both say nothing visible, but glibc counts a soft hyphen and some Hangul parts.
      if value == 0xAD || scalar.properties.generalCategory == .format { continue }
      if scalar.properties.generalCategory == .unassigned { continue }
      if columns == 2 { wide += 1 }
      #expect(scalar.columns == Int(columns), "U+\(String(value, radix: 16))")
    }
    #expect(wide > 80_000)
  }

  @Test func wrap_breaksAtBlanksAndCutsLongWords() {
    #expect(TextWrap.lines("one two three", width: 7) == ["one two", "three"])
    #expect(TextWrap.lines("abcdefgh ij", width: 4) == ["abcd", "efgh", "ij"])
    #expect(TextWrap.lines("a\n\nb", width: 9) == ["a", "", "b"])
    #expect(TextWrap.lines("日本 語", width: 5) == ["日本", "語"])
    #expect(TextWrap.lines("- one two", width: 6, hanging: 2) == ["- one", "  two"])
    #expect(TextWrap.lines("", width: 9) == [""])
  }

  @Test func wrap_anyText_fitsAndLosesNoLetter() {
    for seed in 0..<100 {
      var random = Seeded(UInt64(seed))
      let text = String((0..<60).map { _ in "ab c日".randomElement(using: &random)! })
      let width = Int.random(in: 2...20, using: &random)
      let lines = TextWrap.lines(text, width: width, hanging: 1)
      #expect(lines.allSatisfy { $0.columns <= width }, "seed \(seed)")
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, "seed \(seed)")
    }
  }

  @Test func numbers_areRoundedAndShort() {
    #expect(NumberText.fixed(12.345, 1) == "12.3")
    #expect(NumberText.fixed(-0.04, 1) == "0.0")
    #expect(NumberText.fixed(0.05, 2) == "0.05")
    #expect(NumberText.fixed(99.96, 1) == "100.0")
    #expect(NumberText.fixed(-2.5, 0) == "-3")
    #expect(NumberText.fixed(.nan) == "-")
    #expect(NumberText.fixed(1e300) == "-")
    let short: [(Double, String)] = [
      (0, "0"), (0.25, "0.3"), (7, "7"), (9.96, "10"), (812, "812"), (999.6, "1k"), (1234, "1.2k"),
      (45_000, "45k"), (3_100_000, "3.1M"), (-1500, "-1.5k"), (.infinity, "-"),
    ]
    for (value, text) in short { #expect(NumberText.short(value) == text) }
    #expect(NumberText.left("7", 3) == "  7")
    #expect(NumberText.right("日", 3) == "日 ")
  }

  @Test func plainMath_agreesWithTheCLibrary() {
    for step in -200...400 {
      let turns = Double(step) / 97
      let hand = PlainMath.hand(turns: turns)
      #expect(abs(hand.x - sin(turns * 2 * .pi)) < 1e-9)
      #expect(abs(hand.y + cos(turns * 2 * .pi)) < 1e-9)
    }
    for value in [1e-9, 0.001, 0.5, 1, 2, 9.99, 10, 1000, 123_456.789, 1e15] {
      #expect(abs(PlainMath.log10(value) - log10(value)) < 1e-9)
    }
    #expect(PlainMath.power10(-3) == 0.001)
  }

  @Test func inputLine_editing_movesAndRemoves() {
    var line = InputLine("kill n3")
    func press(_ keys: [Key]) -> Bool { keys.map { line.handle($0) }.allSatisfy { $0 } }
    #expect(press([.backspace, .character("4")]))
    #expect(line.text == "kill n4")
    #expect(press([.home, .delete, .character("K"), .right, .right, .right, .control("k")]))
    #expect(line.text == "Kill")
    #expect(press([.paste(" a\u{1B}b\n")]))
    #expect(line.text == "Kill ab")
    #expect(press([.control("w")]))
    #expect(line.text == "Kill ")
    #expect(press([.left, .control("u")]))
    #expect(line.text == " " && line.cursor == 0)
    #expect(!press([.enter]) && !press([.up]) && !press([.function(1)]))
    var full = InputLine("abc", limit: 4)
    let taken = full.handle(.paste("xyz"))
    #expect(taken && full.text == "abcx")
  }

  @Test func inputLine_longText_showsTheCursor() {
    var canvas = Canvas(width: 10, height: 1)
    InputLine("abcdefghijklm").draw(&canvas, 0, 0, width: 10, prompt: ": ")
    #expect(canvas.grid.line(0) == ": ghijklm")
    #expect(canvas.cursor == Point(9, 0) && canvas.cursorVisible)
  }
}
