import Consistency

/// One random run of groups whose shards are cut and moved while nodes are killed, cut off, slowed,
/// join and leave; then all is healed, nobody writes any more, and it comes to rest. Every choice comes
/// from the seed. Disks are kept and synced, streams neither lose nor double, and clocks are right,
/// unless `harm` says otherwise.
///
/// What is claimed of each run is in `ShardSwarm+Claims`.
///
///     clustertop bench replica-shard-verdict     # groups with a primary
///     clustertop bench peer-shard-verdict        # groups of several primaries
///     clustertop bench peer-shard-harm           # the same, with one harm more in every run
public struct ShardSwarm {
  /// What was set that the claims depend on.
  struct Promise {
    var engine: Settings.Engine
    var mode = Settings.ReplicationMode.async
    var isFenced = true
    var readsPrimary = true
    var keepsSiblings = false
  }
  /// What may be worse than usual in a run with several primaries. One at most, for each takes other
  /// claims away.
  public enum Harm: UInt8, CaseIterable, Sendable {
    /// Datagrams in place of streams: lost, late, doubled.
    case datagrams
    /// `storage.fsync` off: who is killed forgets what it wrote last.
    case unsynced
    case wiped
    /// Clocks are set wrong.
    case clocks
  }
  /// What came of a run.
  public struct Outcome: Sendable {
    public let seed: UInt64
    /// What was claimed and does not hold; empty for a good run.
    public internal(set) var violations: [String] = []
    public internal(set) var operations = 0
    public internal(set) var answered = 0
    public internal(set) var shardsMoved = 0
    public internal(set) var movesUndone = 0
    public internal(set) var promotions = 0
    /// Acknowledged writes lost, where that was allowed; each has its name.
    public internal(set) var lostWrites = 0
    /// Linearizability was claimed, and held.
    public internal(set) var isLinearizable = false
    public internal(set) var stateHash = ""
    /// What was set and done, to read.
    public internal(set) var story: [String] = []
  }

  public let seed: UInt64
  var stream: RandomStream
  var promise: Promise
  /// Otherwise all else happens alike, to tell what only comes of the moves.
  public var movesShards = true
  public var harm: Harm?
  private var harmStream: RandomStream
  #if DEBUG
    var bug: PlantedBug?
  #endif
  private static var actions: Int { 10 }

  public init(seed: UInt64, engine: Settings.Engine) {
    self.seed = seed
    stream = RandomStream(seed: seed, purpose: 4713)
    harmStream = RandomStream(seed: seed, purpose: 4714)
    promise = Promise(engine: engine)
  }

  /// Plays the run to its end.
  public mutating func play() -> Outcome {
    var outcome = Outcome(seed: seed)
    var sim = start(&outcome)
    for _ in 0..<Self.actions {
      run(&sim, milliseconds: 100 + stream.below(1400), &outcome)
      let change = change(sim)
      if movesShards { attempt(change, &sim, &outcome) }
      run(&sim, milliseconds: stream.below(120), &outcome)
      let usual = fault(sim)
      attempt(harmful(sim) ?? usual, &sim, &outcome)
    }
    for fault in sim.activeFaultClocks { try? sim.inject(.heal(fault: fault.number)) }
    var rounds = 0
    while rounds < 3 || rounds < 40 && isMoving(sim) {
      run(&sim, milliseconds: 1000, &outcome)
      rounds += 1
    }
    try? sim.inject(.set(path: "workload.rate", value: "0"))
    if harm == .datagrams { try? sim.inject(.set(path: "network.loss", value: "0")) }
    // Streams may hold back for so long what was sent through a cut.
    sim.run(until: sim.now + sim.settings.network.streamTimeout + .seconds(5))
    judge(&sim, &outcome)
    if !outcome.violations.isEmpty {
      for age in (0..<sim.log.count).reversed() {
        let entry = sim.log.newest(age)
        outcome.story.append("\(entry.at) \(entry.text)")
      }
    }
    return outcome
  }

  private func isMoving(_ sim: Simulation) -> Bool {
    sim.movement != nil || sim.shardMoves.contains { !$0.isOver }
  }

  /// Runs in small steps, and looks at each whether two groups would serve a shard.
  private func run(_ sim: inout Simulation, milliseconds: Int, _ outcome: inout Outcome) {
    let end = sim.now + .milliseconds(Int64(milliseconds))
    while sim.now < end {
      sim.run(until: min(end, sim.now + .milliseconds(20)))
      let both = sim.shardsServedTwice
      if !both.isEmpty, !outcome.violations.contains("two groups serve a shard") {
        outcome.violations.append("two groups serve a shard")
        outcome.story.append("\(sim.now) two groups serve \(both)")
      }
    }
  }

  private func attempt(_ action: Action, _ sim: inout Simulation, _ outcome: inout Outcome) {
    guard (try? sim.inject(action)) != nil else { return }
    outcome.story.append("\(sim.now) \(action.text)")
  }

  // MARK: Settings

  private mutating func start(_ outcome: inout Outcome) -> Simulation {
    let nodes = 4 + stream.below(4)
    let east = 1 + stream.below(nodes - 1)
    var choices: [(String, String)] = [
      ("storage.engine", promise.engine.rawValue), ("storage.n", stream.pick(["2", "3", "3"])),
      ("storage.shards", "\(2 + stream.below(3))"),
      ("storage.sharding", stream.pick(["hash", "range"])),
      ("storage.shard_copy_rate", stream.pick(["20", "100", "1000"])),
      ("storage.shard_patience", stream.pick(["700ms", "5s"])),
      ("replication.log_limit", stream.pick(["10", "1000"])),
      ("replication.ship_delay", stream.pick(["0ms", "20ms", "200ms"])),
      ("network.between", stream.pick(["1ms", "10ms", "40ms"])),
      ("ring.move_rate", "200"), ("cache.enabled", "false"), ("network.transport", "tcp"),
      ("workload.keys", "\(10 + stream.below(30))"), ("workload.distribution", "uniform"),
      ("workload.rate", "\(40 + stream.below(80))"), ("workload.read_share", "0.5"),
      ("membership.suspect_after", "500ms"), ("membership.dead_after", "500ms"),
    ]
    choices += engineChoices() + harmChoices()
    var settings = Settings()
    for (path, value) in choices {
      do { try settings.set(path, to: value) } catch { preconditionFailure(error.message) }
    }
    outcome.story.append(
      "\(nodes) nodes, \(east) in the east; "
        + choices.map { "\($0.0)=\($0.1)" }.joined(separator: " "))
    let configuration = ClusterConfiguration(
      name: "shard-swarm", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: (1...nodes).map { .init(name: "n\($0)", location: $0 <= east ? "east" : "west") },
      settings: settings)
    guard var simulation = try? Simulation(configuration) else {
      preconditionFailure("the swarm's own configuration contradicts itself")
    }
    #if DEBUG
      simulation.plantedBug = bug
    #endif
    simulation.recordHistory(limit: 100_000)
    simulation.run(until: .zero + .milliseconds(500))
    return simulation
  }

  /// A third of the seeds each of every mode, and two of three fenced; with several primaries every
  /// other one keeps siblings.
  private mutating func engineChoices() -> [(String, String)] {
    guard promise.engine == .primaryReplica else {
      promise.keepsSiblings = seed % 2 == 0
      return [("storage.versions", promise.keepsSiblings ? "vector" : "last-write-wins")]
    }
    promise.mode = Settings.ReplicationMode.allCases[Int(seed % 3)]
    promise.isFenced = seed / 3 % 3 != 0
    promise.readsPrimary = promise.mode == .sync || stream.chance(1, 2)
    return [
      ("replication.mode", promise.mode.rawValue),
      ("replication.fencing", promise.isFenced ? "true" : "false"),
      ("replication.reads", promise.readsPrimary ? "primary" : "any"),
      ("replication.fail_back", stream.pick(["true", "false"])),
    ]
  }

  private mutating func harmChoices() -> [(String, String)] {
    switch harm {
    case .datagrams:
      [("network.transport", "udp"), ("network.loss", harmStream.pick(["0", "1%", "5%"]))]
    case .unsynced:
      [
        ("storage.fsync", "false"),
        ("storage.sync_interval", harmStream.pick(["100ms", "1s", "10s"])),
      ]
    case .wiped, .clocks, nil: []
    }
  }

  // MARK: Actions

  /// In place of a third of the faults; nil where the usual one stays.
  private mutating func harmful(_ sim: Simulation) -> Action? {
    guard let harm, harmStream.chance(1, 3) else { return nil }
    let node = sim.host(harmStream.pick(sim.storageNodes)).name
    switch harm {
    case .datagrams:
      return harmStream.chance(1, 2)
        ? .duplicate(host: node, share: 0.5) : .reorder(host: node, by: .milliseconds(100))
    case .unsynced: return .kill(host: node)
    case .wiped: return .wipe(host: node)
    case .clocks:
      return .skew(
        host: node, offset: .milliseconds(Int64(harmStream.below(4000)) - 2000), drift: 0)
    }
  }

  /// A cut in two, or a move to a group chosen at random; refused where one is under way.
  private mutating func change(_ sim: Simulation) -> Action {
    let shard = 1 + stream.below(sim.shards.count)
    let group = 1 + stream.below(sim.settings.storage.shards)
    return stream.chance(1, 5)
      ? .splitShard(shard: shard) : .moveShard(shard: shard, group: group)
  }

  private mutating func fault(_ sim: Simulation) -> Action {
    let node = sim.host(stream.pick(sim.storageNodes)).name
    switch stream.below(22) {
    case 0, 1, 2: return .kill(host: node)
    case 3, 4, 5: return .restart(host: node)
    case 6: return .freeze(host: node)
    case 7: return .thaw(host: node)
    case 8: return .slow(host: node, factor: 2 + stream.below(20))
    case 9: return .gray(host: node)
    case 10: return .partition(.halves)
    case 11: return .partition(.majorityMinority)
    case 12: return .partition(.isolate(node: node))
    case 13: return .partition(.oneWay)
    case 14: return .partition(.bridge(node: node))
    case 15: return .lossy(host: node, share: 0.3)
    case 16: return .delay(host: node, by: .milliseconds(Int64(20 + stream.below(400))))
    // Who is taken out while he cannot be reached goes on without knowing, unless he is fenced.
    case 17 where promise.isFenced:
      return .join(node: "m\(sim.storageNodes.count)", location: "east", weight: 1)
    case 18 where promise.isFenced: return .decommission(node: node)
    case 19 where promise.engine == .primaryReplica: return .promote(node: node, group: nil)
    default: return .heal(fault: nil)
    }
  }
}
