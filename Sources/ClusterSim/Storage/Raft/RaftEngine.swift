/// The Raft groups of a cluster: the key space is split over several, each with its own log, so that
/// every node leads some of them. Held by the simulation where `storage.engine` is `raft`.
struct RaftEngine {
  /// One server of one group.
  struct Replica {
    let group: Int
    let host: NodeID
    var node: RaftNode
    /// When the wake-up in the event queue comes; `.max` where there is none.
    var wakesAt = Int64.max
    /// It has left its group for good.
    var isRetired = false
  }
  /// A request that a leader has in hand, to be answered to its coordinator.
  struct Pending {
    let replica: Int
    let coordinator: UInt16
    let handle: UInt64
    let key: UInt32
    let isRead: Bool
  }
  /// A message between servers of a group.
  struct Payload {
    var message: RaftMessage
    /// A snapshot's contents: the keys of the group.
    var keys: [(key: UInt32, entry: Versioned)] = []
  }

  var replicas: ContiguousArray<Replica> = []
  /// By group and place, the host. A place is never given to a second server: logs and messages
  /// name places, and a newcomer must not be taken for the one that left.
  var groups: [[NodeID]] = []
  /// By group and place, the number of the replica.
  var numbers: [[Int]] = []
  /// By group, the hosts of its voters as far as the operator knows: as of the last change that was
  /// committed.
  var voters: [[NodeID]] = []
  /// By host and group: whom it would ask, where it does not know better.
  var hints: ContiguousArray<UInt16> = []
  var pending = Slab<Pending>()
  /// By shard, the one that it was cut off from.
  var parents: ContiguousArray<UInt16> = []
  var payloads = SharedSlab<Payload>()
  var stream: RandomStream
  var effects: [RaftEffect] = []

  var elections = 0
  /// Requests that a server passed on because another one leads.
  var forwarded = 0
  var snapshotsSent = 0
  /// Leaderships handed over on request.
  var transfers = 0
  /// Servers added to a group or taken out of it, each a committed entry.
  var memberChanges = 0

  /// Every group has as many servers while no change of it is under way.
  let size: Int

  init(
    nodes: [NodeID], domains: ContiguousArray<FailureDomain>, settings: Settings, seed: UInt64
  ) {
    stream = RandomStream(seed: seed, purpose: StreamPurpose.raft.rawValue)
    size = min(settings.storage.n, nodes.count)
    let all: UInt32 = 1 << UInt32(size) - 1
    for group in 0..<settings.storage.shards {
      groups.append(settings.servers(ofGroup: group, among: nodes, domains))
      numbers.append((0..<size).map { group * size + $0 })
      for place in 0..<size {
        replicas.append(
          Replica(
            group: group, host: groups[group][place],
            node: RaftNode(
              me: UInt8(place),
              disk: RaftDisk(baseVoters: all, baseShards: GroupShards(group: group)),
              options: settings.raft.options,
              now: 0, stream: &stream)))
      }
    }
    voters = groups
    hints = ContiguousArray(repeating: .max, count: nodes.count * groups.count)
  }

  /// The number of the replica on `host`, nil where the host is not in the group.
  func replica(of group: Int, on host: NodeID) -> Int? {
    numbers[group].first { replicas[$0].host == host && !replicas[$0].isRetired }
  }

  func replicas(on host: NodeID) -> [Int] {
    replicas.indices.filter { replicas[$0].host == host && !replicas[$0].isRetired }
  }

  /// A server that has nothing yet, not even a vote, at a new place of the group.
  mutating func addServer(to group: Int, on host: NodeID, _ settings: Settings, now: Int64) -> Int {
    let place = groups[group].count
    var node = RaftNode(
      me: UInt8(place), disk: RaftDisk(baseVoters: 0, baseShards: GroupShards(group: group)),
      options: settings.raft.options, now: now, stream: &stream)
    node.parents = parents
    groups[group].append(host)
    numbers[group].append(replicas.count)
    replicas.append(Replica(group: group, host: host, node: node))
    return place
  }

  /// A new node may take requests, whether it has a server or not.
  mutating func welcome(_ host: NodeID) {
    let wanted = (host.index + 1) * groups.count
    while hints.count < wanted { hints.append(.max) }
  }

  func mix(into hash: inout StateHash) {
    for replica in replicas {
      hash.mix(replica.node.digest.value)
      hash.mix(UInt64(replica.node.term) << 32 | UInt64(replica.node.role.rawValue))
      hash.mix(replica.node.commit)
    }
  }
}

extension Settings {
  /// What cannot go with an engine whose versions are places in a log; nil where all is well.
  var engineContradiction: String? {
    if let problem = shardContradiction { return problem }
    switch storage.engine {
    case .leaderless: return nil
    case .primaryReplica, .multiPrimary, .raft:
      if storage.versions == .vector, storage.engine != .multiPrimary {
        return "storage.versions vector needs storage.engine leaderless or multi-primary"
      }
      return cache.mode == .writeBack
        ? "cache.mode write-back needs storage.engine leaderless" : nil
    }
  }
}

extension Settings.Raft {
  /// The same in the terms of the state machine.
  var options: RaftOptions {
    var options = RaftOptions()
    options.electionMin = electionMin.nanoseconds
    options.electionMax = max(electionMin, electionMax).nanoseconds
    options.heartbeat = heartbeat.nanoseconds
    options.preVote = preVote
    options.snapshotAfter = snapshotAfter
    options.reads =
      switch reads {
      case .log: .log
      case .index: .readIndex
      case .lease: .lease
      }
    return options
  }
}
