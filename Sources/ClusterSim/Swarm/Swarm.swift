import Consistency

/// One random run: random settings, a safety phase in which anything may break, then everything is
/// healed and a liveness phase in which everything must converge. Every choice comes from the seed.
///
/// What is claimed of each run: memberships agree, every hint is delivered or expired, the replicas
/// of every key are equal, faults are recovered from, every operation ended, nothing is left in
/// flight. No acknowledged write is lost where no disk was wiped or may forget (`storage.fsync`
/// off), no clock was set wrong, no vector clock was truncated, and no client sent a write again that
/// may have been done. Strict quorums with R + W > N
/// are never stale under the same conditions while the ring stays, and linearizable where reads
/// write back.
public struct Swarm {
  public let seed: UInt64
  private var stream: RandomStream
  /// What concerns the web tier, and the clients' retries.
  private var pathStream: RandomStream
  private var retryStream: RandomStream
  /// Actions of the safety phase.
  private static var actions: Int { 8 }
  /// The liveness phase ends when all holds, or fails after so many seconds.
  private static var patience: Double { 120 }
  private var wiped = false
  private var skewed = false
  private var ringChanged = false
  /// A fourth of all runs are of a linearizable register: such settings, and no fault that its claim
  /// leaves out.
  private let isRegister: Bool

  public init(seed: UInt64) {
    self.seed = seed
    stream = RandomStream(seed: seed, purpose: 99)
    pathStream = RandomStream(seed: seed, purpose: 98)
    retryStream = RandomStream(seed: seed, purpose: 97)
    isRegister = stream.below(4) == 0
  }

  /// What came of a run.
  public struct Outcome: Sendable {
    public var seed: UInt64
    /// What was claimed and does not hold; empty for a good run.
    public var violations: [String] = []
    public var events = 0
    public var operations = 0
    public var stateHash = ""
    /// Acknowledged writes lost, where that was allowed.
    public var lostWrites = 0
    /// Whether it was claimed that none is lost, and that the history is linearizable.
    public var claimsNoLoss = false
    public var claimsLinearizable = false
    /// What was set and done, to read.
    public var story: [String] = []
  }

  /// Plays the run to its end.
  public mutating func play() -> Outcome {
    var outcome = Outcome(seed: seed)
    var sim = start(&outcome)
    let expectsLinearizable = claimsLinearizable(sim)
    if expectsLinearizable { sim.recordHistory(limit: 20_000, courses: false) }
    for _ in 0..<Self.actions {
      sim.run(until: sim.now + .milliseconds(100 + Int64(stream.below(1500))))
      if let action = choose(sim) { attempt(action, &sim, &outcome) }
      if !sim.messagesBalance { outcome.violations.append("messages do not add up at \(sim.now)") }
    }
    let staleBefore = sim.metrics.counted(\.staleFromQuorum)
    heal(&sim)
    converge(&sim)
    judge(sim, &outcome)
    if claimsRegular(sim), !sim.retries.hasRepeatedWrites, staleBefore > 0 {
      outcome.violations.append("\(staleBefore) stale reads with R + W > N")
    }
    if expectsLinearizable, !ringChanged, !wiped, !skewed, !sim.retries.hasRepeatedWrites {
      outcome.claimsLinearizable = true
      let verdict = try? Verdict.judge(records: sim.takeHistory())
      if verdict?.linearizable == .no { outcome.violations.append("not linearizable") }
    }
    return outcome
  }

  // MARK: Settings

  private mutating func start(_ outcome: inout Outcome) -> Simulation {
    let nodes = 3 + stream.below(5)
    let east = 1 + stream.below(nodes - 1)
    let n = 1 + stream.below(min(5, nodes))
    let flags = ["true", "false"]
    let choices: [(String, String)] = [
      ("storage.n", "\(n)"), ("storage.r", "\(1 + stream.below(n))"),
      ("storage.w", "\(1 + stream.below(n))"),
      ("storage.quorum", stream.pick(["strict", "sloppy"])),
      ("storage.versions", stream.pick(["last-write-wins", "vector"])),
      ("storage.merge", stream.pick(["client", "union"])),
      ("storage.vector_limit", stream.pick(["2", "10"])),
      ("storage.fsync", stream.pick(["true", "true", "false"])),
      ("storage.read_write_back", stream.pick(flags)),
      ("storage.read_targets", stream.pick(["all", "all", "quorum"])),
      ("storage.write_targets", stream.pick(["all", "all", "quorum"])),
      ("storage.read_repair", stream.pick(flags)),
      ("storage.hints", stream.pick(["true", "true", "false"])),
      ("storage.anti_entropy", stream.pick(flags)),
      ("storage.tree_depth", "\(1 + stream.below(6))"),
      ("cache.enabled", stream.pick(flags)),
      ("cache.policy", stream.pick(Settings.Policy.allCases).rawValue),
      ("cache.capacity", "\(1 + stream.below(20))"),
      ("workload.keys", "20"), ("workload.rate", "\(20 + stream.below(100))"),
      ("workload.read_share", "50%"),
      ("network.loss", stream.pick(["0", "0", "1%"])),
      ("network.transport", stream.pick(["tcp", "udp"])),
      ("host.write_service", stream.pick(["exponential 500us", "exponential 20ms"])),
      ("storage.anti_entropy_interval", "1s"),
    ]
    let register: [(String, String)] = [
      ("storage.r", "\(n / 2 + 1)"), ("storage.w", "\(n / 2 + 1)"), ("storage.quorum", "strict"),
      ("storage.versions", "last-write-wins"), ("storage.fsync", "true"),
      ("storage.read_write_back", "true"), ("cache.enabled", "false"),
    ]
    let all =
      choices + Self.pathChoices(&pathStream) + Self.retryChoices(&retryStream)
      + (isRegister ? register : [])
    var settings = Settings()
    for (path, value) in all {
      do { try settings.set(path, to: value) } catch { preconditionFailure(error.message) }
    }
    outcome.story.append(all.map { "\($0.0)=\($0.1)" }.joined(separator: " "))
    let configuration = ClusterConfiguration(
      name: "swarm", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: (1...nodes).map { .init(name: "n\($0)", location: $0 <= east ? "east" : "west") },
      settings: settings)
    guard let simulation = try? Simulation(configuration) else {
      preconditionFailure("the swarm's own configuration contradicts itself")
    }
    return simulation
  }

  private func overlaps(_ sim: Simulation) -> Bool {
    let storage = sim.configuration.settings.storage
    return storage.quorum == .strict && storage.r + storage.w > storage.n
  }

  private func claimsLinearizable(_ sim: Simulation) -> Bool {
    let settings = sim.configuration.settings
    return overlaps(sim) && settings.storage.readWriteBack && settings.storage.fsync
      && settings.storage.versions == .lastWriteWins && !settings.cache.enabled
  }

  private func claimsRegular(_ sim: Simulation) -> Bool {
    overlaps(sim) && sim.configuration.settings.storage.fsync && !wiped && !ringChanged
      && (!skewed || sim.configuration.settings.storage.versions == .vector)
      && sim.siblingFigures.truncations == 0
  }

  private func claimsNoLoss(_ sim: Simulation) -> Bool {
    sim.configuration.settings.storage.fsync && !wiped
      && (!skewed || sim.configuration.settings.storage.versions == .vector)
      && sim.siblingFigures.truncations == 0
  }

  // MARK: Faults

  private mutating func attempt(
    _ action: Action, _ sim: inout Simulation, _ outcome: inout Outcome
  ) {
    guard (try? sim.inject(action)) != nil else { return }
    outcome.story.append("\(sim.now) \(action.text)")
    switch action {
    case .wipe: wiped = true
    case .skew: skewed = true
    case .join, .decommission: ringChanged = true
    default: break
    }
  }

  private mutating func choose(_ sim: Simulation) -> Action? {
    let node = sim.host(stream.pick(sim.storageNodes)).name
    let drawn = stream.pick([node, node, "c-east", "c-west"])
    let host = Self.pathHost(&pathStream, sim) ?? drawn
    switch stream.below(27) {
    case 0, 1: return .kill(host: host)
    case 2: return .restart(host: host)
    case 3: return .freeze(host: host)
    case 4: return .thaw(host: host)
    case 5: return .slow(host: host, factor: 2 + stream.below(20))
    case 6: return .gray(host: node)
    case 7: return .partition(.halves)
    case 8: return .partition(.isolate(node: node))
    case 9: return .partition(.oneWay)
    case 10: return .lossy(host: host, share: 0.3)
    case 11: return .heal(fault: nil)
    case 12: return .recover(host: host)
    case 13: return .burst(factor: 3, length: .seconds(1))
    case 14: return .partition(.majorityMinority)
    case 15: return .partition(.bridge(node: node))
    case 16: return .partition(.majoritiesRing)
    case 17: return .partition(.dataCentre(location: "west"))
    case 18: return .delay(host: host, by: .milliseconds(300))
    case 19: return .duplicate(host: host, share: 0.5)
    case 20: return .reorder(host: host, by: .milliseconds(100))
    case 21: return .outage(location: stream.pick(["east", "west"]))
    case 22 where !isRegister:
      return .join(node: "m\(sim.storageNodes.count)", location: "west", weight: 1)
    case 23 where !isRegister: return .wipe(host: node)
    case 24 where !isRegister:
      return .skew(
        host: node, offset: .milliseconds(Int64(stream.below(4000)) - 2000), drift: 0)
    case 25: return .hotKey(share: 0.8, length: .seconds(1))
    default:
      return sim.storageNodes.count > 5 && !isRegister
        ? .decommission(node: node) : .coldCache(location: nil)
    }
  }

  // MARK: Healing

  private mutating func heal(_ sim: inout Simulation) {
    set("workload.rate", "0", &sim)
    set("network.loss", "0", &sim)
    // What is to become equal is written no more; a client's merge of siblings is a write.
    set("storage.merge", "union", &sim)
    for fault in sim.activeFaultClocks { try? sim.inject(.heal(fault: fault.number)) }
  }

  private func set(_ path: String, _ value: String, _ sim: inout Simulation) {
    do throws(ActionError) { try sim.inject(.set(path: path, value: value)) } catch {
      preconditionFailure(error.message)
    }
  }

  /// Runs until all is well, or patience ends. What no hint covers (a coordinator that was killed
  /// with a write under way keeps none) is mended by anti-entropy or by reads of every key.
  private mutating func converge(_ sim: inout Simulation) {
    var waited = 0.0
    // Streams may still hold back what was sent through a cut: nobody is judged before they broke.
    let streams = sim.settings.network.streamTimeout.seconds + 2
    while waited < streams || (waited < Self.patience && !isQuiet(sim)) {
      sim.run(until: sim.now + .seconds(2))
      waited += 2
    }
    if !sim.configuration.settings.storage.antiEntropy {
      set("storage.read_repair", "true", &sim)
      set("storage.read_targets", "all", &sim)
      set("storage.write_targets", "all", &sim)
      set("storage.read_write_back", "false", &sim)
      let live = sim.storageNodes.filter { sim.host($0).ringRole == .member }
      // Every copy there is, for nodes may have left.
      set("storage.r", "\(min(sim.settings.storage.n, live.count))", &sim)
      readEveryKey(&sim, live)
    }
    while waited < Self.patience, !(isQuiet(sim) && sim.divergentKeys() == 0) {
      sim.run(until: sim.now + .seconds(1))
      waited += 1
      // Clients go on reading: where clocks were truncated one read need not find all there is.
      if !sim.configuration.settings.storage.antiEntropy, Int(waited) % 5 == 0 {
        readEveryKey(&sim, sim.storageNodes.filter { sim.host($0).ringRole == .member })
      }
    }
    // Ends what is under way.
    set("storage.anti_entropy", "false", &sim)
    sim.run(until: sim.now + .seconds(3))
  }

  private mutating func readEveryKey(_ sim: inout Simulation, _ nodes: [NodeID]) {
    for key in 1...sim.settings.workload.keys {
      let node = sim.host(stream.pick(nodes)).name
      try? sim.inject(.read(key: "user:\(key)", via: node))
    }
  }

  private func isQuiet(_ sim: Simulation) -> Bool {
    sim.membershipsAgree && sim.hintsWaiting == 0 && sim.movement == nil
      && sim.operations.isEmpty && sim.coordinations.isEmpty
      && sim.faults.allSatisfy { $0.recovered != nil }
      && sim.storageNodes.allSatisfy { sim.host($0).ringRole != .leaving }
  }

  private func judge(_ sim: Simulation, _ outcome: inout Outcome) {
    func claim(_ holds: Bool, _ text: String) {
      if !holds { outcome.violations.append(text) }
    }
    let total = sim.metrics.total
    claim(sim.membershipsAgree, "memberships differ")
    claim(sim.hintsWaiting == 0, "\(sim.hintsWaiting) hints wait")
    claim(sim.divergentKeys() == 0, "replicas of \(sim.divergentKeys()) keys differ")
    claim(sim.messagesBalance, "messages do not add up")
    claim(total.begun == total.operations, "operations never ended")
    claim(
      total.retries == 0 || sim.configuration.settings.client.retries > 0, "retries unasked for")
    claim(
      total.failures.reduce(0, +) == total.fail + total.info, "failures without a reason")
    claim(sim.faults.allSatisfy { $0.recovered != nil }, "not recovered")
    claim(sim.operations.isEmpty && sim.coordinations.isEmpty, "requests left over")
    claim(sim.fetches.isEmpty, "fetches left over")
    claim(sim.tier.calls.isEmpty && sim.tier.forwards.isEmpty, "left over in the web tier")
    claim(sim.antiEntropy.exchanges.isEmpty, "exchanges left over")
    outcome.lostWrites = sim.lostAcknowledgedWrites()
    // An older write that comes twice may take the place of a newer one.
    outcome.claimsNoLoss = claimsNoLoss(sim) && !sim.retries.hasRepeatedWrites
    if outcome.claimsNoLoss {
      claim(outcome.lostWrites == 0, "\(outcome.lostWrites) acknowledged writes lost")
    }
    outcome.events = sim.eventsProcessed
    outcome.operations = total.operations
    outcome.stateHash = sim.stateHash
  }
}
