import ClusterSim

extension FigureCatalogue {
  /// Of shards, families of keys and queries.
  static let sharding: [FigureDefinition] =
    [
      cluster("shards", .count, "shards in the directory") { Double($0.shards.count) },
      cluster("shards.hottest", .share, "requests to the busiest shard, of all to groups") {
        $0.hottestShard
      },
      cluster("shards.moved", .count, "moves of shards that went through") { simulation in
        Double(simulation.shardMoves.count { $0.state == "moved" })
      },
      cluster("shards.moving", .count, "moves of shards under way") { simulation in
        Double(simulation.shardMoves.count { !$0.isOver })
      },
      cluster("routes.stale", .count, "requests sent by an old directory") {
        Double($0.routing.stale)
      },
      cluster("queries", .count, "queries answered in full") { Double($0.queryFigures.ok) },
      cluster("queries.availability", .share, "queries answered in full, of all that ended") {
        $0.queryFigures.availability
      },
      cluster("queries.hops", .count, "messages between hosts that an answered query took") {
        let figures = $0.queryFigures
        return figures.ok == 0 ? nil : Double(figures.hops) / Double(figures.ok)
      },
      cluster("queries.p50", .milliseconds, "median latency of queries") {
        milliseconds($0.queryFigures.latency, 0.5)
      },
      cluster("queries.p99", .milliseconds, "99th percentile of the latency of queries") {
        milliseconds($0.queryFigures.latency, 0.99)
      },
      cluster("parts.p99", .milliseconds, "99th percentile of a query's single reads") {
        milliseconds($0.queryFigures.partLatency, 0.99)
      },
    ]
    + KeyFamily.allCases.map { family in
      cluster("availability.\(family)", .share, "answered ok, of operations on \(family):") {
        $0.figures(of: family)?.availability
      }
    }

  private static func milliseconds(_ histogram: LatencyHistogram, _ quantile: Double) -> Double? {
    histogram.quantile(quantile).map { Double($0) / 1e6 }
  }
}
