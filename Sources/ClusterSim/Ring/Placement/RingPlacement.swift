/// The hash ring of the simulated cluster.
struct RingPlacement: PlacementTable {
  let ring: HashRing

  init(_ nodes: [PlacementNode], virtualNodes: Int) {
    let members = nodes.indices.map {
      HashRing.Member(
        node: NodeID(UInt16($0)), name: nodes[$0].name,
        virtualNodes: nodes[$0].weight * virtualNodes)
    }
    ring = HashRing(members)
  }

  var shares: [Double] {
    if ring.members.count == 1 { return [1] }
    var points = Array(repeating: 0 as UInt128, count: ring.members.count)
    for index in ring.tokens.indices {
      points[Int(ring.owners[index])] += UInt128(ring.arc(at: index))
    }
    return points.map { Double($0) * 0x1p-64 }
  }

  @inline(__always)
  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    let index = ring.index(of: RingToken.token(of: key))
    if count <= ring.depth {
      for rank in 0..<count { list.append(ring.home(at: index, rank: rank).index) }
      return
    }
    ring.walk(from: index) { node in
      list.append(node.index)
      return list.count < count
    }
  }
}
