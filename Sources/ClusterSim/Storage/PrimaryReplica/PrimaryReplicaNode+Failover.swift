// Who is the primary: promotion by what the members say, by a person, or handed over in order.
extension PrimaryReplicaNode {
  mutating func receive(
    _ message: PrimaryReplicaMessage, now: Int64, dead: UInt32,
    _ effects: inout [PrimaryReplicaEffect]
  ) {
    switch message.kind {
    case .ship: receiveShip(message, now: now, &effects)
    case .copy: receiveCopy(message, now: now, &effects)
    case .shipped: receiveShipped(message, now: now, &effects)
    case .behind: receiveBehind(message, now: now, &effects)
    case .refused: receiveRefused(message, now: now, &effects)
    case .canvass: answerCanvass(message, now: now, &effects)
    case .standing: receiveStanding(message, now: now, dead: dead, &effects)
    case .promote:
      guard role == .replica, message.timeline >= disk.timeline else { return }
      become(message.timeline, with: message.places, now, &effects)
    }
  }

  /// There is a newer timeline: this primary's is over.
  private mutating func receiveRefused(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard role == .primary, message.timeline > disk.timeline else { return }
    disk.timeline = message.timeline
    demote(to: nil, now, &effects)
    resumesAt = now + 5 * options.heartbeat
  }

  // MARK: Promotion by what the members say

  /// Asks the others where they stand. A person decides for this server, else the most advanced is
  /// chosen.
  mutating func beginCanvass(
    _ now: Int64, byPerson: Bool, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard role == .replica, isVoter, canvass == nil else { return }
    if options.fencing, now - heard < options.lease { return }
    let timeline = (max(disk.timeline, seen) >> 4 + 1) << 4 | UInt32(me)
    canvass = Canvass(
      timeline: timeline, deadline: now + options.canvass, byPerson: byPerson,
      answered: 1 << UInt32(me), granted: 1 << UInt32(me), best: standing, newest: standing,
      voters: voters)
    effects.append(.canvassing)
    ask(voters & others, &effects)
  }

  private func ask(_ places: UInt32, _ effects: inout [PrimaryReplicaEffect]) {
    guard let canvass else { return }
    Self.each(places) { place in
      effects.append(
        .send(
          PrimaryReplicaMessage(
            kind: .canvass, from: me, to: UInt8(place), timeline: canvass.timeline,
            flag: canvass.byPerson)))
    }
  }

  /// With fencing a yes is a promise: to follow nobody older, and to promise nothing else for a lease.
  private mutating func answerCanvass(
    _ message: PrimaryReplicaMessage, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    let hears = role == .primary ? serves(now: now) : now - heard < options.lease
    var grants = !hears || message.flag && !options.fencing
    if options.fencing {
      grants = grants && message.timeline > max(disk.timeline, canvass?.timeline ?? 0)
      if grants {
        if role == .primary {
          demote(to: nil, now, &effects)
          // Who asked may die with the answers: then somebody has to ask again.
          resumesAt = now + 5 * options.heartbeat
        }
        disk.timeline = message.timeline
        heard = now
        canvass = nil
      }
    } else if grants {
      heldOffUntil = now + 2 * options.canvass
    }
    effects.append(
      .send(
        PrimaryReplicaMessage(
          kind: .standing, from: me, to: message.from, timeline: message.timeline, position: last,
          positionTimeline: disk.log.lastTimeline, sentAt: hears ? 1 : 0,
          promised: disk.timeline, flag: grants, isBlank: disk.isBlank, places: voters)))
  }

  private mutating func receiveStanding(
    _ message: PrimaryReplicaMessage, now: Int64, dead: UInt32,
    _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard canvass != nil, canvass!.timeline == message.timeline else { return }
    let place = UInt32(1) << UInt32(message.from)
    canvass!.answered |= place
    seen = max(seen, message.promised)
    if message.sentAt == 1 { canvass!.wasHeard = true }
    let other = Standing(
      place: message.from, isBlank: message.isBlank, timeline: message.positionTimeline,
      position: message.position)
    if message.flag {
      canvass!.granted |= place
      if !canvass!.byPerson, canvass!.best.isBefore(other) { canvass!.best = other }
    }
    goByNewest(other, voters: message.places, &effects)
    if canvass!.isComplete(dead: dead) { conclude(now, &effects) }
  }

  /// A log that is further says who counts; whoever was not asked yet is.
  private mutating func goByNewest(
    _ other: Standing, voters: UInt32, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard !other.isBlank, canvass!.newest.isBefore(other) else { return }
    canvass!.newest = other
    let unasked = voters & ~(self.voters | canvass!.voters)
    canvass!.voters = voters
    ask(unasked, &effects)
  }

  /// Everybody answered, or has had the time to.
  mutating func conclude(_ now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    guard let canvass else { return }
    self.canvass = nil
    heldOffUntil = now + options.canvass
    let isVetoed = canvass.wasHeard && !canvass.byPerson
    let tooFew = options.fencing && canvass.votes < canvass.needed
    // Without any copy only where nobody can have one.
    let isBlind = canvass.best.isBlank && !canvass.isComplete(dead: 0)
    guard !tooFew, !isBlind, options.fencing || !isVetoed else {
      effects.append(.calledOff(heard: isVetoed))
      return
    }
    if options.fencing {
      disk.timeline = canvass.timeline
      heard = now
    }
    // Another one's, or its own: it must not begin the same one once more.
    seen = max(seen, canvass.timeline)
    if canvass.best.place == me {
      become(canvass.timeline, with: canvass.granted, now, &effects)
    } else {
      effects.append(
        .send(
          PrimaryReplicaMessage(
            kind: .promote, from: me, to: canvass.best.place, timeline: canvass.timeline,
            places: canvass.granted)))
    }
  }

  /// A new timeline begins. Requests wait until everything is replayed and the log up to here is as
  /// safe as the mode asks for.
  private mutating func become(
    _ timeline: UInt32, with places: UInt32, _ now: Int64,
    _ effects: inout [PrimaryReplicaEffect]
  ) {
    canvass = nil
    resumesAt = nil
    role = .primary
    isReady = false
    heir = nil
    disk.timeline = timeline
    disk.primary = me
    disk.wasPrimary = true
    disk.isBlank = false
    syncSet = places & voters
    learners = 0
    waits = true
    commit = 0
    for place in progress.indices { progress[place] = Progress(next: last + 1, start: last) }
    disk.log.append(LogRecord(timeline: timeline, kind: .promotion, writtenAt: now))
    promotedAt = last
    released = last
    ledSince = now
    startDue = options.startUp > 0 ? now + options.startUp : .max
    heartbeatDue = now
    effects.append(.promoted)
    advance(now, &effects)
  }

  // MARK: In order

  /// The primary hands over to a server that answers, once that one has everything.
  mutating func handOver(
    to place: Int, _ now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) {
    guard role == .primary, isReady, place != Int(me), voters >> UInt32(place) & 1 == 1 else {
      return
    }
    heir = UInt8(place)
    heirUntil = now + 10 * options.heartbeat
    released = last
    ship(to: place, now, beats: true, &effects)
    completeHandOver(now, &effects)
  }

  mutating func completeHandOver(_ now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    guard let heir, progress[Int(heir)].match == last, commit == last else { return }
    let timeline = (disk.timeline >> 4 + 1) << 4 | UInt32(me)
    effects.append(
      .send(
        PrimaryReplicaMessage(
          kind: .promote, from: me, to: heir, timeline: timeline, places: syncSet)))
    demote(to: heir, now, &effects)
    // The heir's: should this one have to ask who is to go on, it must not begin the same one.
    disk.timeline = timeline
    resumesAt = now + 10 * options.heartbeat
  }
}
