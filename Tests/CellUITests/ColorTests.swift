import Testing

@testable import CellUI

@Suite struct ColorTests {
  @Test func hex_forms_areRead() {
    #expect(RGB("#ff8000") == RGB(255, 128, 0) && RGB("FF8000") == RGB(255, 128, 0))
    #expect(RGB("#f80") == RGB(255, 136, 0))
    for bad in ["", "#", "ff800", "ff80000", "gg0000", "+f8000", "ff 000"] {
      #expect(RGB(bad) == nil, "\(bad)")
    }
    #expect(RGB(1, 2, 3).description == "010203")
  }

  @Test func luminance_andContrast_areThoseOfWCAG() {
    // WCAG 2: black on white is 21, #777777 on white 4.48, #767676 on white 4.54.
    let white = RGB(hex: 0xFFFFFF)
    #expect(abs(white.contrast(with: RGB(hex: 0)) - 21) < 1e-6)
    #expect(abs(white.contrast(with: RGB(hex: 0x777777)) - 4.48) < 0.005)
    #expect(abs(RGB(hex: 0x767676).contrast(with: white) - 4.54) < 0.005)
  }

  @Test func oklab_knownColors_haveTheirPublishedPlaces() {
    // Ottosson's page and CSS Color 4: red is (0.628, 0.225, 0.126), blue (0.452, -0.032, -0.312).
    let red = RGB(hex: 0xFF0000).lab
    let blue = RGB(hex: 0x0000FF).lab
    #expect(abs(red.l - 0.628) < 0.001 && abs(red.a - 0.225) < 0.001 && abs(red.b - 0.126) < 0.001)
    #expect(
      abs(blue.l - 0.452) < 0.001 && abs(blue.a + 0.032) < 0.001 && abs(blue.b + 0.312) < 0.001)
    for hex in stride(from: UInt32(0), to: 0xFFFFFF, by: 99_991) {
      #expect(RGB(RGB(hex: hex).lab) == RGB(hex: hex))
    }
    #expect(RGB(hex: 0).mixed(with: RGB(hex: 0xFFFFFF), 0) == RGB(hex: 0))
  }

  @Test func indexed_paletteColors_areTheirOwnIndex() {
    for index in 16..<256 {
      let color = ColorDepth.palette[index]
      #expect(ColorDepth.palette[ColorDepth.indexed.number(color)] == color)
    }
    // xterm's formula: 16 + 36 r + 6 g + b; greys 232 + (v - 8) / 10.
    #expect(ColorDepth.indexed.number(RGB(255, 135, 0)) == 208)
    #expect(ColorDepth.indexed.number(RGB(0x12, 0x12, 0x12)) == 233)
  }

  @Test func few_colors_keepTheHue() {
    let theme = Theme.standard
    let page = RGB(hex: 0)
    let expected: [(Role, Int)] = [
      (.dead, 1), (.alive, 2), (.suspect, 3), (.accent, 4), (.hint, 5), (.frozen, 6), (.text, 7),
    ]
    for (role, color) in expected {
      #expect(ColorDepth.sixteen.number(theme[role], page: page) % 8 == color, "\(role)")
      #expect(ColorDepth.eight.number(theme[role], page: page) == color, "\(role)")
    }
  }

  @Test func few_colors_areNeverTakenIfUnreadable() {
    for hex in stride(from: UInt32(0), to: 0xFFFFFF, by: 65_521) {
      for page in [RGB(hex: 0), RGB(hex: 0xFFFFFF)] {
        let taken = ColorDepth.sixteen.number(RGB(hex: hex), page: page)
        #expect(ColorDepth.palette[taken].contrast(with: page) >= 1.7)
      }
    }
  }

  @Test func direct_avoidsPaletteNumbers_andMonoHasNone() {
    #expect(ColorDepth.direct.number(RGB(hex: 0xABCDEF)) == 0xABCDEF)
    for hex in UInt32(0)..<8 { #expect(ColorDepth.direct.number(RGB(hex: hex)) == 8) }
    for depth in [ColorDepth.mono, .eight, .sixteen, .indexed, .direct] {
      #expect(depth.number(nil) == -1)
    }
    #expect(ColorDepth.mono.number(RGB(hex: 0xFF0000)) == -1)
  }

  @Test func look_selection_isColorOrReverse() {
    let chosen = Style(.alive, [.bold, .selected])
    let rich = Theme.standard.look(chosen, .direct)
    #expect(rich.background == Int(Theme.standard[.selection]!.hex) && rich.attributes == .bold)
    for depth in [ColorDepth.mono, .eight, .sixteen] {
      #expect(Theme.standard.look(chosen, depth).attributes == [.bold, .reverse])
    }
    for role in Role.allCases {
      let look = Theme.standard.look(Style(role), .mono)
      #expect(look.foreground == -1 && look.background == -1)
    }
  }

  @Test func look_openTheme_leavesTheBackgroundToTheTerminal() {
    #expect(Theme.standard.look(.text, .direct).background == -1)
    var painted = Theme.standard
    painted[.background] = RGB(hex: 0x102030)
    #expect(painted.look(.text, .direct).background == 0x102030)
    // With few colours text is the terminal's own, so that it can be read on any background.
    #expect(Theme.standard.look(.text, .sixteen).foreground == -1)
  }
}
