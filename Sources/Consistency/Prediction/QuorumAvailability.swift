/// How likely a quorum finds enough of a key's replicas running.
public enum QuorumAvailability {
  /// At least `needed` of `n` replicas, each up with probability `up`, independently.
  public static func binomial(_ needed: Int, of n: Int, up: Double) -> Double {
    QuorumLatency.atLeast(needed, of: n, up)
  }

  /// At least `needed` of `n` replicas that are any n of `nodes` nodes, of which exactly `up` run.
  public static func hypergeometric(_ needed: Int, of n: Int, up: Int, among nodes: Int) -> Double {
    let down = nodes - up
    return (0...n).reduce(0) { sum, found in
      guard found >= needed, found <= up, n - found <= down else { return sum }
      return sum + choose(up, found) * choose(down, n - found) / choose(nodes, n)
    }
  }

  private static func choose(_ n: Int, _ k: Int) -> Double {
    (0..<k).reduce(1) { $0 * Double(n - $1) / Double($1 + 1) }
  }
}
