/// Sorted ranges of key names, each on one node, that can be split while the cluster runs (Bigtable's
/// tablets, OSDI 2006 section 5; HBase's regions). Names compare byte by byte.
///
/// Replicas of a range are on the nodes of the next ranges, then on members without one, in order.
struct KeyRanges: Equatable, Sendable {
  /// Where each range begins; the first begins before every name.
  private(set) var starts: [String]
  /// The node of each range.
  private(set) var owners: [UInt16]
  /// Members as they were numbered in.
  private(set) var members: [UInt16]
  /// Still as it was divided; a split makes the ranges the cluster's own.
  private(set) var isDivided: Bool

  /// The names divided evenly, in proportion to the weights, one range a node.
  static func divided(
    _ names: ContiguousArray<String>, over nodes: [(node: UInt16, weight: Int)]
  ) -> KeyRanges {
    let sorted = names.sorted(by: Self.isOrdered)
    let total = nodes.reduce(0) { $0 + $1.weight }
    var ranges = KeyRanges(
      starts: [], owners: nodes.map(\.node), members: nodes.map(\.node), isDivided: true)
    var sum = 0
    for node in nodes {
      let cut = sorted.count * sum / total
      ranges.starts.append(sum == 0 ? "" : cut < sorted.count ? sorted[cut] : "\u{10FFFF}")
      sum += node.weight
    }
    return ranges
  }

  /// One range that holds everything, on the first node: how a new table begins.
  static func one(over nodes: [UInt16]) -> KeyRanges {
    KeyRanges(starts: [""], owners: [nodes[0]], members: nodes, isDivided: false)
  }

  /// The range of a name.
  func range(of name: String) -> Int {
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if Self.isOrdered(name, starts[middle]) { high = middle } else { low = middle }
    }
    return low
  }

  /// The first `count` distinct nodes for a name, the owner first.
  func list(for name: String, count: Int) -> [UInt16] {
    var list: [UInt16] = []
    let first = range(of: name)
    for step in owners.indices where list.count < count {
      let owner = owners[(first + step) % owners.count]
      if !list.contains(owner) { list.append(owner) }
    }
    for node in members where list.count < count && !list.contains(node) { list.append(node) }
    return list
  }

  /// The ranges with one more member; a newcomer has no range until one is split for it.
  func adding(_ node: UInt16) -> KeyRanges {
    var ranges = self
    ranges.members.append(node)
    return ranges
  }

  /// The ranges without a member; the next in order takes what it had.
  func removing(_ node: UInt16) -> KeyRanges {
    var ranges = self
    guard let place = members.firstIndex(of: node) else { return self }
    ranges.members.remove(at: place)
    guard !ranges.members.isEmpty else { return ranges }
    let heir = ranges.members[place % ranges.members.count]
    ranges.owners = owners.map { $0 == node ? heir : $0 }
    return ranges
  }

  /// The ranges with the fullest cut in the middle of its names: the upper half goes to the member
  /// that owns the fewest. Nil where no range has more than `limit` names, or none is to be cut.
  func splittingFullest(
    _ names: ContiguousArray<String>, limit: Int
  ) -> (ranges: KeyRanges, from: UInt16, to: UInt16, keys: Int)? {
    var held = [Int](repeating: 0, count: starts.count)
    let places = names.map { range(of: $0) }
    for place in places { held[place] += 1 }
    guard let fullest = held.indices.max(by: { (held[$0], $1) < (held[$1], $0) }),
      held[fullest] > max(1, limit)
    else { return nil }
    let owned = members.map { node in
      owners.indices.reduce(0) { $0 + (owners[$1] == node ? held[$1] : 0) }
    }
    let from = owners[fullest]
    let others = members.indices.filter { members[$0] != from }
    guard let emptiest = others.min(by: { (owned[$0], $0) < (owned[$1], $1) }) else { return nil }
    let sorted = names.indices.filter { places[$0] == fullest }.map { names[$0] }
      .sorted(by: Self.isOrdered)
    var ranges = self
    ranges.isDivided = false
    ranges.starts.insert(sorted[sorted.count / 2], at: fullest + 1)
    ranges.owners.insert(members[emptiest], at: fullest + 1)
    return (ranges, from, members[emptiest], sorted.count - sorted.count / 2)
  }

  private static func isOrdered(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }
}
