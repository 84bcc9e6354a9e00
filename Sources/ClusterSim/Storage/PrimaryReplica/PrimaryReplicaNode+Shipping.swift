// The log on its way: the primary writes, ships, counts answers; the replica receives and replays.
extension PrimaryReplicaNode {
  // MARK: At the primary

  /// Writes an entry; false where this server takes no writes now.
  mutating func write(
    coordinator: UInt16, key: UInt32, value: UInt64, tag: UInt64, generation: UInt8 = 0,
    now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) -> Bool {
    guard serves(now: now), heir == nil else { return false }
    disk.log.append(
      LogRecord(
        timeline: disk.timeline, kind: .put, generation: generation, coordinator: coordinator,
        key: key, value: value, tag: tag, writtenAt: now))
    advance(now, &effects)
    release(now)
    Self.each(others) { ship(to: $0, now, beats: false, &effects) }
    return true
  }

  /// Whether entries are shipped as soon as they are written.
  private var shipsAtOnce: Bool {
    switch options.mode {
    case .async: options.shipDelay == 0
    case .semiSync: waits
    case .sync: true
    }
  }

  /// Entries that have waited long enough may be shipped.
  mutating func release(_ now: Int64) {
    if shipsAtOnce { released = last }
    while released < last, disk.log[released + 1].writtenAt + options.shipDelay <= now {
      released += 1
    }
  }

  /// Sends what the other one has not been sent yet, as far as the window goes.
  mutating func ship(
    to place: Int, _ now: Int64, beats: Bool, _ effects: inout [PrimaryReplicaEffect]
  ) {
    if let until = progress[place].copyUntil {
      if until <= now {
        copy(to: place, now, &effects)
      } else if beats {
        effects.append(.send(shipment(to: place, after: progress[place].next - 1, [], now)))
      }
      return
    }
    // What it lacks may be dropped here; it will say so, and gets a copy.
    progress[place].next = max(progress[place].next, disk.log.base + 1)
    var sent = false
    while progress[place].next <= released,
      progress[place].next <= max(progress[place].match, progress[place].start) + options.window
    {
      let next = progress[place].next
      let entries = disk.log.slice(from: next, to: released, limit: options.batch)
      effects.append(.send(shipment(to: place, after: next - 1, entries, now)))
      progress[place].next += UInt64(entries.count)
      sent = true
    }
    if beats, !sent {
      effects.append(.send(shipment(to: place, after: progress[place].next - 1, [], now)))
    }
  }

  private func shipment(
    to place: Int, after position: UInt64, _ entries: [LogRecord], _ now: Int64
  ) -> PrimaryReplicaMessage {
    PrimaryReplicaMessage(
      kind: .ship, from: me, to: UInt8(place), timeline: disk.timeline, position: position,
      positionTimeline: disk.log.timeline(at: position), sentAt: now, entries: entries)
  }

  /// All keys as they are acknowledged here; what follows is shipped.
  private mutating func copy(
    to place: Int, _ now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    progress[place].copyUntil = now + 10 * options.heartbeat
    progress[place].next = applied + 1
    progress[place].start = applied
    effects.append(
      .send(
        PrimaryReplicaMessage(
          kind: .copy, from: me, to: UInt8(place), timeline: disk.timeline, position: applied,
          positionTimeline: disk.log.timeline(at: applied), sentAt: now,
          timelines: disk.log.timelines, memberships: disk.log.memberships,
          shards: disk.log.shards(at: applied))))
  }

  mutating func receiveShipped(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard role == .primary, message.timeline == disk.timeline else { return }
    let place = Int(message.from)
    progress[place].ackedAt = max(progress[place].ackedAt, message.sentAt)
    if message.position >= progress[place].match {
      progress[place].match = message.position
      progress[place].copyUntil = nil
      progress[place].next = max(progress[place].next, message.position + 1)
    }
    if message.position == last {
      if voters >> UInt32(place) & 1 == 1 { syncSet |= 1 << UInt32(place) }
      if !waits, voters >> UInt32(place) & 1 == 1 {
        waits = true
        effects.append(.semiSyncAgain)
      }
    }
    advance(now, &effects)
    ship(to: place, now, beats: false, &effects)
    completeHandOver(now, &effects)
  }

  /// The other one's log ends before what was sent, or is another one's.
  mutating func receiveBehind(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard role == .primary, message.timeline == disk.timeline else { return }
    let place = Int(message.from)
    progress[place].ackedAt = max(progress[place].ackedAt, message.sentAt)
    let goesOn =
      !message.isBlank && message.position >= disk.log.base
      && disk.log.contains(message.positionTimeline, message.position)
    if goesOn {
      progress[place].copyUntil = nil
      progress[place].match = message.position
      progress[place].next = message.position + 1
    } else if progress[place].copyUntil == nil {
      progress[place].copyUntil = now
    }
    ship(to: place, now, beats: false, &effects)
  }

  /// Acknowledges what the mode allows and makes it visible.
  mutating func advance(_ now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    commit = max(commit, min(last, acknowledged))
    if !isReady, commit >= promotedAt, applied + 1 >= promotedAt, startDue == .max,
      !options.fencing || holdsLease(now: now)
    {
      applied = promotedAt
      isReady = true
      effects.append(.ready)
    }
    guard isReady else { return }
    while applied < commit {
      applied += 1
      effects.append(.commit(position: applied, entry: disk.log[applied]))
    }
    disk.log.trim(
      to: min(applied, released, trimFloor, copyFloor), keeping: options.logLimit)
  }

  /// What a copy under way and those who learn will need next stays (a replication slot).
  private var copyFloor: UInt64 {
    var floor = UInt64.max
    Self.each(others) { place in
      let progress = progress[place]
      if progress.copyUntil != nil || learners >> UInt32(place) & 1 == 1 {
        floor = min(floor, max(progress.match, progress.start))
      }
    }
    return floor
  }

  /// The last position that enough others have, also by a membership that is about to end.
  private var acknowledged: UInt64 {
    switch options.mode {
    case .async: return last
    case .semiSync:
      guard waits else { return last }
      var best: UInt64 = 0
      Self.each(voters & (stillVoting ?? voters) & others) { best = max(best, progress[$0].match) }
      return best
    case .sync:
      var least = last
      Self.each(syncSet & others) { least = min(least, progress[$0].match) }
      guard let old = stillVoting else { return least }
      return min(least, position(ofMajorityOf: old))
    }
  }

  // MARK: At a replica

  mutating func receiveShip(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard accepts(message, now, &effects) else { return }
    guard !disk.isBlank, disk.log.contains(message.positionTimeline, message.position) else {
      answer(.behind, message, last, &effects)
      return
    }
    var position = message.position
    for entry in message.entries {
      position += 1
      if position <= last {
        if disk.log.timeline(at: position) == entry.timeline { continue }
        // Written under another primary that nobody followed here: only a copy can undo it.
        answer(.behind, message, last, &effects)
        return
      }
      disk.log.append(entry)
    }
    answer(.shipped, message, position, &effects)
  }

  mutating func receiveCopy(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard accepts(message, now, &effects) else { return }
    // It has gone on from an earlier one meanwhile, and has said so: nothing of that may be dropped.
    if !disk.isBlank, disk.log.lastTimeline == message.timeline, last >= message.position {
      answer(.shipped, message, last, &effects)
      return
    }
    disk.log.reset(
      to: message.position, message.timelines, message.memberships, message.shards)
    disk.isBlank = false
    applied = message.position
    effects.append(.restore(position: message.position))
    answer(.shipped, message, message.position, &effects)
  }

  /// Whether the sender is a primary to be followed; whoever led before follows from now on.
  private mutating func accepts(
    _ message: PrimaryReplicaMessage, _ now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) -> Bool {
    guard message.timeline >= disk.timeline else {
      answer(.refused, message, last, &effects)
      return false
    }
    if message.timeline > disk.timeline { disk.timeline = message.timeline }
    demote(to: message.from, now, &effects)
    disk.primary = message.from
    disk.wasPrimary = false
    heard = now
    resumesAt = nil
    canvass = nil
    return true
  }

  private func answer(
    _ kind: PrimaryReplicaMessage.Kind, _ message: PrimaryReplicaMessage, _ position: UInt64,
    _ effects: inout [PrimaryReplicaEffect]
  ) {
    effects.append(
      .send(
        PrimaryReplicaMessage(
          kind: kind, from: me, to: message.from, timeline: disk.timeline, position: position,
          positionTimeline: disk.log.timeline(at: position), sentAt: message.sentAt,
          isBlank: disk.isBlank)))
  }

  /// The next entry that a replica has to replay; nil where it is up to date with its log.
  var unreplayed: LogRecord? {
    guard role == .replica || !isReady else { return nil }
    let end = role == .primary ? promotedAt - 1 : last
    guard applied < end, applied >= disk.log.base else { return nil }
    return disk.log[applied + 1]
  }

  /// The entry has been replayed.
  mutating func replayed(now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    guard unreplayed != nil else { return }
    applied += 1
    if role == .primary { advance(now, &effects) }
    if role == .replica {
      disk.log.trim(to: min(applied, trimFloor), keeping: options.logLimit)
    }
  }
}
