// Groups of servers and the shards that they hold.
extension SettingCatalogue {
  static let shards: [SettingDefinition] = [
    integer(
      "storage.shards", \.storage.shards, 1...64,
      "groups over which every engine but leaderless splits the keys", live: false),
    choice(
      "storage.sharding", \.storage.sharding,
      "keys go to groups by hash, by range of names, or by function: each family to its own",
      live: false),
    integer(
      "storage.shard_copy_rate", \.storage.shardCopyRate, 1...1_000_000,
      "keys a second that a shard's move copies"),
    span(
      "storage.shard_patience", \.storage.shardPatience,
      "a shard's move without progress for so long is called off, while it still can be"),
  ]
}

extension Settings {
  /// What cannot go together of groups and keys; nil where all is well.
  var shardContradiction: String? {
    if workload.families, workload.keys < KeyFamily.allCases.count {
      return "workload.families needs workload.keys of at least \(KeyFamily.allCases.count)"
    }
    switch (storage.sharding, storage.engine) {
    case (_, .leaderless), (.hash, _), (.range, _): return nil
    case (.function, _):
      return storage.shards < KeyFamily.allCases.count
        ? "storage.sharding function needs storage.shards of at least \(KeyFamily.allCases.count)"
        : nil
    }
  }
}
