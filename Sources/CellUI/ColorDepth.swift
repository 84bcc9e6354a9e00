/// How many colours a terminal has. The one place where colours are reduced.
public enum ColorDepth: Int, Comparable, Sendable {
  /// No colour at all: attributes only.
  case mono
  case eight
  case sixteen
  /// The 240 fixed entries of the xterm palette; the first 16 belong to the user.
  case indexed
  /// 24 bits.
  case direct

  public static func < (one: ColorDepth, two: ColorDepth) -> Bool { one.rawValue < two.rawValue }

  /// The number that stands for a colour: a palette index, `0xRRGGBB` with `.direct`, or -1 for
  /// the terminal's own (`color` nil, and always with `.mono`). Nearest in OKLab; among few
  /// colours the hue decides. There a colour that could not be told from `page` is not taken.
  public func number(_ color: RGB?, page: RGB? = nil) -> Int {
    guard let color else { return -1 }
    switch self {
    case .mono: return -1
    case .eight: return ColorDepth.nearestHue(color, in: 0..<8, page: page)
    case .sixteen: return ColorDepth.nearestHue(color, in: 0..<16, page: page)
    case .indexed: return ColorDepth.nearest(color)
    // Direct-colour terminals take 0 to 7 for palette entries (terminfo's xterm+direct).
    case .direct: return max(8, Int(color.hex))
    }
  }

  private static func nearest(_ color: RGB) -> Int {
    let target = color.lab
    return (16..<256).min { labs[$0].distance(to: target) < labs[$1].distance(to: target) }!
  }

  /// Pastels lie nearer to grey than to any pure colour, so distance alone would grey them all:
  /// coloured ones choose among coloured entries by hue, greys among greys by lightness.
  private static func nearestHue(_ color: RGB, in range: Range<Int>, page: RGB?) -> Int {
    let target = color.lab
    let colored = target.chroma > 0.04
    var best = range.lowerBound
    var least = Double.infinity
    for index in range {
      if let page, palette[index].contrast(with: page) < 1.7 { continue }
      let lab = labs[index]
      var cost = (target.l - lab.l).magnitude * (colored ? 0.2 : 1)
      if colored != (lab.chroma > 0.04) {
        cost += 10
      } else if colored {
        cost += 1 - (target.a * lab.a + target.b * lab.b) / (target.chroma * lab.chroma)
      }
      if cost < least {
        least = cost
        best = index
      }
    }
    return best
  }

  /// What an index looks like, as far as one can know: xterm's defaults for 0 to 15 (which users
  /// change), then the 6x6x6 cube and 24 greys.
  public static let palette: [RGB] = {
    let first: [UInt32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    let steps: [UInt8] = [0, 95, 135, 175, 215, 255]
    var result = first.map { RGB(hex: $0) }
    for index in 0..<216 {
      result.append(RGB(steps[index / 36], steps[index / 6 % 6], steps[index % 6]))
    }
    for grey in 0..<24 {
      let value = UInt8(8 + grey * 10)
      result.append(RGB(value, value, value))
    }
    return result
  }()

  private static let labs: [RGB.Lab] = palette.map { $0.lab }
}
