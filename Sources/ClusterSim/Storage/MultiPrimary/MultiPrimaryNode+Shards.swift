// What a primary knows of its group's shards. Steps of a move spread through the logs like writes; each
// is taken once and in order, so it does not matter by whose log one comes first.
extension MultiPrimaryNode {
  /// What it has of a shard.
  func holding(of shard: Int) -> GroupShards.Entry {
    disk.shards.entry(of: shard, parents: disk.parents)
  }

  /// Takes a step and tells the others; false where it is not next. One that it has heard of from
  /// another primary it tells once more, for that one's log may reach nobody else.
  mutating func propose(_ step: PeerEntry, _ effects: inout [PeerEffect]) -> Bool {
    _ = take(step)
    guard disk.shards.hasTaken(step.stepTaken, of: step.move, Int(step.key)) else { return false }
    guard disk.told != (step.move, step.stepTaken) else { return true }
    disk.told = (step.move, step.stepTaken)
    if step.stepTaken == .freeze { note(frozen: step.move, by: Int(me)) }
    write(step, &effects)
    return true
  }

  /// A step in another one's log. Of a freeze every primary tells every other that it has taken it.
  mutating func hear(_ step: PeerEntry, from place: Int) {
    let isNews = take(step)
    guard step.stepTaken == .freeze else { return }
    note(frozen: step.move, by: place)
    guard isNews else { return }
    disk.told = (step.move, .freeze)
    note(frozen: step.move, by: Int(me))
    disk.entries.append(step)
  }

  private mutating func take(_ step: PeerEntry) -> Bool {
    let before = disk.shards
    disk.shards.take(
      step.stepTaken, of: step.move, Int(step.key), known: step.known, parents: disk.parents,
      generation: step.generation)
    return disk.shards != before
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

  /// With another one's copy comes what it knew of the shards.
  mutating func learn(_ shards: GroupShards, from place: Int) {
    disk.shards.learn(shards)
    for entry in shards.entries where entry.step == .freeze {
      note(frozen: entry.move, by: place)
    }
  }

  /// Whether others have its log up to a position: all, or those whose places are not in `dead`.
  func isTaken(upTo position: UInt64, except dead: UInt32 = 0) -> Bool {
    var all = true
    PrimaryReplicaNode.each(others & ~dead) { if match[$0] < position { all = false } }
    return all
  }
}

extension PeerEntry {
  /// A step of a shard's move.
  init(_ command: ShardCommand, known: Int, writtenAt: Int64) {
    self.init(
      key: UInt32(command.shard),
      entry: Versioned(
        version: Version(time: Int64(known) << 32 | Int64(command.generation), node: 0),
        value: UInt64(command.move)),
      writtenAt: writtenAt, step: command.step.rawValue + 1)
  }

  var stepTaken: GroupShards.Step { GroupShards.Step(rawValue: step - 1)! }
  var move: UInt32 { UInt32(entry.value) }
  fileprivate var known: Int { Int(entry.version.time >> 32) }
  fileprivate var generation: UInt32 { UInt32(truncatingIfNeeded: entry.version.time) }
}

extension GroupShards {
  /// What somebody else of the group was told and this one was not yet.
  mutating func learn(_ other: GroupShards) {
    for entry in other.entries where !hasTaken(entry.step, of: entry.move, entry.shard) {
      append(entry)
    }
  }
}
