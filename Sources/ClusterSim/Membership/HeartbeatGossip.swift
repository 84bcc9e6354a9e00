/// A change of one node's mind about another.
struct BeliefChange {
  let subject: NodeID
  let from: Belief
  let to: Belief
}

/// Gossip of heartbeat counters with suspicion, confirmation and refutation, on one node.
///
/// Every `gossip_interval` the node raises its counter and sends its table to `fanout` random peers.
/// A counter that has not risen for `suspect_after` makes its owner suspect; `confirmers` others are
/// asked whether they saw it rise; `dead_after` later it is held dead unless it rose. The verdict is
/// local, as in Cassandra's Gossiper; beliefs travel only so that a suspect can refute.
struct HeartbeatGossip {
  private(set) var table: MembershipTable
  private var counter: UInt32 = 0
  private(set) var incarnation: UInt32
  /// Members in order of id, without this node.
  private var peers: ContiguousArray<NodeID> = []

  var me: NodeID { table.me }

  /// A fresh start: memory is empty but for the configured members, all given the benefit of doubt.
  init(me: NodeID, members: [NodeID], incarnation: UInt32, now: Int64) {
    table = MembershipTable(me: me)
    self.incarnation = incarnation
    for member in members { learn(member, now: now) }
  }

  mutating func learn(_ node: NodeID, now: Int64) {
    table.learn(node, now: now)
    if node != me, !peers.contains(node) { peers.append(node) }
  }

  /// A member left for good, by command.
  mutating func forget(_ node: NodeID) -> BeliefChange? {
    peers.removeAll { $0 == node }
    return change(node, to: .left)
  }

  /// One round: raises the own counter and chooses whom to tell. With probability dead / (alive + 1)
  /// one of them is believed dead, so that a healed partition finds itself again.
  mutating func beginRound(
    now: Int64, fanout: Int, stream: inout RandomStream, into targets: inout [NodeID]
  ) {
    counter &+= 1
    table[me].counter = counter
    table[me].incarnation = incarnation
    table[me].rose = now
    targets.removeAll(keepingCapacity: true)
    let dead = peers.reduce(into: 0) { if table[$1].belief == .dead { $0 += 1 } }
    let alive = peers.count - dead
    if alive > 0 {
      for _ in 0..<min(fanout, alive) {
        // Distinct targets by drawing again: fan-outs are small.
        while true {
          let peer = peers[stream.below(peers.count)]
          if table[peer].belief != .dead, !targets.contains(peer) {
            targets.append(peer)
            break
          }
        }
      }
    }
    if dead > 0, stream.below(alive + 1) < dead {
      var skip = stream.below(dead)
      for peer in peers where table[peer].belief == .dead {
        if skip == 0 {
          targets.append(peer)
          break
        }
        skip -= 1
      }
    }
  }

  /// What a gossip message carries.
  func snapshot() -> ContiguousArray<GossipEntry> {
    ContiguousArray(
      table.entries.map {
        GossipEntry(counter: $0.counter, incarnation: $0.incarnation, belief: $0.belief)
      })
  }

  /// Looks for counters that stand still. Newly suspected peers go to `suspects`.
  mutating func scan(
    now: Int64, suspectAfter: Int64, deadAfter: Int64, changes: inout [BeliefChange],
    suspects: inout [NodeID]
  ) {
    for peer in peers {
      let entry = table[peer]
      switch entry.belief {
      case .alive:
        if now - entry.rose > suspectAfter {
          table[peer].suspectedAt = now
          if let change = change(peer, to: .suspect) { changes.append(change) }
          suspects.append(peer)
        }
      case .suspect:
        if now - entry.suspectedAt > deadAfter, let change = change(peer, to: .dead) {
          changes.append(change)
        }
      case .dead, .left: break
      }
    }
  }

  /// Peers to ask about a suspect, at random among those held alive.
  func confirmers(
    for suspect: NodeID, count: Int, stream: inout RandomStream
  ) -> [NodeID] {
    var candidates = peers.filter { $0 != suspect && table[$0].belief == .alive }
    stream.shuffle(&candidates)
    return Array(candidates.prefix(count))
  }

  /// Merges a peer's table. The own entry in it tells whether the peer suspects this node.
  mutating func receive(
    _ entries: ContiguousArray<GossipEntry>, now: Int64, changes: inout [BeliefChange]
  ) {
    for index in 0..<min(entries.count, table.entries.count) {
      let node = NodeID(UInt16(index))
      if !table.entries[index].known { continue }
      let said = entries[index]
      if node == me {
        refute(said)
      } else {
        see(node, counter: said.counter, incarnation: said.incarnation, now: now, &changes)
      }
    }
  }

  /// Somebody saw `node` at this counter.
  mutating func see(
    _ node: NodeID, counter: UInt32, incarnation: UInt32, now: Int64,
    _ changes: inout [BeliefChange]
  ) {
    let held = table[node]
    if held.belief == .left { return }
    guard (incarnation, counter) > (held.incarnation, held.counter) else { return }
    table[node].counter = counter
    table[node].incarnation = incarnation
    table[node].rose = now
    if held.belief != .alive, let change = change(node, to: .alive) { changes.append(change) }
  }

  /// Suspected at the present incarnation: a higher one shows that the suspicion is old.
  private mutating func refute(_ said: GossipEntry) {
    guard said.belief == .suspect || said.belief == .dead, said.incarnation >= incarnation else {
      return
    }
    incarnation = said.incarnation + 1
  }

  private mutating func change(_ node: NodeID, to belief: Belief) -> BeliefChange? {
    let old = table[node].belief
    guard old != belief else { return nil }
    table[node].belief = belief
    return BeliefChange(subject: node, from: old, to: belief)
  }
}
