/// The groups of primaries of a cluster. Held by the simulation where `storage.engine` is
/// `multi-primary`.
struct MultiPrimaryEngine {
  /// One primary of one group.
  struct Server {
    let group: Int
    let host: NodeID
    var node: MultiPrimaryNode
    /// When the wake-up in the event queue comes; `.max` where there is none.
    var wakesAt = Int64.max
    /// With `storage.fsync` off: the interval of the disk's syncs in which it last wrote, and what
    /// was there when that interval began.
    var interval: Int64 = -1
    var syncedLast: UInt64 = 0
    var syncedReceived: [UInt64] = []
    /// What it has read of a shard that leaves, in its present life.
    var sent = Sent()
    /// It takes requests; a newcomer does not before it has caught up.
    var counts = true
    /// It takes no new requests: what it has is on its way to the others.
    var leavesSince: Int64?
    /// It has left its group for good.
    var isRetired = false
  }
  /// What a primary has read for the move of a shard, part by part. Of a part that was read more than
  /// once any one of the batches may be what the new group got: it surely has the keys of the first,
  /// each in that version or a later one.
  struct Sent {
    var move: UInt32 = 0
    /// The request for the last part.
    var request: UInt64 = 0
    var keys = ReplicaStore()

    /// Notes a part of which so many keys were read.
    mutating func note(_ order: CopyOrder, _ read: [(key: UInt32, entry: Versioned)]) {
      if move != order.move { self = Sent(move: order.move) }
      guard order.request > request else { return }
      request = order.request
      for item in read where keys.get(item.key).version == .none {
        keys.apply(item.entry, to: item.key)
      }
    }
  }
  struct Group {
    /// By place, the server's number. No place is used twice.
    var servers: [Int] = []
    /// Writes of which it is not settled yet what becomes of them.
    var open = ContiguousArray<OpenWrite>()
  }
  /// A write as the audit follows it: whoever writes over it on a primary that holds it has replaced
  /// it knowingly; where nobody did and no primary holds it any more, it has vanished.
  struct OpenWrite {
    var key: UInt32
    var entry: Versioned
    var origin: UInt8
    var position: UInt64
    var writtenAt: Int64
    var acknowledgedAt: Int64?
    /// Where its client is, and the phase in which it began; set with the acknowledgement.
    var location: UInt8 = 0
    var phase: UInt32 = 0
    var coordinator: UInt16
    var isReplaced = false
    /// Sent twice by its client, another copy of it took its place.
    var isSuperseded = false
    /// An older write that its client had sent again took its place, though what that wrote had been
    /// replaced before.
    var isOverwritten = false
    /// A later version had been acknowledged before this write began: clocks disagree.
    var isByClocks = false
    var gone: LostWrite.Cause?
  }
  struct Payload {
    var message: PeerMessage
    var keys: [(key: UInt32, entry: Versioned)] = []
  }
  /// Beyond so many open writes of a group the oldest are no longer followed.
  static let openLimit = 16_384

  var servers: ContiguousArray<Server> = []
  var groups: [Group] = []
  var payloads = SharedSlab<Payload>()
  var effects: [PeerEffect] = []
  /// In turn, who is asked where no primary is here.
  var turn = 0

  var forwarded = 0
  var entriesShipped = 0
  var copiesSent = 0
  /// Writes that vanished for a concurrent one, whether acknowledged or not.
  var conflicts = 0
  var notFollowed = 0
  /// Values of writes sent twice of which some copy was replaced knowingly: they are not lost.
  var outlived = RecentValues()

  init(nodes: [NodeID], domains: ContiguousArray<FailureDomain>, settings: Settings) {
    let size = min(settings.storage.n, nodes.count)
    for number in 0..<settings.storage.shards {
      var group = Group()
      let hosts = settings.servers(ofGroup: number, among: nodes, domains)
      for place in 0..<size {
        group.servers.append(servers.count)
        servers.append(
          Server(
            group: number, host: hosts[place],
            node: MultiPrimaryNode(
              me: UInt8(place), peers: 1 << UInt32(size) - 1,
              disk: .init(shards: GroupShards(group: number)),
              options: settings.replication.options,
              now: 0)))
      }
      groups.append(group)
    }
  }

  func server(of group: Int, on host: NodeID) -> Int? {
    groups[group].servers.first { servers[$0].host == host && !servers[$0].isRetired }
  }

  func servers(on host: NodeID) -> [Int] {
    servers.indices.filter { servers[$0].host == host && !servers[$0].isRetired }
  }

  /// The servers of a group that are there, in the order of their places.
  func present(_ group: Group) -> [Int] { group.servers.filter { !servers[$0].isRetired } }

  /// Every entry in a log, in a message or in a copy on its way.
  func visitEntries(_ body: (_ key: UInt32, _ entry: Versioned) -> Void) {
    for server in servers where !server.isRetired {
      for entry in server.node.disk.entries where entry.step == 0 { body(entry.key, entry.entry) }
    }
    payloads.visit { payload in
      for entry in payload.message.entries where entry.step == 0 { body(entry.key, entry.entry) }
      for item in payload.keys { body(item.key, item.entry) }
    }
  }

  func mix(into hash: inout StateHash) {
    for server in servers {
      hash.mix(server.node.last)
      for received in server.node.disk.received { hash.mix(received) }
      for entry in server.node.disk.shards.entries {
        hash.mix(UInt64(entry.move) << 32 | UInt64(entry.shard) << 8 | UInt64(entry.hold.rawValue))
      }
    }
  }
}
