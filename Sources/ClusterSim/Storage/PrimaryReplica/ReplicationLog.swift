/// One entry of a primary's log: a trivial value.
struct LogRecord: Equatable {
  enum Kind: UInt8 {
    case put
    /// The first entry of a timeline: who was promoted writes it before anything else.
    case promotion
    /// From here on the group has the voters in `value`, one bit a place.
    case membership
    /// A step of the move `value` of the shard `key`: `coordinator` says which, `tag` how many shards
    /// there were and the generation that `own` begins.
    case shard
    /// A key that came with a shard: `tag` and `coordinator` are the time and node of its version.
    case adopt
  }
  var timeline: UInt32
  var kind: Kind
  /// Of a put: how often its shard had moved.
  var generation: UInt8 = 0
  /// The node whose client asked for it.
  var coordinator: UInt16 = 0
  var key: UInt32 = 0
  var value: UInt64 = 0
  /// The primary's own handle of the request.
  var tag: UInt64 = 0
  /// When the primary wrote it, ns on its clock.
  var writtenAt: Int64 = 0
}

/// A replicated log whose beginning may be dropped. Positions count from 1.
///
/// A timeline is what one primary wrote, as in PostgreSQL: each promotion begins another. The
/// places where they begin are kept for ever, so that two logs can be compared whatever was dropped.
struct ReplicationLog {
  struct Timeline: Equatable {
    var number: UInt32
    /// Its first position.
    var from: UInt64
  }
  /// Who belongs to the group from a position on.
  struct Membership: Equatable {
    var from: UInt64
    /// One bit a place.
    var voters: UInt32
  }
  /// The shards that the group holds from a position on.
  struct Holding {
    var from: UInt64
    var shards: GroupShards
  }
  /// The last position that was dropped; 0 before any.
  private(set) var base: UInt64 = 0
  private(set) var timelines: [Timeline]
  /// Kept for ever as well: whoever restarts must know whose votes count.
  private(set) var memberships: [Membership]
  /// Those that somebody who has replayed no more than the log keeps may still ask for.
  private(set) var holdings: [Holding]
  /// By shard, the one that it was cut off from.
  var parents: ContiguousArray<UInt16> = []
  private var entries: ContiguousArray<LogRecord> = []
  /// An entry came that others count on whatever the mode and `storage.fsync` say: who is a member, and
  /// the steps and keys of a move. It has to be on the disk before anybody hears that it is here.
  var needsSync = false

  /// - Parameters:
  ///   - voters: those of the group as it begins, one bit a place; none for a newcomer.
  ///   - shards: what the group holds before the first entry.
  init(timeline: UInt32, voters: UInt32, shards: GroupShards = GroupShards(group: 0)) {
    timelines = [Timeline(number: timeline, from: 1)]
    memberships = [Membership(from: 0, voters: voters)]
    holdings = [Holding(from: 0, shards: shards)]
  }

  /// As of the newest entry, whether the others have it or not.
  var membership: Membership { memberships[memberships.count - 1] }

  var last: UInt64 { base + UInt64(entries.count) }
  var count: Int { entries.count }
  /// Of the entry at `last`.
  var lastTimeline: UInt32 { timeline(at: last) }

  subscript(position: UInt64) -> LogRecord { entries[Int(position - base - 1)] }

  func timeline(at position: UInt64) -> UInt32 {
    (timelines.last { $0.from <= max(1, position) } ?? timelines[0]).number
  }

  /// Whether the entry that was written at this position of that timeline is in the log; all agree on
  /// what was before the first.
  func contains(_ timeline: UInt32, _ position: UInt64) -> Bool {
    position == 0 || position <= last && self.timeline(at: position) == timeline
  }

  /// Whether an entry that is still kept writes this value.
  func contains(value: UInt64) -> Bool {
    entries.contains { $0.kind == .put && $0.value == value }
  }

  mutating func append(_ entry: LogRecord) {
    if entry.timeline != timelines[timelines.count - 1].number {
      timelines.append(Timeline(number: entry.timeline, from: last + 1))
    }
    entries.append(entry)
    switch entry.kind {
    case .put, .promotion: break
    case .adopt: needsSync = true
    case .shard:
      needsSync = true
      take(entry)
    case .membership:
      needsSync = true
      memberships.append(Membership(from: last, voters: UInt32(truncatingIfNeeded: entry.value)))
    }
  }

  /// At most `limit` entries from `position` to `end`.
  func slice(from position: UInt64, to end: UInt64, limit: Int) -> [LogRecord] {
    guard position <= end else { return [] }
    let start = Int(position - base - 1)
    return Array(entries[start..<min(Int(end - base), limit > count ? count : start + limit)])
  }

  /// Drops the oldest entries up to `position` where more than twice `keeping` are there.
  mutating func trim(to position: UInt64, keeping: Int) {
    guard entries.count > 2 * keeping else { return }
    let end = min(position, last - UInt64(keeping))
    guard end > base else { return }
    entries.removeFirst(Int(end - base))
    base = end
    while holdings.count > 1, holdings[1].from <= base { holdings.removeFirst() }
  }

  /// Drops everything after `position`: it had not reached the disk.
  mutating func truncate(after position: UInt64) {
    guard position < last else { return }
    entries.removeLast(Int(last - max(base, position)))
    while timelines.count > 1, timelines[timelines.count - 1].from > last {
      timelines.removeLast()
    }
    while memberships.count > 1, membership.from > last { memberships.removeLast() }
    while holdings.count > 1, holdings[holdings.count - 1].from > last { holdings.removeLast() }
  }

  /// The log of a full copy: nothing in it, and everything up to `position` in the copy.
  mutating func reset(
    to position: UInt64, _ timelines: [Timeline], _ memberships: [Membership],
    _ shards: GroupShards
  ) {
    entries.removeAll()
    holdings = [Holding(from: position, shards: shards)]
    base = position
    self.timelines = timelines.filter { $0.from <= max(1, position) }
    if self.timelines.isEmpty { self.timelines = [timelines[0]] }
    self.memberships = memberships.filter { $0.from <= position }
    if self.memberships.isEmpty { self.memberships = [memberships[0]] }
  }

  func mix(into hash: inout StateHash) {
    hash.mix(last)
    hash.mix(UInt64(lastTimeline))
    for membership in memberships.dropFirst() {
      hash.mix(membership.from << 16 | UInt64(membership.voters))
    }
    for entry in shards.entries {
      hash.mix(UInt64(entry.move) << 32 | UInt64(entry.shard) << 8 | UInt64(entry.hold.rawValue))
    }
  }
}

// The shards of the group: as its memberships, a part of what the log says.
extension ReplicationLog {
  /// As of the newest entry, whether the others have it or not.
  var shards: GroupShards { holdings[holdings.count - 1].shards }

  /// As of a position that is kept.
  func shards(at position: UInt64) -> GroupShards {
    (holdings.last { $0.from <= position } ?? holdings[0]).shards
  }

  /// What the log has of a shard, as of its newest entry or of a position.
  func holding(of shard: Int, at position: UInt64? = nil) -> GroupShards.Entry {
    (position.map { shards(at: $0) } ?? shards).entry(of: shard, parents: parents)
  }

  /// Where the shards last changed.
  var shardsChangedAt: UInt64 { holdings[holdings.count - 1].from }

  /// Whether a step changes anything now.
  func wouldTake(_ step: LogRecord) -> Bool { after(step) != shards }

  private mutating func take(_ step: LogRecord) {
    holdings.append(Holding(from: last, shards: after(step)))
  }

  private func after(_ step: LogRecord) -> GroupShards {
    var after = shards
    after.take(
      GroupShards.Step(rawValue: UInt8(step.coordinator))!,
      of: UInt32(truncatingIfNeeded: step.value), Int(step.key), known: Int(step.tag >> 32),
      parents: parents, generation: UInt32(truncatingIfNeeded: step.tag))
    return after
  }
}

extension LogRecord {
  /// A step of a shard's move; timeline and time are given by who writes it.
  static func step(_ command: ShardCommand) -> LogRecord {
    LogRecord(
      timeline: 0, kind: .shard, coordinator: UInt16(command.step.rawValue),
      key: UInt32(command.shard), value: UInt64(command.move),
      tag: UInt64(command.known) << 32 | UInt64(command.generation))
  }

  /// A key as it was in the group that a shard comes from.
  static func adopted(_ key: UInt32, _ entry: Versioned) -> LogRecord {
    LogRecord(
      timeline: 0, kind: .adopt, coordinator: entry.version.node, key: key, value: entry.value,
      tag: UInt64(entry.version.time))
  }

  /// The version and value that an `adopt` brings.
  var adopted: Versioned {
    Versioned(version: Version(time: Int64(tag), node: coordinator), value: value)
  }
}
