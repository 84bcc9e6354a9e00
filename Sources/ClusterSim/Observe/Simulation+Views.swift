// What screens and reports read. Nothing here changes anything.
extension Simulation {
  public var locationNames: [String] { configuration.locations.map(\.name) }

  /// The zones of all locations; a host's `zone` is an index into them.
  public var zoneNames: [String] { configuration.zones.map(\.name) }

  public var messageCounts: MessageCount { messageCount }

  public func host(_ id: NodeID) -> HostView { host(id, hintHolders: hintHolders) }

  /// All storage nodes, in id order.
  public var storageViews: [HostView] {
    let holders = hintHolders
    return storageNodes.map { host($0, hintHolders: holders) }
  }

  private var hintHolders: [NodeID] { storageNodes.filter { !hosts[$0.index].hints.isEmpty } }

  private func host(_ id: NodeID, hintHolders: [NodeID]) -> HostView {
    let host = hosts[id.index]
    let keysHeld: Int =
      switch host.kind {
      case .storage: host.store.count
      case .cache: caches[host.cacheIndex].store.count
      case .clients, .balancer, .web: 0
      }
    return HostView(
      id: id, name: host.name, kind: host.kind, location: Int(host.location), state: host.state,
      slowFactor: host.slowFactor, gray: host.gray,
      clockAhead: Span(nanoseconds: host.clock.read(at: now.nanoseconds) - now.nanoseconds),
      ringRole: host.ringRole, zone: host.zone == 0 ? nil : Int(host.zone) - 1, weight: host.weight,
      ringShare: placement.share(of: id), keys: keysHeld, hintsHeld: host.hints.count,
      hintsAwaited: hintHolders.reduce(0) { $0 + hosts[$1.index].hints.count(for: id) },
      queue: host.workers.waiting.count + host.coordinators.waiting.count,
      busy: host.workers.busy, messagesIn: host.messagesIn, messagesOut: host.messagesOut,
      reads: host.readsServed, writes: host.writesServed, servedPerSecond: host.lastServed,
      operationsPerSecond: host.lastRate, p99: host.lastP99.map { Double($0) / 1e6 })
  }

  /// What `observer` holds `subject` for; a host without a table (killed, no member) knows nothing.
  public func belief(of observer: NodeID, about subject: NodeID) -> BeliefView? {
    guard let table = members[observer.index]?.table, subject.index < table.width else {
      return nil
    }
    let entry = table[subject]
    guard entry.known else { return nil }
    let since =
      switch settings.membership.detector {
      case .heartbeat, .phi: entry.rose
      case .swim: table.heldSince(subject)
      }
    return BeliefView(
      belief: entry.belief, age: Span(nanoseconds: now.nanoseconds - since),
      counter: entry.counter, incarnation: entry.incarnation)
  }

  /// Whether messages pass in both directions, by the installed topology.
  public func reachable(_ a: NodeID, _ b: NodeID) -> Bool {
    a == b || (!network.isCut(a, b) && !network.isCut(b, a))
  }

  /// Whether messages from `a` to `b` are cut off now.
  public func isCut(from a: NodeID, to b: NodeID) -> Bool { a != b && network.isCut(a, b) }

  /// The N home replicas of a key (existing or not), in preference order.
  public func homes(ofKey key: String) -> [NodeID] {
    if let sharded { return hosts(ofGroup: sharded.group(of: key, token: token(ofKey: key))) }
    return placement.list(
      for: key, token: token(ofKey: key), count: min(settings.storage.n, ringMemberCount))
  }

  /// The key's place on the hash circle.
  public func token(ofKey key: String) -> UInt64 {
    keys.number(of: key).map { keys.tokens[Int($0)] } ?? RingToken.token(key)
  }

  /// Version times (ns; nil where it holds no copy) that the given node's disk has for a key.
  public func versionTime(ofKey key: String, on node: NodeID) -> Instant? {
    guard let number = keys.number(of: key) else { return nil }
    let version = hosts[node.index].store.get(number).version
    return version == .none ? nil : Instant(nanoseconds: version.time)
  }

  /// Faults, oldest first: those that ended (the last 64) and those that are active.
  public var faults: [FaultClock] {
    (endedFaults + activeFaults).map(\.clock).sorted { $0.number < $1.number }
  }

  public var activeFaultClocks: [FaultClock] { activeFaults.map(\.clock) }

  /// Hints waiting anywhere.
  public var hintsWaiting: Int { storageNodes.reduce(0) { $0 + hosts[$1.index].hints.count } }

  /// Whether the location's clients use this server.
  public func clientsUse(_ server: NodeID, location: Int) -> Bool {
    clients[location].isUp[server.index]
  }

  /// Storage nodes on the location's side of the network, as it really is.
  public func side(ofLocation location: Int) -> NodeSet { reach[location] }

  /// Whether the location's clients can be answered for a key now, by the true topology.
  public func canAnswer(key: String, location: Int) -> (reads: Bool, writes: Bool)? {
    guard let number = keys.number(of: key) else { return nil }
    return (
      isAnswerable(.read, key: number, location: location),
      isAnswerable(.write, key: number, location: location)
    )
  }

  /// Share of requests, by the workload's key choice, for whose key the location's side holds
  /// enough home replicas (sloppy: nodes) to answer.
  public func answerableShare(location: Int) -> (reads: Double, writes: Double) {
    var reads = 0.0
    var writes = 0.0
    var written = 0.0
    for key in 0..<UInt32(settings.workload.keys) {
      let probability = sampler.probability(of: Int(key))
      guard !splits.isEmpty, let split = splits.first(where: { $0.key == key }) else {
        if isAnswerable(.read, key: key, location: location) { reads += probability }
        if isAnswerable(.write, key: key, location: location) { writes += probability }
        written += probability
        continue
      }
      // Read at one of its copies, written at all of them.
      for copy in split.filled where isAnswerable(.read, key: copy, location: location) {
        reads += probability / Double(split.filled.count)
      }
      for copy in split.copies where isAnswerable(.write, key: copy, location: location) {
        writes += probability
      }
      written += probability * Double(split.copies.count)
    }
    return (min(1, reads), splits.isEmpty ? min(1, writes) : min(1, writes / written))
  }

  /// Share of keys (not of requests) that the location's side can answer.
  public func answerableKeys(location: Int) -> (reads: Double, writes: Double) {
    var reads = 0
    var writes = 0
    for key in 0..<UInt32(settings.workload.keys) {
      if isAnswerable(.read, key: key, location: location) { reads += 1 }
      if isAnswerable(.write, key: key, location: location) { writes += 1 }
    }
    let count = Double(settings.workload.keys)
    return (Double(reads) / count, Double(writes) / count)
  }

  // MARK: Audits over all disks

  /// Keys whose home replicas do not all hold the same version.
  public func divergentKeys() -> Int {
    (0..<UInt32(keys.count)).reduce(0) { $0 + (homesDiffer(on: $1) ? 1 : 0) }
  }

  /// Whether the home replicas of every key hold the same version, but for keys that are being
  /// written at this moment: a write under way has reached some homes and not yet others.
  public var replicasConverged: Bool {
    var beingWritten = ContiguousArray(repeating: false, count: keys.count)
    coordinations.visit { _, request in
      if request.kind == .write { beingWritten[Int(request.key)] = true }
    }
    return !(0..<UInt32(keys.count)).contains { !beingWritten[Int($0)] && homesDiffer(on: $0) }
  }

  private func homesDiffer(on key: UInt32) -> Bool {
    let homes = homeNodes(of: key)
    let first = hosts[homes[0].index].store.get(key)
    return homes.contains { hosts[$0.index].store.get(key) != first }
  }

  /// Messages in flight counted one by one, to hold the running count against.
  public func countMessagesInFlight() -> Int {
    var count = 0
    queue.forEachSorted { if $0.kind == .deliver { count += 1 } }
    for host in hosts {
      for place in 0..<host.inbox.count where host.inbox[place].kind == .deliver { count += 1 }
    }
    return count
  }
}
