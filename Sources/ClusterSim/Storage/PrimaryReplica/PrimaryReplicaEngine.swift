/// The replica groups of a cluster: the key space is split over several, each with its own log and
/// primary. Held by the simulation where `storage.engine` is `primary-replica`.
struct PrimaryReplicaEngine {
  /// One server of one group.
  struct Server {
    let group: Int
    let host: NodeID
    var node: PrimaryReplicaNode
    /// When the wake-up in the event queue comes; `.max` where there is none.
    var wakesAt = Int64.max
    /// It replays one entry after the other; this is the host's life in which it began one.
    var replaysIn: UInt32?
    /// With `storage.fsync` off: the interval of the disk's syncs in which it last wrote, and where
    /// log and copy stood when that interval began.
    var interval: Int64 = -1
    var syncedLast: UInt64 = 0
    var syncedApplied: UInt64 = 0
    /// Keys of a shard that comes to the group. They are not among the host's own before the group has
    /// all of it: another server there may still be writing them for the group that it comes from.
    var staged = ReplicaStore()
    /// It votes, as of the last change that was settled; a newcomer does not yet.
    var counts = true
    /// It has left its group for good.
    var isRetired = false
  }
  struct Group {
    /// By place, the server's number. A place is never given to a second server: logs and messages
    /// name places, and a newcomer must not be taken for the one that left.
    var servers: [Int] = []
    /// The first server that began to ask for a promotion since the last one.
    var canvassedAt: Instant?
    /// Acknowledged writes that are not known to be in every log.
    var audit = ContiguousArray<AcknowledgedEntry>()
  }
  /// A write that a client was told is done.
  struct AcknowledgedEntry {
    var timeline: UInt32
    var position: UInt64
    var key: UInt32
    var coordinator: UInt16
    var value: UInt64
    var at: Int64
  }
  /// A request that a primary has in hand, to be answered to its coordinator.
  struct Pending {
    let server: Int
    let coordinator: UInt16
    let handle: UInt64
    let key: UInt32
  }
  /// Where a node sends the requests of a group.
  struct Address {
    var host: UInt16
    var timeline: UInt32
    /// The newest timeline that it has heard of and will send to.
    var coming: UInt32
  }
  struct Payload {
    var message: PrimaryReplicaMessage
    /// A copy's contents: the keys of the group.
    var keys: [(key: UInt32, entry: Versioned)] = []
  }
  static let keptFailovers = 64
  static let auditLimit = 65_536

  var servers: ContiguousArray<Server> = []
  var groups: [Group] = []
  /// By host and group.
  var addresses: ContiguousArray<Address> = []
  var pending = Slab<Pending>()
  var payloads = SharedSlab<Payload>()
  var effects: [PrimaryReplicaEffect] = []
  /// Newest last.
  var failovers: [Failover] = []
  /// In turn, who is read from where any may be.
  var readTurn = 0

  var promotions = 0
  /// Rises whenever a server becomes, or is no longer, a primary that takes requests.
  var primaryChanges = 0
  var calledOff = 0
  var forwarded = 0
  var copiesSent = 0
  var fallbacks = 0
  var entriesShipped = 0
  var acknowledgements = 0
  var auditDropped = 0

  /// The first server of each group is its primary.
  init(nodes: [NodeID], domains: ContiguousArray<FailureDomain>, settings: Settings) {
    let size = min(settings.storage.n, nodes.count)
    let voters: UInt32 = 1 << UInt32(size) - 1
    for number in 0..<settings.storage.shards {
      var group = Group()
      let hosts = settings.servers(ofGroup: number, among: nodes, domains)
      for place in 0..<size {
        group.servers.append(servers.count)
        servers.append(
          Server(
            group: number, host: hosts[place],
            node: .founder(
              UInt8(place), voters: voters, options: settings.replication.options, now: 0,
              shards: GroupShards(group: number))))
      }
      groups.append(group)
    }
    grow(to: nodes.count)
  }

  /// There are so many hosts: the new ones know where each group's primary is now.
  mutating func grow(to hosts: Int) {
    while addresses.count < hosts * groups.count {
      let group = groups[addresses.count % groups.count]
      let leading = leading(group)
      let timeline = servers[leading].node.disk.timeline
      addresses.append(
        Address(host: servers[leading].host.rawValue, timeline: timeline, coming: timeline))
    }
  }

  /// The number of the server on `host`, nil where the host has none of the group.
  func server(of group: Int, on host: NodeID) -> Int? {
    groups[group].servers.first { servers[$0].host == host && !servers[$0].isRetired }
  }

  func servers(on host: NodeID) -> [Int] {
    servers.indices.filter { servers[$0].host == host && !servers[$0].isRetired }
  }

  /// The servers of a group that are there, in the order of their places.
  func present(_ group: Group) -> [Int] { group.servers.filter { !servers[$0].isRetired } }

  /// The primary of the newest timeline; where none is primary, who has the most advanced log.
  func leading(_ group: Group) -> Int {
    let present = present(group)
    let primaries = present.filter { servers[$0].node.role == .primary }
    if let newest = primaries.max(by: {
      servers[$0].node.disk.timeline < servers[$1].node.disk.timeline
    }) {
      return newest
    }
    return present.max { servers[$0].node.standing.isBefore(servers[$1].node.standing) }!
  }

  func mix(into hash: inout StateHash) {
    for server in servers {
      server.node.disk.log.mix(into: &hash)
      hash.mix(UInt64(server.node.disk.timeline) << 8 | UInt64(server.node.role.rawValue))
      hash.mix(server.node.applied)
    }
  }
}

/// One change of a group's primary, with what it cost.
public struct Failover: Sendable, Equatable {
  public let group: Int
  public let from: NodeID
  public let to: NodeID
  /// The number of the new timeline.
  public let timeline: Int
  /// When the fault began that hid the old primary; nil for a hand-over, or a false alarm.
  public let failedAt: Instant?
  /// When a replica first asked for a promotion.
  public let detectedAt: Instant?
  public let promotedAt: Instant
  /// The new primary took requests.
  public internal(set) var readyAt: Instant?
  /// Every running node that it can reach sends to it.
  public internal(set) var redirectedAt: Instant?
  /// Acknowledged writes that are not in the new primary's log.
  public internal(set) var missing = 0

  public var detection: Span? { failedAt.flatMap { failed in detectedAt.map { $0 - failed } } }
  public var promotion: Span? {
    guard let readyAt else { return nil }
    return readyAt - (detectedAt ?? promotedAt)
  }
  public var redirect: Span? {
    guard let readyAt, let redirectedAt else { return nil }
    return max(redirectedAt, readyAt) - readyAt
  }
}

extension Settings.Replication {
  /// The same in the terms of the state machine.
  var options: PrimaryReplicaOptions {
    var options = PrimaryReplicaOptions()
    options.mode =
      switch mode {
      case .async: .async
      case .semiSync: .semiSync
      case .sync: .sync
      }
    options.automatic = failover != .manual
    options.startUp = failover == .cold ? startUp.nanoseconds : 0
    options.shipDelay = shipDelay.nanoseconds
    options.semiSyncTimeout = semiSyncTimeout.nanoseconds
    options.heartbeat = heartbeat.nanoseconds
    options.fencing = fencing
    options.lease = lease.nanoseconds
    options.canvass = canvass.nanoseconds
    options.failBack = failBack
    options.logLimit = logLimit
    return options
  }
}
