import ClusterSim

/// How to take a change back, and whether there is still something to take back.
public struct UndoRecord: Equatable, Sendable {
  /// What was done.
  public let action: Action
  /// When; after a seek to an earlier time it has not happened.
  public let at: Instant
  private let way: Way

  private enum Way: Equatable, Sendable {
    case by(Action)
    /// The fault's number is known only once it has been injected.
    case healing
  }

  /// A record for `action` in the state before it; nil where nothing can take it back.
  public init?(_ action: Action, before simulation: Simulation) {
    self.action = action
    at = simulation.now
    switch action {
    case .kill(let host), .wipe(let host): way = .by(.restart(host: host))
    case .freeze(let host): way = .by(.thaw(host: host))
    case .slow(let host, _):
      guard let id = simulation.hostID(named: host) else { return nil }
      let before = simulation.host(id)
      // Back to the factor it had; a host that had none recovers.
      way =
        before.slowFactor > 1
        ? .by(.slow(host: host, factor: before.slowFactor)) : .by(.recover(host: host))
    case .gray(let host): way = .by(.recover(host: host))
    case .partition, .lossy, .delay, .duplicate, .reorder, .outage, .skew: way = .healing
    case .join(let node, _, _): way = .by(.decommission(node: node))
    case .set(let path, _):
      guard let definition = SettingCatalogue.find(path) else { return nil }
      way = .by(.set(path: path, value: definition.text(in: simulation.settings)))
    case .restart, .thaw, .recover, .heal, .coldCache, .burst, .hotKey, .decommission, .reshard,
      .transfer, .promote, .split, .splitShard, .moveShard, .read, .write:
      return nil
    }
  }

  /// The action that takes it back now; nil if it is over already.
  public func inverse(in simulation: Simulation) -> Action? {
    guard at <= simulation.now else { return nil }
    switch way {
    case .healing:
      let clock = simulation.faults.last { $0.isActive && $0.action == action && $0.at >= at }
      return clock.map { .heal(fault: $0.number) }
    case .by(let inverse):
      return isStanding(in: simulation) ? inverse : nil
    }
  }

  private func isStanding(in simulation: Simulation) -> Bool {
    func host(_ name: String) -> HostView? {
      simulation.hostID(named: name).map { simulation.host($0) }
    }
    switch action {
    case .kill(let name), .wipe(let name): return host(name)?.state == .killed
    case .freeze(let name): return host(name)?.state == .frozen
    case .slow(let name, let factor): return host(name)?.slowFactor == factor
    case .gray(let name): return host(name)?.gray == true
    case .join(let name, _, _):
      let role = host(name)?.ringRole
      return role == .member || role == .joining
    case .set(let path, let value):
      guard let definition = SettingCatalogue.find(path) else { return false }
      // Equal as values: the person may have written 0.5s where the setting says 500ms.
      return (try? definition.kind.parse(value)) == definition.get(simulation.settings)
    case .partition, .lossy, .delay, .duplicate, .reorder, .outage, .skew, .restart, .thaw,
      .recover, .heal, .coldCache, .burst, .hotKey,
      .decommission, .reshard, .transfer, .promote, .split, .splitShard, .moveShard, .read,
      .write:
      return false
    }
  }
}
