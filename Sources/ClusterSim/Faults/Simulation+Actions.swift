// The only way in: an action is checked, logged and done, or refused with nothing changed.
extension Simulation {
  /// Does an action now and logs it.
  ///
  /// Throws `ActionError` where it cannot be done, saying what would be right.
  public mutating func inject(_ action: Action) throws(ActionError) {
    ownTables()
    try perform(action, by: .you)
    actionLog.append(TimedAction(at: now, action: action))
    hash.mix(UInt64(bitPattern: now.nanoseconds))
    hash.mix(UInt64(actionLog.count))
  }

  /// A planned action is due; one that cannot be done is noted, not fatal.
  mutating func doPlanned(_ index: Int) {
    let action = configuration.actions[index].action
    do { try perform(action, by: .plan) } catch {
      note(.plan, "not done: \(action.text): \(error.message)")
      guard plannedInVain.count < PlannedInVain.kept else { return }
      plannedInVain.append(PlannedInVain(at: now, action: action.text, reason: error.message))
    }
  }

  private mutating func perform(_ action: Action, by who: LogEntry.Kind) throws(ActionError) {
    switch action {
    case .kill(let host): try kill(host, action, who)
    case .restart(let host):
      try endHostFault(host, in: [.killed], action, who, otherwise: "is not killed")
    case .freeze(let host): try freeze(host, action, who)
    case .thaw(let host):
      try endHostFault(host, in: [.frozen], action, who, otherwise: "is not frozen")
    case .slow(let host, let factor): try slow(host, factor, action, who)
    case .gray(let host): try makeGray(host, action, who)
    case .recover(let host): try recover(host, action, who)
    case .partition(let shape): try partition(shape, action, who)
    case .wipe(let host): try wipe(host, action, who)
    case .skew(let host, let offset, let drift): try skew(host, offset, drift, action, who)
    case .outage(let location): try outage(location, action, who)
    case .lossy(let host, let share): try disturb(host, .lossy(share), action, who)
    case .delay(let host, let span): try disturb(host, .delay(span.nanoseconds), action, who)
    case .duplicate(let host, let share): try disturb(host, .duplicate(share), action, who)
    case .reorder(let host, let span): try disturb(host, .reorder(span.nanoseconds), action, who)
    case .heal(let number): try heal(number, action, who)
    case .coldCache(let location): try chillCaches(location, action, who)
    case .burst(let factor, let length): try startBurst(factor, length, action, who)
    case .hotKey(let share, let length): try startHotKey(share, length, action, who)
    case .join(let node, let location, let weight): try join(node, location, weight, action, who)
    case .decommission(let node): try decommission(node, action, who)
    case .reshard: try reshard(action, who)
    case .transfer(let node, let group): try transfer(to: node, group: group, action, who)
    case .split(let key, let copies): try split(key, copies, action, who)
    case .splitShard(let shard): try splitShard(shard, action, who)
    case .moveShard(let shard, let group): try moveShard(shard, group, action, who)
    case .set(let path, let value): try change(path, to: value, action, who)
    case .promote(let node, let group): try promote(node, group, action, who)
    case .read(let key, let via): try single(.read, key, via, action, who)
    case .write(let key, let via): try single(.write, key, via, action, who)
    }
  }

  // MARK: Settings and single operations

  private mutating func change(
    _ path: String, to value: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    var changed = settings
    do { try changed.set(path, to: value) } catch { throw ActionError(error.message) }
    guard SettingCatalogue.find(path)!.live else {
      throw ActionError("\(path) is fixed while the cluster runs; set it before the start")
    }
    if let problem = changed.engineContradiction { throw ActionError(problem) }
    if settings.storage.engine != .leaderless,
      settings.storage.n != changed.storage.n || settings.ring.scheme != changed.ring.scheme
        || settings.ring.spread != changed.ring.spread
    {
      throw ActionError(
        "\(path) is fixed while the cluster runs with storage.engine "
          + settings.storage.engine.rawValue)
    }
    guard changed.ring.scheme != .maglev || storageNodes.count <= 5000 else {
      throw ActionError("maglev: no more than 5000 nodes")
    }
    let old = settings
    settings = changed
    let ignored = SettingCatalogue.find(path)!.ignored(in: changed)
    note(who, action.text + (ignored.map { ": no effect, \($0)" } ?? ""))
    if old.storage.n != changed.storage.n {
      deepenPlacement()
      settleCopies()
    }
    if old.ring.scheme != changed.ring.scheme || old.ring.spread != changed.ring.spread {
      begin(.rearrange)
    }
    if old.storage.fsync != changed.storage.fsync
      || old.storage.syncInterval != changed.storage.syncInterval
    {
      syncAll()
    }
    if old.raft != changed.raft { changeRaft(changed.raft) }
    if old.replication != changed.replication { changeReplication(changed.replication) }
    if old.replication != changed.replication { changeMultiPrimary(changed.replication) }
    if old.workload != changed.workload {
      sampler = Self.sampler(for: changed, configuration.trace)
      prepareQueries()
    }
    if changed.cache.capacity < old.cache.capacity {
      for index in caches.indices { caches[index].store.shrink(to: changed.cache.capacity) }
    }
    if old.path != changed.path { changePath(old.path) }
    if old.membership.detector != changed.membership.detector { changeDetector() }
    topologyChanged()
  }

  private mutating func single(
    _ kind: Operation.Kind, _ key: String, _ via: String?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard !key.isEmpty, key.utf8.count <= 256 else {
      throw ActionError("a key has 1 to 256 bytes")
    }
    guard keys.number(of: key) != nil || keys.count < Self.keyLimit else {
      throw ActionError("no more than \(Self.keyLimit) keys")
    }
    var coordinator: NodeID?
    if let via { coordinator = try storageNode(via) }
    let number = learn(key)
    log.append(
      LogEntry(at: now, kind: who, text: action.text, operation: traces.count + 1))
    let location = coordinator.map { Int(hosts[$0.index].location) } ?? 0
    beginOperation(kind, key: number, location: location, via: coordinator)
  }

  // MARK: Names

  /// The host with this name.
  public func hostID(named name: String) -> NodeID? {
    hosts.firstIndex { $0.name == name }.map { NodeID(UInt16($0)) }
  }

  /// A storage node or cache server by name.
  func server(_ name: String) throws(ActionError) -> NodeID {
    if let id = hostID(named: name), hosts[id.index].kind != .clients { return id }
    let names = hosts.filter { $0.kind != .clients }.map(\.name)
    throw ActionError(Nearest.message("host", name, among: names))
  }

  /// A storage node by name.
  func storageNode(_ name: String) throws(ActionError) -> NodeID {
    if let id = hostID(named: name), hosts[id.index].kind == .storage { return id }
    throw ActionError(Nearest.message("node", name, among: storageNodes.map { self.name($0) }))
  }
}

/// A planned action that could not be done when it was due.
public struct PlannedInVain: Sendable, Equatable {
  /// The first so many of a run are kept.
  static let kept = 256
  public let at: Instant
  public let action: String
  public let reason: String

  public init(at: Instant, action: String, reason: String) {
    self.at = at
    self.action = action
    self.reason = reason
  }
}
