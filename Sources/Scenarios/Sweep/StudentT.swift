import ClusterSim
import Glibc

/// Student's t distribution, for intervals around the mean of a few runs.
enum StudentT {
  /// The t that 97.5 % of the distribution with so many degrees of freedom lies below: 95 % lie
  /// within plus and minus it.
  ///
  /// Found by halving, over the finite series for whole degrees of freedom (Abramowitz and Stegun,
  /// Handbook of Mathematical Functions, 26.7.3 and 26.7.4); beyond 2000 degrees by the first terms
  /// of the expansion around the normal quantile (26.7.5), which agree to 1e-9 there.
  static func quantile975(_ degrees: Int) -> Double {
    precondition(degrees > 0)
    if degrees > 2000 {
      let z = 1.959963984540054
      let n = Double(degrees)
      let cube = z * z * z
      return z + (cube + z) / (4 * n)
        + (5 * cube * z * z + 16 * cube + 3 * z) / (96 * n * n)
    }
    var (low, high) = (0.0, 13.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if inside(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The share of the distribution within plus and minus `t`.
  static func inside(_ t: Double, _ degrees: Int) -> Double {
    let angle = atan(t / Double(degrees).squareRoot())
    let (sine, cosine) = (sin(angle), cos(angle))
    let square = cosine * cosine
    if degrees % 2 == 0 {
      var (term, sum) = (1.0, 1.0)
      for k in stride(from: 2, to: degrees, by: 2) {
        term *= Double(k - 1) / Double(k) * square
        sum += term
      }
      return sine * sum
    }
    guard degrees > 1 else { return 2 / Double.pi * angle }
    var (term, sum) = (cosine, cosine)
    for k in stride(from: 3, to: degrees, by: 2) {
      term *= Double(k - 1) / Double(k) * square
      sum += term
    }
    return 2 / Double.pi * (angle + sine * sum)
  }
}
