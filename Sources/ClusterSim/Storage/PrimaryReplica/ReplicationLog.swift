/// One entry of a primary's log: a trivial value.
struct LogRecord: Equatable {
  enum Kind: UInt8 {
    case put
    /// The first entry of a timeline: who was promoted writes it before anything else.
    case promotion
    /// From here on the group has the voters in `value`, one bit a place.
    case membership
  }
  var timeline: UInt32
  var kind: Kind
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
  /// The last position that was dropped; 0 before any.
  private(set) var base: UInt64 = 0
  private(set) var timelines: [Timeline]
  /// Kept for ever as well: whoever restarts must know whose votes count.
  private(set) var memberships: [Membership]
  private var entries: ContiguousArray<LogRecord> = []

  /// - Parameter voters: those of the group as it begins, one bit a place; none for a newcomer.
  init(timeline: UInt32, voters: UInt32) {
    timelines = [Timeline(number: timeline, from: 1)]
    memberships = [Membership(from: 0, voters: voters)]
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
    case .membership:
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
  }

  /// Drops everything after `position`: it had not reached the disk.
  mutating func truncate(after position: UInt64) {
    guard position < last else { return }
    entries.removeLast(Int(last - max(base, position)))
    while timelines.count > 1, timelines[timelines.count - 1].from > last {
      timelines.removeLast()
    }
    while memberships.count > 1, membership.from > last { memberships.removeLast() }
  }

  /// The log of a full copy: nothing in it, and everything up to `position` in the copy.
  mutating func reset(
    to position: UInt64, _ timelines: [Timeline], _ memberships: [Membership]
  ) {
    entries.removeAll()
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
  }
}
