/// The key's token (as on the ring) modulo the number of slots, one slot a unit of weight; the
/// replicas are the next distinct nodes in order. A node more or less moves almost everything.
struct ModuloPlacement: PlacementTable {
  let slots: WeightedSlots

  init(_ nodes: [PlacementNode]) { slots = WeightedSlots(nodes) }

  var shares: [Double] { slots.shares }

  @inline(__always)
  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    let slot = RingToken.token(of: key) % UInt64(slots.nodes.count)
    let first = slots.nodes[Int(slot)]
    for rank in 0..<count { list.append((first + rank) % slots.nodeCount) }
  }
}
