/// Any server with the same chance: Poisson arrivals stay Poisson, so each is a queue of its own.
enum RandomChoice: BalancerRule {
  static let meaning = "any server with the same chance"

  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int {
    pool.healthy[stream.below(pool.healthy.count)]
  }
}
