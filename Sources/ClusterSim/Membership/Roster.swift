/// Who is in the group, as commands said. Never changed once it is made, so that the tables of all
/// members share one.
final class Roster: Sendable {
  /// Members in the order in which they were learnt of.
  let nodes: ContiguousArray<NodeID>
  /// When each host became a member, by number; `stranger` for one that is none.
  private let joined: ContiguousArray<Int64>
  private static let stranger = Int64.min

  init(_ members: [NodeID], now: Int64) {
    nodes = ContiguousArray(members)
    var joined = ContiguousArray(
      repeating: Self.stranger, count: (members.map(\.index).max() ?? -1) + 1)
    for member in members { joined[member.index] = now }
    self.joined = joined
  }

  private init(_ nodes: ContiguousArray<NodeID>, _ joined: ContiguousArray<Int64>) {
    self.nodes = nodes
    self.joined = joined
  }

  /// One past the highest number of a host that it has a place for.
  var width: Int { joined.count }

  @inline(__always)
  func contains(_ node: NodeID) -> Bool {
    node.index < joined.count && joined[node.index] != Self.stranger
  }

  /// When a member became one.
  func joined(_ node: NodeID) -> Int64 { joined[node.index] }

  /// The same with one more.
  func adding(_ node: NodeID, now: Int64) -> Roster {
    if contains(node) { return self }
    var times = joined
    while times.count <= node.index { times.append(Self.stranger) }
    times[node.index] = now
    return Roster(nodes + [node], times)
  }

  /// The same without one who left for good.
  func removing(_ node: NodeID) -> Roster {
    guard contains(node) else { return self }
    var times = joined
    times[node.index] = Self.stranger
    return Roster(nodes.filter { $0 != node }, times)
  }
}
