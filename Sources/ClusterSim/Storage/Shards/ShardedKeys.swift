/// The keys of an engine with groups, each in a shard of the directory. The one in force: what a node
/// knows of it may be older.
struct ShardedKeys {
  private(set) var directory: ShardDirectory
  /// By key number, its shard.
  private(set) var shardOfKey: ContiguousArray<UInt16> = []

  /// By shard: requests that were answered, and how many a second of the last sample.
  private var served: [Int] = []
  private var servedBefore: [Int] = []
  private(set) var rates: [Double] = []

  /// Shards that there may be in all.
  static let limit = 1024

  init(_ directory: ShardDirectory, _ keys: KeyTable) {
    self.directory = directory
    learn(keys)
    widen()
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

  private mutating func widen() {
    while served.count < directory.shards.count {
      served.append(0)
      servedBefore.append(0)
      rates.append(0)
    }
  }

  /// A request for the key was answered.
  mutating func countServed(_ key: UInt32) { served[Int(shardOfKey[Int(key)])] += 1 }

  mutating func sample(_ period: Span) {
    for shard in served.indices {
      rates[shard] = Double(served[shard] - servedBefore[shard]) / period.seconds
      servedBefore[shard] = served[shard]
    }
  }

  func served(by shard: Int) -> Int { served[shard] }

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
      return replication.present(replication.groups[group])
        .map { replication.servers[$0] }.filter(\.counts).map(\.host)
    }
    let engine = multiPrimary!
    return engine.present(engine.groups[group]).map { engine.servers[$0] }.filter(\.counts)
      .map(\.host)
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
