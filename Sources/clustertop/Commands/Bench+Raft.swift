import ClusterSim
import Scenarios

extension Bench {
  /// Elections of each kind of shared facts, section 7, against the published figures: fails at the
  /// first that does not hold.
  static let elections = Bench(
    name: "elections", sizes: [5], range: 5...5, operations: 40_000
  ) { _, operations, seed throws(Failure) in
    let checks = RaftElectionStudy(trials: operations!, seed: seed).checks()
    var hash = StateHash()
    var figures: [(String, Double)] = []
    for check in checks {
      guard check.holds else {
        throw .broken(
          "\(check.name): \(check.measured) instead of \(check.expected), within \(check.within)")
      }
      hash.mix(check.measured.bitPattern)
      figures.append((check.name, check.measured))
    }
    return Outcome(operations: operations!, stateHash: hash.hex, figures: figures)
  }
}

extension Bench {
  /// So many seeds of a whole Raft cluster under random faults, with reads by the log, by read index
  /// and by lease: fails at the first whose history is not linearizable or that lost a write.
  static let raftVerdict = verdict("raft-verdict", seeds: 1000, movesShards: false)
  /// The same while shards are cut and moved between the groups: fails too where a move ends half-done.
  static let shardVerdict = verdict("shard-verdict", seeds: 300, movesShards: true)

  private static func verdict(_ name: String, seeds: Int, movesShards: Bool) -> Bench {
    Bench(name: name, sizes: [seeds], range: 1...1_000_000, operations: nil) {
      size, _, seed throws(Failure) in
      var hash = StateHash()
      var operations = 0
      var counts: [(String, Int)] = []
      var sums = (elections: 0, changes: 0, answered: 0, moved: 0, undone: 0)
      for reads in Settings.RaftReads.allCases {
        for seed in seed..<seed + UInt64(size) {
          let trial: RaftVerdictTrial
          do {
            trial = try RaftVerdictTrial(seed: seed, reads: reads, movesShards: movesShards)
          } catch {
            throw Failure("\(error)")
          }
          guard trial.linearizable == .yes, trial.lostWrites == 0, !trial.isStuck else {
            throw .broken(
              "seed \(seed), reads by \(reads): linearizable \(trial.linearizable), "
                + "\(trial.lostWrites) writes lost\(trial.isStuck ? ", a move is stuck" : "")\n  "
                + trial.story.joined(separator: "\n  "))
          }
          operations += trial.operations
          sums.answered += trial.answered
          sums.elections += trial.elections
          sums.changes += trial.memberChanges
          sums.moved += trial.shardsMoved
          sums.undone += trial.movesUndone
          hash.mix(UInt64(trial.stateHash, radix: 16)!)
        }
        counts.append(("linearizable_\(reads)", size))
      }
      counts += [
        ("answered", sums.answered), ("elections", sums.elections),
        ("member_changes", sums.changes),
      ]
      if movesShards { counts += [("shards_moved", sums.moved), ("moves_undone", sums.undone)] }
      return Outcome(operations: operations, stateHash: hash.hex, counts: counts)
    }
  }
}
