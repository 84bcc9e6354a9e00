import Testing

@testable import CellUI

@Suite struct WidgetTests {
  private func drawn(_ width: Int, _ height: Int, _ glyphs: Glyphs, _ draw: (inout Canvas) -> Void)
    -> String
  {
    var canvas = Canvas(width: width, height: height, glyphs: glyphs)
    draw(&canvas)
    return canvas.grid.text
  }

  @Test func dots_eachBit_isTheBrailleDotOfUnicode() {
    // Unicode chapter 21: dots 1 2 3 in the left column, 4 5 6 in the right, 7 and 8 below.
    let expected: [(x: Int, y: Int, bit: UInt32)] = [
      (0, 0, 0x01), (0, 1, 0x02), (0, 2, 0x04), (1, 0, 0x08), (1, 1, 0x10), (1, 2, 0x20),
      (0, 3, 0x40), (1, 3, 0x80),
    ]
    for dot in expected {
      var dots = DotCanvas(columns: 1, rows: 1)
      dots.set(dot.x, dot.y, .text)
      var canvas = Canvas(width: 1, height: 1)
      dots.draw(&canvas)
      #expect(canvas.grid[0, 0].code == 0x2800 + dot.bit)
      #expect(dots.isSet(dot.x, dot.y) && dots.hasDots(column: 0, row: 0))
    }
  }

  @Test func dots_line_inEveryGlyphSet() {
    func diagonal(_ glyphs: Glyphs) -> String {
      drawn(4, 2, glyphs) { canvas in
        var dots = DotCanvas(columns: 4, rows: 2)
        dots.line(0, 7, 7, 0, .text)
        dots.draw(&canvas)
      }
    }
    #expect(diagonal(.braille) == "  ⡠⠊\n⡠⠊\n")
    #expect(diagonal(.block) == "  ▄▀\n▄▀\n")
    #expect(diagonal(.ascii) == "  .'\n.'\n")
  }

  @Test func dots_circle_isSymmetricalAndRound() {
    var dots = DotCanvas(columns: 21, rows: 11)
    dots.circle(20, 20, radius: 16, .text)
    for y in 0..<41 {
      for x in 0..<41 where dots.isSet(x, y) {
        let distance = Double((x - 20) * (x - 20) + (y - 20) * (y - 20)).squareRoot()
        #expect(abs(distance - 16) < 0.75)
      }
    }
    for (x, y) in [(20, 4), (20, 36), (4, 20), (36, 20)] { #expect(dots.isSet(x, y)) }
    #expect(DotCanvas.cell(onCircle: 20, 20, radius: 16, turns: 0.25) == Point(18, 5))
    #expect(DotCanvas.cell(onCircle: 20, 20, radius: 16, turns: 0.5) == Point(10, 9))
  }

  @Test func dots_outside_doNothing() {
    var dots = DotCanvas(columns: 2, rows: 2)
    dots.set(-1, 0, .text)
    dots.set(0, 8, .text)
    dots.line(-1_000_000, -1_000_000, -5, -5, .text)
    dots.circle(1e12, .nan, radius: 1e9, .text)
    dots.arc(0, 0, radius: .infinity, from: 0, to: 1, .text)
    #expect(!(0..<4).contains { x in (0..<8).contains { dots.isSet(x, $0) } })
  }

  @Test func chart_linearRamp_risesFromCornerToCorner() {
    let chart = LineChart(
      series: [.init([0, 1, 2, 3, 4, 5, 6, 7, 8], Style(.chart1))], timeLabels: ("-8s", "", "now"))
    // The labels take two columns, so ten remain, two dots each: a square of twenty dots. The
    // middle sample lies between dots, both coordinates round up: one dot beside the diagonal.
    let expected = """
      8+        .'
       |      .'
      4+    .:
       |  .'
      0+.'
        -8s    now

      """
    #expect(drawn(12, 6, .ascii, chart.draw) == expected)
  }

  @Test func chart_logarithmic_spacesDecadesEvenly() {
    let axis = Axis(scale: .logarithmic, fitting: 1...1000, given: false)
    #expect(
      axis.ticks(rows: 7) == [
        .init(row: 0, label: "1k"), .init(row: 2, label: "100"), .init(row: 4, label: "10"),
        .init(row: 6, label: "1"),
      ])
    #expect(abs(axis.share(10) - 1.0 / 3) < 1e-9 && axis.share(0) == 0 && axis.share(1e9) == 1)
    let small = Axis(scale: .logarithmic, fitting: 0.03...0.4, given: false)
    #expect(small.ticks(rows: 5).map(\.label) == ["0.5", "0.1", "0.02"])
  }

  @Test func chart_linearAxis_endsAtRoundNumbers() {
    let labels: [(Double, [String])] = [
      (50, ["50", "40", "30", "20", "10", "0"]), (7.2, ["8", "6", "4", "2", "0"]),
      (0.9, ["1", "0.8", "0.6", "0.4", "0.2", "0"]),
      (812, ["1k", "800", "600", "400", "200", "0"]),
      (2.5, ["3", "2", "1", "0"]),
    ]
    for (most, expected) in labels {
      let axis = Axis(scale: .linear, fitting: 0...most, given: false)
      #expect(axis.ticks(rows: 11).map(\.label) == expected, "\(most)")
    }
    #expect(Axis(scale: .linear, fitting: 0...0, given: false).ticks(rows: 1).isEmpty)
  }

  @Test func chart_gapAndMark_areSeen() {
    let chart = LineChart(
      series: [.init([4, 4, .nan, .nan, 4, 4], Style(.chart1))], range: 0...4,
      marks: [.init(age: 2.5, label: "K")], showsValues: false)
    #expect(drawn(6, 3, .ascii, chart.draw) == "'' K''\n   :\n   :\n")
  }

  @Test func chart_filled_reachesTheAxis() {
    let chart = LineChart(
      series: [.init([0, 2, 4], Style(.chart1), filled: true)], range: 0...4, showsValues: false)
    // Tops of the six dot columns, counted from above: 7 6 5 4 2 0.
    #expect(drawn(3, 2, .ascii, chart.draw) == "  :\n.::\n")
    #expect(drawn(3, 2, .braille, chart.draw) == "  ⣼\n⣠⣾⣿\n")
  }

  @Test func chart_anything_neverFails() {
    for glyphs in Glyphs.allCases {
      for width in 0...14 {
        for height in 0...6 {
          for values in [
            [], [Double.nan], [0], [1e308, -1e308], [.infinity, 3], [-5, -1], [0, 0, 0],
          ] {
            for scale in [LineChart.Scale.linear, .logarithmic] {
              var canvas = Canvas(width: width, height: height, glyphs: glyphs)
              LineChart(
                series: [.init(values, Style(.chart1), filled: true, heat: true)], scale: scale,
                marks: [.init(age: -3), .init(age: .nan, label: "x")], timeLabels: ("a", "b", "c")
              ).draw(&canvas)
              #expect(canvas.grid.width == width)
            }
          }
        }
      }
    }
  }

  @Test func bar_parts_fillInOrder() {
    #expect(drawn(10, 1, .ascii) { Bar(0.5).draw(&$0, 0, 0, width: 10) } == "|||||.....\n")
    #expect(drawn(4, 1, .block) { Bar(0.4375, look: .solid).draw(&$0, 0, 0, width: 4) } == "█▊\n")
    #expect(drawn(4, 1, .braille) { Bar(2).draw(&$0, 0, 0, width: 4) } == "■■■■\n")
    #expect(drawn(4, 1, .braille) { Bar(.nan).draw(&$0, 0, 0, width: 4) } == "····\n")
  }

  @Test func sparkline_newest_isAtTheRight() {
    #expect(drawn(6, 1, .block) { Sparkline([1, 4, 8]).draw(&$0, 0, 0, width: 6) } == "   ▁▄█\n")
    #expect(
      drawn(3, 1, .braille) { Sparkline([0, 4], top: 4).draw(&$0, 0, 0, width: 3) } == "  ⣸\n")
    // Only what fits is shown.
    #expect(drawn(2, 1, .block) { Sparkline([8, 4, 8]).draw(&$0, 0, 0, width: 2) } == "▄█\n")
  }

  private let columns: [Table.Column] = [
    .init("node", width: 4), .init("state", width: 8),
    .init("p99", width: 5, alignment: .right, priority: 1),
    .init("hit", width: 6, priority: 2, grows: true),
  ]

  @Test func table_narrow_dropsByPriority() {
    let widths: [(Int, [Bool])] = [
      (40, [true, true, true, true]), (28, [true, true, true, true]),
      (27, [true, true, true, false]),
      (20, [true, true, false, false]), (5, [true, false, false, false]),
    ]
    for (width, kept) in widths {
      #expect(Table.places(columns, width: width).map { $0 != nil } == kept, "\(width)")
    }
    #expect(Table.places(columns, width: 40)[3] == 22..<40)
  }

  @Test func table_selection_isMarkedVisibleAndParked() {
    var canvas = Canvas(width: 20, height: 4, glyphs: .ascii)
    let table = Table(
      columns: columns, rowCount: 9, selected: 7, sortColumn: 0, sortDescending: false)
    let layout = table.draw(&canvas) { row, column in
      column == 0 ? .text("n\(row)", .text) : .mark("+", "UP", Style(.alive))
    }
    let expected =
      "  nod^ state\n  n5   + UP        |\n  n6   + UP        |\n> n7   + UP        #\n"
    #expect(canvas.grid.text == expected)
    #expect(layout.offset == 5 && canvas.cursor == Point(0, 3))
    #expect(
      layout.row(at: Point(3, 2), count: 9) == 6 && layout.row(at: Point(3, 0), count: 9) == nil)
    #expect(layout.column(at: Point(8, 0)) == 1)
    #expect(canvas.grid[2, 3].style.attributes.contains(.selected))
    #expect(!canvas.grid[2, 2].style.attributes.contains(.selected))
  }

  @Test func scroll_offset_changesAsLittleAsPossible() {
    #expect(Scroll.offset(3, selected: 4, rows: 5, count: 20) == 3)
    #expect(Scroll.offset(3, selected: 8, rows: 5, count: 20) == 4)
    #expect(Scroll.offset(3, selected: 1, rows: 5, count: 20) == 1)
    #expect(Scroll.offset(18, selected: nil, rows: 5, count: 20) == 15)
    #expect(Scroll.offset(3, selected: 2, rows: 5, count: 3) == 0)
    #expect(Scroll.offset(3, selected: 2, rows: 0, count: 3) == 0)
  }

  @Test func listBox_long_showsPointerNoteAndBar() {
    let items = (0..<8).map { ListBox.Item("fault \($0)", note: "K\($0)") }
    let text = drawn(18, 3, .ascii) { ListBox(items: items, selected: 4).draw(&$0) }
    #expect(text == "  fault 2      K2|\n  fault 3      K3#\n> fault 4      K4|\n")
  }
}
