import ClusterSim
import Consistency

/// Raft groups of a whole cluster under random faults, with clients whose history is judged at the
/// end: linearizable, whichever way reads go. Everything may break but disks (Raft builds on them)
/// and, where reads trust a lease, the rate of clocks.
///
///     clustertop bench raft-verdict      # 1 000 seeds of each kind of read
///     clustertop bench shard-verdict     # the same while shards are cut and moved
public struct RaftVerdictTrial {
  public let seed: UInt64
  public let reads: Settings.RaftReads
  public private(set) var operations = 0
  public private(set) var answered = 0
  public private(set) var linearizable = Answer.unknown
  public private(set) var lostWrites = 0
  public private(set) var elections = 0
  public private(set) var memberChanges = 0
  /// Moves of shards that went through, and that were called off.
  public private(set) var shardsMoved = 0
  public private(set) var movesUndone = 0
  /// A move that neither went through nor was called off, though all faults were over.
  public private(set) var isStuck = false
  public private(set) var stateHash = ""
  /// What was set and done, to read.
  public private(set) var story: [String] = []

  private static var actions: Int { 10 }

  /// Every choice comes from the seed.
  public init(
    seed: UInt64, reads: Settings.RaftReads, movesShards: Bool = false
  ) throws(ActionError) {
    self.seed = seed
    self.reads = reads
    var stream = RandomStream(seed: seed, purpose: 4712)
    var configuration = Self.configuration(&stream, seed, reads)
    if movesShards { Self.prepareMoves(&configuration.settings, &stream) }
    var simulation = try Simulation(configuration)
    story.append(
      "\(configuration.nodes.count) nodes, N=\(configuration.settings.storage.n), "
        + "\(configuration.settings.storage.shards) groups")
    simulation.recordHistory(limit: 1_000_000, courses: false)
    for _ in 0..<Self.actions {
      simulation.run(until: simulation.now + .milliseconds(100 + Int64(stream.below(1400))))
      if movesShards {
        let change = Self.change(&stream, simulation)
        if (try? simulation.inject(change)) != nil {
          story.append("\(simulation.now) \(change.text)")
          simulation.run(until: simulation.now + .milliseconds(Int64(stream.below(120))))
        }
      }
      let action = Self.action(&stream, simulation, reads)
      guard (try? simulation.inject(action)) != nil else { continue }
      story.append("\(simulation.now) \(action.text)")
    }
    for fault in simulation.activeFaultClocks { try? simulation.inject(.heal(fault: fault.number)) }
    simulation.run(until: simulation.now + .seconds(3))
    var rounds = 0
    while simulation.shardMoves.contains(where: { !$0.isOver }), rounds < 20 {
      simulation.run(until: simulation.now + .seconds(1))
      rounds += 1
    }
    judge(&simulation)
  }

  private mutating func judge(_ simulation: inout Simulation) {
    operations = simulation.metrics.total.operations
    answered = simulation.metrics.total.ok
    lostWrites = simulation.lostAcknowledgedWrites()
    elections = simulation.raftFigures?.elections ?? 0
    memberChanges = simulation.raftFigures?.memberChanges ?? 0
    shardsMoved = simulation.shardMoves.count { $0.state == "moved" }
    movesUndone = simulation.shardMoves.count { $0.state == "called off" }
    isStuck = simulation.shardMoves.contains { !$0.isOver }
    stateHash = simulation.stateHash
    let verdict = try? Verdict.judge(records: simulation.takeHistory(), limit: 20_000_000)
    linearizable = verdict?.linearizable ?? .unknown
    if let verdict, linearizable == .no {
      story.append(VerdictText.text(verdict, keys: verdict.keysChecked, violationLimit: 1))
      for age in (0..<simulation.log.count).reversed() {
        let entry = simulation.log.newest(age)
        story.append("\(entry.at) \(entry.text)")
      }
    }
  }

  private static func configuration(
    _ stream: inout RandomStream, _ seed: UInt64, _ reads: Settings.RaftReads
  ) -> ClusterConfiguration {
    let count = 3 + stream.below(5)
    let east = 1 + stream.below(count - 1)
    var settings = Settings()
    settings.storage.engine = .raft
    settings.storage.n = min(count, stream.pick([3, 3, 5]))
    settings.storage.shards = 1 + stream.below(4)
    settings.raft.reads = reads
    settings.raft.preVote = stream.chance(1, 2)
    settings.raft.snapshotAfter = stream.pick([10, 100, 1024])
    settings.cache.enabled = false
    settings.network.transport = stream.chance(1, 2) ? .tcp : .udp
    settings.network.loss = stream.pick([0, 0, 0.01])
    settings.network.between = .milliseconds(Int64(stream.pick([1, 10, 40])))
    // Few writes of unknown outcome a key, or the search of the checker has no end.
    settings.workload.keys = 10 + stream.below(30)
    settings.workload.distribution = .uniform
    settings.workload.rate = Double(40 + stream.below(100))
    settings.workload.readShare = 0.3 + 0.5 * stream.unit()
    return ClusterConfiguration(
      name: "raft-verdict", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: (0..<count).map { .init(name: "n\($0 + 1)", location: $0 < east ? "east" : "west") },
      settings: settings)
  }

  private static func prepareMoves(_ settings: inout Settings, _ stream: inout RandomStream) {
    settings.storage.shards = 2 + stream.below(3)
    settings.storage.sharding = stream.chance(1, 2) ? .hash : .range
    settings.storage.shardCopyRate = stream.pick([20, 100, 1000])
    settings.storage.shardPatience = stream.pick([.milliseconds(700), .seconds(5)])
  }

  /// A cut in two, or a move to a group chosen at random; refused where one is under way.
  private static func change(_ stream: inout RandomStream, _ simulation: Simulation) -> Action {
    let shard = 1 + stream.below(simulation.shards.count)
    let group = 1 + stream.below(simulation.settings.storage.shards)
    return stream.chance(1, 4)
      ? .splitShard(shard: shard) : .moveShard(shard: shard, group: group)
  }

  private static func action(
    _ stream: inout RandomStream, _ simulation: Simulation, _ reads: Settings.RaftReads
  ) -> Action {
    let node = simulation.host(stream.pick(simulation.storageNodes)).name
    switch stream.below(24) {
    case 0, 1: return .kill(host: node)
    case 2, 3: return .restart(host: node)
    case 4: return .freeze(host: node)
    case 5: return .thaw(host: node)
    case 6: return .slow(host: node, factor: 2 + stream.below(20))
    case 7: return .gray(host: node)
    case 8: return .partition(.halves)
    case 9: return .partition(.majorityMinority)
    case 10: return .partition(.isolate(node: node))
    case 11: return .partition(.oneWay)
    case 12: return .partition(.bridge(node: node))
    case 13: return .partition(.majoritiesRing)
    case 14: return .lossy(host: node, share: 0.3)
    case 15: return .delay(host: node, by: .milliseconds(Int64(20 + stream.below(400))))
    case 16: return .duplicate(host: node, share: 0.5)
    case 17: return .reorder(host: node, by: .milliseconds(100))
    case 18, 19: return .transfer(node: node, group: nil)
    case 20:
      return .join(node: "m\(simulation.storageNodes.count)", location: "east", weight: 1)
    case 21: return .decommission(node: node)
    case 22:
      // A lease trusts the rate at which time passes, not what the clock says.
      let drift = reads == .lease ? 0 : Double(stream.below(200) - 100) / 1000
      return .skew(
        host: node, offset: .milliseconds(Int64(stream.below(4000)) - 2000), drift: drift)
    default: return .heal(fault: nil)
    }
  }
}
