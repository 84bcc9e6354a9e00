/// The server with the fewest unanswered requests; among equals the next in turn, so that an idle
/// tier does not load its first server alone.
enum LeastConnections: BalancerRule {
  static let meaning = "the server with the fewest unanswered requests, in turn among equals"

  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int {
    let fewest = pool.healthy.reduce(Int.max) { min($0, pool.open[$1]) }
    let equals = pool.healthy.filter { pool.open[$0] == fewest }
    let last = pool.last
    pool.last = equals.first { $0 > last } ?? equals[0]
    return pool.last
  }
}
