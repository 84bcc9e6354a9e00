@testable import CellUI

/// SplitMix64 (Steele, Lea, Flood 2014): random grids that are the same every time.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func scalar() -> Unicode.Scalar {
    let some: [Unicode.Scalar] = [
      "a", "Z", " ", "é", "日", "本", "한", "🙂", "⠿", "█", "─", "\u{1B}", "\t", "\u{301}", "\u{202E}",
      "\u{7F}", "\u{9B}", "ß", "→", "●", "\u{200B}", "~",
    ]
    return some.randomElement(using: &self)!
  }

  mutating func style() -> Style {
    Style(
      Role.allCases.randomElement(using: &self)!,
      Attributes(rawValue: UInt8.random(in: 0..<32, using: &self)))
  }
}
