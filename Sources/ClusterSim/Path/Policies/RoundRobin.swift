/// Each server in turn, whatever it has to do.
enum RoundRobin: BalancerRule {
  static let meaning = "each server in turn, whatever it has to do"

  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int {
    pool.nextInTurn()
  }
}
