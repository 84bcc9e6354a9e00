/// Mistakes that stores really have, planted on purpose to show that the checks find each of them.
enum PlantedBug: CaseIterable {
  /// A replayed hint overwrites a newer version.
  case hintOverNewer
  /// A read repair overwrites a newer version.
  case repairOverNewer
  /// An acknowledgement that arrives twice counts twice.
  case countsReplicaTwice
  /// A read answers with what came last, not with the newest.
  case answersWithTheLast
  /// A write is acknowledged when the first replica has it.
  case acknowledgesEarly
  /// A hint is replayed to another node than the one that missed the write.
  case hintToWrongNode
  /// A hint is forgotten when it is sent, not when it has arrived.
  case hintForgottenWhenSent
  /// Of two versions anti-entropy sends the older one, and it stays.
  case antiEntropySendsOlder
  /// Replicas compare a version's coordinator before its time.
  case comparesNodeFirst
  /// Of two versions of one time each replica keeps the one that came first.
  case tieByArrival
  /// A write through the cache leaves the old object there.
  case cacheKeepsOverwritten
  /// `storage.read_write_back` is on, and reads do not write back.
  case omitsWriteBack
  /// Concurrent versions are joined as if the later clock replaced the other.
  case joinDropsSibling

  // Of a shard's move, with a primary or several.
  /// A group answers for a shard that it has given away, to whoever comes by an old directory.
  case staleRouteServed
  /// What was written while the keys were copied is not sent after them.
  case tailStaysBehind
  /// The new group serves the shard when the first part of it has come.
  case ownsBeforeCopied
  /// A primary answers for a step before it is safe from a promotion.
  case stepNotSecured

  static let ofMoves: [PlantedBug] = [
    .staleRouteServed, .tailStaysBehind, .ownsBeforeCopied, .stepNotSecured,
  ]
}

extension Simulation {
  /// False for the compiler already where the build is not for tests.
  @inline(__always)
  func has(_ bug: PlantedBug) -> Bool {
    #if DEBUG
      return plantedBug == bug
    #else
      return false
    #endif
  }

  /// Takes a version in as `keep` does; with the mistake it overwrites whatever is held.
  @inline(__always)
  mutating func keep(
    _ entry: Versioned, key: UInt32, at node: NodeID, blindWith bug: PlantedBug
  ) {
    if has(bug) {
      hosts[node.index].store.replace(entry, at: key)
    } else {
      keep(entry, key: key, at: node)
    }
  }

  /// Whether a mistake in comparing keeps a version away that is newer.
  @inline(__always)
  func wronglyRefuses(_ entry: Versioned, key: UInt32, at node: NodeID) -> Bool {
    guard has(.comparesNodeFirst) || has(.tieByArrival) else { return false }
    let (held, new) = (hosts[node.index].store.get(key).version, entry.version)
    return has(.tieByArrival)
      ? held.time == new.time : (new.node, new.time) < (held.node, held.time)
  }
}
