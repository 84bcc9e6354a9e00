/// What a replica's disk would fall back to at a kill, where writes are acknowledged before they are
/// synced (`storage.fsync` off): the entries that were overwritten since the last sync.
///
/// Syncs happen every `storage.sync_interval` of the node's own; nothing runs at one. A record
/// belongs to a numbered interval, and the first of the next interval finds the earlier ones synced.
struct UnsyncedWrites {
  private struct Overwritten {
    var key: UInt32
    var before: Versioned
  }
  private var overwritten: ContiguousArray<Overwritten> = []
  private var interval: Int64 = 0
  /// So many writes wait for a sync at most; one more forces it, as a full page cache does.
  static var limit: Int { 65_536 }

  /// `before` was overwritten in the given interval.
  mutating func note(_ before: Versioned, key: UInt32, interval number: Int64) {
    if number != interval || overwritten.count == Self.limit {
      overwritten.removeAll(keepingCapacity: true)
      interval = number
    }
    overwritten.append(Overwritten(key: key, before: before))
  }

  func visit(_ body: (Versioned) -> Void) {
    for entry in overwritten { body(entry.before) }
  }

  /// Everything is on the disk.
  mutating func sync() { overwritten.removeAll() }

  /// Undoes what is not synced in the given interval; gives the keys, one for each write undone.
  mutating func rollBack(
    _ store: inout ReplicaStore, interval number: Int64
  ) -> ContiguousArray<UInt32> {
    guard number == interval else {
      sync()
      return []
    }
    var keys: ContiguousArray<UInt32> = []
    while let last = overwritten.popLast() {
      store.replace(last.before, at: last.key)
      keys.append(last.key)
    }
    return keys
  }
}
