/// What a change of the ring does to one key.
struct DataMovement: Equatable, Sendable {
  /// The key's index in the list that was compared.
  var key: Int
  /// The old homes, in order: each may send the key.
  var from: [NodeID]
  /// The new homes that were not homes before, in order.
  var to: [NodeID]
  /// The old homes that are homes no more, in order: they may drop the key once it has arrived.
  var drops: [NodeID]

  /// What changes for each key between two placements; keys whose set of homes stays are left out.
  ///
  /// - Parameters:
  ///   - keys: how many there are.
  ///   - old: the homes of a key before, in order.
  ///   - new: its homes after.
  static func between(
    keys: Int, _ old: (UInt32) -> [NodeID], _ new: (UInt32) -> [NodeID]
  ) -> [DataMovement] {
    var movements: [DataMovement] = []
    for key in 0..<UInt32(keys) {
      let before = old(key)
      let after = new(key)
      let arrivals = after.filter { !before.contains($0) }
      let drops = before.filter { !after.contains($0) }
      if arrivals.isEmpty && drops.isEmpty { continue }
      movements.append(DataMovement(key: Int(key), from: before, to: arrivals, drops: drops))
    }
    return movements
  }

  /// As above between two rings, for keys by their tokens.
  static func between(
    _ old: HashRing, _ new: HashRing, replication: Int, keys: [UInt64]
  ) -> [DataMovement] {
    between(
      keys: keys.count, { old.preferenceList(keys[Int($0)], count: replication) },
      { new.preferenceList(keys[Int($0)], count: replication) })
  }
}
