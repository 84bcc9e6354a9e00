/// The keys of an engine with groups, each in a shard of the directory. The one in force: what a node
/// knows of it may be older.
struct ShardedKeys {
  private(set) var directory: ShardDirectory
  /// As it was at the start, and what each host has been told since; nil where nothing.
  private let first: ShardDirectory
  private(set) var routes: ContiguousArray<ShardDirectory?> = []
  /// By key number, its shard.
  private(set) var shardOfKey: ContiguousArray<UInt16> = []
  /// By shard, the groups that have had it, the present one last.
  private var owners: [[UInt16]] = []

  /// By shard: requests that were answered, and how many a second of the last sample.
  private var served: [Int] = []
  private var servedBefore: [Int] = []
  private(set) var rates: [Double] = []

  /// Shards that there may be in all.
  static let limit = 1024

  init(_ directory: ShardDirectory, _ keys: KeyTable) {
    self.directory = directory
    first = directory
    owners = directory.shards.map { [UInt16($0.group)] }
    learn(keys)
    widen()
  }

  /// The number of the group that holds a key.
  @inline(__always)
  func group(of key: UInt32) -> Int { directory.shards[Int(shardOfKey[Int(key)])].group }

  /// The number of the group that a node takes for the key's.
  @inline(__always)
  func group(of key: UInt32, at node: NodeID) -> Int {
    if directory.epoch == 1 { return group(of: key) }
    return route(of: node).group(of: Int(shardOfKey[Int(key)]), parents: directory)
  }

  /// The directory as a node knows it.
  func route(of node: NodeID) -> ShardDirectory {
    node.index < routes.count ? routes[node.index] ?? first : first
  }

  /// A node has been sent a directory.
  mutating func tell(_ node: NodeID, _ news: ShardDirectory) {
    while routes.count <= node.index { routes.append(nil) }
    if news.epoch > route(of: node).epoch { routes[node.index] = news }
  }

  // MARK: Changes

  /// By shard, the one that it was cut off from.
  var parents: ContiguousArray<UInt16> {
    ContiguousArray(directory.shards.map { UInt16($0.parent) })
  }

  /// The keys of a shard in the order in which it is cut.
  func keys(of shard: Int, _ keys: KeyTable) -> [UInt32] {
    let own = shardOfKey.indices.filter { shardOfKey[$0] == shard }.map { UInt32($0) }
    let places = own.map { (key: $0, place: place(of: $0, keys)) }
    return places.sorted { $0.place < $1.place }.map(\.key)
  }

  /// Cuts a shard in the middle of its keys; nil where it has fewer than two. Gives the new number.
  mutating func split(_ shard: Int, _ keys: KeyTable) -> Int? {
    let own = self.keys(of: shard, keys)
    guard own.count > 1 else { return nil }
    let number = directory.split(shard, at: place(of: own[own.count / 2], keys))
    for key in own[(own.count / 2)...] { shardOfKey[Int(key)] = UInt16(number) }
    owners.append(owners[shard])
    widen()
    return number
  }

  mutating func move(_ shard: Int, to group: Int) {
    directory.move(shard, to: group)
    owners[shard].append(UInt16(group))
  }

  /// How often a shard has moved, before it was cut off as well.
  func generation(of shard: Int) -> Int { owners[shard].count - 1 }

  /// The group that had a shard after so many moves.
  func owner(of shard: Int, generation: Int) -> Int { Int(owners[shard][generation]) }

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

extension Settings {
  /// The servers of a group as it begins: round robin over the nodes, spread over failure domains as
  /// `ring.spread` asks.
  ///
  /// - Parameter domains: by node number.
  func servers(
    ofGroup group: Int, among nodes: [NodeID], _ domains: ContiguousArray<FailureDomain>
  ) -> [NodeID] {
    let first = storage.firstNode(ofGroup: group, nodes: nodes.count)
    let turned = nodes.indices.map { nodes[(first + $0) % nodes.count].rawValue }
    return ring.spread.order(turned, domains, count: min(storage.n, nodes.count))
      .map { NodeID($0) }
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
