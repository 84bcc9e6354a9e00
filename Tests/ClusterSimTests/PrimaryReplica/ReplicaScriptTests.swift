import Testing

@testable import ClusterSim

/// Primary and replicas as a story: what is done, and what then happens. Latency 1 ms, heartbeat
/// 100 ms, lease 1 s, 200 ms for a promotion's answers. Server 0 begins as the primary.
struct ReplicaScriptTests {
  @Test func async_acknowledgesAtOnce_shipsAfterItsDelay() {
    var group = ReplicaGroup(3) { $0.shipDelay = 20_000_000 }
    group.run(milliseconds: 50)
    group.write(7, at: 0)
    #expect(group.happened() == ["0 acknowledges 7 at 1"])
    group.run(milliseconds: 20)
    #expect(group.log(1) == [])
    group.run(milliseconds: 1)
    #expect(group.log(1) == [7])
    group.write(8, at: 1)
    #expect(group.happened() == ["1 refuses 8"])
  }

  /// After-sync: nobody sees the write and its client hears nothing until a replica has it.
  @Test func semiSync_waitsForOne_thenForNobody_untilAReplicaCatchesUp() {
    var group = ReplicaGroup(3) {
      $0.mode = .semiSync
      $0.semiSyncTimeout = 500_000_000
      $0.automatic = false
      $0.fencing = false
    }
    group.write(1, at: 0)
    #expect(group.happened() == [])
    group.run(milliseconds: 2)
    #expect(group.happened() == ["0 acknowledges 1 at 1"])
    group.kill(1)
    group.kill(2)
    group.write(2, at: 0)
    group.run(milliseconds: 499)
    #expect(group.happened() == [])
    group.run(milliseconds: 1)
    #expect(group.happened() == ["0 waits no more", "0 acknowledges 2 at 2"])
    group.write(3, at: 0)
    #expect(group.happened() == ["0 acknowledges 3 at 3"])
    group.restart(2)
    group.run(milliseconds: 150)
    #expect(group.happened() == ["0 waits again"])
    #expect(group.log(2) == [1, 2, 3])
  }

  @Test func sync_waitsForAll_whateverTheTime() {
    var group = ReplicaGroup(3) { $0.mode = .sync }
    group.write(1, at: 0)
    group.run(milliseconds: 2)
    #expect(group.happened() == ["0 acknowledges 1 at 1"])
    group.kill(2)
    group.write(2, at: 0)
    group.run(milliseconds: 30_000)
    #expect(group.happened() == [])
    group.restart(2)
    group.run(milliseconds: 150)
    #expect(group.happened() == ["0 acknowledges 2 at 2"])
  }

  /// The most advanced is promoted whoever asks; the old primary's tail goes when it comes back.
  @Test func primaryDies_mostAdvancedLeads_oldTailIsReplacedByACopy() {
    var group = ReplicaGroup(3) { $0.shipDelay = 20_000_000 }
    group.run(milliseconds: 50)
    group.isolated = 0b010
    group.write(1, at: 0)
    group.run(milliseconds: 30)
    group.isolated = 0
    group.write(2, at: 0)
    group.kill(0)
    _ = group.happened()
    group.run(milliseconds: 1100)
    // Both hold the primary dead and ask; each knows by the answers that 2 is ahead.
    #expect(
      group.happened() == ["1 asks", "2 asks", "2 is promoted, timeline 2", "2 takes requests"])
    group.write(3, at: 2)
    group.run(milliseconds: 150)
    #expect(group.log(1) == [1, 3])
    #expect(group.log(0) == [1, 2])
    _ = group.happened()
    group.restart(0)
    group.run(milliseconds: 150)
    #expect(group.happened() == ["0 takes a copy up to 3"])
    group.write(4, at: 2)
    group.run(milliseconds: 30)
    #expect(group.log(0) == [4])
  }

  /// With fencing a majority has to promise, and the old primary's lease runs out before.
  @Test func cutOff_withFencing_onePrimaryAtATime() {
    var group = ReplicaGroup(3)
    group.run(milliseconds: 150)
    group.isolated = 0b001
    group.heldDead = 0b001
    group.run(milliseconds: 800)
    group.write(1, at: 0)
    group.run(milliseconds: 100)
    group.write(2, at: 0)
    #expect(group.happened() == ["0 acknowledges 1 at 1", "0 refuses 2"])
    group.run(milliseconds: 300)
    // It still takes itself for the primary, but serves nobody.
    #expect(
      group.happened() == ["1 asks", "2 asks", "1 is promoted, timeline 2", "1 takes requests"])
    group.write(3, at: 0)
    group.write(4, at: 1)
    #expect(group.happened() == ["0 refuses 3", "1 acknowledges 4 at 2"])
    group.isolated = 0
    group.heldDead = 0
    group.run(milliseconds: 150)
    #expect(group.nodes[0].role == .replica)
    #expect(group.log(0) == [])
    #expect(group.nodes[0].applied == 2)
  }

  /// Without fencing both sides take writes; the newer timeline wins.
  @Test func cutOff_withoutFencing_brainSplits_newerTimelineWins() {
    var group = ReplicaGroup(3) { $0.fencing = false }
    group.run(milliseconds: 100)
    group.isolated = 0b001
    group.run(milliseconds: 1000)
    group.heldDead = 0b001
    group.run(milliseconds: 500)
    #expect(
      group.happened() == ["1 asks", "2 asks", "1 is promoted, timeline 2", "1 takes requests"])
    group.write(1, at: 0)
    group.write(2, at: 1)
    #expect(group.happened() == ["0 acknowledges 1 at 1", "1 acknowledges 2 at 2"])
    group.isolated = 0
    group.heldDead = 0
    group.run(milliseconds: 150)
    #expect(group.happened() == ["0 steps down", "0 takes a copy up to 2"])
    #expect(group.log(1) == [2])
  }

  /// One replica alone suspects wrongly: whoever still hears the primary says so.
  @Test func falseAlarm_isCalledOff() {
    var group = ReplicaGroup(3) { $0.fencing = false }
    group.run(milliseconds: 150)
    group.act(1) { $0.fire(now: $1, dead: 0b001, &$2) }
    group.run(milliseconds: 5)
    #expect(group.happened().last == "1 calls it off: the primary is heard")
    #expect(group.nodes[0].role == .primary)
  }

  @Test func manual_nobodyIsPromoted_untilAPersonSaysWho() {
    var group = ReplicaGroup(3) { $0.automatic = false }
    group.run(milliseconds: 100)
    group.write(1, at: 0)
    group.run(milliseconds: 10)
    group.kill(0)
    group.run(milliseconds: 5000)
    #expect(group.happened() == ["0 acknowledges 1 at 1"])
    group.act(2) { node, now, effects in node.beginCanvass(now, byPerson: true, &effects) }
    group.run(milliseconds: 10)
    #expect(group.happened() == ["2 asks", "2 is promoted, timeline 2", "2 takes requests"])
  }

  @Test func coldStandby_takesItsTimeToStart() {
    var group = ReplicaGroup(3) { $0.startUp = 2_000_000_000 }
    group.run(milliseconds: 100)
    group.kill(0)
    group.run(milliseconds: 1200)
    #expect(group.happened() == ["1 asks", "2 asks", "1 is promoted, timeline 2"])
    group.run(milliseconds: 1700)
    #expect(group.happened() == [])
    group.run(milliseconds: 300)
    #expect(group.happened() == ["1 takes requests"])
  }

  /// In order: the heir has everything before it leads, so nothing is lost even where writes go on.
  @Test func handOver_andFailBack_loseNothing() {
    var group = ReplicaGroup(3) {
      $0.shipDelay = 20_000_000
      $0.failBack = true
    }
    group.run(milliseconds: 100)
    group.write(1, at: 0)
    group.act(0) { node, now, effects in node.handOver(to: 1, now, &effects) }
    group.write(2, at: 0)
    #expect(group.happened() == ["0 acknowledges 1 at 1", "0 refuses 2"])
    group.run(milliseconds: 10)
    #expect(
      group.happened() == ["0 steps down", "1 is promoted, timeline 2", "1 takes requests"])
    #expect(group.log(1) == [1])
    // Back to the first one, at the next sign of life after it has everything.
    group.run(milliseconds: 300)
    #expect(
      group.happened() == ["1 steps down", "0 is promoted, timeline 3", "0 takes requests"])
    #expect(group.log(0) == [1])
  }

  /// Received is not replayed: it is promoted at once, but serves only when its copy is up to date.
  @Test func slowReplica_isPromoted_servesWhenItHasReplayed() {
    var group = ReplicaGroup(2) { $0.fencing = false }
    group.stalled = 0b10
    for value in 1...3 { group.write(UInt64(value), at: 0) }
    group.run(milliseconds: 10)
    #expect(group.nodes[1].last == 3)
    #expect(group.nodes[1].applied == 0)
    group.kill(0)
    group.run(milliseconds: 1500)
    _ = group.happened()
    group.write(4, at: 1)
    #expect(group.happened() == ["1 refuses 4"])
    group.stalled = 0
    group.run(milliseconds: 150)
    #expect(group.happened() == ["1 takes requests"])
  }

  /// Who has no copy is promoted only where nobody can have one.
  @Test func blankServer_neverLeadsWhileAnotherMayHaveACopy() {
    var group = ReplicaGroup(2) { $0.fencing = false }
    group.write(1, at: 0)
    group.run(milliseconds: 10)
    group.nodes[1].disk.isBlank = true
    group.nodes[1].disk.log = ReplicationLog(timeline: 0, voters: 0b11)
    group.kill(0)
    group.run(milliseconds: 3000)
    #expect(group.nodes[1].role == .replica)
    group.restart(0)
    group.run(milliseconds: 2000)
    #expect(group.nodes[0].role == .primary)
    #expect(!group.nodes[1].disk.isBlank)
  }

  @Test func replicaThatWasAwayTooLong_takesACopy() {
    var group = ReplicaGroup(3) { $0.logLimit = 10 }
    group.run(milliseconds: 10)
    group.kill(2)
    for value in 1...40 { group.write(UInt64(value), at: 0) }
    group.run(milliseconds: 50)
    _ = group.happened()
    group.restart(2)
    group.run(milliseconds: 150)
    #expect(group.happened() == ["2 takes a copy up to 40"])
    #expect(group.nodes[2].applied == 40)
  }
}
