/// Rendezvous hashing (Thaler and Ravishankar 1998): a key lives on the nodes that score highest
/// with it, `-weight / ln(u)` (Schindelhauer and Schomaker 2005) with u in (0, 1) from
/// `mix(mix(token of the key) ^ token of the node's name)`. Tokens are the ring's (SHA-1), mix is
/// the finalizer of SplitMix64 after its increment; the upper 53 bits plus a half make u.
struct RendezvousPlacement: PlacementTable {
  private let tokens: [UInt64]
  private let weights: [Double]

  init(_ nodes: [PlacementNode]) {
    tokens = nodes.map { RingToken.token($0.name) }
    weights = nodes.map { Double($0.weight) }
  }

  var shares: [Double] {
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    var mixer = SplitMix64(seed: RingToken.token(of: key))
    let mixed = mixer.next()
    withUnsafeTemporaryAllocation(of: Double.self, capacity: tokens.count) { distances in
      for node in tokens.indices { distances[node] = distance(mixed, node) }
      if count > 16 {
        list += tokens.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count)
        return
      }
      for node in tokens.indices {
        let last = list.count - 1
        if list.count == count && distances[list[last]] <= distances[node] { continue }
        if list.count == count { list.removeLast() }
        var place = list.count
        while place > 0 && distances[list[place - 1]] > distances[node] { place -= 1 }
        list.insert(node, at: place)
      }
    }
  }

  /// The inverse of the score, so that the least is the best.
  @inline(__always)
  private func distance(_ mixed: UInt64, _ node: Int) -> Double {
    var mixer = SplitMix64(seed: mixed ^ tokens[node])
    let unit = (Double(mixer.next() >> 11) + 0.5) * 0x1p-53
    return -Elementary.log(unit) / weights[node]
  }
}
