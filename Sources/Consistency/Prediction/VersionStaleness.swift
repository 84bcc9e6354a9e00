/// How many versions behind a read may be when every quorum is a fresh random choice and writes do
/// not spread further (Bailis et al., VLDB 2012, section 3.1, equation 2).
public enum VersionStaleness {
  /// The probability that a read sees none of the last `k` versions: `(C(N-W,R) / C(N,R))^k`.
  public static func stale(n: Int, r: Int, w: Int, k: Int) -> Double {
    let once = missesOne(n: n, r: r, w: w)
    return (0..<k).reduce(1) { product, _ in product * once }
  }

  /// The probability that R random replicas are none of the W that took the last version.
  private static func missesOne(n: Int, r: Int, w: Int) -> Double {
    if r > n - w { return 0 }
    // C(N-W,R) / C(N,R), factor by factor, as the binomials overflow.
    return (0..<r).reduce(1) { $0 * Double(n - w - $1) / Double(n - $1) }
  }
}
