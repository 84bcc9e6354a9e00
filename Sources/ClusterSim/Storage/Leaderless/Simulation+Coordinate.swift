// The leaderless engine at the coordinator: Dynamo (SOSP 2007) sections 4.5 and 4.6.
extension Simulation {
  /// Begins a request: chooses replicas, refuses at once where too few can answer.
  mutating func coordinate(_ request: Message, at node: NodeID) {
    let isWrite = request.kind == .clientWrite
    let kind: Coordination.Kind = isWrite ? .write : .read
    let level = settings.storage.level(kind)
    let needed =
      settings.storage.answers(kind)
      ?? neededAnswers(kind, key: request.key, location: Int(hosts[node.index].location))
    let quorum = isWrite ? needed : max(needed, settings.storage.writeBackQuorum ?? 0)
    var coordination = Coordination(
      kind: kind, coordinator: node, requester: request.from,
      requesterTag: request.tag, key: request.key,
      needed: isWrite && has(.acknowledgesEarly) ? 1 : needed, began: now.nanoseconds,
      entry: isWrite ? newEntry(request, at: node) : .none)
    switch (level, settings.storage.quorum) {
    case (.localQuorum, _): chooseLocalHomes(&coordination, at: node)
    case (.eachQuorum, _):
      coordination.waitsForEach = true
      chooseHomes(&coordination, at: node)
    case (.count, .strict), (.one, .strict), (.quorum, .strict), (.all, .strict):
      chooseHomes(&coordination, at: node)
    case (.count, .sloppy), (.one, .sloppy), (.quorum, .sloppy), (.all, .sloppy):
      chooseHealthy(&coordination, at: node)
    }
    coordination.trace = traceCoordination(request, by: node, needed: Int(coordination.needed))
    if coordination.countedTargets < max(1, quorum)
      || (coordination.waitsForEach
        ? !canHaveMajorities(coordination) : coordination.isHopeless)
    {
      reply(to: request, failure: .notEnoughReplicas)
      releaseCoordinator(at: node)
      return
    }
    // A home that is not asked by choice gets no hint; one that is held dead does.
    let homes = min(settings.storage.n, ringMemberCount)
    let unasked =
      isWrite && settings.storage.hints && Int(coordination.targetCount) != homes
      ? unaskedHomes(coordination, of: homes) : 0
    switch isWrite ? settings.storage.writeTargets : settings.storage.readTargets {
    case .all: break
    case .quorum:
      // A level by location asks all that it counts: which they are is not for chance to say.
      if !level.goesByLocation { coordination.narrow(to: quorum, &targetStream) }
    }
    if isWrite, move != nil { addPendingHomes(&coordination) }
    traces.asked(coordination)
    let handle = coordinations.insert(coordination)
    if unasked != 0 { keepHints(coordinations[handle], unasked, at: node) }
    ask(handle)
    expect(handle, at: now.nanoseconds + settings.storage.timeout.nanoseconds)
  }

  /// A write's version and value; with vector versions also what its client had read.
  @inline(__always)
  private mutating func newEntry(_ request: Message, at node: NodeID) -> Versioned {
    let entry = Versioned(version: version(for: request, at: node), value: request.entry.value)
    switch settings.storage.versions {
    case .lastWriteWins: return entry
    case .vector:
      return newSibling(entry, key: request.key, context: request.entry.set, at: node)
    }
  }

  /// A write-back cache has acknowledged the write under a version of its own.
  @inline(__always)
  private mutating func version(for request: Message, at node: NodeID) -> Version {
    request.entry.version == .none ? nextVersion(at: node) : request.entry.version
  }

  /// A version by the coordinator's own clock, later than every one it gave before.
  mutating func nextVersion(at node: NodeID) -> Version {
    let time = max(
      hosts[node.index].lastVersionTime + 1, hosts[node.index].clock.read(at: now.nanoseconds))
    hosts[node.index].lastVersionTime = time
    return Version(time: time, node: node.rawValue)
  }

  /// Strict: the home replicas, without those that this node holds dead.
  @inline(__always)
  private mutating func chooseHomes(_ coordination: inout Coordination, at node: NodeID) {
    let place = place(of: coordination.key)
    for rank in 0..<min(settings.storage.n, ringMemberCount) {
      let home = placement.home(at: place, rank: rank)
      if members[node.index]!.table.isNotDead(home) {
        coordination.add(target: home, meantFor: home, counts: true)
      }
    }
  }

  /// Sloppy: the first N nodes clockwise that this node holds alive; each beyond the homes stands in
  /// for a home that is missing and keeps a hint for it.
  private mutating func chooseHealthy(_ coordination: inout Coordination, at node: NodeID) {
    let n = min(settings.storage.n, ringMemberCount)
    let table = members[node.index]!.table
    var missing: [NodeID] = []
    var rank = 0
    walk(key: coordination.key) { candidate in
      if table.isAlive(candidate) {
        if rank < n {
          coordination.add(target: candidate, meantFor: candidate, counts: true)
        } else if let home = missing.first {
          coordination.add(target: candidate, meantFor: home, counts: true)
          missing.removeFirst()
        }
      } else if rank < n {
        missing.append(candidate)
      }
      rank += 1
      return rank < n || !missing.isEmpty
    }
  }

  /// While data moves, writes also go to the homes to come, without counting.
  private mutating func addPendingHomes(_ coordination: inout Coordination) {
    for home in pendingHomes(of: coordination.key) where !coordination.asks(home) {
      coordination.add(target: home, meantFor: home, counts: false)
    }
  }

  /// Ranks of the homes that nobody is asked for, neither they nor a stand-in; a bit for each.
  @inline(never)
  private mutating func unaskedHomes(_ coordination: Coordination, of homes: Int) -> UInt32 {
    let place = place(of: coordination.key)
    let pending = pendingHomes(of: coordination.key)
    var ranks: UInt32 = 0
    for rank in 0..<homes {
      let home = placement.home(at: place, rank: rank)
      if !coordination.isAsked(for: home), !pending.contains(home) { ranks |= 1 << UInt32(rank) }
    }
    return ranks
  }

  /// The coordinator keeps a hint for each of these ranks.
  private mutating func keepHints(
    _ coordination: Coordination, _ ranks: UInt32, at node: NodeID
  ) {
    let place = place(of: coordination.key)
    for rank in 0..<min(settings.storage.n, ringMemberCount) where ranks >> UInt32(rank) & 1 == 1 {
      let home = placement.home(at: place, rank: rank)
      keepHint(
        coordination.entry, key: coordination.key, for: home, at: node, of: coordination.trace)
    }
  }

  @inline(__always)
  private mutating func ask(_ handle: UInt64) {
    var message = coordinations[handle].question(handle)
    for place in 0..<Int(coordinations[handle].targetCount) {
      message.to = coordinations[handle].targets[place]
      message.other = coordinations[handle].meantFor[place]
      message.place = UInt8(place)
      if message.to != message.from { coordinations[handle].noteRemote(place) }
      send(message)
    }
  }

  @inline(__always)
  mutating func expect(_ handle: UInt64, at deadline: Int64) {
    coordinationDeadlines.insert(due: deadline, handle: handle)
    arm(.coordinations)
  }

  // MARK: Answers

  @inline(__always)
  mutating func receiveWriteAck(_ message: Message) {
    guard coordinations.contains(message.handle),
      coordinations[message.handle].acknowledge(
        Int(message.place), countsTwice: has(.countsReplicaTwice))
    else { return }
    sampleAnswer(.acknowledgement, message)
    noteFirstAnswer(message.handle)
    traces.answered(
      coordinations[message.handle].trace, message.place, .acknowledged, at: now.nanoseconds)
    afterAnswer(message.handle)
  }

  @inline(__always)
  mutating func receiveReadReply(_ message: Message) {
    guard coordinations.contains(message.handle) else { return }
    let isNew =
      switch settings.storage.versions {
      case .lastWriteWins:
        coordinations[message.handle].receive(message.entry, from: Int(message.place))
      case .vector: receiveSiblings(message)
      }
    guard isNew else { return }
    sampleAnswer(.response, message)
    noteFirstAnswer(message.handle)
    if has(.answersWithTheLast) { coordinations[message.handle].entry = message.entry }
    traces.answered(
      coordinations[message.handle].trace, message.place, .found(message.entry.version.time),
      at: now.nanoseconds)
    afterAnswer(message.handle)
  }

  @inline(__always)
  private mutating func noteFirstAnswer(_ handle: UInt64) {
    if coordinations[handle].firstAnswer == 0 {
      coordinations[handle].firstAnswer = now.nanoseconds
    }
  }

  mutating func receiveRefusal(_ message: Message) {
    guard coordinations.contains(message.handle) else { return }
    let home = NodeID(coordinations[message.handle].meantFor[Int(message.place)])
    coordinations[message.handle].refuse(Int(message.place))
    traces.answered(
      coordinations[message.handle].trace, message.place, .refused, at: now.nanoseconds)
    if coordinations[message.handle].kind == .write {
      keepHint(
        coordinations[message.handle].entry, key: message.key, for: home,
        at: NodeID(message.to), of: coordinations[message.handle].trace)
    }
    if isHopeless(message.handle) { answer(message.handle, failure: .overloaded) }
    afterAnswer(message.handle)
  }

  @inline(__always)
  private mutating func afterAnswer(_ handle: UInt64) {
    if isSatisfied(handle), !writesBackFirst(handle) {
      answer(handle, failure: nil)
    }
    if coordinations[handle].everyoneAnswered { endCoordination(handle, timedOut: false) }
  }

  /// Answers the requester, once, and frees the server held for it.
  mutating func answer(_ handle: UInt64, failure: FailureReason?) {
    guard !coordinations[handle].replied else { return }
    coordinations[handle].replied = true
    traces.replied(coordinations[handle].trace, at: now.nanoseconds)
    let node = NodeID(coordinations[handle].coordinator)
    hosts[node.index].coordinated += 1
    hosts[node.index].coordinationTimes.record(now.nanoseconds - coordinations[handle].began)
    // How long the request waited for more than one copy, and one, so that 0 says that it is not known:
    // of a failure, and with engines that have no copies to choose from.
    let firstAnswer = coordinations[handle].firstAnswer
    let waited =
      failure == nil && firstAnswer > 0
      ? now.nanoseconds - firstAnswer + 1 : 0
    send(
      Message(
        kind: .clientReply, from: node.rawValue, to: coordinations[handle].requester,
        failure: failure.map { $0.rawValue + 1 } ?? 0, handle: UInt64(waited),
        tag: coordinations[handle].requesterTag, key: coordinations[handle].key,
        place: coordinations[handle].messages, entry: coordinations[handle].entry))
    releaseCoordinator(at: node)
  }

  /// Everyone answered, or time is up: who is behind or silent is looked after.
  mutating func endCoordination(_ handle: UInt64, timedOut: Bool) {
    guard coordinations.contains(handle) else { return }
    if timedOut { answer(handle, failure: .timeout) }
    if !timedOut, !coordinations[handle].leavesWork {
      coordinations.discard(handle)
      return
    }
    let coordination = coordinations.remove(handle)
    let node = NodeID(coordination.coordinator)
    if timedOut { forgetLeader(of: coordination) }
    switch coordination.kind {
    case .write:
      guard timedOut else { return }
      for place in 0..<Int(coordination.targetCount) where !coordination.hasAnswered(place) {
        keepHint(
          coordination.entry, key: coordination.key, for: NodeID(coordination.meantFor[place]),
          at: node, of: coordination.trace)
      }
    case .read:
      if settings.storage.readRepair { repair(coordination) }
    }
  }

  /// Sends the newest version seen to every replica that answered with an older one.
  private mutating func repair(_ coordination: Coordination) {
    guard coordination.entry.version != .none else { return }
    for place in 0..<Int(coordination.targetCount)
    where coordination.isBehind(place)
      && coordination.targets[place] == coordination.meantFor[place]
    {
      readRepairs += 1
      traces.repaired(coordination.trace, UInt8(place))
      send(
        Message(
          kind: .repairWrite, from: coordination.coordinator, to: coordination.targets[place],
          key: coordination.key, entry: coordination.entry))
    }
  }
}
