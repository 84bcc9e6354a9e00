/// A change of one node's mind about another.
struct BeliefChange {
  let subject: NodeID
  let from: Belief
  let to: Belief
}

/// One node's own table of all others (van Renesse et al. 1998; model.md section 3). Two nodes may
/// disagree; nobody knows better than their own table.
///
/// Sixteen bytes a member, as arrays side by side: a full view of n nodes by n nodes is the largest
/// thing in a big cluster. Tables that nobody has written to since the start share their memory.
struct MembershipTable {
  /// One member as read from the arrays.
  struct Entry {
    var counter: UInt32
    var incarnation: UInt32
    /// When the counter last rose here, in this node's time.
    var rose: Int64
    var belief: Belief
    /// False for hosts that are no members: caches, clients.
    var known: Bool
  }

  private(set) var me: NodeID
  /// The own incarnation; what the own entry says of it is what was last gossiped.
  var incarnation: UInt32
  /// Peers held dead.
  private(set) var deadCount = 0

  /// Members in the order in which they were learnt, with this node; shared between tables.
  private var roster: ContiguousArray<NodeID> = []
  private var myPlace = 0

  /// Incarnation, known and belief: 29, 1 and 2 bits.
  private var states: ContiguousArray<UInt32> = []
  private var counters: ContiguousArray<UInt32> = []
  private var rises: ContiguousArray<Int64> = []
  /// Since when the present belief is held, for those whose belief ever changed, by number.
  private var marks: ContiguousArray<(node: NodeID, at: Int64)> = []

  /// A fresh start: memory is empty but for the configured members, all given the benefit of doubt.
  init(me: NodeID, members: [NodeID], incarnation: UInt32, now: Int64) {
    self.me = me
    self.incarnation = incarnation
    for member in members { learn(member, now: now) }
    if !isKnown(me) { learn(me, now: now) }
    myPlace = roster.firstIndex(of: me)!
  }

  /// The same table as another of its members has it at the start, sharing its memory; `place` is
  /// where that member stands among those given to `init`.
  func owned(by node: NodeID, place: Int) -> MembershipTable {
    var table = self
    table.me = node
    table.myPlace = place
    return table
  }

  // MARK: Who is a member

  /// One past the highest number of a host that this table has a place for.
  var width: Int { states.count }

  var peerCount: Int { roster.count - 1 }

  /// The members without this node, in the order in which they were learnt.
  @inline(__always)
  func peer(at place: Int) -> NodeID { roster[place < myPlace ? place : place + 1] }

  @inline(__always)
  func isKnown(_ node: NodeID) -> Bool {
    node.index < states.count && states[node.index] & 4 != 0
  }

  /// Learns of a member by command, alive until shown otherwise.
  mutating func learn(_ node: NodeID, now: Int64) {
    while states.count <= node.index {
      states.append(0)
      counters.append(0)
      rises.append(now)
    }
    if !isKnown(node) { roster.append(node) }
    states[node.index] = 4
    counters[node.index] = 0
    rises[node.index] = now
  }

  /// A member left for good, by command.
  mutating func forget(_ node: NodeID, now: Int64) -> BeliefChange? {
    guard isKnown(node), belief(node) != .left else { return nil }
    roster.removeAll { $0 == node }
    myPlace = roster.firstIndex(of: me)!
    return change(node, to: .left, now: now)
  }

  // MARK: What is believed

  @inline(__always)
  subscript(node: NodeID) -> Entry {
    let state = states[node.index]
    return Entry(
      counter: counters[node.index], incarnation: state >> 3, rose: rises[node.index],
      belief: Belief(rawValue: UInt8(state & 3))!, known: state & 4 != 0)
  }

  @inline(__always)
  func belief(_ node: NodeID) -> Belief {
    Belief(rawValue: UInt8(states[node.index] & 3))!
  }

  @inline(__always)
  func incarnation(of node: NodeID) -> UInt32 { states[node.index] >> 3 }

  @inline(__always)
  func isAlive(_ node: NodeID) -> Bool { node == me || states[node.index] & 3 == 0 }

  /// Whether this node would still send to the other: alive or only suspected. One that it never heard
  /// of, as it had left before this node's restart, has the benefit of doubt as well: an address that
  /// was kept on disk may still name it.
  @inline(__always)
  func isNotDead(_ node: NodeID) -> Bool {
    node == me || node.index >= states.count
      || states[node.index] & 3 <= UInt32(Belief.suspect.rawValue)
  }

  /// Since when the present belief is held: since it was learnt where it never changed.
  func heldSince(_ node: NodeID) -> Int64 {
    let place = markPlace(node)
    return place < marks.count && marks[place].node == node ? marks[place].at : rises[node.index]
  }

  mutating func change(_ node: NodeID, to belief: Belief, now: Int64) -> BeliefChange? {
    let old = self.belief(node)
    guard old != belief else { return nil }
    states[node.index] = states[node.index] & ~3 | UInt32(belief.rawValue)
    if old == .dead { deadCount -= 1 }
    if belief == .dead { deadCount += 1 }
    let place = markPlace(node)
    if place < marks.count, marks[place].node == node {
      marks[place].at = now
    } else {
      marks.insert((node, now), at: place)
    }
    return BeliefChange(subject: node, from: old, to: belief)
  }

  mutating func setIncarnation(_ value: UInt32, of node: NodeID) {
    states[node.index] = states[node.index] & 7 | value << 3
  }

  /// The own heartbeat: one more, at the present incarnation.
  mutating func beat(now: Int64) {
    counters[me.index] &+= 1
    setIncarnation(incarnation, of: me)
    rises[me.index] = now
  }

  /// Whether the table has a place for a node; one that joined while its owner was away has none yet.
  func hasPlace(for node: NodeID) -> Bool { node.index < states.count }

  /// Somebody saw `node` at this counter and incarnation; true where that is news.
  @inline(__always)
  mutating func see(
    _ node: NodeID, counter: UInt32, incarnation: UInt32, now: Int64,
    _ changes: inout [BeliefChange]
  ) -> Bool {
    let state = states[node.index]
    let held = state >> 3
    guard incarnation > held || incarnation == held && counter > counters[node.index] else {
      return false
    }
    if state & 3 == UInt32(Belief.left.rawValue) { return false }
    counters[node.index] = counter
    rises[node.index] = now
    if incarnation != held { setIncarnation(incarnation, of: node) }
    if state & 3 != 0, let change = change(node, to: .alive, now: now) { changes.append(change) }
    return true
  }

  /// Another detector takes over: beliefs stay, ages begin anew, so that nobody is judged by the
  /// silence of a protocol that did not speak.
  mutating func restartAges(now: Int64) {
    for place in rises.indices { rises[place] = now }
    for place in marks.indices { marks[place].at = now }
  }

  /// Bytes that this table takes where it shares nothing.
  var bytes: Int { states.count * 16 + roster.count * 2 + marks.count * 16 }

  private func markPlace(_ node: NodeID) -> Int {
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle].node < node { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
