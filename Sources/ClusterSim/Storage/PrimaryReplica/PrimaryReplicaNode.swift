/// One server of one replica group: primary or replica. It knows no network and no clock: time comes
/// in with every call, what it wants done goes out as effects.
///
/// A log is shipped as MySQL's and PostgreSQL's replication do it; timelines (PostgreSQL) tell the
/// writes of one primary from another's. Servers are places 0 to 15, a set is one bit each.
struct PrimaryReplicaNode {
  static let maxServers = 16
  enum Role: UInt8 { case replica, primary }

  /// What survives a crash.
  struct Disk {
    /// The highest timeline it has written, followed or promised: number in the upper 28 bits, the
    /// place of the server that chose it in the lower four.
    var timeline: UInt32
    var log: ReplicationLog
    /// On a replica: up to where the log is replayed; on the primary: up to where it is acknowledged
    /// and visible.
    var applied: UInt64 = 0
    /// It holds no copy of the data: wiped, or new.
    var isBlank = false
    var wasPrimary = false
    /// Whom it last followed, or itself.
    var primary: UInt8
  }
  /// What a primary knows of another server.
  struct Progress {
    var next: UInt64 = 1
    /// Up to here the other one has said to have the log.
    var match: UInt64 = 0
    /// From here on entries count as under way.
    var start: UInt64 = 0
    /// When the newest shipment that was answered had been sent.
    var ackedAt = Int64.min
    /// A copy is under way, and sent again where nothing is heard by then.
    var copyUntil: Int64?
  }
  /// A promotion in preparation.
  struct Canvass {
    var timeline: UInt32
    var deadline: Int64
    var byPerson: Bool
    var answered: UInt32
    var granted: UInt32
    var wasHeard = false
    var best: Standing
    /// The most advanced log met, and whose votes count by it: more than a change of one server may
    /// have passed by who asks, and by its own old membership two majorities need not meet.
    var newest: Standing
    var voters: UInt32

    var votes: Int { (granted & voters).nonzeroBitCount }
    var needed: Int { voters.nonzeroBitCount / 2 + 1 }
    func isComplete(dead: UInt32) -> Bool { voters & ~answered & ~dead == 0 }
  }
  /// Who is how far: the most advanced is promoted.
  struct Standing {
    var place: UInt8
    var isBlank: Bool
    var timeline: UInt32
    var position: UInt64

    func isBefore(_ other: Standing) -> Bool {
      if isBlank != other.isBlank { return isBlank }
      if timeline != other.timeline { return timeline < other.timeline }
      if position != other.position { return position < other.position }
      return place > other.place
    }
  }

  let me: UInt8
  var options: PrimaryReplicaOptions
  var disk: Disk

  // Lost in a crash.
  var role = Role.replica
  var heard: Int64
  /// Servers that the primary ships to though they do not count yet: no mode waits for them, they
  /// neither vote nor are promoted.
  var learners: UInt32 = 0
  var progress = ContiguousArray(repeating: Progress(), count: PrimaryReplicaNode.maxServers)
  /// Sync waits for these.
  var syncSet: UInt32 = 0
  /// What is written after the last sync of the disk is not trimmed.
  var trimFloor = UInt64.max
  /// Up to where entries may be shipped, and up to where the mode's acknowledgements are there.
  var released: UInt64 = 0
  var commit: UInt64 = 0
  /// The position of the entry that it wrote when it was promoted; requests wait for it.
  var promotedAt: UInt64 = 0
  var ledSince = Int64.min
  /// When its process has started; `.max` once it has.
  var startDue = Int64.max
  var isReady = false
  /// Semi-sync: it waits for replicas.
  var waits = true
  var fallbacks = 0
  var heartbeatDue = Int64.max
  /// The next look at whether the primary is still there.
  var checkDue: Int64
  var canvass: Canvass?
  /// The newest timeline that another one has said to have promised: the next must be newer.
  var seen: UInt32 = 0
  /// Nobody else's promotion is begun before.
  var heldOffUntil = Int64.min
  /// It was the primary before it started, or has just handed over: where it hears of no other
  /// primary by then it asks who is to go on.
  var resumesAt: Int64?
  var heir: UInt8?
  var heirUntil: Int64 = 0

  /// A server as its disk says. `dead` hosts are told with every `fire`.
  init(
    me: UInt8, disk: Disk, options: PrimaryReplicaOptions, now: Int64
  ) {
    self.me = me
    self.disk = disk
    self.options = options
    heard = now
    checkDue = now + options.heartbeat
    if disk.wasPrimary { resumesAt = now + 3 * options.heartbeat }
  }

  /// The group as it begins: place 0 is the primary and everybody knows.
  static func founder(
    _ me: UInt8, voters: UInt32, options: PrimaryReplicaOptions, now: Int64,
    shards: GroupShards = GroupShards(group: 0)
  ) -> PrimaryReplicaNode {
    let first = UInt32(1) << 4
    var node = PrimaryReplicaNode(
      me: me,
      disk: Disk(
        timeline: first, log: ReplicationLog(timeline: first, voters: voters, shards: shards),
        primary: 0),
      options: options, now: now)
    guard me == 0 else { return node }
    node.role = .primary
    node.isReady = true
    node.syncSet = voters
    node.disk.wasPrimary = true
    node.resumesAt = nil
    node.heartbeatDue = now
    for place in node.progress.indices { node.progress[place].ackedAt = now }
    return node
  }

  /// Servers that count: in a majority, in what a mode waits for, and for a promotion.
  var voters: UInt32 { disk.log.membership.voters }
  var isVoter: Bool { voters >> UInt32(me) & 1 == 1 }
  var majority: Int { voters.nonzeroBitCount / 2 + 1 }
  /// Whom it ships to as the primary.
  var others: UInt32 { (voters | learners) & ~(1 << UInt32(me)) }
  var last: UInt64 { disk.log.last }
  var applied: UInt64 {
    get { disk.applied }
    set { disk.applied = newValue }
  }
  var standing: Standing {
    Standing(
      place: me, isBlank: disk.isBlank, timeline: disk.log.lastTimeline, position: last)
  }

  /// The next moment at which `fire` has something to do.
  var due: Int64 {
    switch role {
    case .replica: min(checkDue, canvass?.deadline ?? .max)
    case .primary: min(heartbeatDue, shipDue, waitDue, startDue)
    }
  }

  /// When the next entry may be shipped.
  private var shipDue: Int64 {
    released < last ? disk.log[released + 1].writtenAt + options.shipDelay : .max
  }

  /// When semi-sync gives up waiting.
  private var waitDue: Int64 {
    guard options.mode == .semiSync, waits, commit < last else { return .max }
    // After a promotion nothing counts as acknowledged yet, though the log may begin later.
    let oldest = max(commit, disk.log.base) + 1
    guard oldest <= last else { return .max }
    return max(ledSince, disk.log[oldest].writtenAt) + options.semiSyncTimeout
  }

  /// Whether it may answer: a primary that is ready and, with fencing, holds a lease.
  func serves(now: Int64) -> Bool {
    role == .primary && isReady && (!options.fencing || holdsLease(now: now))
  }

  /// Whether a majority has answered shipments that were sent less than a lease ago.
  func holdsLease(now: Int64) -> Bool {
    var count = 0
    Self.each(voters) { place in
      let acked = progress[place].ackedAt
      if place == Int(me) || acked != .min && acked + options.leaseHeld > now { count += 1 }
    }
    return count >= majority
  }

  static func each(_ places: UInt32, _ body: (Int) -> Void) {
    var rest = places
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }

  // MARK: Time

  /// Time has come for whatever is due. `dead`: places whose hosts this one's membership holds dead.
  mutating func fire(now: Int64, dead: UInt32, _ effects: inout [PrimaryReplicaEffect]) {
    switch role {
    case .primary: lead(now, &effects)
    case .replica: follow(now, dead, &effects)
    }
  }

  private mutating func lead(_ now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    if waitDue <= now {
      waits = false
      fallbacks += 1
      effects.append(.fellBack)
    }
    if startDue <= now { startDue = .max }
    advance(now, &effects)
    release(now)
    let beats = heartbeatDue <= now
    if beats { heartbeatDue = now + options.heartbeat }
    for place in 0..<Self.maxServers where others >> UInt32(place) & 1 == 1 {
      ship(to: place, now, beats: beats, &effects)
    }
    if heir != nil, heirUntil <= now { heir = nil }
    if beats, options.failBack, me != 0, isReady, heir == nil, isCurrent(0, now) {
      handOver(to: 0, now, &effects)
    }
  }

  /// It has everything and answers.
  private func isCurrent(_ place: Int, _ now: Int64) -> Bool {
    let acked = progress[place].ackedAt
    return progress[place].match == last && acked != .min && now - acked <= 2 * options.heartbeat
  }

  private mutating func follow(
    _ now: Int64, _ dead: UInt32, _ effects: inout [PrimaryReplicaEffect]
  ) {
    if checkDue <= now { checkDue = now + options.heartbeat }
    if let canvass {
      if canvass.isComplete(dead: dead) || canvass.deadline <= now { conclude(now, &effects) }
      return
    }
    guard isVoter, heldOffUntil <= now else { return }
    let isOrphan = options.automatic && dead >> UInt32(disk.primary) & 1 == 1
    let resumes = resumesAt.map { $0 <= now } ?? false
    guard isOrphan || resumes else { return }
    if resumes { resumesAt = now + 5 * options.heartbeat }
    beginCanvass(now, byPerson: false, &effects)
  }

  mutating func demote(to primary: UInt8?, _ now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    guard role == .primary else { return }
    role = .replica
    isReady = false
    heir = nil
    learners = 0
    heartbeatDue = .max
    checkDue = now + options.heartbeat
    heard = now
    // Until it hears the next primary it stays the one that asks who is to go on, even after a restart:
    // its successor may never have come to lead.
    if let primary { disk.primary = primary }
    effects.append(.demoted)
  }
}
