/// What gossip says of one node.
struct GossipEntry {
  var counter: UInt32
  var incarnation: UInt32
  var node: NodeID
  var belief: Belief
}

/// A counter that rose.
struct Rise: Equatable {
  let node: NodeID
  /// When it had risen last before, ns.
  let before: Int64
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
  ) -> GossipPayload {
    if table.peerCount < packet { return GossipPayload(whole: WholeTable(table)) }
    var entries: ContiguousArray<GossipEntry> = []
    entries.reserveCapacity(packet)
    entries.append(Self.entry(table.me, table))
    var newest = oldest
    for _ in recent.indices where entries.count <= packet / 2 {
      newest = newest == 0 ? recent.count - 1 : newest - 1
      if table.belief(recent[newest]) != .left { entries.append(Self.entry(recent[newest], table)) }
    }
    var place = stream.below(table.peerCount)
    while entries.count < packet {
      entries.append(Self.entry(table.peer(at: place), table))
      place = place + 1 == table.peerCount ? 0 : place + 1
    }
    return GossipPayload(entries: entries)
  }

  private static func entry(_ node: NodeID, _ table: MembershipTable) -> GossipEntry {
    GossipEntry(
      counter: table.counter(node), incarnation: table.incarnation(of: node), node: node,
      belief: table.belief(node))
  }

  /// Looks for counters that stand still. Newly suspected peers go to `suspects`.
  ///
  /// - Returns: how long he of those held alive has been silent who was silent longest, ns.
  func scan(
    _ table: inout MembershipTable, now: Int64, suspectAfter: Int64, deadAfter: Int64,
    changes: inout [BeliefChange], suspects: inout [NodeID]
  ) -> Int64? {
    if table.suspectCount == 0, let oldest = table.oldestRise, now - oldest <= suspectAfter {
      return now - oldest
    }
    var longest: Int64?
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      switch table.belief(peer) {
      case .alive:
        let silent = now - table.rose(peer)
        if silent > suspectAfter {
          if let change = table.change(peer, to: .suspect, now: now) { changes.append(change) }
          suspects.append(peer)
        } else {
          longest = max(silent, longest ?? 0)
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

  /// Peers to ask about a suspect, at random among those held alive.
  static func confirmers(
    for suspect: NodeID, in table: MembershipTable, count: Int, stream: inout RandomStream
  ) -> [NodeID] {
    if table.peerCount > drawingLimit,
      let drawn = drawnConfirmers(for: suspect, in: table, count: count, stream: &stream)
    {
      return drawn
    }
    var candidates: [NodeID] = []
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      if peer != suspect, table.belief(peer) == .alive { candidates.append(peer) }
    }
    stream.shuffle(&candidates)
    return Array(candidates.prefix(count))
  }

  /// Above so many peers a few are drawn one by one: to shuffle all of them at every suspicion took
  /// two thirds of the time of a run with 5000.
  private static var drawingLimit: Int { 256 }

  /// By drawing again, but not for ever: nil where hardly any are held alive.
  private static func drawnConfirmers(
    for suspect: NodeID, in table: MembershipTable, count: Int, stream: inout RandomStream
  ) -> [NodeID]? {
    var drawn: [NodeID] = []
    for _ in 0..<(16 * count) where drawn.count < count {
      let peer = table.peer(at: stream.below(table.peerCount))
      if peer != suspect, table.belief(peer) == .alive, !drawn.contains(peer) { drawn.append(peer) }
    }
    return drawn.count == count ? drawn : nil
  }

  /// Merges a peer's table; those whose counters rose go to `risen`. The own entry in it tells
  /// whether the peer suspects this node.
  ///
  /// - Parameter packet: how many entries a message may carry; only a bounded one needs to remember
  ///   what is fresh.
  mutating func receive(
    _ entries: ContiguousArray<GossipEntry>, into table: inout MembershipTable, now: Int64,
    packet: Int, changes: inout [BeliefChange], risen: inout [Rise]
  ) {
    let bounded = table.peerCount >= packet
    let most = max(1, packet / 2)
    var place = 0
    while true {
      place = table.merge(entries, from: place, now: now) {
        risen.append($0)
        if bounded { remember($0.node, most: most) }
      }
      guard place < entries.count else { return }
      let said = entries[place]
      let before = table.rose(said.node)
      if said.node == table.me {
        table.refute(said.belief, incarnation: said.incarnation)
      } else if table.isKnown(said.node),
        table.see(
          said.node, counter: said.counter, incarnation: said.incarnation, now: now, &changes)
      {
        risen.append(Rise(node: said.node, before: before))
        if bounded { remember(said.node, most: most) }
      }
      place += 1
    }
  }

  /// As above, of a whole table.
  ///
  /// - Parameter wantsRisen: whether those whose counters rose are asked for.
  mutating func receive(
    _ said: WholeTable, into table: inout MembershipTable, now: Int64, packet: Int,
    wantsRisen: Bool, changes: inout [BeliefChange], risen: inout [Rise]
  ) {
    if let mine = said.entry(table.me) { table.refute(mine.belief, incarnation: mine.incarnation) }
    let bounded = table.peerCount >= packet
    if !bounded {
      let merged =
        wantsRisen
        ? table.merge(said, now: now, &changes) { risen.append($0) }
        : table.merge(said, now: now, &changes)
      if merged { return }
    }
    said.visit { entry in
      let before = table.rose(entry.node)
      guard entry.node != table.me, table.isKnown(entry.node),
        table.see(
          entry.node, counter: entry.counter, incarnation: entry.incarnation, now: now, &changes)
      else { return }
      risen.append(Rise(node: entry.node, before: before))
      if bounded { remember(entry.node, most: max(1, packet / 2)) }
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
