import Consistency

// What must hold of a run whose shards move, written before the mechanism was:
//
// - the directory names one group for every shard, and its epoch counts every cut and every move;
// - at no moment would two groups serve a shard;
// - every move goes through or is called off once the faults are over, and then every shard is served;
// - in the end the copies of every key are equal, and messages add up;
// - with `sync` and fencing the history is linearizable and no acknowledged write is lost, nor with
//   `semi-sync` and fencing as long as it waited;
// - whatever the mode, an acknowledged write that is newer than what its key has in the end was named
//   as lost, and what was named is not what the key has: lost is what had not been shipped;
// - with several primaries the newest acknowledged version of every key stays, every version that
//   nothing replaced does where siblings are kept, and what vanished did so for a concurrent write.
//
// A harm takes claims away, and never that moves end, that one group serves, or that copies are equal.
// With a primary there is then nothing to claim of single writes, but with clocks set wrong: one that comes
// twice over datagrams is written twice, and whom a person promotes may have missed many. With several
// primaries:
//
// - datagrams: a write that comes twice may take the place of a newer one, which then vanishes by name;
// - clocks set wrong: a write may lose against one that it should have replaced, by name; of siblings
//   none is lost;
// - disks that were wiped, or not synced: acknowledged writes are lost; where they were on several such
//   disks of a group nobody finds what became of them, and not even their names are left.
extension ShardSwarm {
  func judge(_ sim: inout Simulation, _ outcome: inout Outcome) {
    func claim(_ holds: Bool, _ text: String) { if !holds { outcome.violations.append(text) } }
    let moves = sim.shardMoves
    outcome.operations = sim.metrics.total.operations
    outcome.answered = sim.metrics.total.ok
    outcome.shardsMoved = moves.count { $0.state == "moved" }
    outcome.movesUndone = moves.count { $0.state == "called off" }
    outcome.lostWrites = sim.lostAcknowledgedWrites()
    outcome.promotions = sim.replicationFigures?.promotions ?? 0
    outcome.stateHash = sim.stateHash
    if let open = moves.first(where: { !$0.isOver }) {
      claim(false, "the move of shard \(open.shard) does not end: \(open.state)")
    }
    claim(sim.movement == nil, "a join or leave does not end")
    let (epoch, splits) = (sim.directoryEpoch ?? 0, sim.moves.splits)
    claim(
      epoch == 1 + splits + outcome.shardsMoved,
      "epoch \(epoch) after \(splits) cuts, \(outcome.shardsMoved) moves")
    claim(sim.messagesBalance, "messages do not add up")
    claim(sim.divergentKeys() == 0, "\(sim.divergentKeys()) keys differ")
    claim(sim.shardsServedByNobody.isEmpty, "nobody serves \(sim.shardsServedByNobody)")
    claimLosses(sim, claim)
    guard promise.mode == .sync, promise.isFenced, promise.engine == .primaryReplica, keepsWrites
    else { return }
    do {
      let verdict = try Verdict.judge(records: sim.takeHistory(), limit: 20_000_000)
      outcome.isLinearizable = verdict.linearizable == .yes
      claim(outcome.isLinearizable, "linearizable: \(verdict.linearizable)")
      for violation in verdict.violations.prefix(1) {
        outcome.story.append("violation of \(violation.key)")
        outcome.story += violation.operations.map { "\($0)" }
      }
    } catch { claim(false, "the history is no history: \(error)") }
  }

  private var keepsDisks: Bool { harm != .unsynced && harm != .wiped }
  private var keepsWrites: Bool { keepsDisks && harm != .datagrams }

  /// Why a write may be lost with several primaries.
  private var causes: [LostWrite.Cause] {
    switch harm {
    case .datagrams: [.conflict, .repeated]
    case .clocks: [.conflict, .clocks]
    case .unsynced: [.conflict, .unsynced]
    case .wiped: [.conflict, .wiped]
    case nil: [.conflict]
    }
  }

  private func claimLosses(_ sim: Simulation, _ claim: (Bool, String) -> Void) {
    let lost = sim.lostAcknowledgedWrites()
    if promise.keepsSiblings, !keepsDisks { return }
    if promise.keepsSiblings {
      claim(lost == 0, "\(lost) acknowledged versions lost")
      return
    }
    if promise.engine == .multiPrimary {
      let known = causes.reduce(0) { $0 + sim.lostWrites.count($1) }
      claim(lost == known, "lost by something else than \(causes)")
      claim(
        !keepsDisks || sim.multiPrimaryFigures!.open <= sim.keys.count, "writes are not settled")
    } else if promise.isFenced {
      let waited = promise.mode == .semiSync && sim.replicationFigures!.fallbacks == 0
      if keepsWrites, promise.mode == .sync || waited {
        claim(lost == 0, "\(lost) acknowledged writes lost")
      }
    }
    if promise.engine == .primaryReplica, !keepsWrites { return }
    if !keepsDisks { return }
    claim(lost == sim.lostWrites.count, "\(lost - sim.lostWrites.count) writes are unserved")
    guard sim.lostWrites.count <= LostWrites.kept else { return }
    let named = sim.lostWrites.newest
    for key in 0..<UInt32(sim.keys.count) {
      guard let home = sim.homeNodes(of: key).first else { continue }
      let held = sim.hosts[home.index].store.get(key)
      let name = sim.keys.names[Int(key)]
      for write in sim.acknowledged.newer(than: held.version, key: key) {
        claim(
          promise.engine == .primaryReplica && named.contains { $0.value == write.write.value },
          "\(name): write \(write.write.value) is gone and not named as lost")
      }
      claim(
        !named.contains { $0.key == name && $0.value == held.value },
        "\(name): write \(held.value) is named as lost and is there")
    }
  }
}

extension Simulation {
  /// Shards, counted from 1, that servers of more than one group would serve now.
  public var shardsServedTwice: [Int] { shards(where: { $0 > 1 }) }

  /// Shards that no group would serve.
  public var shardsServedByNobody: [Int] { shards(where: { $0 == 0 }) }

  private func shards(where isMeant: (Int) -> Bool) -> [Int] {
    guard let sharded else { return [] }
    return sharded.directory.shards.indices.filter { shard in
      isMeant((0..<sharded.directory.groups).count { serves(shard, group: $0) })
    }.map { $0 + 1 }
  }

  /// Whether a running server of the group would take a write of the shard.
  private func serves(_ shard: Int, group: Int) -> Bool {
    if let replication {
      return replication.present(replication.groups[group]).contains { number in
        let server = replication.servers[number]
        return hosts[server.host.index].state == .up
          && server.node.serves(now: logClock(server.host))
          && server.node.disk.log.holding(of: shard).hold == .owned
      }
    }
    if let multiPrimary {
      return multiPrimary.present(multiPrimary.groups[group]).contains { number in
        let server = multiPrimary.servers[number]
        return hosts[server.host.index].state == .up && !server.node.disk.isBlank
          && server.node.holding(of: shard).hold == .owned
      }
    }
    return sharded!.directory.shards[shard].group == group
  }
}
