// What a primary knows of its group's shards. What a step made of one spreads through the logs like
// writes; the later step counts, whichever log brings it first.
extension MultiPrimaryNode {
  /// What it has of a shard.
  func holding(of shard: Int) -> GroupShards.Entry {
    disk.shards.entry(of: shard, parents: disk.parents)
  }

  /// Takes a step and tells the others; false where it is not next. One that it has heard of from
  /// another primary it tells once more, for that one's log may reach nobody else.
  mutating func propose(
    _ command: ShardCommand, now: Int64, _ effects: inout [PeerEffect]
  ) -> Bool {
    // It has not heard yet how the move before ended: what it would tell the others of the shard is
    // not what the group has.
    let held = holding(of: command.shard).hold
    guard
      command.isSource == (held == .owned || held == .frozen)
        || disk.shards.hasTaken(command.step, of: command.move, command.shard)
    else { return false }
    disk.shards.take(
      command.step, of: command.move, command.shard, known: command.known, parents: disk.parents,
      generation: command.generation)
    guard disk.shards.hasTaken(command.step, of: command.move, command.shard) else { return false }
    needsSync = true
    guard disk.told != (command.move, command.step) else { return true }
    disk.told = (command.move, command.step)
    if command.step == .freeze { note(frozen: command.move, by: Int(me)) }
    write(PeerEntry(holding(of: command.shard), writtenAt: now), &effects)
    return true
  }

  /// What another one has of a shard. Of a freeze every primary tells every other that it has taken it,
  /// whether it heard of it from a log or from a copy: the others count on its word.
  mutating func hear(_ step: PeerEntry, from place: Int) {
    let held = step.holding
    needsSync = true
    let isNext = !disk.shards.hasTaken(held.step, of: held.move, held.shard)
    disk.shards.learn(held, parents: disk.parents)
    guard held.step == .freeze else { return }
    note(frozen: held.move, by: place)
    guard isNext else { return }
    disk.told = (held.move, .freeze)
    note(frozen: held.move, by: Int(me))
    disk.entries.append(step)
  }

  private mutating func note(frozen move: UInt32, by place: Int) {
    guard move >= disk.freezing.move else { return }
    if move > disk.freezing.move { disk.freezing = (move, 0) }
    disk.freezing.done |= 1 << UInt32(place)
  }

  /// Whether nobody in the group writes the shard of the move any more, and all that anybody wrote of
  /// it is here.
  func hasAll(ofFrozen move: UInt32) -> Bool {
    disk.freezing.move == move && disk.freezing.done & peers == peers
  }

  /// With another one's copy comes what it knew of the shards, and of a freeze that it had taken it.
  mutating func learn(_ shards: GroupShards, from place: Int) {
    let lastBeat = heartbeatDue - options.heartbeat
    for entry in shards.entries { hear(PeerEntry(entry, writtenAt: lastBeat), from: place) }
  }

  /// Whether others have its log up to a position: all, or those whose places are not in `dead`. Who
  /// is being sent a copy has not.
  func isTaken(upTo position: UInt64, except dead: UInt32 = 0) -> Bool {
    var all = copying & others & ~dead == 0
    PrimaryReplicaNode.each(others & ~dead) { if match[$0] < position { all = false } }
    return all
  }
}

extension PeerEntry {
  /// What a step made of a shard.
  init(_ held: GroupShards.Entry, writtenAt: Int64) {
    self.init(
      key: UInt32(held.shard),
      entry: Versioned(
        version: Version(
          time: Int64(held.known) << 32 | Int64(held.generation), node: UInt16(held.hold.rawValue)),
        value: UInt64(held.move)),
      writtenAt: writtenAt, step: held.step.rawValue + 1)
  }

  var holding: GroupShards.Entry {
    GroupShards.Entry(
      shard: Int(key), known: Int(entry.version.time >> 32),
      hold: GroupShards.Hold(rawValue: UInt8(entry.version.node))!, move: UInt32(entry.value),
      step: GroupShards.Step(rawValue: step - 1)!,
      generation: UInt32(truncatingIfNeeded: entry.version.time))
  }
}
