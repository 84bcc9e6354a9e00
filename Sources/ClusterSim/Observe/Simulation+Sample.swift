extension Simulation {
  /// Ends a sample of every recent figure.
  mutating func takeSample() {
    metrics.sample()
    let seconds = Metrics.samplePeriod.seconds
    for node in storageNodes {
      let index = node.index
      hosts[index].lastRate = Double(hosts[index].coordinated) / seconds
      hosts[index].lastP99 = hosts[index].coordinationTimes.quantile(0.99)
      hosts[index].coordinated = 0
      let served = hosts[index].readsServed + hosts[index].writesServed
      hosts[index].lastServed = Double(served - hosts[index].servedBefore) / seconds
      hosts[index].servedBefore = served
      hosts[index].coordinationTimes.reset()
      if hosts[index].isDrained { retire(node) }
    }
    sampleCaches()
    sampleWebTier()
    sharded?.sample(Metrics.samplePeriod)
    if moves.current != nil { armShardMove() }
    armAntiEntropy()
    sweepSiblings()
    trimAudits()
    settleConflicts()
    if !endangeredKeys.isEmpty { lookAfterEndangered() }
    queue.push(
      time: now.nanoseconds + Metrics.samplePeriod.nanoseconds, kind: .sample)
  }

  /// Faults, settings or the ring changed: who can reach whom is looked at anew.
  mutating func topologyChanged() {
    entries = []
    reach = clients.indices.map { location in
      let host = clients[location].host
      let running = storageNodes.filter {
        hosts[$0.index].state == .up && !hosts[$0.index].gray && isMember($0)
      }
      let doors = running.filter { reachable(host, $0) }
      let near = doors.filter { Int(hosts[$0.index].location) == location }
      if network.rules.isEmpty {
        let first = near.first ?? doors.first
        entries.append(first.map { Int(hosts[$0.index].location) } ?? location)
        return doors.isEmpty ? NodeSet() : NodeSet(running)
      }
      var best = NodeSet()
      var entry = location
      for coordinator in near.isEmpty ? doors : near {
        let side = NodeSet(running.filter { reachable(coordinator, $0) })
        if side.count > best.count {
          best = side
          entry = Int(hosts[coordinator.index].location)
        }
      }
      entries.append(entry)
      return best
    }
    beginStretch()
  }

  /// As `isAnswerable`, without looking at homes (and without handing the simulation on, see
  /// `Simulation+Levels.swift`) where every node is in reach.
  @inline(__always)
  mutating func isAnswerableNow(_ kind: Operation.Kind, key: UInt32, location: Int) -> Bool {
    if settings.storage.engine == .leaderless, move == nil,
      reach[location].count == ringMemberCount,
      let answers = settings.storage.answers(kind == .read ? .read : .write)
    {
      let quorum = kind == .read ? settings.storage.writeBackQuorum ?? 0 : 0
      switch settings.storage.quorum {
      case .sloppy: return min(ringMemberCount, settings.storage.n) >= max(answers, quorum)
      case .strict: return settings.storage.n >= max(answers, quorum)
      }
    }
    return isAnswerable(kind, key: key, location: location)
  }

  /// Whether the location's side holds enough home replicas of the key (sloppy: enough nodes).
  func isAnswerable(_ kind: Operation.Kind, key: UInt32, location: Int) -> Bool {
    let asked: Coordination.Kind = kind == .read ? .read : .write
    let level = settings.storage.level(asked)
    let side = reach[location]
    if usesRaft { return raftAnswers(key: key, side: side) }
    if usesMultiPrimary { return peersAnswer(key: key, side: side) }
    if usesReplication { return replicationAnswers(kind, key: key, side: side) }
    switch level {
    case .localQuorum, .eachQuorum:
      return meets(level, asked, key: key, side: side, from: entries[location])
    case .count, .one, .quorum, .all: break
    }
    let answers = neededAnswers(asked, key: key, location: location)
    let needed = kind == .read ? max(answers, settings.storage.writeBackQuorum ?? 0) : answers
    switch settings.storage.quorum {
    case .sloppy: return min(side.count, settings.storage.n) >= needed
    case .strict:
      if side.count == ringMemberCount, move == nil { return settings.storage.n >= needed }
      let place = place(of: key)
      var found = 0
      for rank in 0..<min(settings.storage.n, ringMemberCount)
      where side.contains(placement.home(at: place, rank: rank)) {
        found += 1
      }
      return found >= needed
    }
  }
}
