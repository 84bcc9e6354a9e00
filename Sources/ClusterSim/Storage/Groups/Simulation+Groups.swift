// Nodes that join and leave with an engine whose keys are in groups of servers. The operator sees the
// groups from outside and asks their servers by a line of its own, not over the network.
extension Simulation {
  static var reshufflePeriod: Int64 { 50_000_000 }
  static var keptArrivals: Int { 64 }

  var hasGroups: Bool { sharded != nil }

  /// Where each host stands, by host number.
  var failureDomains: ContiguousArray<FailureDomain> {
    ContiguousArray(hosts.map { FailureDomain(location: $0.location, zone: $0.zone) })
  }

  /// Why no server can be added to a group any more; nil where one can.
  var groupsHaveNoPlace: String? {
    let most: Int
    let given: Int
    if let raft {
      (most, given) = (RaftNode.maxServers, raft.groups.map(\.count).max() ?? 0)
    } else if let replication {
      most = PrimaryReplicaNode.maxServers
      given = replication.groups.map(\.servers.count).max() ?? 0
    } else if let multiPrimary {
      most = MultiPrimaryNode.maxServers
      given = multiPrimary.groups.map(\.servers.count).max() ?? 0
    } else {
      return nil
    }
    return given < most
      ? nil : "a group has given out its \(most) places; none is used twice"
  }

  /// Why no node can leave; nil where one can.
  func groupsCannotSpare(staying: Int) -> String? {
    guard hasGroups else { return nil }
    let size = (0..<groupCount).map { hosts(ofGroup: $0).count }.max() ?? 0
    return staying < size
      ? "a group has \(size) servers on different nodes; add a node first" : nil
  }

  private var groupCount: Int { sharded!.directory.groups }

  /// Servers that a group should have.
  private var groupSize: Int { raft?.size ?? settings.storage.n }

  /// One change at a time; others wait for their turn and are planned then.
  mutating func beginReshuffle(_ change: Movement.Change) {
    if case .join(let node) = change {
      raft?.welcome(node)
      replication?.grow(to: hosts.count)
    }
    guard reshuffle == nil else {
      waitingMoves.append(change)
      return
    }
    let nodes = storageNodes.filter { node in
      if case .join(node) = change { return true }
      return hosts[node.index].ringRole == .member
    }
    let domains =
      switch settings.ring.spread {
      case .none: [Int]()
      case .zone: hosts.map { FailureDomain(location: $0.location, zone: $0.zone).zoneKey }
      case .location: hosts.map { Int($0.location) }
      }
    reshuffle = GroupReshuffle(
      change, (0..<groupCount).map { hosts(ofGroup: $0) }, size: groupSize, nodes: nodes,
      running: NodeSet(nodes.filter { hosts[$0.index].state == .up }), domains: domains)
    queue.push(time: now.nanoseconds + Self.reshufflePeriod, kind: .movement)
  }

  /// One look at a group whose server moves, and the next thing that is safe there.
  mutating func continueReshuffle() {
    guard let step = reshuffle?.steps.popFirst() else {
      finishReshuffle()
      return
    }
    let next: GroupReshuffle.Step? =
      switch settings.storage.engine {
      case .raft: advanceRaft(step)
      case .primaryReplica: advanceReplica(step)
      case .multiPrimary: advancePeer(step)
      case .leaderless: preconditionFailure("a leaderless store has no groups")
      }
    // Who has to wait lets the others go first.
    if let next { reshuffle!.steps.append(next) }
    queue.push(time: now.nanoseconds + Self.reshufflePeriod, kind: .movement)
  }

  /// Every server has moved: the ring shows it, and clients ask the node or ask it no more.
  private mutating func finishReshuffle() {
    guard let done = reshuffle else { return }
    reshuffle = nil
    if let target = target(of: done.change) {
      placement = target
      placementRevision += 1
    }
    let servers = "\(done.total) servers of groups moved"
    switch done.change {
    case .join(let node):
      hosts[node.index].ringRole = .member
      note(.ring, "\(name(node)) is in, \(servers)")
    case .leave(let node):
      hosts[node.index].isDrained = true
      note(.ring, "\(name(node)) is out, \(servers)")
    case .rearrange, .reshard: break
    }
    for location in clients.indices { chooseCoordinators(location: location) }
    topologyChanged()
    if !waitingMoves.isEmpty { begin(waitingMoves.removeFirst()) }
  }

  /// A server has taken another one's place, or come in addition.
  mutating func noteTakenPlace(_ step: GroupReshuffle.Step) {
    let instead = step.from.map { "has taken the place of \(name($0))" } ?? "is a server more"
    note(.ring, "group \(step.group + 1): \(name(step.to)) \(instead)")
    dropForeignCopies()
    topologyChanged()
  }

  /// Who has no server of a key's group any more drops its copy; one that does not run, later.
  mutating func dropForeignCopies() {
    for node in storageNodes where hosts[node.index].state == .up {
      let kept = keptGroups(at: node)
      let own = raft?.replicas(on: node) ?? []
      for key in 0..<UInt32(keys.count) {
        // A Raft group knows by its own log which shards it has; the others keep theirs.
        let isKept =
          usesRaft
          ? own.contains { keepsShard(of: key, $0) }
          : kept[shardGroup(of: key)]
            || usesReplication && moves.number > 0 && isServed(key, on: node)
            || usesMultiPrimary && moves.number > 0 && isHeldByPeer(key, on: node)
        if !isKept { hosts[node.index].store.remove(key) }
      }
    }
  }

  /// By group, whether the node has a server of it.
  private func keptGroups(at node: NodeID) -> [Bool] {
    var kept = [Bool](repeating: false, count: groupCount)
    for number in replication?.servers(on: node) ?? [] {
      kept[replication!.servers[number].group] = true
    }
    for number in multiPrimary?.servers(on: node) ?? [] {
      kept[multiPrimary!.servers[number].group] = true
    }
    return kept
  }

  // MARK: Newcomers as they are watched

  mutating func noteArrival(_ step: GroupReshuffle.Step) {
    if arrivals.count == Self.keptArrivals { arrivals.removeFirst() }
    arrivals.append(ReplicaArrival(group: step.group, host: step.to, began: now))
  }

  /// What a newcomer lacks at this moment, entries and age of the oldest; nil while it has no copy.
  mutating func watchArrival(_ step: GroupReshuffle.Step, lacks: (entries: Int, age: Span?)?) {
    guard
      let index = arrivals.lastIndex(where: { $0.group == step.group && $0.host == step.to }),
      let lacks
    else { return }
    if arrivals[index].copiedAt == nil { arrivals[index].copiedAt = now }
    arrivals[index].worstLagEntries = max(arrivals[index].worstLagEntries, lacks.entries)
    if let age = lacks.age { arrivals[index].worstLag = max(arrivals[index].worstLag, age) }
  }

  mutating func noteCounts(_ step: GroupReshuffle.Step) {
    let index = arrivals.lastIndex { $0.group == step.group && $0.host == step.to }
    if let index, arrivals[index].countsAt == nil { arrivals[index].countsAt = now }
  }
}

/// A server that came to a running group, and what that took.
public struct ReplicaArrival: Sendable, Equatable {
  public let group: Int
  public let host: NodeID
  public let began: Instant
  /// It has the copy whole, and from here on follows the log.
  public internal(set) var copiedAt: Instant?
  /// It had caught up, and counts from now on: for what a mode waits for, and in a majority.
  public internal(set) var countsAt: Instant?
  /// Keys and bytes of values that were sent to it as a copy.
  public internal(set) var keys = 0
  public internal(set) var bytes = 0
  /// The farthest that it was behind once it had the copy.
  public internal(set) var worstLagEntries = 0
  public internal(set) var worstLag = Span.zero
}
