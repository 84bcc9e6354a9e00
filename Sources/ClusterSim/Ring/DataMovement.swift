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

  /// What changes for each key between two rings; keys whose set of homes stays are left out.
  ///
  /// - Parameters:
  ///   - replication: homes per key, at least 1.
  ///   - keys: the tokens of the keys.
  static func between(
    _ old: HashRing, _ new: HashRing, replication: Int, keys: some Collection<UInt64>
  ) -> [DataMovement] {
    var movements: [DataMovement] = []
    for (index, token) in keys.enumerated() {
      let before = old.preferenceList(token, count: replication)
      let after = new.preferenceList(token, count: replication)
      let arrivals = after.filter { !before.contains($0) }
      let drops = before.filter { !after.contains($0) }
      if arrivals.isEmpty && drops.isEmpty { continue }
      movements.append(DataMovement(key: index, from: before, to: arrivals, drops: drops))
    }
    return movements
  }
}
