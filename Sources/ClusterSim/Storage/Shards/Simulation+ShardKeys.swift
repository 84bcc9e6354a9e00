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

extension Simulation {
  /// What a group is asked for a move, by its engine.
  mutating func serveMove(_ content: ShardMessage, at host: NodeID, from: UInt16) {
    switch (content, settings.storage.engine) {
    case (.command(let command), .raft): serveShardCommand(command, at: host, keeper: from)
    case (.command(let command), .primaryReplica):
      serveReplicaCommand(command, at: host, keeper: from)
    case (.command(let command), .multiPrimary): servePeerCommand(command, at: host, keeper: from)
    case (.order(let order), .raft): serveCopyOrder(order, at: host, keeper: from)
    case (.order(let order), .primaryReplica): serveReplicaOrder(order, at: host, keeper: from)
    case (.order(let order), .multiPrimary): servePeerOrder(order, at: host, keeper: from)
    case (.batch(let batch), .raft): serveCopyBatch(batch, at: host)
    case (.batch(let batch), .primaryReplica): serveReplicaBatch(batch, at: host)
    case (.batch(let batch), .multiPrimary): servePeerBatch(batch, at: host)
    case (.directory, _), (.answer, _), (.refusal, _), (_, .leaderless):
      preconditionFailure("no group is asked for that")
    }
  }

  /// The sets of siblings that are on their way with shards.
  func visitMovingSets(_ body: (UInt32) -> Void) {
    func visit(_ content: ShardMessage) {
      if case .batch(let batch) = content { for item in batch.keys { body(item.entry.set) } }
    }
    moves.payloads.visit(visit)
    for item in moves.secures { visit(item.content) }
  }
}
