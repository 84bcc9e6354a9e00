import CellUI
import ClusterSim
import Scenarios

// What is done to the cluster. Every action goes through the one grammar, so a fault that the
// catalogue gains works here at once.
extension AppReducer {
  var names: ActionNames { ActionNames(of: simulation) }

  /// The host that faults act on: the cache server chosen in panel 5, the balancer or web server chosen
  /// in the path panel, else the selected node.
  static func target(_ state: AppState, _ simulation: Simulation) -> HostView? {
    if state.focus == .cache {
      return simulation.host(simulation.cacheServers[CachePanel.chosen(state, simulation)])
    }
    if state.focus == .path, let row = PathPanel.chosen(state, simulation) {
      return PathPanel.host(row, simulation)
    }
    let chosen = simulation.storageNodes.first { $0 == state.selectedNode }
    return (chosen ?? simulation.storageNodes.first).map { simulation.host($0) }
  }

  mutating func performChange(_ intent: Intent) {
    switch intent {
    case .fault(let verb): doFault(verb)
    case .undo: undo()
    case .healAll: healAll()
    case .recover:
      guard let host = Self.target(state, simulation) else { return }
      inject(.recover(host: host.name))
    case .more: changeQuorum(1)
    case .less: changeQuorum(-1)
    default: break
    }
  }

  private mutating func doFault(_ verb: String) {
    guard let record = FaultCatalogue.find(verb) else { return }
    if record.target == .cut {
      state.overlays.append(.cut(row: 0))
      return
    }
    run(Self.proposal(for: record, state, simulation))
  }

  /// The action's text as a key proposes it: aimed at the selected host, usual parameters.
  static func proposal(
    for record: FaultRecord, _ state: AppState, _ simulation: Simulation
  ) -> String {
    let host = target(state, simulation)
    switch record.target {
    case .host, .node:
      let name = host?.name ?? ""
      if record.verb == "kill", host?.state == .killed { return "restart \(name)" }
      return "\(record.verb) \(name)"
    case .location:
      return "\(record.verb) \(simulation.locationNames.first ?? "")"
    case .cut: return "\(record.verb) halves"
    case .nothing:
      guard record.verb == "join" else { return record.verb }
      let next = ActionGrammar.completions(
        for: "join ", names: ActionNames(everyHostOf: simulation))
      return next.first?.line ?? record.verb
    }
  }

  /// Reads and injects an action's text; says what is wrong if it is none. True if it was one.
  @discardableResult
  mutating func run(_ text: String) -> Bool {
    do {
      inject(try ActionGrammar.parse(text, names: names))
      return true
    } catch {
      say(.error, error.message)
      return false
    }
  }

  mutating func inject(_ action: Action) {
    let record = UndoRecord(action, before: simulation)
    if let record {
      state.undo.append(record)
      if state.undo.count > AppState.undoLimit { state.undo.removeFirst() }
    }
    commands.append(.inject(action))
    let back = record == nil ? "" : "  (u takes it back)"
    if let ignored = ignored(action) {
      say(.note, "\(action.text): no effect, \(ignored)\(back)")
    } else {
      say(.done, action.text + back)
    }
  }

  /// Why a change of a setting would do nothing; nil where it does something.
  private func ignored(_ action: Action) -> String? {
    guard case .set(let path, let value) = action, let setting = SettingCatalogue.find(path) else {
      return nil
    }
    var changed = simulation.settings
    guard (try? changed.set(path, to: value)) != nil else { return nil }
    return setting.ignored(in: changed)
  }

  private mutating func undo() {
    while let record = state.undo.popLast() {
      guard let inverse = record.inverse(in: simulation) else { continue }
      commands.append(.inject(inverse))
      say(.done, "taken back: \(record.action.text)")
      return
    }
    say(.note, "nothing to take back")
  }

  private mutating func healAll() {
    let active = simulation.activeFaultClocks
    for fault in active { commands.append(.inject(.heal(fault: fault.number))) }
    if active.isEmpty { say(.note, "nothing to heal") } else { say(.done, "everything is healed") }
  }

  private mutating func changeQuorum(_ by: Int) {
    let engine = simulation.settings.storage.engine
    guard engine == .leaderless else {
      say(.note, "N is fixed, R and W mean nothing with storage.engine \(engine.rawValue)")
      return
    }
    let path = state.quorumField.path
    guard let definition = SettingCatalogue.find(path),
      case .integer(let value) = definition.get(simulation.settings),
      case .integer(let range) = definition.kind
    else { return }
    guard range.contains(value + by) else {
      say(.error, "\(path) is \(definition.kind.range)")
      return
    }
    inject(.set(path: path, value: "\(value + by)"))
  }
}

extension HostView {
  /// Whether `recover` would change it.
  var isFaulty: Bool {
    state == .killed || state == .frozen || slowFactor > 1 || gray || isSkewed
  }
}

extension ActionNames {
  /// As `init(of:)`, with the nodes that left: their names cannot be used again.
  init(everyHostOf simulation: Simulation) {
    let nodes = simulation.storageNodes.map { simulation.host($0).name }
    let others = simulation.serversBesideNodes.map { simulation.host($0).name }
    self.init(nodes: nodes, hosts: nodes + others, locations: simulation.locationNames)
  }
}
