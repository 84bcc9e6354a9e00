/// The keys of an engine with groups, each in a shard of the directory. The one in force: what a node
/// knows of it may be older.
struct ShardedKeys {
  private(set) var directory: ShardDirectory
  /// By key number, its shard.
  private(set) var shardOfKey: ContiguousArray<UInt16> = []

  /// Shards that there may be in all.
  static let limit = 1024

  init(_ directory: ShardDirectory, _ keys: KeyTable) {
    self.directory = directory
    learn(keys)
  }

  /// The number of the group that holds a key.
  @inline(__always)
  func group(of key: UInt32) -> Int { directory.shards[Int(shardOfKey[Int(key)])].group }

  /// The same for a key that may not be there yet.
  func group(of name: String, token: UInt64) -> Int {
    directory.shards[directory.shard(at: directory.place(of: name, token: token))].group
  }

  /// New keys get their shards.
  mutating func learn(_ keys: KeyTable) {
    for key in shardOfKey.count..<keys.count {
      shardOfKey.append(UInt16(directory.shard(at: place(of: UInt32(key), keys))))
    }
  }

  private func place(of key: UInt32, _ keys: KeyTable) -> ShardPlace {
    directory.place(of: keys.names[Int(key)], token: keys.tokens[Int(key)])
  }
}

extension Simulation {
  /// The directory of an engine with groups.
  mutating func startSharding() {
    switch settings.storage.engine {
    case .leaderless: return
    case .primaryReplica, .multiPrimary, .raft:
      let storage = settings.storage
      sharded = ShardedKeys(
        ShardDirectory(storage.sharding, groups: storage.shards, names: keys.names), keys)
    }
  }

  /// The number of the group that holds a key, by the directory in force.
  @inline(__always)
  func shardGroup(of key: UInt32) -> Int { sharded!.group(of: key) }

  /// The hosts of a group, in the order of their places.
  func hosts(ofGroup group: Int) -> [NodeID] {
    if let raft { return raft.voters[group] }
    if let replication {
      return replication.groups[group].servers.map { replication.servers[$0].host }
    }
    return multiPrimary!.groups[group].servers.map { multiPrimary!.servers[$0].host }
  }
}

extension Settings.Storage {
  /// The node at which a group's round robin over `nodes` begins. Families are kept apart by machines
  /// too, as far as there are enough.
  func firstNode(ofGroup group: Int, nodes: Int) -> Int {
    switch sharding {
    case .hash, .range: group
    case .function: group * nodes / shards
    }
  }
}
