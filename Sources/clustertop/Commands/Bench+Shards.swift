import ClusterSim

extension Bench {
  /// So many seeds of groups with a primary whose shards move under random faults, against the claims
  /// of `ShardSwarm`: fails with every seed that breaks one.
  static let replicaShardVerdict = shards("replica-shard-verdict", .primaryReplica)
  /// The same with one of the swarm's harms, by the seed.
  static let replicaShardHarm = shards("replica-shard-harm", .primaryReplica, isHarmed: true)
  /// The same of groups of several primaries.
  static let peerShardVerdict = shards("peer-shard-verdict", .multiPrimary)
  /// The latter with one of the swarm's harms, by the seed.
  static let peerShardHarm = shards("peer-shard-harm", .multiPrimary, isHarmed: true)

  private static func shards(
    _ name: String, _ engine: Settings.Engine, isHarmed: Bool = false
  ) -> Bench {
    Bench(name: name, sizes: [300], range: 1...1_000_000, operations: nil) {
      size, operations, seed throws(Failure) in
      var hash = StateHash()
      let movesShards = operations == nil
      var operations = 0
      var broken: [String] = []
      var sums = (answered: 0, moved: 0, undone: 0, promotions: 0, lost: 0, linearizable: 0)
      for seed in seed..<seed + UInt64(size) {
        var swarm = ShardSwarm(seed: seed, engine: engine)
        swarm.movesShards = movesShards
        // Of two seeds one keeps siblings.
        let harms = ShardSwarm.Harm.allCases
        if isHarmed { swarm.harm = harms[Int(seed / 2) % harms.count] }
        let outcome = swarm.play()
        if !outcome.violations.isEmpty {
          broken.append(
            "seed \(seed)\(swarm.harm.map { ", \($0)" } ?? ""): "
              + outcome.violations.joined(separator: "; ")
              + (broken.count < 3 ? "\n  " + outcome.story.joined(separator: "\n  ") : ""))
        }
        operations += outcome.operations
        sums.answered += outcome.answered
        sums.moved += outcome.shardsMoved
        sums.undone += outcome.movesUndone
        sums.promotions += outcome.promotions
        sums.lost += outcome.lostWrites
        sums.linearizable += outcome.isLinearizable ? 1 : 0
        hash.mix(UInt64(outcome.stateHash, radix: 16)!)
      }
      guard broken.isEmpty else {
        throw .broken("\(broken.count) of \(size) seeds\n" + broken.joined(separator: "\n"))
      }
      var counts = [
        ("answered", sums.answered), ("shards_moved", sums.moved), ("moves_undone", sums.undone),
        ("lost_by_name", sums.lost),
      ]
      if engine == .primaryReplica {
        counts += [("promotions", sums.promotions), ("linearizable", sums.linearizable)]
      }
      return Outcome(operations: operations, stateHash: hash.hex, counts: counts)
    }
  }
}
