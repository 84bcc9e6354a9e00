/// Perceptual arithmetic on colours. CellUI has no math library, so the two roots needed are here.
extension RGB {
  /// Lightness, green-red, blue-yellow in OKLab (Björn Ottosson, 2020); lightness 0...1.
  struct Lab: Equatable {
    var l: Double
    var a: Double
    var b: Double

    /// Distance from grey.
    var chroma: Double { (a * a + b * b).squareRoot() }

    /// Squared distance.
    func distance(to other: Lab) -> Double {
      let (dl, da, db) = (l - other.l, a - other.a, b - other.b)
      return dl * dl + da * da + db * db
    }
  }

  /// Relative luminance, 0 (black) to 1 (white), as WCAG 2 defines it.
  public var luminance: Double {
    0.2126 * RGB.linear(red) + 0.7152 * RGB.linear(green) + 0.0722 * RGB.linear(blue)
  }

  /// WCAG contrast ratio, 1 to 21.
  public func contrast(with other: RGB) -> Double {
    let (one, two) = (luminance + 0.05, other.luminance + 0.05)
    return one > two ? one / two : two / one
  }

  /// This colour, or the first mixture towards `ink` that stands out enough on `page`.
  func readable(on page: RGB, toward ink: RGB, ratio: Double) -> RGB {
    for step in 0..<8 {
      let candidate = step == 0 ? self : mixed(with: ink, Double(step) / 8)
      if candidate.contrast(with: page) >= ratio { return candidate }
    }
    return ink
  }

  /// A mixture in OKLab: `share` 0 is this colour, 1 the other.
  public func mixed(with other: RGB, _ share: Double) -> RGB {
    if share <= 0 { return self }
    if share >= 1 { return other }
    let (one, two) = (lab, other.lab)
    return RGB(
      Lab(
        l: one.l + (two.l - one.l) * share, a: one.a + (two.a - one.a) * share,
        b: one.b + (two.b - one.b) * share))
  }

  var lab: Lab {
    let (r, g, b) = (RGB.linear(red), RGB.linear(green), RGB.linear(blue))
    let l = cubeRoot(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    let m = cubeRoot(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    let s = cubeRoot(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return Lab(
      l: 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
      a: 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
      b: 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s)
  }

  init(_ lab: Lab) {
    let l = lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b
    let m = lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b
    let s = lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b
    let (l3, m3, s3) = (l * l * l, m * m * m, s * s * s)
    self.init(
      RGB.encoded(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
      RGB.encoded(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
      RGB.encoded(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3))
  }

  /// sRGB byte to linear light.
  private static func linear(_ byte: UInt8) -> Double { linearTable[Int(byte)] }

  /// Linear light to the nearest sRGB byte, by search in the table.
  private static func encoded(_ light: Double) -> UInt8 {
    var low = 0
    var high = 255
    while low < high {
      let middle = (low + high) / 2
      if linearTable[middle] < light { low = middle + 1 } else { high = middle }
    }
    if low > 0 && light - linearTable[low - 1] < linearTable[low] - light { low -= 1 }
    return UInt8(low)
  }
}

/// Linear light of every sRGB byte (IEC 61966-2-1).
private let linearTable: [Double] = (0...255).map { byte in
  let value = Double(byte) / 255
  if value <= 0.04045 { return value / 12.92 }
  // x^2.4 = x^2 * (x^2)^(1/5)
  let base = (value + 0.055) / 1.055
  return base * base * fifthRoot(base * base)
}

/// Newton's method on 0...1; a dozen steps reach the last bit.
private func cubeRoot(_ x: Double) -> Double {
  guard x > 0 else { return 0 }
  var y = max(x, 0.05)
  for _ in 0..<16 { y -= (y * y * y - x) / (3 * y * y) }
  return y
}

private func fifthRoot(_ x: Double) -> Double {
  guard x > 0 else { return 0 }
  var y = max(x, 0.3)
  for _ in 0..<16 {
    let y4 = y * y * y * y
    y -= (y4 * y - x) / (5 * y4)
  }
  return y
}
