import Testing

@testable import ClusterSim

/// A replica that receives in time and replays too slowly falls behind as its queue predicts: with
/// writes at rate l and a replay of mean s, by l - 1/s entries a second; afterwards it catches up.
/// `clustertop run lagging-replica`
@Suite struct LaggingReplicaTests {
  @Test func replica_slowHost_fallsBehindByRateMinusCapacity() throws {
    var simulation = try Clusters.two(
      east: 3, west: 0,
      [
        ("storage.engine", "primary-replica"), ("storage.shards", "1"), ("cache.enabled", "false"),
        ("workload.rate", "400"), ("workload.read_share", "30%"), ("workload.keys", "200"),
        ("replication.log_limit", "100000"), ("replication.ship_delay", "0ms"),
        ("host.write_service", "exponential 500us"),
      ])
    simulation.run(seconds: 5)
    try simulation.inject(.slow(host: "n3", factor: 20))
    let before = simulation.replicaGroups[0][2].last
    simulation.run(seconds: 20)
    let views = simulation.replicaGroups[0]
    let (primary, late) = (views[0], views[2])
    let written = Double(primary.last - before) / 20
    let predicted = (written - 1 / (20 * 0.0005)) * 20
    let share = Double(late.lagEntries) / predicted
    #expect((0.93...1.07).contains(share), "\(late.lagEntries) entries, \(predicted) predicted")
    // It has received what it has not replayed: nothing of it would be lost.
    #expect(primary.last - late.last <= 2)
    // The oldest entry that it lacks was written as long ago as the lag's entries took to come.
    let age = try #require(late.lag).seconds
    #expect(abs(age - Double(late.lagEntries) / written) < 0.05 * age, "\(age) s")
    #expect(views[1].lagEntries <= 3)
    try simulation.inject(.recover(host: "n3"))
    // At full speed it replays 2000 a second and still has to take in what is written meanwhile.
    let needed = Double(late.lagEntries) / (2000 - written)
    simulation.run(seconds: needed * 0.8)
    #expect(simulation.replicaGroups[0][2].lagEntries > 100)
    simulation.run(seconds: needed * 0.4)
    #expect(simulation.replicaGroups[0][2].lagEntries <= 3)
  }
}
