/// Logarithm, exponential and power from additions, multiplications and divisions alone.
///
/// The C library picks a variant of `log` and `exp` by the processor it finds, and they differ in
/// the last bit; a run must not. These are the algorithms of Sun's fdlibm (`e_log.c`, `e_exp.c`,
/// 1993), within one unit in the last place; faster than a call besides, as they are inlined.
enum Elementary {
  private static var ln2High: Double { 6.93147180369123816490e-01 }
  private static var ln2Low: Double { 1.90821492927058770002e-10 }

  /// The natural logarithm of a positive, normal, finite number.
  @inline(__always)
  static func log(_ x: Double) -> Double {
    // x = 2^k (1 + f) with sqrt(1/2) < 1 + f < sqrt(2).
    let offset: UInt64 = 0x3fe6_a09e_667f_3bcd
    let bits = x.bitPattern &- offset
    let k = Double(Int64(bitPattern: bits) >> 52)
    let mantissa = Double(bitPattern: (bits & 0x000f_ffff_ffff_ffff) &+ offset)
    let f = mantissa - 1
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let even =
      w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    let odd =
      z
      * (6.666666666666735130e-01 + w
        * (2.857142874366239149e-01 + w
          * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    let half = 0.5 * f * f
    return k * ln2High - ((half - (s * (half + (odd + even)) + k * ln2Low)) - f)
  }

  /// e to the power of x; 0 below -708 and infinity above 709, where the result would not be normal.
  @inline(__always)
  static func exp(_ x: Double) -> Double {
    if x > 709 { return .infinity }
    if x < -708 { return 0 }
    let k = (x * 1.44269504088896338700e+00).rounded(.toNearestOrEven)
    let high = x - k * ln2High
    let low = k * ln2Low
    let r = high - low
    let t = r * r
    let c =
      r - t
      * (1.66666666666666019037e-01 + t
        * (-2.77777777770155933842e-03 + t
          * (6.61375632143793436117e-05 + t
            * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))))
    let y = 1 - ((low - (r * c) / (2 - c)) - high)
    return y * Double(bitPattern: UInt64(Int64(k) + 1023) << 52)
  }

  /// `base` to the power of `exponent`, for a positive normal base.
  static func power(_ base: Double, _ exponent: Double) -> Double {
    exp(exponent * log(base))
  }
}
