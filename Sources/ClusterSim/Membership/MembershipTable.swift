/// What gossip says of one node.
struct GossipEntry {
  var counter: UInt32
  var incarnation: UInt32
  var belief: Belief
}

/// One node's own table of all others (van Renesse et al. 1998; model.md section 3). Two nodes may
/// disagree; nobody knows better than their own table.
struct MembershipTable {
  struct Entry {
    var counter: UInt32 = 0
    var incarnation: UInt32 = 0
    /// When the counter last rose here, in this node's time.
    var rose: Int64
    var suspectedAt: Int64 = 0
    var belief = Belief.alive
    /// False for hosts that are no members: caches, clients.
    var known: Bool
  }
  private(set) var entries: ContiguousArray<Entry> = []
  let me: NodeID

  init(me: NodeID) { self.me = me }

  @inline(__always)
  subscript(node: NodeID) -> Entry {
    get { entries[node.index] }
    set { entries[node.index] = newValue }
  }

  /// Learns of a member by command, alive until shown otherwise.
  mutating func learn(_ node: NodeID, now: Int64) {
    while entries.count <= node.index { entries.append(Entry(rose: now, known: false)) }
    entries[node.index] = Entry(rose: now, known: true)
  }

  @inline(__always)
  func isAlive(_ node: NodeID) -> Bool {
    node == me || entries[node.index].belief == .alive
  }

  /// Whether this node would still send to the other: alive or only suspected.
  @inline(__always)
  func isNotDead(_ node: NodeID) -> Bool {
    node == me || entries[node.index].belief.rawValue <= Belief.suspect.rawValue
  }
}
