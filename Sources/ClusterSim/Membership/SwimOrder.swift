/// Whom a member of SWIM pings next: anybody at random, or in turn over a shuffled list (DSN 2002,
/// section 4.3).
struct SwimOrder {
  /// Peers in the order of this round, where `swim_order` is `round-robin`.
  private var peers: ContiguousArray<NodeID> = []
  private var place = 0

  /// A member joined: it takes a random place.
  mutating func learn(_ node: NodeID, _ stream: inout RandomStream) {
    if !peers.isEmpty { peers.insert(node, at: stream.below(peers.count + 1)) }
  }

  /// A peer that is not held dead; nil where all are.
  mutating func next(
    _ table: MembershipTable, _ order: Settings.ProbeOrder, _ stream: inout RandomStream
  ) -> NodeID? {
    guard table.peerCount > table.deadCount else { return nil }
    switch order {
    case .random:
      while true {
        let peer = table.peer(at: stream.below(table.peerCount))
        if table.belief(peer) != .dead { return peer }
      }
    case .roundRobin:
      while true {
        if place >= peers.count { shuffle(table, &stream) }
        let peer = peers[place]
        place += 1
        if table.isNotDead(peer) { return peer }
      }
    }
  }

  private mutating func shuffle(_ table: MembershipTable, _ stream: inout RandomStream) {
    peers.removeAll(keepingCapacity: true)
    for place in 0..<table.peerCount { peers.append(table.peer(at: place)) }
    stream.shuffle(&peers)
    place = 0
  }
}
