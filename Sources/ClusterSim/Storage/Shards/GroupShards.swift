/// Which shards a group holds. It is part of the group's replicated state: only entries of its log
/// change it, so every server has the same after the same entries, and a new leader goes on where the
/// old one was.
struct GroupShards: Equatable {
  enum Hold: UInt8 {
    case away, receiving, owned
    /// Read, but not written any more: it is being handed over.
    case frozen
  }
  /// What an entry of the log says of a shard. Steps of one move are taken in this order and none
  /// twice, so an entry that comes late changes nothing.
  enum Step: UInt8 {
    /// Everything before it in the log has been applied.
    case mark
    /// To the new group: keys of the shard will come.
    case receive
    /// To the old group: no writes any more, and then no reads either.
    case freeze, release
    /// To the new group: serve it.
    case own
    /// To both: all as it was.
    case cancel
  }
  struct Entry: Equatable {
    let shard: Int
    /// How many shards there were when it was proposed: a part with a lower number had been cut off
    /// before, and it says nothing of that one.
    var known = 0
    var hold: Hold
    /// The newest move of it and how far that got here.
    var move: UInt32
    var step: Step
    /// The move that brought it here, 0 for none. Versions of later homes are above those of earlier
    /// ones, though each group counts its own log.
    var generation: UInt32

    func isLater(than other: Entry) -> Bool {
      (move, step.rawValue) > (other.move, other.step.rawValue)
    }
  }

  /// The group's number, which is also that of the shard that it begins with.
  let group: Int
  /// Of a shard the newest, last, and older ones that still speak for a part of it.
  private(set) var entries: [Entry] = []
  /// The highest number of a shard that an entry spoke of.
  private(set) var newest = -1

  init(group: Int) { self.group = group }

  /// What the group has of a shard: what was last said of it, else of the shard from which it was cut
  /// off, as that stood then.
  ///
  /// - Parameter parents: by shard, the one it was cut off from.
  func entry(of shard: Int, parents: ContiguousArray<UInt16>) -> Entry {
    var number = shard
    var part = Int.max
    while true {
      if let own = entries.last(where: { $0.shard == number && $0.known <= part }) { return own }
      guard number < parents.count, Int(parents[number]) != number else { break }
      part = number
      number = Int(parents[number])
    }
    return Entry(
      shard: number, hold: number == group ? .owned : .away, move: 0, step: .mark, generation: 0)
  }

  /// Whether the group has the keys of the shard, to serve them or not.
  func keeps(_ shard: Int, parents: ContiguousArray<UInt16>) -> Bool {
    entry(of: shard, parents: parents).hold != .away
  }

  /// Whether a write may be applied. `known` shards there were when it was proposed: a proposer that
  /// did not know of a shard which has been handed over since may have meant a key of it.
  func accepts(_ shard: Int, known: Int, parents: ContiguousArray<UInt16>) -> Bool {
    known > newest && entry(of: shard, parents: parents).hold == .owned
  }

  /// Whether the step of a move has been taken, or a later one.
  func hasTaken(_ step: Step, of move: UInt32, _ shard: Int) -> Bool {
    guard let own = entries.last(where: { $0.shard == shard }) else { return false }
    return own.move > move || own.move == move && own.step.rawValue >= step.rawValue
  }

  /// Takes a step of a move, where it is next; nothing happens where it is not.
  ///
  /// - Parameter generation: of what `own` begins, where that is not the move's number.
  mutating func take(
    _ step: Step, of move: UInt32, _ shard: Int, known: Int, parents: ContiguousArray<UInt16>,
    generation: UInt32? = nil
  ) {
    guard step != .mark, !hasTaken(step, of: move, shard) else { return }
    let before = entry(of: shard, parents: parents)
    var after = Entry(
      shard: shard, known: known, hold: before.hold, move: move, step: step,
      generation: before.generation)
    switch (step, before.hold) {
    case (.receive, .away): after.hold = .receiving
    case (.freeze, .owned): after.hold = .frozen
    case (.release, .frozen): after.hold = .away
    case (.own, .receiving):
      after.hold = .owned
      after.generation = generation ?? move
    case (.cancel, .frozen): after.hold = .owned
    case (.cancel, .receiving): after.hold = .away
    case (.cancel, .owned), (.cancel, .away): break
    case (.receive, _), (.freeze, _), (.release, _), (.own, _), (.mark, _): return
    }
    put(after, parents: parents)
  }

  /// Takes in what another server of the group has of a shard. Of every part the latest step that
  /// speaks for it counts, so in whatever order steps are heard, and how often: who has heard the same
  /// ones has the same. An end of a move that is heard after the next began may still be the newest for
  /// a part that was cut off between them.
  mutating func learn(_ entry: Entry, parents: ContiguousArray<UInt16>) {
    let isSaid = entries.contains {
      $0.shard == entry.shard && $0.known <= entry.known && !entry.isLater(than: $0)
    }
    if !isSaid { put(entry, parents: parents) }
  }

  private mutating func put(_ after: Entry, parents: ContiguousArray<UInt16>) {
    newest = max(newest, after.shard)
    let next = entries.firstIndex { $0.shard == after.shard && $0.isLater(than: after) }
    entries.insert(after, at: next ?? entries.endIndex)
    // What later ones say of every part that an entry speaks for, it need not.
    var limit: Int?
    for place in entries.indices.reversed() where entries[place].shard == after.shard {
      let first = min(entries[place].known, parents.count)
      if let limit {
        let parts = first..<max(first, min(limit, parents.count))
        if !parts.contains(where: { Int(parents[$0]) == after.shard && $0 != after.shard }) {
          entries.remove(at: place)
          continue
        }
      }
      limit = min(limit ?? .max, entries[place].known)
    }
  }
}
