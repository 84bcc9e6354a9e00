// Keys of a shard as they are on a disk, for a group that sends them to another.
extension Simulation {
  /// The next keys of a shard on a host, in the order of their numbers: at most as many as the order
  /// asks for of those wanted, and the first one that is left.
  func keysOnTheirWay(
    _ order: CopyOrder, from host: NodeID, where isWanted: (UInt32, Versioned) -> Bool
  ) -> (keys: [(key: UInt32, entry: Versioned)], next: UInt32?) {
    var found: [(key: UInt32, entry: Versioned)] = []
    for key in order.cursor..<UInt32(max(Int(order.cursor), keys.count))
    where Int(sharded!.shardOfKey[Int(key)]) == order.shard {
      let entry = hosts[host.index].store.get(key)
      guard entry.version != .none, isWanted(key, entry) else { continue }
      if found.count == order.limit { return (found, key) }
      found.append((key, entry))
    }
    return (found, nil)
  }
}
