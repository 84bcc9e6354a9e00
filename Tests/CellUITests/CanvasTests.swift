import Testing

@testable import CellUI

@Suite struct CanvasTests {
  @Test func cell_size_isEightBytes() {
    #expect(MemoryLayout<Style>.size == 4)
    #expect(MemoryLayout<Cell>.stride == 8)
  }

  @Test func text_plain_returnsColumnsAndStaysInRow() {
    var canvas = Canvas(width: 8, height: 2)
    #expect(canvas.text(1, 0, "abc", .text) == 3)
    #expect(canvas.text(6, 1, "xyz", .text) == 2)
    #expect(canvas.grid.text == " abc\n      xy\n")
  }

  @Test func text_longerThanWidth_endsInEllipsis() {
    var canvas = Canvas(width: 12, height: 2)
    #expect(canvas.text(0, 0, "partition", .text, width: 5) == 5)
    #expect(canvas.text(0, 1, "exact", .text, width: 5) == 5)
    #expect(canvas.grid.text == "part…\nexact\n")
    var plain = Canvas(width: 12, height: 1, glyphs: .ascii)
    plain.text(0, 0, "partition", .text, width: 5)
    #expect(plain.grid.line(0) == "part.")
  }

  @Test func text_wideCharacters_takeTwoColumnsAndAreNotHalved() {
    var canvas = Canvas(width: 7, height: 3)
    #expect(canvas.text(0, 0, "日本x", .text) == 5)
    #expect(canvas.grid[0, 0].scalar == "日")
    #expect(canvas.grid[1, 0].isFiller)
    // Three columns hold one wide character and the ellipsis.
    #expect(canvas.text(0, 1, "日本語", .text, width: 3) == 3)
    #expect(canvas.grid.line(1) == "日…")
    // The last column cannot hold half a character.
    canvas.text(6, 2, "日", .text)
    #expect(canvas.grid.line(2) == "")
  }

  @Test func put_overHalfOfWide_blanksTheOtherHalf() {
    var canvas = Canvas(width: 4, height: 2)
    canvas.text(0, 0, "日本", .text)
    canvas.put(1, 0, "x", .text)
    canvas.put(2, 0, "y", .text)
    #expect(canvas.grid.line(0) == " xy")
    #expect(!canvas.grid.cells.contains { $0.isFiller })
    canvas.text(0, 1, "日本", .text)
    canvas.text(1, 1, "語", .text)
    #expect(canvas.grid.line(1) == " 語")
  }

  @Test func text_controlCharacters_becomeVisibleSymbols() {
    var canvas = Canvas(width: 20, height: 2)
    #expect(canvas.text(0, 0, "a\u{1B}[2J\tb\u{7F}\u{9B}", .text) == 9)
    #expect(canvas.grid.line(0) == "a␛[2J␉b␡\u{FFFD}")
    var plain = Canvas(width: 20, height: 1, glyphs: .ascii)
    plain.text(0, 0, "a\u{1B}[2J", .text)
    #expect(plain.grid.line(0) == "a?[2J")
  }

  @Test func text_scalarsWithoutWidth_areLeftOut() {
    var canvas = Canvas(width: 10, height: 1)
    #expect(canvas.text(0, 0, "e\u{301}\u{202E}x\u{200B}y", .text) == 3)
    #expect(canvas.grid.line(0) == "exy")
  }

  @Test func textRight_endsBeforeItsColumn() {
    var canvas = Canvas(width: 10, height: 3)
    canvas.textRight(10, 0, "42", .text)
    canvas.textRight(6, 1, "日本", .text)
    canvas.textRight(10, 2, "0123456789abc", .text, width: 4)
    #expect(canvas.grid.text == "        42\n  日本\n      012…\n")
  }

  @Test func inside_nested_clipsAndMovesTheOrigin() {
    var canvas = Canvas(width: 10, height: 4)
    canvas.inside(Rect(x: 2, y: 1, width: 5, height: 2)) { outer in
      outer.text(0, 0, "abcdefgh", .text)
      outer.inside(Rect(x: 3, y: 1, width: 9, height: 9)) { inner in
        #expect(inner.width == 9)
        inner.text(-1, 0, "xyz", .text)
        inner.text(0, 1, "below", .text)
      }
      #expect(outer.width == 5)
    }
    #expect(canvas.grid.text == "\n  abcde\n     yz\n\n")
  }

  @Test func random_drawing_neverLeavesTheClipNorBreaksWideCharacters() {
    for seed in 0..<200 {
      var random = Seeded(UInt64(seed))
      let size = Size(
        width: .random(in: 0...30, using: &random), height: .random(in: 0...9, using: &random))
      var canvas = Canvas(width: size.width, height: size.height)
      canvas.fill(nil, "#", .text)
      let clip = Rect(
        x: .random(in: -4...20, using: &random), y: .random(in: -3...6, using: &random),
        width: .random(in: 0...20, using: &random), height: .random(in: 0...6, using: &random))
      canvas.inside(clip) { inner in
        for _ in 0..<60 {
          let x = Int.random(in: -6...26, using: &random)
          let y = Int.random(in: -3...9, using: &random)
          switch Int.random(in: 0...4, using: &random) {
          case 0: inner.put(x, y, random.scalar(), random.style())
          case 1:
            inner.text(x, y, String(scalars: (0..<9).map { _ in random.scalar() }), random.style())
          case 2: inner.fill(Rect(x: x, y: y, width: 5, height: 2), "+", random.style())
          case 3: inner.box(title: "日本", note: "n")
          default: inner.textRight(x, y, "日本語", random.style(), width: 3)
          }
        }
      }
      for y in 0..<size.height {
        for x in 0..<size.width {
          let cell = canvas.grid[x, y]
          if !clip.contains(Point(x, y)) {
            #expect(cell == Cell("#", .text), "seed \(seed) at \(x),\(y)")
          }
          let wide = cell.scalar.columns == 2
          let followed = x + 1 < size.width && canvas.grid[x + 1, y].isFiller
          #expect(wide == followed || cell.isFiller, "seed \(seed) at \(x),\(y)")
          if cell.isFiller { #expect(x > 0 && canvas.grid[x - 1, y].scalar.columns == 2) }
        }
      }
    }
  }

  @Test func ascii_everything_isSevenBit() {
    var random = Seeded(7)
    var canvas = Canvas(width: 60, height: 24, glyphs: .ascii)
    for _ in 0..<400 {
      canvas.put(
        .random(in: 0..<60, using: &random), .random(in: 0..<24, using: &random), random.scalar(),
        .text)
    }
    canvas.inside(Rect(x: 0, y: 0, width: 30, height: 12)) {
      LineChart(
        series: [.init([1, 5, 2, 9], Style(.chart1))], scale: .logarithmic,
        marks: [.init(age: 1, label: "K")], timeLabels: ("a", "b", "c")
      ).draw(&$0)
    }
    canvas.inside(Rect(x: 30, y: 0, width: 30, height: 12)) {
      let inner = $0.box(number: 1, title: "Ring", note: "…", focused: true)
      $0.inside(inner) {
        ListBox(items: (0..<30).map { .init("→ \($0)", note: "·") }, selected: 3).draw(&$0)
      }
    }
    Bar(0.5, heat: true).draw(&canvas, 0, 13, width: 20)
    Sparkline([1, 2, 3]).draw(&canvas, 0, 14, width: 20)
    #expect(canvas.grid.cells.allSatisfy { $0.code >= 32 && $0.code < 127 })
    for glyph in [Glyphs.ascii.alive, Glyphs.ascii.frozen, Glyphs.ascii.leader, Glyphs.ascii.hint] {
      #expect(glyph.isASCII)
    }
  }

  @Test func ascii_wideCharacters_keepTheirColumns() {
    var canvas = Canvas(width: 8, height: 1, glyphs: .ascii)
    #expect(canvas.text(0, 0, "日x", .text) == 3)
    #expect(canvas.grid.line(0) == "??x")
  }

  @Test func states_glyphs_differFromEachOther() {
    for glyphs in Glyphs.allCases {
      let states = [
        glyphs.alive, glyphs.suspect, glyphs.dead, glyphs.slow, glyphs.frozen, glyphs.joining,
        glyphs.left, glyphs.unknown,
      ]
      #expect(Set(states).count == states.count)
      #expect(states.allSatisfy { $0.columns == 1 })
    }
  }

  @Test func park_isInGridCoordinatesAndClipped() {
    var canvas = Canvas(width: 10, height: 5)
    canvas.inside(Rect(x: 2, y: 1, width: 4, height: 2)) {
      $0.park(1, 1)
      $0.park(9, 0)
    }
    #expect(canvas.cursor == Point(3, 2))
  }

  @Test func box_withTitle_looksAsRead() {
    var canvas = Canvas(width: 26, height: 3)
    let inner = canvas.box(number: 4, title: "Latency", note: "ms")
    #expect(inner == Rect(x: 1, y: 1, width: 24, height: 1))
    #expect(
      canvas.grid.text
        == "╭─4 Latency ──────── ms ─╮\n│                        │\n╰────────────────────────╯\n")
    var plain = Canvas(width: 26, height: 1, glyphs: .ascii)
    plain.titleRule(number: 2, title: "Nodes", note: "own%")
    #expect(plain.grid.line(0) == "-2 Nodes ---------- own% -")
  }

  @Test func box_tiny_neverFails() {
    for width in 0...9 {
      for height in 0...4 {
        var canvas = Canvas(width: width, height: height)
        canvas.box(number: 1, title: "Ring", note: "note", focused: true)
        Popup(title: "x", width: 30, height: 9).draw(&canvas) { $0.text(0, 0, "hello", .text) }
        #expect(canvas.grid.size == Size(width: width, height: height))
      }
    }
  }
}
