/// A whole table as a message carries it: the sender's own memory, as long as the sender does not
/// change it.
struct WholeTable {
  /// Belief and counter by host number, see `HeartbeatColumns`.
  let beats: ContiguousArray<UInt32>
  let opinions: Opinions
  let roster: Roster
  /// Members that it says something of.
  let count: Int

  init(_ table: MembershipTable) {
    beats = table.columns.beats
    opinions = table.opinions
    roster = table.roster
    count = table.knownCount
  }

  /// What it says of one node; nil where it has no place for it.
  func entry(_ node: NodeID) -> GossipEntry? {
    guard node.index < beats.count else { return nil }
    let opinion = opinions.isEmpty ? nil : opinions.find(node)
    return entry(node, opinion)
  }

  private func entry(_ node: NodeID, _ opinion: Opinion?) -> GossipEntry {
    let counter = beats[node.index] & HeartbeatColumns.counterMask
    return GossipEntry(
      counter: counter, incarnation: opinion?.incarnation ?? MembershipTable.usual(counter),
      node: node, belief: HeartbeatColumns.belief(beats[node.index]))
  }

  /// Visits what it says of everybody, by number; of hosts that are no members it says nothing new.
  func visit(_ body: (GossipEntry) -> Void) {
    let exceptions = opinions.list
    var next = 0
    for index in beats.indices {
      let node = NodeID(UInt16(index))
      while next < exceptions.count, exceptions[next].node < node { next += 1 }
      let isOne = next < exceptions.count && exceptions[next].node == node
      body(entry(node, isOne ? exceptions[next] : nil))
    }
  }
}
