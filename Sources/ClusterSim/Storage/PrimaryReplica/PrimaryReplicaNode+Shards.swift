// What a primary does for the move of a shard: entries that no mode may lose.
extension PrimaryReplicaNode {
  /// Writes entries, each at its place in this primary's timeline. Gives the position of the last one;
  /// nil where this server takes no writes now.
  mutating func propose(
    _ records: [LogRecord], now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) -> UInt64? {
    guard serves(now: now), heir == nil else { return nil }
    for var record in records {
      record.timeline = disk.timeline
      record.writtenAt = now
      disk.log.append(record)
    }
    advance(now, &effects)
    release(now)
    Self.each(others) { ship(to: $0, now, beats: false, &effects) }
    return last
  }

  /// The last position that no promotion takes back, whatever the mode: with fencing a majority has
  /// it, and a promotion asks a majority for the most advanced log; without, anybody may be promoted,
  /// so every voter has it. 0 until that holds for the entry with which this primary began: before,
  /// somebody with a later timeline may still be ahead (as Raft commits nothing of older terms alone).
  var secured: UInt64 {
    guard role == .primary, isReady else { return 0 }
    var matches = ContiguousArray<UInt64>()
    Self.each(voters) { matches.append($0 == Int(me) ? last : progress[$0].match) }
    matches.sort(by: >)
    let position = options.fencing ? matches[majority - 1] : matches[matches.count - 1]
    return position >= promotedAt ? min(position, applied) : 0
  }
}
