/// A client's requests always go to the same server, by rendezvous hashing (Thaler and Ravishankar
/// 1998): the healthy server that scores highest with the client. Only the clients of a server that is
/// left out move.
enum ClientHash: BalancerRule {
  static let meaning = "a client always gets the same server; others take over a dead one's clients"

  static func choose(
    _ pool: inout BalancerPool, client: UInt32, _ stream: inout RandomStream
  ) -> Int {
    var best = pool.healthy[0]
    var highest: UInt64 = 0
    for place in pool.healthy {
      var mixer = SplitMix64(seed: UInt64(client) << 32 | UInt64(place))
      let score = mixer.next()
      if score > highest {
        highest = score
        best = place
      }
    }
    return best
  }
}
