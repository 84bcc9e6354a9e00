// Faults on one host (model.md section 2).
extension Simulation {
  mutating func kill(
    _ host: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try present(host)
    if hosts[id.index].state == .frozen { endFaults(on: id) }
    note(who, action.text)
    stop(id)
    beginFault(action, .down(id))
  }

  /// Killed with its disk: a restart finds nothing, not even the hints it kept.
  mutating func wipe(
    _ host: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try server(host)
    if hosts[id.index].state == .left { throw ActionError("\(host) has left the cluster") }
    if hosts[id.index].state == .frozen { endFaults(on: id) }
    note(who, action.text)
    let wasKilled = hosts[id.index].state == .killed
    if !wasKilled { stop(id) }
    wipeDisk(id)
    if !wasKilled { beginFault(action, .down(id)) }
  }

  /// Every host of a location that runs dies; one action, one fault.
  mutating func outage(
    _ location: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let zones = zoneNames
    let place = locationNames.firstIndex(of: location)
    let zone = zones.firstIndex(of: location)
    guard place != nil || zone != nil else {
      throw ActionError(Nearest.message("location", location, among: locationNames + zones))
    }
    let servers = (storageNodes + serversBesideNodes).filter {
      let host = hosts[$0.index]
      return Int(host.location) == place || zone.map { Int(host.zone) == $0 + 1 } ?? false
    }
    let here = servers.filter { hosts[$0.index].state == .up || hosts[$0.index].state == .frozen }
    guard !here.isEmpty else { throw ActionError("nothing runs in \(location)") }
    note(who, action.text)
    for id in here where hosts[id.index].state == .frozen { endFaults(on: id) }
    for id in here { stop(id) }
    beginFault(action, .outage(here))
  }

  /// The clock is off; what the node stamps from now on carries it.
  mutating func skew(
    _ host: String, _ offset: Span, _ drift: Double, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try storageNode(host)
    guard abs(offset.nanoseconds) <= 3_600_000_000_000, abs(drift) <= 0.1 else {
      throw ActionError("skew: at most an hour and 100000 ppm")
    }
    guard offset != .zero || drift != 0 else { throw ActionError("skew: neither offset nor drift") }
    endFaults(on: id) { fault in if case .skew = fault.clock.action { true } else { false } }
    note(who, action.text)
    hosts[id.index].clock = HostClock(
      offset: offset.nanoseconds, drift: drift, since: now.nanoseconds,
      gained: hosts[id.index].clock.monotonic(at: now.nanoseconds) - now.nanoseconds)
    beginFault(action, .degraded(id))
  }

  mutating func freeze(
    _ host: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try present(host)
    guard hosts[id.index].state == .up else { throw ActionError("\(host) is frozen already") }
    note(who, action.text)
    hosts[id.index].state = .frozen
    if let member = members[id.index] { census.leave(member.table, now: now.nanoseconds) }
    beginFault(action, .down(id))
  }

  mutating func slow(
    _ host: String, _ factor: Int, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try present(host)
    guard (2...1000).contains(factor) else {
      throw ActionError("slow: the factor \(factor) is not in x2 to x1000")
    }
    guard hosts[id.index].kind != .balancer else {
      throw ActionError("\(host) does no work that could be slow; kill, freeze or delay it")
    }
    endFaults(on: id) { fault in if case .slow = fault.clock.action { true } else { false } }
    note(who, action.text)
    hosts[id.index].slowFactor = factor
    beginFault(action, .degraded(id))
  }

  mutating func makeGray(
    _ host: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try present(host)
    if hosts[id.index].gray { throw ActionError("\(host) fails gray already") }
    note(who, action.text)
    hosts[id.index].gray = true
    beginFault(action, .degraded(id))
  }

  /// `restart` and `thaw`: ends what keeps the host from running.
  mutating func endHostFault(
    _ host: String, in states: [HostState], _ action: Action, _ who: LogEntry.Kind,
    otherwise: String
  ) throws(ActionError) {
    let id = try server(host)
    guard states.contains(hosts[id.index].state) else { throw ActionError("\(host) \(otherwise)") }
    note(who, action.text)
    endFaults(on: id) { fault in if case .down = fault.effect { true } else { false } }
    bringUpAlone(id)
  }

  /// One host of an outage comes up alone; with the last of them the outage is over.
  private mutating func bringUpAlone(_ id: NodeID) {
    bringUp(id)
    for fault in activeFaults {
      if case .outage(let down) = fault.effect, down.allSatisfy({ hosts[$0.index].state == .up }) {
        endFault(number: fault.clock.number)
      }
    }
    topologyChanged()
  }

  mutating func recover(
    _ host: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let id = try server(host)
    guard activeFaults.contains(where: { concerns($0, id) }) || hosts[id.index].state == .killed
    else { throw ActionError("nothing is wrong with \(host)") }
    note(who, action.text)
    endFaults(on: id)
    bringUpAlone(id)
  }

  /// A host that is there and not killed.
  private func present(_ name: String) throws(ActionError) -> NodeID {
    let id = try server(name)
    switch hosts[id.index].state {
    case .up, .frozen: return id
    case .killed: throw ActionError("\(name) is killed already; restart it first")
    case .left: throw ActionError("\(name) has left the cluster")
    }
  }

  /// Whether the fault is one on this host alone.
  private func concerns(_ fault: ActiveFault, _ id: NodeID) -> Bool {
    switch fault.effect {
    case .down(let host), .degraded(let host): return host == id
    case .links:
      switch fault.clock.action {
      case .partition(.isolate(let node)): return hosts[id.index].name == node
      case .lossy(let host, _), .delay(let host, _), .duplicate(let host, _),
        .reorder(let host, _):
        return hosts[id.index].name == host
      default: return false
      }
    case .outage(let hosts): return hosts == [id]
    case .load: return false
    }
  }

  private mutating func endFaults(
    on id: NodeID, where wanted: (ActiveFault) -> Bool = { _ in true }
  ) {
    for fault in activeFaults where concerns(fault, id) && wanted(fault) {
      endFault(number: fault.clock.number)
    }
  }

  /// The process dies: memory, queued work and running requests are gone, the disk stays.
  private mutating func stop(_ id: NodeID) {
    let index = id.index
    while let event = hosts[index].inbox.popFirst() { discard(event) }
    dropQueued(at: id)
    if hosts[index].state == .up, let member = members[index] {
      census.leave(member.table, now: now.nanoseconds)
    }
    hosts[index].state = .killed
    hosts[index].epoch += 1
    hosts[index].workers.clear()
    hosts[index].coordinators.clear()
    hosts[index].hintDrainArmed = false
    hosts[index].hints.reclaim(before: .max)
    var dead: [UInt64] = []
    coordinations.visit { handle, entry in
      if entry.coordinator == id.rawValue { dead.append(handle) }
    }
    for handle in dead { coordinations.remove(handle) }
    stopRaft(id)
    stopReplication(id)
    stopMultiPrimary(id)
    endCopies { $0.from == id || $0.to == id }
    switch hosts[index].kind {
    case .storage:
      hosts[index].incarnation = members[index]!.incarnation
      members[index] = nil
    case .cache: loseCache(hosts[index].cacheIndex)
    case .balancer: stopBalancer(id)
    case .web: stopWebServer(id)
    case .clients: break
    }
    loseUnsynced(id)
  }

  private mutating func dropQueued(at id: NodeID) {
    while let handle = hosts[id.index].workers.waiting.popFirst() { drop(handle) }
    while let handle = hosts[id.index].coordinators.waiting.popFirst() {
      messages.remove(handle)
    }
  }

  /// What waited for a frozen host that is now killed.
  private mutating func discard(_ event: Event) {
    switch event.kind {
    case .deliver: loseInFlight(event.b)
    case .jobDone: drop(event.b)
    default: break
    }
  }

  /// What kept the host from running is over.
  mutating func bringUp(_ id: NodeID) {
    switch hosts[id.index].state {
    case .killed: boot(id)
    case .frozen: thaw(id)
    case .up, .left: return
    }
    // Keys may have gone to other homes while it was away.
    if keysMoved > 0, hosts[id.index].kind == .storage { scheduleCleanup() }
  }

  /// Starts again from the disk, with a higher incarnation than ever before.
  mutating func boot(_ id: NodeID) {
    let index = id.index
    hosts[index].state = .up
    hosts[index].epoch += 1
    if hosts[index].kind == .balancer { checkHealth(id, epoch: hosts[index].epoch) }
    guard hosts[index].kind == .storage else { return }
    hosts[index].incarnation += 1
    addMember(id, incarnation: hosts[index].incarnation)
    startDetector(id, announce: true)
    armHintDrain(id)
    bootRaft(id)
    bootReplication(id)
    bootMultiPrimary(id)
  }

  /// Goes on after a pause; what waited is worked off in its order.
  mutating func thaw(_ id: NodeID) {
    hosts[id.index].state = .up
    if let member = members[id.index] { census.enter(member.table, now: now.nanoseconds) }
    while let event = hosts[id.index].inbox.popFirst() {
      queue.push(time: now.nanoseconds, kind: event.kind, node: event.node, a: event.a, b: event.b)
    }
  }
}
