// Faults on links and on the load, and the life of every fault.
extension Simulation {
  mutating func partition(
    _ shape: PartitionShape, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let sides = try sides(of: shape)
    note(who, action.text)
    let number = nextFault
    var rules = [LinkRule(fault: number, from: sides.0, to: sides.1, effect: .cut)]
    if shape != .oneWay {
      rules.append(LinkRule(fault: number, from: sides.1, to: sides.0, effect: .cut))
    }
    install(rules, action)
  }

  /// The two sides of a cut. Clients and cache server of a location stand with most of its nodes.
  private func sides(of shape: PartitionShape) throws(ActionError) -> (NodeSet, NodeSet) {
    let present = storageNodes.filter(isMember)
    guard present.count > 1 else { throw ActionError("a cut needs two nodes") }
    var first = NodeSet()
    switch shape {
    case .halves, .oneWay: first = NodeSet(present.prefix((present.count + 1) / 2))
    case .isolate(let node): first = [try storageNode(node)]
    }
    var second = NodeSet(present).subtracting(first)
    for location in clients.indices {
      let here = present.filter { Int(hosts[$0.index].location) == location }
      let inFirst = here.filter { first.contains($0) }.count
      // Alone on a side is only the isolated node itself.
      let withFirst: Bool
      if case .isolate = shape { withFirst = false } else { withFirst = inFirst * 2 >= here.count }
      for host in [clients[location].host, clients[location].cache] {
        if withFirst { first.insert(host) } else { second.insert(host) }
      }
    }
    return (first, second)
  }

  mutating func makeLossy(
    _ host: String, _ share: Double, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try server(host)
    guard share > 0, share <= 1 else { throw ActionError("lossy: the share is not in 0% to 100%") }
    note(who, action.text)
    let one: NodeSet = [id]
    let others = NodeSet(below: hosts.count).subtracting(one)
    install(
      [
        LinkRule(fault: nextFault, from: one, to: others, effect: .lossy(share)),
        LinkRule(fault: nextFault, from: others, to: one, effect: .lossy(share)),
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
    for index in caches.indices where location == nil || names[index] == location {
      caches[index].clear()
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
    case .down(let host):
      switch hosts[host.index].state {
      case .killed: boot(host)
      case .frozen: thaw(host)
      case .up, .left: break
      }
    case .links: network.heal(fault: number)
    case .degraded(let host):
      if case .slow = fault.clock.action { hosts[host.index].slowFactor = 1 }
      if case .gray = fault.clock.action { hosts[host.index].gray = false }
    case .load:
      if case .burst = fault.clock.action { burst = 1 }
      if case .hotKey = fault.clock.action { hotShare = nil }
    }
    fault.clock.endedAt = now
    endedFaults.append(fault)
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
  /// and no hint may wait for a node that runs.
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
    for holder in storageNodes where !hosts[holder.index].hints.isEmpty {
      for home in storageNodes where hosts[home.index].state == .up {
        if hosts[holder.index].hints.count(for: home) > 0 { return false }
      }
    }
    for observer in storageNodes where hosts[observer.index].state == .up {
      guard let table = members[observer.index]?.table else { continue }
      for subject in storageNodes
      where hosts[subject.index].state == .up && isMember(subject) && isMember(observer) {
        if !table.isAlive(subject), !network.isCut(subject, observer) { return false }
      }
    }
    return true
  }
}
