// Faults on links and on the load, and the life of every fault.
extension Simulation {
  mutating func partition(
    _ shape: PartitionShape, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let cuts = try cuts(of: shape)
    note(who, action.text)
    install(cuts.map { LinkRule(fault: nextFault, from: $0.0, to: $0.1, effect: .cut) }, action)
  }

  /// Who is cut off from whom, one way each.
  private func cuts(of shape: PartitionShape) throws(ActionError) -> [(NodeSet, NodeSet)] {
    let present = storageNodes.filter(isMember)
    guard present.count > 1 else { throw ActionError("a cut needs two nodes") }
    switch shape {
    case .halves: return bothWays(sides(first: present.prefix((present.count + 1) / 2)))
    case .majorityMinority: return bothWays(sides(first: present.prefix(present.count / 2 + 1)))
    case .oneWay: return [sides(first: present.prefix((present.count + 1) / 2))]
    case .isolate(let name):
      let one: NodeSet = [try storageNode(name)]
      return bothWays((one, everyServerAndClient.subtracting(one)))
    case .bridge(let name):
      let bridge = try storageNode(name)
      let rest = present.filter { $0 != bridge }
      guard rest.count > 1 else { throw ActionError("a bridge needs two nodes beside it") }
      var (first, second) = sides(first: rest.prefix((rest.count + 1) / 2))
      first.remove(bridge)
      second.remove(bridge)
      return bothWays((first, second))
    case .majoritiesRing: return try majoritiesRing(present)
    case .dataCentre(let name):
      let inside = NodeSet(
        hosts.indices.map { NodeID(UInt16($0)) }.filter {
          locationNames[Int(hosts[$0.index].location)] == name
        })
      guard !inside.isEmpty else {
        throw ActionError(Nearest.message("location", name, among: locationNames))
      }
      return bothWays((inside, everyServerAndClient.subtracting(inside)))
    }
  }

  private func bothWays(_ sides: (NodeSet, NodeSet)) -> [(NodeSet, NodeSet)] {
    [(sides.0, sides.1), (sides.1, sides.0)]
  }

  private var everyServerAndClient: NodeSet { NodeSet(below: hosts.count) }

  /// The first nodes against all others, clients and caches with most of their location's nodes.
  private func sides(first nodes: ArraySlice<NodeID>) -> (NodeSet, NodeSet) {
    var first = NodeSet(nodes)
    for location in clients.indices {
      let here = storageNodes.filter {
        isMember($0) && Int(hosts[$0.index].location) == location
      }
      if here.filter({ first.contains($0) }).count * 2 >= here.count {
        first.insert(clients[location].host)
        for cache in clients[location].caches { first.insert(cache) }
        for host in balancerHosts + webServers where Int(hosts[host.index].location) == location {
          first.insert(host)
        }
      }
    }
    return (first, everyServerAndClient.subtracting(first))
  }

  /// Each node keeps its neighbours in order of id, as many to each side as make a majority.
  private func majoritiesRing(
    _ present: [NodeID]
  ) throws(ActionError) -> [(NodeSet, NodeSet)] {
    let count = present.count
    let reach = (count / 2 + 1) / 2
    guard reach * 2 + 1 < count else {
      throw ActionError("a ring of majorities needs four nodes or more")
    }
    return present.indices.map { place in
      let seen = NodeSet((-reach...reach).map { present[(place + $0 + count) % count] })
      return ([present[place]], NodeSet(present).subtracting(seen))
    }
  }

  /// A rule for everything that comes from the host or goes to it.
  mutating func disturb(
    _ host: String, _ effect: LinkRule.Effect, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try server(host)
    switch effect {
    case .lossy(let share), .duplicate(let share):
      guard share > 0, share <= 1 else { throw ActionError("the share is not in 0% to 100%") }
    case .delay(let time), .reorder(let time):
      guard time > 0, time <= 60_000_000_000 else { throw ActionError("not in 1ns to 60s") }
    case .cut: break
    }
    note(who, action.text)
    let one: NodeSet = [id]
    let others = everyServerAndClient.subtracting(one)
    install(
      [
        LinkRule(fault: nextFault, from: one, to: others, effect: effect),
        LinkRule(fault: nextFault, from: others, to: one, effect: effect),
      ], action)
  }

  private mutating func install(_ rules: [LinkRule], _ action: Action) {
    for rule in rules { network.install(rule) }
    beginFault(action, .links(rules))
  }

  mutating func heal(
    _ number: Int?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    if let number {
      guard activeFaults.contains(where: { $0.clock.number == number }) else {
        let numbers = activeFaults.map { "\($0.clock.number) (\($0.clock.action.text))" }
        throw ActionError(
          "no active fault \(number); "
            + (numbers.isEmpty ? "none is active" : "active: " + numbers.joined(separator: ", ")))
      }
      note(who, action.text)
      endFault(number: number)
      return
    }
    let links = activeFaults.filter { if case .links = $0.effect { true } else { false } }
    if links.isEmpty { throw ActionError("no link fault is active") }
    note(who, action.text)
    for fault in links { endFault(number: fault.clock.number) }
  }

  // MARK: Load

  mutating func chillCaches(
    _ location: String?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let names = locationNames
    if let location, !names.contains(location) {
      throw ActionError(Nearest.message("location", location, among: names))
    }
    note(who, action.text)
    for index in caches.indices
    where location == nil || names[Int(hosts[caches[index].host.index].location)] == location {
      caches[index].store.clear()
    }
  }

  mutating func startBurst(
    _ factor: Double, _ length: Span, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard factor >= 0, factor <= 1000 else { throw ActionError("burst: not in x0 to x1000") }
    endLoad { if case .burst = $0 { true } else { false } }
    note(who, action.text)
    burst = factor
    last(for: length, action)
  }

  mutating func startHotKey(
    _ share: Double, _ length: Span, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard share > 0, share <= 1 else { throw ActionError("hot-key: not in 0% to 100%") }
    endLoad { if case .hotKey = $0 { true } else { false } }
    note(who, action.text)
    hotShare = share
    last(for: length, action)
  }

  private mutating func endLoad(_ same: (Action) -> Bool) {
    for fault in activeFaults where same(fault.clock.action) {
      endFault(number: fault.clock.number)
    }
  }

  private mutating func last(for length: Span, _ action: Action) {
    queue.push(time: (now + length).nanoseconds, kind: .faultEnds, a: UInt32(nextFault))
    beginFault(action, .load)
  }

  // MARK: The life of a fault

  mutating func beginFault(_ action: Action, _ effect: ActiveFault.Effect) {
    let fault = ActiveFault(
      clock: FaultClock(number: nextFault, action: action, at: now), effect: effect)
    nextFault += 1
    activeFaults.append(fault)
    topologyChanged()
    if activeFaults.count == 1 { metrics.beginPhase(faultsActive: true, at: now) }
  }

  /// Ends one fault and leaves the others.
  mutating func endFault(number: Int) {
    guard let index = activeFaults.firstIndex(where: { $0.clock.number == number }) else { return }
    var fault = activeFaults.remove(at: index)
    switch fault.effect {
    case .down(let host): bringUp(host)
    case .outage(let hosts): for host in hosts { bringUp(host) }
    case .links: network.heal(fault: number)
    case .degraded(let host):
      if case .slow = fault.clock.action { hosts[host.index].slowFactor = 1 }
      if case .gray = fault.clock.action { hosts[host.index].gray = false }
      if case .skew = fault.clock.action {
        let passed = hosts[host.index].clock.monotonic(at: now.nanoseconds)
        hosts[host.index].clock = HostClock(gained: passed - now.nanoseconds)
      }
    case .load:
      if case .burst = fault.clock.action { burst = 1 }
      if case .hotKey = fault.clock.action { hotShare = nil }
    }
    fault.clock.endedAt = now
    endedFaults.append(fault)
    markGroupLogs()
    if endedFaults.count > 64 { endedFaults.removeFirst() }
    topologyChanged()
    if activeFaults.isEmpty { metrics.beginPhase(faultsActive: false, at: now) }
    if !recoveryCheckArmed {
      recoveryCheckArmed = true
      queue.push(time: now.nanoseconds + Self.recoveryPeriod, kind: .recoveryCheck)
    }
  }

  /// How often is looked whether the cluster is whole again, ns: the precision of `recovered`.
  private static var recoveryPeriod: Int64 { 50_000_000 }

  /// Healed is not recovered: every running node must hold every other one that it can reach alive,
  /// no hint may wait for a node that runs, and groups must be led and caught up.
  mutating func checkRecovery() {
    recoveryCheckArmed = false
    guard endedFaults.contains(where: { $0.clock.recovered == nil }) else { return }
    if isWhole {
      for index in endedFaults.indices where endedFaults[index].clock.recovered == nil {
        endedFaults[index].clock.recovered = now
        note(
          .membership,
          "recovered from \(endedFaults[index].clock.action.text), "
            + Self.seconds(now - endedFaults[index].clock.endedAt!) + " after its end")
      }
      return
    }
    recoveryCheckArmed = true
    queue.push(time: now.nanoseconds + Self.recoveryPeriod, kind: .recoveryCheck)
  }

  private var isWhole: Bool {
    guard isPathWhole, groupsAreWhole else { return false }
    for holder in storageNodes where !hosts[holder.index].hints.isEmpty {
      for home in storageNodes where hosts[home.index].state == .up {
        if hosts[holder.index].hints.count(for: home) > 0 { return false }
      }
    }
    // Only who is doubted by somebody needs a look at each pair.
    let doubted = storageNodes.filter {
      hosts[$0.index].state == .up && isMember($0)
        && census.suspecting($0) + census.holdingDead($0) > 0
    }
    if doubted.isEmpty { return true }
    for observer in storageNodes where hosts[observer.index].state == .up && isMember(observer) {
      guard let table = members[observer.index]?.table else { continue }
      for subject in doubted {
        if !table.isAlive(subject), !network.isCut(subject, observer) { return false }
      }
    }
    return true
  }
}
