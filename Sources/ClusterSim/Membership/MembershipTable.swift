/// One node's own table of all others (van Renesse et al. 1998; model.md section 3). Two nodes may
/// disagree; nobody knows better than their own table.
///
/// Who is a member is one roster for all. Of the members a table writes down only what differs from
/// what everybody begins with, alive and never heard of; a full view of n nodes by n nodes, the
/// largest thing in a big cluster, is there only where heartbeats are counted.
struct MembershipTable {
  /// One member as read from the table.
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
  /// Peers held dead, and peers suspected.
  private(set) var deadCount = 0
  private(set) var suspectCount = 0
  /// Members that left in this table's time.
  private var leftCount = 0

  private(set) var roster: Roster
  private var myPlace = 0
  /// Since when the table is kept; who joined later is known since then.
  private var since: Int64

  /// What differs from the beginning, by number. Where there are columns they have the belief, and
  /// here are incarnations other than the usual: none before the first heartbeat, 1 from then on.
  private(set) var opinions = Opinions()

  /// Empty until the first heartbeat.
  private(set) var columns = HeartbeatColumns()

  /// A fresh start: memory is empty but for the configured members, all given the benefit of doubt.
  init(me: NodeID, roster: Roster, incarnation: UInt32, now: Int64) {
    self.me = me
    self.roster = roster.adding(me, now: now)
    self.incarnation = incarnation
    since = now
    myPlace = self.roster.nodes.firstIndex(of: me)!
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
  var width: Int { roster.width }

  var peerCount: Int { roster.nodes.count - 1 }

  /// The members without this node, in the order in which they were learnt.
  @inline(__always)
  func peer(at place: Int) -> NodeID { roster.nodes[place < myPlace ? place : place + 1] }

  /// Whether it is a member, or was one in this table's time.
  @inline(__always)
  func isKnown(_ node: NodeID) -> Bool { roster.contains(node) || belief(node) == .left }

  /// How many are known, with this node.
  var knownCount: Int { roster.nodes.count + leftCount }

  /// Learns of one more member by command, alive until shown otherwise.
  mutating func learn(_ node: NodeID, roster: Roster, now: Int64) {
    self.roster = roster
    if columns.isEmpty { return }
    columns.reserve(roster.width)
    while columns.count < roster.width { columns.append(.alive, rose: nil, heldSince: nil) }
    columns.begin(node.index, now: now)
  }

  /// A member left for good, by command.
  mutating func forget(_ node: NodeID, roster: Roster, now: Int64) -> BeliefChange? {
    guard isKnown(node), belief(node) != .left else { return nil }
    let change = change(node, to: .left, now: now)
    leftCount += 1
    self.roster = roster
    myPlace = roster.nodes.firstIndex(of: me)!
    return change
  }

  // MARK: What is believed

  subscript(node: NodeID) -> Entry {
    Entry(
      counter: counter(node), incarnation: incarnation(of: node), rose: rose(node),
      belief: belief(node), known: isKnown(node))
  }

  @inline(__always)
  func counter(_ node: NodeID) -> UInt32 {
    node.index < columns.count ? columns.counter(node.index) : 0
  }

  @inline(__always)
  func belief(_ node: NodeID) -> Belief {
    if node.index < columns.count { return columns.belief(node.index) }
    return opinions.isEmpty ? .alive : opinions.find(node)?.belief ?? .alive
  }

  @inline(__always)
  func incarnation(of node: NodeID) -> UInt32 {
    if !opinions.isEmpty, let opinion = opinions.find(node) {
      return opinion.incarnation
    }
    return node.index < columns.count ? Self.usual(columns.counter(node.index)) : 0
  }

  @inline(__always)
  func isAlive(_ node: NodeID) -> Bool { node == me || belief(node) == .alive }

  /// Whether this node would still send to the other: alive or only suspected. One that it never heard
  /// of, as it had left before this node's restart, has the benefit of doubt as well: an address that
  /// was kept on disk may still name it.
  @inline(__always)
  func isNotDead(_ node: NodeID) -> Bool {
    if node.index < columns.count {
      return columns.beats[node.index] < UInt32(Belief.dead.rawValue) << 30 || node == me
    }
    return node == me || belief(node).rawValue <= Belief.suspect.rawValue
  }

  /// Since when the present belief is held: since it was learnt where it never changed.
  func heldSince(_ node: NodeID) -> Int64 {
    if node.index < columns.count { return columns.heldSince(node.index) ?? rose(node) }
    guard let at = opinions.find(node)?.at, at != Opinion.never else { return rose(node) }
    return at
  }

  mutating func change(_ node: NodeID, to belief: Belief, now: Int64) -> BeliefChange? {
    let old = self.belief(node)
    guard old != belief else { return nil }
    count(old, -1)
    count(belief, 1)
    if columns.isEmpty {
      opinions.write(
        Opinion(node: node, belief: belief, incarnation: incarnation(of: node), at: now))
    } else {
      columns.setBelief(belief, of: node.index, now: now)
    }
    return BeliefChange(subject: node, from: old, to: belief)
  }

  private mutating func count(_ belief: Belief, _ amount: Int) {
    switch belief {
    case .suspect: suspectCount += amount
    case .dead: deadCount += amount
    case .alive, .left: break
    }
  }

  mutating func setIncarnation(_ value: UInt32, of node: NodeID) {
    if incarnation(of: node) == value { return }
    if !columns.isEmpty, value == Self.usual(columns.counter(node.index)) {
      opinions.remove(node)
    } else {
      let at = opinions.find(node)?.at ?? Opinion.never
      opinions.write(Opinion(node: node, belief: belief(node), incarnation: value, at: at))
    }
  }

  // MARK: Heartbeats

  /// The own heartbeat: one more, at the present incarnation.
  mutating func beat(now: Int64) {
    if columns.isEmpty { beginCounting() }
    raise(me, to: columns.counter(me.index) &+ 1, incarnation, now: now)
  }

  /// Whether the table has a place for a node; one that joined while its owner was away has none yet.
  func hasPlace(for node: NodeID) -> Bool { node.index < width }

  /// Somebody saw `node` at this counter and incarnation; true where that is news.
  @inline(__always)
  mutating func see(
    _ node: NodeID, counter: UInt32, incarnation: UInt32, now: Int64,
    _ changes: inout [BeliefChange]
  ) -> Bool {
    if columns.isEmpty { beginCounting() }
    let counted = columns.counter(node.index)
    let held = opinions.isEmpty ? Self.usual(counted) : self.incarnation(of: node)
    guard incarnation > held || incarnation == held && counter > counted else { return false }
    let belief = columns.belief(node.index)
    if belief == .left { return false }
    raise(node, to: counter, incarnation, now: now)
    if belief != .alive, let change = change(node, to: .alive, now: now) { changes.append(change) }
    return true
  }

  @inline(__always)
  private mutating func raise(
    _ node: NodeID, to counter: UInt32, _ incarnation: UInt32, now: Int64
  ) {
    columns.raise(node.index, to: counter, now: now)
    if !opinions.isEmpty || incarnation != Self.usual(counter) {
      setIncarnation(incarnation, of: node)
    }
  }

  /// The incarnation of a node with this counter, unless an opinion says another.
  @inline(__always)
  static func usual(_ counter: UInt32) -> UInt32 { counter == 0 ? 0 : 1 }

  /// As `see` of everybody that a message says something of, at once: false where it must be done one
  /// by one, because not all have the usual incarnation or the two do not have the same members.
  mutating func merge(
    _ said: WholeTable, now: Int64, _ changes: inout [BeliefChange]
  ) -> Bool {
    guard opinions.isEmpty, said.opinions.isEmpty, roster === said.roster, !columns.isEmpty else {
      return false
    }
    columns.merge(said.beats, except: me.index, now: now)
    seeUnheld(said, now: now, &changes) { _ in }
    return true
  }

  /// The same, and gives those whose counters rose to `risen`.
  mutating func merge(
    _ said: WholeTable, now: Int64, _ changes: inout [BeliefChange], _ risen: (Rise) -> Void
  ) -> Bool {
    guard opinions.isEmpty, said.opinions.isEmpty, roster === said.roster, !columns.isEmpty else {
      return false
    }
    columns.merge(said.beats, except: me.index, now: now, risen)
    seeUnheld(said, now: now, &changes, risen)
    return true
  }

  /// Those who are not held alive here, one by one.
  private mutating func seeUnheld(
    _ said: WholeTable, now: Int64, _ changes: inout [BeliefChange], _ risen: (Rise) -> Void
  ) {
    if suspectCount + deadCount == 0 { return }
    for index in 0..<min(said.beats.count, columns.count)
    where columns.beats[index] > HeartbeatColumns.counterMask && index != me.index {
      let counter = said.beats[index] & HeartbeatColumns.counterMask
      let node = NodeID(UInt16(index))
      let before = rose(node)
      if see(node, counter: counter, incarnation: Self.usual(counter), now: now, &changes) {
        risen(Rise(node: node, before: before))
      }
    }
  }

  /// As `see` of the entries from place `first` on, as far as nothing is special about them; gives the
  /// place of the first that is not seen.
  mutating func merge(
    _ entries: ContiguousArray<GossipEntry>, from first: Int, now: Int64, _ risen: (Rise) -> Void
  ) -> Int {
    if columns.isEmpty || !opinions.isEmpty { return first }
    return columns.merge(entries, from: first, except: me.index, now: now, risen)
  }

  /// Another detector takes over: beliefs stay, ages begin anew, so that nobody is judged by the
  /// silence of a protocol that did not speak.
  mutating func restartAges(now: Int64) {
    since = now
    columns.restartAges(now: now)
    opinions.restartAges(now: now)
  }

  /// Of the peers held alive, that one's last rise whose counter has stood longest; nil where there is
  /// none, or nothing is counted.
  var oldestRise: Int64? { columns.isEmpty ? nil : columns.oldestRise(except: me.index) }

  /// Bytes that a copy of this table takes once the two are not the same any more; the roster is
  /// never copied.
  var bytes: Int { columns.bytes + opinions.bytes }
}

extension MembershipTable {
  /// When the counter last rose: since it was learnt where it never did.
  func rose(_ node: NodeID) -> Int64 {
    if node.index < columns.count { return columns.rose(node.index) ?? since }
    return roster.contains(node) ? max(since, roster.joined(node)) : since
  }

  /// From now on there is a place for everybody's counter.
  private mutating func beginCounting() {
    var begun = HeartbeatColumns()
    begun.reserve(width)
    for number in 0..<width {
      let node = NodeID(UInt16(number))
      let at = opinions.find(node)?.at ?? Opinion.never
      begun.append(
        belief(node), rose: isKnown(node) ? rose(node) : nil,
        heldSince: at == Opinion.never ? nil : at)
    }
    columns = begun
    opinions.dropWithoutIncarnation()
  }
}
