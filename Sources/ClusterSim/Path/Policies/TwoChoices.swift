/// The better of two servers drawn at random (Mitzenmacher, "The Power of Two Choices in Randomized
/// Load Balancing", IEEE TPDS 12(10), 2001). Both draws may hit the same one, as in the paper's model.
enum TwoChoices: BalancerRule {
  static let meaning = "of two servers drawn at random the one with fewer unanswered requests"

  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int {
    let first = pool.healthy[stream.below(pool.healthy.count)]
    let second = pool.healthy[stream.below(pool.healthy.count)]
    return pool.open[second] < pool.open[first] ? second : first
  }
}
