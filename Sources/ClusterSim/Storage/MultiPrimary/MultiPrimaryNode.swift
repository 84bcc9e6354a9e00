/// A write as one primary ships it to the others: a trivial value.
struct PeerEntry: Equatable {
  var key: UInt32
  /// By the writing primary's own clock: the latest wins everywhere.
  var entry: Versioned
  /// When it was written, ns on the primary's monotonic clock.
  var writtenAt: Int64 = 0
  /// 0 for a write; for what a step of a move made of a shard one more than `GroupShards.Step.rawValue`:
  /// then `key` is the shard and the rest says what `GroupShards.Entry` does.
  var step: UInt8 = 0
}

/// A message between the primaries of one group, named by their places in it.
struct PeerMessage: Equatable {
  enum Kind: UInt8 {
    /// Entries, or none: then only a sign of life; and the answers to it.
    case ship, received, behind
    /// All that the sender holds, for who cannot go on from its log; and who asks for it.
    case copy, wanted
    /// The answer of who has no copy either.
    case nothing
  }
  var kind: Kind
  var from: UInt8
  var to: UInt8
  /// ship: the position before its entries; received, behind: up to where the log has been taken in; copy:
  /// up to where the sender's own log is in it.
  var position: UInt64 = 0
  var entries: [PeerEntry] = []
  /// copy: up to where the sender had taken in each primary's log, and the shards that it has.
  var received: [UInt64] = []
  var shards = GroupShards(group: 0)
}

/// What a primary wants done; the caller performs it in this order.
enum PeerEffect: Equatable {
  case send(PeerMessage)
  /// Another primary's write arrives: it is kept where its version is later.
  case apply(PeerEntry)
  /// The keys of the copy in hand are taken in, each where its version is later.
  case merge
}

/// One of several primaries of a group. Each takes reads and writes at once, writes them to its own
/// log and ships that to every other; nobody waits for anybody. It knows no network and no clock.
struct MultiPrimaryNode {
  static let maxServers = 16
  /// Heartbeats without any part of a copy after which another primary is asked.
  static let patience = 10

  /// What survives a crash.
  struct Disk {
    /// The last position of the own log that is no longer kept.
    var base: UInt64 = 0
    var entries: ContiguousArray<PeerEntry> = []
    /// By place, up to where that primary's log has been taken in.
    var received = [UInt64](repeating: 0, count: MultiPrimaryNode.maxServers)
    /// It holds no copy: the disk was wiped, or it is new.
    var isBlank = false
    /// Places whose copies it still wants: it lost writes of its own, and each of them may be the only
    /// one that has taken some of these in. A newcomer wants just any copy.
    var wanted: UInt32 = 0
    /// The shards that the group has, as far as this primary has been told.
    var shards = GroupShards(group: 0)
    /// By shard, the one that it was cut off from.
    var parents: ContiguousArray<UInt16> = []
    /// A shard that is being handed over: the move, and by place whose writes of it are all here. Every
    /// primary says so in its own log, after the last of them.
    var freezing: (move: UInt32, done: UInt32) = (0, 0)
    /// The last step that this primary wrote to its own log.
    var told: (move: UInt32, step: GroupShards.Step) = (0, .mark)

    var last: UInt64 { base + UInt64(entries.count) }
  }

  let me: UInt8
  /// The primaries of the group, itself among them: one bit a place.
  var peers: UInt32
  var options: PrimaryReplicaOptions
  var disk: Disk

  // Lost in a crash. By place: the next position to send, and up to where the other one has it.
  var next: [UInt64]
  var match: [UInt64]
  var released: UInt64 = 0
  /// Places that a copy is on its way to: what follows on it stays in the log.
  var copying: UInt32 = 0
  /// By place, heartbeats after which a copy of which nothing has been held there counts as lost.
  var copyWaits = [Int](repeating: 0, count: MultiPrimaryNode.maxServers)
  var heartbeatDue: Int64
  /// Without a copy: whom it asks for one, and heartbeats since anything of it came.
  var source: Int?
  var silent = 0
  /// Its disk has to be synced before anything goes out: the others count on what it has taken in.
  var needsSync = false
  /// Primaries that have said that they have no copy either.
  var bare: UInt32 = 0

  init(me: UInt8, peers: UInt32, disk: Disk, options: PrimaryReplicaOptions, now: Int64) {
    self.me = me
    self.peers = peers
    self.disk = disk
    self.options = options
    next = [UInt64](repeating: disk.last + 1, count: Self.maxServers)
    match = [UInt64](repeating: 0, count: Self.maxServers)
    released = disk.last
    heartbeatDue = now
  }

  var last: UInt64 { disk.last }

  func entry(_ position: UInt64) -> PeerEntry { disk.entries[Int(position - disk.base - 1)] }

  /// The next moment at which `fire` has something to do.
  var due: Int64 {
    released < last
      ? min(heartbeatDue, entry(released + 1).writtenAt + options.shipDelay) : heartbeatDue
  }

  mutating func fire(now: Int64, _ effects: inout [PeerEffect]) {
    while released < last, entry(released + 1).writtenAt + options.shipDelay <= now {
      released += 1
    }
    let beats = heartbeatDue <= now
    if beats { heartbeatDue = now + options.heartbeat }
    if beats {
      PrimaryReplicaNode.each(copying) { copyWaits[$0] -= 1 }
      if disk.isBlank || sources != 0 { askForCopy(&effects) }
    }
    PrimaryReplicaNode.each(others) { ship(to: $0, beats: beats, &effects) }
  }

  var others: UInt32 { peers & ~(1 << UInt32(me)) }
  private var sources: UInt32 { disk.wanted & others }

  /// Asks one primary, and the next one where nothing comes.
  private mutating func askForCopy(_ effects: inout [PeerEffect]) {
    silent += 1
    let wanted = sources == 0 ? others : sources
    if let source, silent <= Self.patience, wanted >> UInt32(source) & 1 == 1 { return }
    let first = (source ?? Int(me)) + 1
    source = (first..<first + Self.maxServers).map { $0 % Self.maxServers }
      .first { wanted >> UInt32($0) & 1 == 1 }
    silent = 1
    if let source { send(.wanted, to: source, after: 0, [], &effects) }
  }

  /// A part of a copy is held there.
  mutating func copyGoesOn(to place: Int) { copyWaits[place] = Self.patience }

  /// A part of a copy has come.
  mutating func copyGoesOn() { silent = min(silent, 1) }

  /// Writes to the own log; the caller has kept the value already.
  mutating func write(_ entry: PeerEntry, _ effects: inout [PeerEffect]) {
    disk.entries.append(entry)
    if options.shipDelay == 0 { fire(now: entry.writtenAt, &effects) }
  }

  /// What another one's copy brought that this one's own log had lost, or nobody had shipped: the
  /// others may lack it, too.
  mutating func relay(_ entries: [PeerEntry]) { disk.entries.append(contentsOf: entries) }

  private mutating func ship(to place: Int, beats: Bool, _ effects: inout [PeerEffect]) {
    // What the other one lacks may be dropped here; it says so, and gets a copy.
    next[place] = max(next[place], disk.base + 1)
    var sent = false
    while next[place] <= released, next[place] <= match[place] + options.window {
      let start = Int(next[place] - disk.base - 1)
      let end = min(Int(released - disk.base), start + options.batch)
      send(.ship, to: place, after: next[place] - 1, Array(disk.entries[start..<end]), &effects)
      next[place] += UInt64(end - start)
      sent = true
    }
    if beats, !sent, !disk.isBlank {
      send(.ship, to: place, after: next[place] - 1, [], &effects)
    }
  }

  private func send(
    _ kind: PeerMessage.Kind, to place: Int, after position: UInt64, _ entries: [PeerEntry],
    _ effects: inout [PeerEffect]
  ) {
    effects.append(
      .send(
        PeerMessage(
          kind: kind, from: me, to: UInt8(place), position: position, entries: entries)))
  }

  mutating func receive(_ message: PeerMessage, _ effects: inout [PeerEffect]) {
    let from = Int(message.from)
    // From one that has left.
    guard peers >> UInt32(from) & 1 == 1 else { return }
    switch message.kind {
    case .ship:
      bare &= ~(1 << UInt32(from))
      // Without a copy it waits for one.
      guard !disk.isBlank else { return }
      let isGap = message.position > disk.received[from]
      if !isGap {
        let known = Int(disk.received[from] - message.position)
        for entry in message.entries.dropFirst(known) {
          if entry.step > 0 { hear(entry, from: from) }
          effects.append(.apply(entry))
          disk.received[from] += 1
        }
      }
      send(isGap ? .behind : .received, to: from, after: disk.received[from], [], &effects)
    case .received:
      // An answer from before the copy, late through a cut, says nothing of the copy.
      if message.position >= match[from] { copying &= ~(1 << UInt32(from)) }
      match[from] = max(match[from], message.position)
      next[from] = max(next[from], message.position + 1)
      trim()
    case .behind:
      // It lacks what the copy on its way brings; to begin anew at every sign of life would never end.
      if copying >> UInt32(from) & 1 == 1, copyWaits[from] > 0 { return }
      copying &= ~(1 << UInt32(from))
      match[from] = message.position
      next[from] = message.position + 1
      if message.position < disk.base { copy(to: from, &effects) }
    case .wanted:
      if disk.isBlank {
        send(.nothing, to: from, after: 0, [], &effects)
      } else {
        copy(to: from, &effects)
      }
    case .nothing:
      disk.wanted &= ~(1 << UInt32(from))
      guard disk.isBlank else { return }
      bare |= 1 << UInt32(from)
      if others & ~bare != 0 {
        silent = Self.patience
      } else if peers.trailingZeroBitCount == Int(me) {
        // Every disk is empty: somebody has to begin with nothing, the others copy that.
        disk.isBlank = false
      }
    case .copy:
      effects.append(.merge)
      learn(message.shards, from: from)
      disk.isBlank = false
      disk.wanted &= ~(1 << UInt32(from))
      source = nil
      silent = 0
      disk.received[from] = max(disk.received[from], message.position)
      for place in message.received.indices where place != Int(me) {
        disk.received[place] = max(disk.received[place], message.received[place])
      }
      send(.received, to: from, after: disk.received[from], [], &effects)
    }
  }

  private mutating func copy(to place: Int, _ effects: inout [PeerEffect]) {
    next[place] = last + 1
    match[place] = last
    copying |= 1 << UInt32(place)
    copyWaits[place] = Self.patience
    effects.append(
      .send(
        PeerMessage(
          kind: .copy, from: me, to: UInt8(place), position: last, received: disk.received,
          shards: disk.shards)))
  }

  /// Keeps `log_limit` entries for who comes back; who is farther behind takes a copy.
  private mutating func trim() {
    guard disk.entries.count > 2 * options.logLimit else { return }
    var drop = min(disk.entries.count - options.logLimit, Int(released - disk.base))
    PrimaryReplicaNode.each(copying & others) {
      drop = min(drop, max(0, Int(match[$0]) - Int(disk.base)))
    }
    disk.entries.removeFirst(drop)
    disk.base += UInt64(drop)
  }
}
