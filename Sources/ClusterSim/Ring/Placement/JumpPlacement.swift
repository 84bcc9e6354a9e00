/// Jump consistent hash (Lamping and Veach, arXiv 1406.2294) of the key's token (as on the ring)
/// over as many buckets as the nodes weigh together. One more bucket at the end takes its share and
/// nothing else moves; a node that leaves from the middle renumbers all that follow.
///
/// Replicas: the same over the token mixed anew (SplitMix64) for each attempt, distinct nodes as
/// they come up, so that they too move only to a new bucket; after 64 attempts a node the rest
/// follow in order.
struct JumpPlacement: PlacementTable {
  let slots: WeightedSlots

  init(_ nodes: [PlacementNode]) { slots = WeightedSlots(nodes) }

  var shares: [Double] { slots.shares }

  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    let token = RingToken.token(of: key)
    list.append(slots.nodes[Self.bucket(token, of: slots.nodes.count)])
    var stream = SplitMix64(seed: token)
    var attempts = 0
    while list.count < count && attempts < 64 * count {
      attempts += 1
      let node = slots.nodes[Self.bucket(stream.next(), of: slots.nodes.count)]
      if !list.contains(node) { list.append(node) }
    }
    var next = list[0]
    while list.count < count {
      next = (next + 1) % slots.nodeCount
      if !list.contains(next) { list.append(next) }
    }
  }

  /// The bucket, from 0, of a key among `count`, which must be positive.
  static func bucket(_ key: UInt64, of count: Int) -> Int {
    var key = key
    var bucket = -1
    var next = 0
    while next < count {
      bucket = next
      key = key &* 2_862_933_555_777_941_757 &+ 1
      next = Int(Double(bucket + 1) * (0x1p31 / Double((key >> 33) + 1)))
    }
    return bucket
  }
}
