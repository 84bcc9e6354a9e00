import Glibc
import Testing

@testable import ClusterSim

/// Seeded swarms: a safety phase in which anything may break, then everything is healed and a
/// liveness phase in which everything must converge.
@Suite struct SwarmTests {
  /// Repeat one: `CLUSTERTOP_SWARM_SEED=17 swift test --filter SwarmTests`.
  @Test func randomFaults_thenHeal_convergesAndLosesNothing() throws {
    let wanted = getenv("CLUSTERTOP_SWARM_SEED").flatMap { UInt64(String(cString: $0)) }
    for seed in wanted.map({ $0...$0 }) ?? 1...40 {
      var swarm = Swarm(seed: seed)
      try swarm.play()
    }
  }
}

/// One random run; every choice comes from the seed.
private struct Swarm {
  let seed: UInt64
  var stream: RandomStream

  init(seed: UInt64) {
    self.seed = seed
    stream = RandomStream(seed: seed, purpose: 99)
  }

  mutating func play() throws {
    var sim = try start()
    for _ in 0..<12 {
      sim.run(seconds: stream.unit() * 3)
      if let action = choose(sim) { try? sim.inject(action) }
      #expect(sim.messagesAddUp, "seed \(seed) at \(sim.now)")
    }
    try heal(&sim)
    sim.run(seconds: 40)
    try mendTheRest(&sim)
    let alive = sim.everyoneIsAlive
    if getenv("CLUSTERTOP_SWARM_SEED") != nil { describe(sim) }
    #expect(alive, "seed \(seed): memberships differ")
    #expect(sim.hintsWaiting == 0, "seed \(seed): hints wait")
    #expect(sim.divergentKeys() == 0, "seed \(seed): replicas differ")
    #expect(sim.lostAcknowledgedWrites() == 0, "seed \(seed): acknowledged writes lost")
    #expect(sim.messagesAddUp, "seed \(seed)")
    let total = sim.metrics.total
    #expect(total.begun == total.operations, "seed \(seed): operations never ended")
    #expect(total.failures.reduce(0, +) == total.fail + total.info, "seed \(seed)")
    #expect(sim.faults.allSatisfy { $0.recovered != nil }, "seed \(seed): not recovered")
    // What coordinators, caches and networks hold is given back.
    #expect(sim.operations.isEmpty && sim.coordinations.isEmpty, "seed \(seed)")
    #expect(sim.fetches.isEmpty, "seed \(seed): fetches left over")
  }

  /// What no hint covers: a coordinator that was killed with a write under way keeps none.
  /// Anti-entropy mends it by itself, or reads of every key let read repair do it.
  private mutating func mendTheRest(_ sim: inout Simulation) throws {
    if sim.settings.storage.antiEntropy {
      try sim.inject(.set(path: "storage.anti_entropy_interval", value: "1s"))
      sim.run(seconds: 40)
      // Ends what is under way.
      try sim.inject(.set(path: "storage.anti_entropy", value: "false"))
    } else {
      try sim.inject(.set(path: "storage.r", value: "\(sim.settings.storage.n)"))
      for key in 1...sim.settings.workload.keys {
        try sim.inject(.read(key: "user:\(key)", via: liveNode(sim)))
      }
    }
    sim.run(seconds: 10)
  }

  /// For a seed that is repeated alone: what happened, and who holds whom for what.
  private func describe(_ sim: Simulation) {
    for action in sim.actionLog.prefix(30) { print(action.at, action.action.text) }
    for observer in sim.storageNodes {
      let host = sim.host(observer)
      let beliefs = sim.storageNodes.map {
        sim.belief(of: observer, about: $0).map { "\($0.belief.name) \($0.incarnation)" } ?? "-"
      }
      print(host.name, host.state, host.ringRole, "hints \(host.hintsHeld)", beliefs)
    }
  }

  private mutating func start() throws -> Simulation {
    let nodes = 3 + stream.below(6)
    let east = 1 + stream.below(nodes - 1)
    let n = 1 + stream.below(min(5, nodes))
    return try Clusters.two(
      east: east, west: nodes - east, seed: seed,
      [
        ("storage.n", "\(n)"), ("storage.r", "\(1 + stream.below(n))"),
        ("storage.w", "\(1 + stream.below(n))"),
        ("storage.quorum", stream.pick(["strict", "sloppy"])),
        ("storage.anti_entropy", stream.pick(["true", "false"])),
        ("storage.tree_depth", "\(1 + stream.below(8))"),
        ("cache.enabled", stream.pick(["true", "false"])),
        ("cache.policy", stream.pick(Settings.Policy.allCases).rawValue),
        ("cache.capacity", "\(1 + stream.below(60))"),
        ("workload.keys", "60"), ("workload.rate", "\(20 + stream.below(200))"),
        ("workload.read_share", "50%"),
        ("network.loss", stream.pick(["0", "1%"])),
        ("network.transport", stream.pick(["tcp", "udp"])),
      ])
  }

  private mutating func liveNode(_ sim: Simulation) -> String {
    let live = sim.storageNodes.filter { sim.host($0).ringRole == .member }
    return sim.host(stream.pick(live)).name
  }

  private mutating func choose(_ sim: Simulation) -> Action? {
    let node = sim.host(stream.pick(sim.storageNodes)).name
    let host = stream.pick([node, node, "c-east", "c-west"])
    switch stream.below(24) {
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
    case 13: return .burst(factor: 3, length: .seconds(2))
    case 14: return .partition(.majorityMinority)
    case 15: return .partition(.bridge(node: node))
    case 16: return .partition(.majoritiesRing)
    case 17: return .partition(.dataCentre(location: "west"))
    case 18: return .delay(host: host, by: .milliseconds(300))
    case 19: return .duplicate(host: host, share: 0.5)
    case 20: return .reorder(host: host, by: .milliseconds(100))
    case 21: return .outage(location: stream.pick(["east", "west"]))
    case 22: return .join(node: "m\(sim.storageNodes.count)", location: "west", weight: 1)
    default:
      return sim.storageNodes.count > 5 ? .decommission(node: node) : .coldCache(location: nil)
    }
  }

  private mutating func heal(_ sim: inout Simulation) throws {
    try sim.inject(.set(path: "workload.rate", value: "0"))
    try sim.inject(.set(path: "network.loss", value: "0"))
    for fault in sim.activeFaultClocks {
      try? sim.inject(.heal(fault: fault.number))
    }
  }
}
