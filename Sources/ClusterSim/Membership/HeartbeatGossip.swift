/// What gossip says of one node.
struct GossipEntry {
  var counter: UInt32
  var incarnation: UInt32
  var node: NodeID
  var belief: Belief
}

/// Gossip of heartbeat counters with suspicion, confirmation and refutation, on one node.
///
/// Every `gossip_interval` the node raises its counter and sends its table, or `packet` entries of
/// it, to `fanout` random peers. A counter that has not risen for `suspect_after` makes its owner
/// suspect; `confirmers` others are asked whether they saw it rise; `dead_after` later it is held
/// dead unless it rose. The verdict is local, as in Cassandra's Gossiper; beliefs travel only so
/// that a suspect can refute.
struct HeartbeatGossip {
  /// Peers whose counters rose last, a ring: what a bounded packet is filled with first.
  private var recent: ContiguousArray<NodeID> = []
  private var oldest = 0

  /// One round: raises the own counter and chooses whom to tell. With probability dead / (alive + 1)
  /// one of them is believed dead, so that a healed partition finds itself again.
  mutating func beginRound(
    _ table: inout MembershipTable, now: Int64, fanout: Int, stream: inout RandomStream,
    into targets: inout [NodeID]
  ) {
    table.beat(now: now)
    targets.removeAll(keepingCapacity: true)
    let count = table.peerCount
    let dead = table.deadCount
    let alive = count - dead
    if alive > 0 {
      for _ in 0..<min(fanout, alive) {
        // Distinct targets by drawing again: fan-outs are small.
        while true {
          let peer = table.peer(at: stream.below(count))
          if table.belief(peer) != .dead, !targets.contains(peer) {
            targets.append(peer)
            break
          }
        }
      }
    }
    if let peer = table.deadPeer(&stream) { targets.append(peer) }
  }

  /// What a gossip message carries: the whole table where it fits into `packet` entries, else this
  /// node, those whose counters rose last (half the packet), and a run of others from a random place.
  func snapshot(
    of table: MembershipTable, packet: Int, stream: inout RandomStream
  ) -> ContiguousArray<GossipEntry> {
    var entries: ContiguousArray<GossipEntry> = []
    if table.peerCount < packet {
      entries.reserveCapacity(table.peerCount + 1)
      for index in 0..<table.width {
        let node = NodeID(UInt16(index))
        if table.isKnown(node) { entries.append(Self.entry(node, table)) }
      }
      return entries
    }
    entries.reserveCapacity(packet)
    entries.append(Self.entry(table.me, table))
    for back in 1...max(1, recent.count) where entries.count <= packet / 2 && !recent.isEmpty {
      let place = (oldest + recent.count - back) % recent.count
      if table.belief(recent[place]) != .left { entries.append(Self.entry(recent[place], table)) }
    }
    var place = stream.below(table.peerCount)
    while entries.count < packet {
      entries.append(Self.entry(table.peer(at: place), table))
      place = place + 1 == table.peerCount ? 0 : place + 1
    }
    return entries
  }

  private static func entry(_ node: NodeID, _ table: MembershipTable) -> GossipEntry {
    let held = table[node]
    return GossipEntry(
      counter: held.counter, incarnation: held.incarnation, node: node, belief: held.belief)
  }

  /// Looks for counters that stand still. Newly suspected peers go to `suspects`.
  ///
  /// - Returns: who of those held alive has been silent longest.
  func scan(
    _ table: inout MembershipTable, now: Int64, suspectAfter: Int64, deadAfter: Int64,
    changes: inout [BeliefChange], suspects: inout [NodeID]
  ) -> Silence? {
    var longest: Silence?
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      switch table.belief(peer) {
      case .alive:
        let silent = now - table[peer].rose
        if silent > suspectAfter {
          if let change = table.change(peer, to: .suspect, now: now) { changes.append(change) }
          suspects.append(peer)
        } else if silent > longest?.length ?? -1 {
          longest = Silence(of: peer, length: silent)
        }
      case .suspect:
        if now - table.heldSince(peer) > deadAfter,
          let change = table.change(peer, to: .dead, now: now)
        {
          changes.append(change)
        }
      case .dead, .left: break
      }
    }
    return longest
  }

  /// A peer whose counter has not risen for so long, ns.
  struct Silence {
    let of: NodeID
    let length: Int64
  }

  /// Peers to ask about a suspect, at random among those held alive.
  static func confirmers(
    for suspect: NodeID, in table: MembershipTable, count: Int, stream: inout RandomStream
  ) -> [NodeID] {
    var candidates: [NodeID] = []
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      if peer != suspect, table.belief(peer) == .alive { candidates.append(peer) }
    }
    stream.shuffle(&candidates)
    return Array(candidates.prefix(count))
  }

  /// Merges a peer's table; those whose counters rose go to `risen`. The own entry in it tells
  /// whether the peer suspects this node.
  ///
  /// - Parameter packet: how many entries a message may carry; only a bounded one needs to remember
  ///   what is fresh.
  mutating func receive(
    _ entries: ContiguousArray<GossipEntry>, into table: inout MembershipTable, now: Int64,
    packet: Int, changes: inout [BeliefChange], risen: inout [NodeID]
  ) {
    let bounded = table.peerCount >= packet
    for said in entries {
      if said.node == table.me {
        table.refute(said.belief, incarnation: said.incarnation)
      } else if table.isKnown(said.node),
        table.see(
          said.node, counter: said.counter, incarnation: said.incarnation, now: now, &changes)
      {
        risen.append(said.node)
        if bounded { remember(said.node, most: max(1, packet / 2)) }
      }
    }
  }

  private mutating func remember(_ node: NodeID, most: Int) {
    if recent.count > most {
      recent.removeAll(keepingCapacity: true)
      oldest = 0
    }
    if recent.count < most {
      recent.append(node)
    } else {
      recent[oldest] = node
      oldest = oldest + 1 == most ? 0 : oldest + 1
    }
  }
}

extension MembershipTable {
  /// With probability dead / (alive + 1) one that is believed dead, as Cassandra's Gossiper does.
  func deadPeer(_ stream: inout RandomStream) -> NodeID? {
    guard deadCount > 0, stream.below(peerCount - deadCount + 1) < deadCount else { return nil }
    var skip = stream.below(deadCount)
    for place in 0..<peerCount where belief(peer(at: place)) == .dead {
      if skip == 0 { return peer(at: place) }
      skip -= 1
    }
    return nil
  }

  /// Suspected at the present incarnation: a higher one shows that the suspicion is old. True where
  /// it was raised.
  @discardableResult
  mutating func refute(_ belief: Belief, incarnation said: UInt32) -> Bool {
    guard belief == .suspect || belief == .dead, said >= incarnation else { return false }
    incarnation = said + 1
    return true
  }
}
