/// What a membership table has written down of one member, because it differs from the beginning.
struct Opinion {
  let node: NodeID
  var belief: Belief
  var incarnation: UInt32
  /// Since when the present belief is held; `never` where it did not change.
  var at: Int64

  static var never: Int64 { .min }
}

/// Opinions by number of their nodes; few in a group that is well.
struct Opinions {
  private(set) var list: ContiguousArray<Opinion> = []

  var isEmpty: Bool { list.isEmpty }
  var bytes: Int { list.count * MemoryLayout<Opinion>.stride }

  @inline(never)
  func find(_ node: NodeID) -> Opinion? {
    let place = place(node)
    return place < list.count && list[place].node == node ? list[place] : nil
  }

  /// In the place of what was written of the same node.
  mutating func write(_ opinion: Opinion) {
    let place = place(opinion.node)
    if place < list.count, list[place].node == opinion.node {
      list[place] = opinion
    } else {
      list.insert(opinion, at: place)
    }
  }

  mutating func remove(_ node: NodeID) { list.removeAll { $0.node == node } }

  mutating func restartAges(now: Int64) {
    for place in list.indices where list[place].at != Opinion.never { list[place].at = now }
  }

  mutating func dropWithoutIncarnation() { list.removeAll { $0.incarnation == 0 } }

  private func place(_ node: NodeID) -> Int {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle].node < node { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
