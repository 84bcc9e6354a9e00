/// One entry of a replicated log: a trivial value of 32 bytes.
struct RaftEntry: Equatable {
  enum Kind: UInt8 {
    case noop, put, read, voters
    /// A step of a shard's move; a key that comes with a shard; a write that is known to be done there.
    case shard, adopt, recall
  }
  /// Found as a put is applied: it counts, or it was applied before, or its key is not here any more.
  enum Outcome: UInt8 { case fresh, again, refused }
  var term: UInt32
  var kind: Kind
  var outcome = Outcome.fresh
  /// The host that took the request; of a step of a move, which one.
  var host: UInt16 = 0
  /// A put's key; the shard of a step.
  var key: UInt32 = 0
  /// A put's shard as the proposer knew it.
  var shard: UInt16 = 0
  /// How many shards there were as it was proposed; of an applied put, its shard's generation.
  var stamp: UInt16 = 0
  /// A put's value, which is the number of the write; a voters entry's set, one bit a place; the
  /// number of a move.
  var value: UInt64 = 0
  /// The proposer's own handle; of a key or a write that came with a shard, the time of its version.
  var tag: UInt64 = 0
}

extension RaftEntry {
  /// Bits of a version's time that count in the log.
  static var indexBits: UInt64 { 36 }

  /// The time of the version that an applied put makes: the index in the log, and above it the
  /// generation of the shard, so that what a later group writes is newer.
  func versionTime(at index: UInt64) -> UInt64 { UInt64(stamp) << RaftEntry.indexBits | index }
}

/// A replicated log whose beginning may be replaced by a snapshot. Indices count from 1.
struct RaftLog {
  /// Index and term of the last entry that the snapshot stands for; 0 before any.
  private(set) var base: UInt64 = 0
  private(set) var baseTerm: UInt32 = 0
  private var entries: ContiguousArray<RaftEntry> = []

  var lastIndex: UInt64 { base + UInt64(entries.count) }
  var lastTerm: UInt32 { entries.last?.term ?? baseTerm }
  var count: Int { entries.count }

  subscript(index: UInt64) -> RaftEntry { entries[Int(index - base - 1)] }

  /// The term of an index from `base` to `lastIndex`.
  func term(at index: UInt64) -> UInt32 {
    index == base ? baseTerm : entries[Int(index - base - 1)].term
  }

  /// Entries at the end of `other` that this log does not have: those after the last index at which
  /// both have the same term, for up to there they are equal (Log Matching).
  func lacks(of other: RaftLog) -> UInt64 {
    var common = min(lastIndex, other.lastIndex)
    while common > max(base, other.base), term(at: common) != other.term(at: common) { common -= 1 }
    return other.lastIndex - common
  }

  mutating func append(_ entry: RaftEntry) { entries.append(entry) }

  /// Drops every entry from `index` on.
  mutating func truncate(from index: UInt64) {
    entries.removeLast(Int(lastIndex - index + 1))
  }

  /// At most `limit` entries from `index` on.
  func slice(from index: UInt64, limit: Int) -> [RaftEntry] {
    let start = Int(index - base - 1)
    return Array(entries[start..<min(entries.count, start + limit)])
  }

  /// The snapshot stands for everything up to and with `index` from now on.
  mutating func compact(to index: UInt64) {
    guard index > base else { return }
    baseTerm = term(at: index)
    entries.removeFirst(Int(index - base))
    base = index
  }

  /// A snapshot received takes the place of the whole log.
  mutating func reset(to index: UInt64, term: UInt32) {
    entries.removeAll()
    base = index
    baseTerm = term
  }

  /// The newest set of voters in the log, committed or not; nil where only the snapshot has one.
  var newestVoters: UInt32? {
    entries.last { $0.kind == .voters }.map { UInt32(truncatingIfNeeded: $0.value) }
  }

  /// The set of voters as of `index`; nil where no entry up to there sets one.
  func voters(upTo index: UInt64) -> UInt32? {
    guard index > base else { return nil }
    return entries[..<Int(index - base)].last { $0.kind == .voters }
      .map { UInt32(truncatingIfNeeded: $0.value) }
  }
}

/// What a Raft server has on disk before it answers (dissertation, figure 3.1), and its snapshot.
struct RaftDisk {
  var term: UInt32 = 0
  /// The place voted for in `term`.
  var vote: UInt8?
  var log = RaftLog()
  /// The voters as of the log's base.
  var baseVoters: UInt32
  /// A digest of everything applied up to the base: the snapshot of the state machine.
  var baseDigest = StateHash()
  var baseWrites = RaftWrites()
  var baseShards = GroupShards(group: 0)
}
