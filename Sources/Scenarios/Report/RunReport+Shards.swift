import ClusterSim

extension RunReport {
  /// Fields of what is in use: shards, families of keys, queries.
  static func sharding(_ simulation: Simulation) -> [(String, JSONValue)] {
    shards(simulation) + families(simulation) + queries(simulation)
  }

  /// The same for reading, each part under its own heading.
  static func shardingText(_ simulation: Simulation) -> [String] {
    var lines: [String] = []
    if simulation.shards.count > 1 {
      var table = TextTable(["", "group", "keys", "answered", "holds"])
      for shard in simulation.shards {
        table.add([
          "shard \(shard.number)", "\(shard.group)", "\(shard.keys)", "\(shard.served)",
          shard.content,
        ])
      }
      lines += ["", "Shards"] + table.lines
      for move in simulation.shardMoves {
        let waited = move.writesWaited.map { ", writes waited \($0.rough)" } ?? ""
        lines.append(
          "  shard \(move.shard) from group \(move.from) to \(move.to) at \(move.beganAt): "
            + "\(move.state), \(move.keys) keys\(waited)")
      }
    }
    if simulation.settings.workload.families {
      lines += ["", "Families"]
      for family in KeyFamily.allCases {
        let figures = simulation.figures(of: family)!
        lines.append(
          "  \(family): \(figures.operations) operations, "
            + "\(FigureUnit.share.text(figures.availability)) answered")
      }
    }
    let queries = simulation.queryFigures
    if queries.begun > 0 {
      func time(_ histogram: LatencyHistogram, _ quantile: Double) -> String {
        FigureUnit.milliseconds.text(histogram.quantile(quantile).map { Double($0) / 1e6 })
      }
      lines += [
        "", "Queries",
        "  \(queries.ok) of \(queries.ok + queries.failed) answered in full, "
          + "p50 \(time(queries.latency, 0.5)), p99 \(time(queries.latency, 0.99)); "
          + "single reads p50 \(time(queries.partLatency, 0.5)), "
          + "p99 \(time(queries.partLatency, 0.99))",
      ]
    }
    return lines
  }

  private static func shards(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard let epoch = simulation.directoryEpoch else { return [] }
    let shards = simulation.shards.map { shard -> JSONValue in
      .object([
        ("shard", .integer(shard.number)), ("group", .integer(shard.group)),
        ("content", .string(shard.content)), ("keys", .integer(shard.keys)),
        ("bytes", .integer(shard.bytes)), ("served", .integer(shard.served)),
        ("per_second", .number(shard.rate)),
      ])
    }
    return [
      (
        "sharding",
        .object([
          ("by", .string(simulation.settings.storage.sharding.rawValue)),
          ("epoch", .integer(epoch)),
          ("hottest_share", .number(simulation.hottestShard)), ("by_shard", .array(shards)),
          ("moves", .array(simulation.shardMoves.map(move))),
          ("stale_routes", .integer(simulation.routing.stale)),
          ("directory_asked", .integer(simulation.routing.asked)),
          ("directory_told", .integer(simulation.routing.told)),
        ])
      )
    ]
  }

  private static func move(_ move: ShardMoveView) -> JSONValue {
    func milliseconds(_ span: Span?) -> JSONValue {
      .number(span.map { Double($0.nanoseconds) / 1e6 })
    }
    return .object([
      ("shard", .integer(move.shard)), ("from", .integer(move.from)), ("to", .integer(move.to)),
      ("state", .string(move.state)), ("at", .number(move.beganAt.seconds)),
      ("keys", .integer(move.keys)), ("bytes", .integer(move.bytes)),
      ("keys_late", .integer(move.keysLate)),
      ("duration_ms", milliseconds(move.endedAt.map { $0 - move.beganAt })),
      ("writes_waited_ms", milliseconds(move.writesWaited)),
      ("refused", .integer(move.refused)),
    ])
  }

  private static func families(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard simulation.settings.workload.families else { return [] }
    return [
      (
        "families",
        .object(
          KeyFamily.allCases.map { family in
            let figures = simulation.figures(of: family)!
            return (
              "\(family)",
              .object([
                ("operations", .integer(figures.operations)), ("ok", .integer(figures.ok)),
                ("availability", .number(figures.availability)),
                ("availability_in_phase", .number(figures.phaseAvailability)),
              ])
            )
          })
      )
    ]
  }

  private static func queries(_ simulation: Simulation) -> [(String, JSONValue)] {
    let figures = simulation.queryFigures
    guard figures.begun > 0 else { return [] }
    func mean(_ sum: Int) -> JSONValue {
      figures.ok == 0 ? .null : .number(Double(sum) / Double(figures.ok))
    }
    func milliseconds(_ histogram: LatencyHistogram) -> JSONValue {
      .object(
        [("p50", 0.5), ("p99", 0.99), ("p999", 0.999)].map { name, quantile in
          (name, .number(histogram.quantile(quantile).map { Double($0) / 1e6 }))
        })
    }
    return [
      (
        "queries",
        .object([
          ("begun", .integer(figures.begun)), ("ok", .integer(figures.ok)),
          ("failed", .integer(figures.failed)),
          ("availability", .number(figures.availability)),
          ("parts", .integer(figures.parts)), ("parts_ok", .integer(figures.partsOk)),
          ("latency_ms", milliseconds(figures.latency)),
          ("part_latency_ms", milliseconds(figures.partLatency)),
          ("hops", mean(figures.hops)), ("groups", mean(figures.groups)),
        ])
      )
    ]
  }
}

extension Simulation {
  /// The largest part that one shard had of all requests that groups answered; nil before any.
  public var hottestShard: Double? {
    let served = shards.map(\.served)
    let sum = served.reduce(0, +)
    return sum == 0 ? nil : Double(served.max()!) / Double(sum)
  }
}
