/// One shard, as the directory has it and as its group served it.
public struct ShardView: Sendable, Equatable {
  /// Shards and groups count from 1, as everywhere outside.
  public let number: Int
  public let group: Int
  /// What it holds, in words: `from user:3`, `orders:`, `1/8 of the hashes`.
  public let content: String
  public let keys: Int
  public let bytes: Int
  /// Requests answered since the start, and a second in the last sample.
  public let served: Int
  public let rate: Double
}

extension Simulation {
  /// The epoch of the directory in force; nil with the engine without groups.
  public var directoryEpoch: Int? { sharded?.directory.epoch }

  /// In the order of the keys that they hold; empty with the engine without groups.
  public var shards: [ShardView] {
    guard let sharded else { return [] }
    var counts = [Int](repeating: 0, count: sharded.directory.shards.count)
    for shard in sharded.shardOfKey { counts[Int(shard)] += 1 }
    return sharded.directory.order.map { number in
      ShardView(
        number: number + 1, group: sharded.directory.shards[number].group + 1,
        content: content(of: number), keys: counts[number],
        bytes: counts[number] * settings.workload.valueSize,
        served: sharded.served(by: number), rate: sharded.rates[number])
    }
  }

  private func content(of shard: Int) -> String {
    let directory = sharded!.directory
    let start = directory.shards[shard].start
    switch directory.sharding {
    case .range: return start.name.isEmpty ? "from the first" : "from \(start.name)"
    case .hash:
      return "hash mod \(directory.groups) = \(start.part)"
        + (start.token > 0 ? ", upper part" : "")
    case .function:
      let family = KeyFamily(rawValue: Int(start.part) % KeyFamily.allCases.count)!
      return family.prefix + (start.token > 0 ? " upper part" : "")
    }
  }
}

extension Simulation {
  /// Moves of shards: those that are over, the last 64, and the one under way.
  public var shardMoves: [ShardMoveView] {
    (moves.past + (moves.current.map { [$0] } ?? [])).map {
      ShardMoveView($0, valueSize: settings.workload.valueSize)
    }
  }

  /// Requests that went by an old directory; how often a node asked for a new one, and got it.
  public var routing: (stale: Int, asked: Int, told: Int) {
    (moves.staleRoutes, moves.directoryAsked, moves.directoryTold)
  }
}
