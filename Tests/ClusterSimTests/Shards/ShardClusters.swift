import Testing

@testable import ClusterSim

/// Clusters of five nodes and four shards whose shards move, with any engine that has groups.
enum ShardClusters {
  static func configuration(
    _ engine: Settings.Engine, seed: UInt64, _ change: (inout Settings) -> Void
  ) -> ClusterConfiguration {
    var settings = Settings()
    settings.storage.engine = engine
    settings.storage.shards = 4
    settings.cache.enabled = false
    settings.workload.keys = 200
    settings.workload.rate = 400
    settings.workload.readShare = 0.5
    change(&settings)
    return ClusterConfiguration(
      name: "shards", seed: seed, locations: [.init(name: "east")],
      nodes: (0..<5).map { .init(name: "n\($0 + 1)", location: "east") }, settings: settings)
  }

  /// Runs until every move has ended, and looks on the way that no two groups serve a shard.
  static func finishMove(_ simulation: inout Simulation, within limit: Span) {
    let end = simulation.now + limit
    while simulation.now < end, simulation.shardMoves.contains(where: { !$0.isOver }) {
      simulation.run(until: simulation.now + .milliseconds(20))
      #expect(simulation.shardsServedTwice.isEmpty)
    }
  }

  /// Clients stop, and the others of a group learn what came last.
  static func settle(_ simulation: inout Simulation) throws {
    try simulation.inject(.set(path: "workload.rate", value: "0"))
    simulation.run(until: simulation.now + .seconds(3))
  }
}
