/// What changes for keys from one list of nodes to another; nodes are the same by name.
public struct PlacementMoves: Sendable {
  /// Keys compared, and those whose owner changed.
  public private(set) var keys = 0
  public private(set) var moved = 0
  /// Of those moved: to a node that was not there before; away from one that is there no more; and
  /// between two nodes that are there before and after.
  public private(set) var toNewcomers = 0
  public private(set) var fromLeavers = 0
  public private(set) var betweenOld = 0
  /// Copies that nodes hold after and did not hold before, owners and replicas alike; of all copies.
  public private(set) var copies = 0
  public private(set) var copiesMoved = 0

  /// For each node after, its index before, or -1; for each before, whether it stays.
  private let before: [Int]
  private let stays: [Bool]

  public init(from old: Placement, to new: Placement) {
    let places = Dictionary(
      uniqueKeysWithValues: old.nodes.enumerated().map { ($1.name, $0) })
    before = new.nodes.map { places[$0.name] ?? -1 }
    var stays = Array(repeating: false, count: old.nodes.count)
    for index in before where index >= 0 { stays[index] = true }
    self.stays = stays
  }

  /// Counts one key.
  public mutating func note(_ old: [Int], _ new: [Int]) {
    keys += 1
    copies += new.count
    for node in new where before[node] < 0 || !old.contains(before[node]) { copiesMoved += 1 }
    let owner = before[new[0]]
    guard owner != old[0] else { return }
    moved += 1
    if owner < 0 { toNewcomers += 1 }
    if !stays[old[0]] { fromLeavers += 1 }
    if owner >= 0 && stays[old[0]] { betweenOld += 1 }
  }

  /// The part of all keys, 0 to 1, whose owner is expected to change.
  ///
  /// For `ring`, `ketama`, `rendezvous` and, nearly, `maglev`: a key stays where the first of all
  /// nodes before and after, clockwise or by score, is one that stays. For `modulo`, `jump` and `range`
  /// what their arithmetic gives.
  public static func expectedShare(from old: Placement, to new: Placement) -> Double {
    let places = Dictionary(
      uniqueKeysWithValues: old.nodes.enumerated().map { ($1.name, $0) })
    let before = new.nodes.map { places[$0.name] ?? -1 }
    switch new.scheme {
    case .ring, .ketama, .rendezvous, .maglev:
      // Points that a node has before and after are the same; the first of those that only one of the
      // lists has may still belong to the node that comes first in the other.
      var (common, same) = (0, 0.0)
      for (index, node) in new.nodes.enumerated() where before[index] >= 0 {
        let (was, now) = (old.nodes[before[index]].weight, node.weight)
        common += min(was, now)
        same += Double(min(was, now))
        if was > now { same += Double((was - now) * now) / Double(new.weight) }
        if now > was { same += Double((now - was) * was) / Double(old.weight) }
      }
      return 1 - same / Double(old.weight + new.weight - common)
    case .modulo:
      return 1 - sameByRemainder(WeightedSlots(old.nodes), WeightedSlots(new.nodes), before)
    case .jump:
      return 1 - sameByJump(WeightedSlots(old.nodes), WeightedSlots(new.nodes), before)
    case .range: return 1 - sameByOverlap(old.shares, new.shares, before)
    }
  }

  /// Remainders by both counts are independent but for what the counts share: all pairs recur after
  /// their least common multiple.
  private static func sameByRemainder(
    _ old: WeightedSlots, _ new: WeightedSlots, _ before: [Int]
  ) -> Double {
    var (one, two) = (old.nodes.count, new.nodes.count)
    while two != 0 { (one, two) = (two, one % two) }
    let period = old.nodes.count / one * new.nodes.count
    let steps = min(period, 4_000_000)
    var same = 0
    for step in 0..<steps
    where before[new.nodes[step % new.nodes.count]] == old.nodes[step % old.nodes.count] {
      same += 1
    }
    return Double(same) / Double(steps)
  }

  /// A bucket of the larger number is that of the smaller where there is one, else any alike.
  private static func sameByJump(
    _ old: WeightedSlots, _ new: WeightedSlots, _ before: [Int]
  ) -> Double {
    let small = min(old.nodes.count, new.nodes.count)
    let large = max(old.nodes.count, new.nodes.count)
    let same = (0..<small).count { before[new.nodes[$0]] == old.nodes[$0] }
    let shrinks = new.nodes.count == small
    var sum = Double(same)
    for bucket in small..<large {
      let alike = (0..<small).count {
        before[new.nodes[shrinks ? $0 : bucket]] == old.nodes[shrinks ? bucket : $0]
      }
      sum += Double(alike) / Double(small)
    }
    return sum / Double(large)
  }

  private static func sameByOverlap(
    _ old: [Double], _ new: [Double], _ before: [Int]
  ) -> Double {
    func starts(_ shares: [Double]) -> [Double] {
      shares.reduce(into: [0]) { $0.append($0.last! + $1) }
    }
    let (oldStarts, newStarts) = (starts(old), starts(new))
    return new.indices.filter { before[$0] >= 0 }.reduce(0) { sum, index in
      let low = max(newStarts[index], oldStarts[before[index]])
      let high = min(newStarts[index + 1], oldStarts[before[index] + 1])
      return sum + max(0, high - low)
    }
  }
}

extension Placement {
  /// The sum of all weights.
  public var weight: Int { nodes.reduce(0) { $0 + $1.weight } }
}
