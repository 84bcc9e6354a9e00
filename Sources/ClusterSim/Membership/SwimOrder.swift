/// Whom a member of SWIM pings next: anybody at random, or each in turn in a random order that is
/// made anew after every round (DSN 2002, section 4.3).
///
/// A small group's order is a shuffled list. A list of n numbers at each of n members is the largest
/// thing in a big group; there a key stands for the order, and only who joined during the round is
/// written down.
struct SwimOrder {
  /// Up to so many peers are kept as a list.
  static let listLimit = 256

  /// The list of this round, where there is one.
  private var peers: ContiguousArray<NodeID> = []
  /// Otherwise the order of host numbers; those that are no peers are passed over.
  private var numbers: KeyedPermutation?
  /// Who joined during the round and comes just before this place of `numbers`, by places.
  private var newcomers: ContiguousArray<(node: NodeID, place: Int)> = []
  private var place = 0

  /// A member joined: it takes a random place, which may be one that this round has passed.
  mutating func learn(_ node: NodeID, _ stream: inout RandomStream) {
    if let numbers {
      guard node.index >= numbers.count else { return }
      let chosen = stream.below(numbers.count + 1)
      if chosen < place { return }
      let end = newcomers.firstIndex { $0.place > chosen } ?? newcomers.count
      newcomers.insert((node, chosen), at: end)
    } else if !peers.isEmpty {
      let chosen = stream.below(peers.count + 1)
      peers.insert(node, at: chosen)
      // Otherwise the one before would have a second turn.
      if chosen < place { place += 1 }
    }
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
        let node = takeNext(table, &stream)
        if node != table.me, table.isKnown(node), table.isNotDead(node) { return node }
      }
    }
  }

  private mutating func takeNext(
    _ table: MembershipTable, _ stream: inout RandomStream
  ) -> NodeID {
    if place >= numbers?.count ?? peers.count, newcomers.isEmpty { beginRound(table, &stream) }
    guard let numbers else {
      place += 1
      return peers[place - 1]
    }
    if let first = newcomers.first, first.place <= place {
      newcomers.removeFirst()
      return first.node
    }
    place += 1
    return NodeID(UInt16(numbers[place - 1]))
  }

  private mutating func beginRound(_ table: MembershipTable, _ stream: inout RandomStream) {
    place = 0
    if table.peerCount > Self.listLimit {
      peers = []
      numbers = KeyedPermutation(count: table.width, key: stream.next())
      return
    }
    numbers = nil
    peers.removeAll(keepingCapacity: true)
    for place in 0..<table.peerCount { peers.append(table.peer(at: place)) }
    stream.shuffle(&peers)
  }
}
