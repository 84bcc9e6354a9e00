import Testing

@testable import ClusterSim

@Suite("The directory of shards")
struct ShardDirectoryTests {
  private func table(_ count: Int, families: Bool = false) -> KeyTable {
    var workload = Settings.Workload()
    workload.keys = count
    workload.families = families
    return KeyTable(workload)
  }

  private func sharded(
    _ sharding: Settings.Sharding, groups: Int, _ keys: KeyTable
  ) -> ShardedKeys {
    ShardedKeys(ShardDirectory(sharding, groups: groups, names: keys.names), keys)
  }

  /// What every run before there was a directory had: the token modulo the number of groups.
  @Test func hash_everyCountOfGroups_isTokenModuloGroups() {
    let keys = table(1000)
    var wrong: [String] = []
    for groups in 1...64 {
      let sharded = sharded(.hash, groups: groups, keys)
      for key in 0..<1000
      where sharded.group(of: UInt32(key)) != Int(keys.tokens[key] % UInt64(groups)) {
        wrong.append("\(keys.names[key]) of \(groups)")
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test func range_evenly_everyGroupHasItsShareInOrderOfNames() {
    let keys = table(1000)
    let sharded = sharded(.range, groups: 8, keys)
    var counts = [Int](repeating: 0, count: 8)
    var last = 0
    var ordered = true
    let sorted = (0..<1000).sorted {
      keys.names[$0].utf8.lexicographicallyPrecedes(keys.names[$1].utf8)
    }
    for key in sorted {
      let group = sharded.group(of: UInt32(key))
      counts[group] += 1
      if group < last { ordered = false }
      last = group
    }
    #expect(counts == [125, 125, 125, 125, 125, 125, 125, 125])
    #expect(ordered)
    #expect(sharded.group(of: "user:1~2", token: 0) == sharded.group(of: 0))
  }

  /// Benford's law: with a Zipf choice over numbers the first digit 1 leads, so the range that begins
  /// with it is hot, while a hash spreads all but the hottest key.
  @Test func range_zipf_firstRangeIsHotterThanAnyOfAHash() {
    let keys = table(1000)
    let sampler = KeySampler(.zipf(theta: 0.99), count: 1000)
    func hottest(_ sharded: ShardedKeys) -> (group: Int, share: Double) {
      var load = [Double](repeating: 0, count: 8)
      for key in 0..<1000 { load[sharded.group(of: UInt32(key))] += sampler.probability(of: key) }
      let group = load.indices.max { load[$0] < load[$1] }!
      return (group, load[group])
    }
    let range = hottest(sharded(.range, groups: 8, keys))
    let hash = hottest(sharded(.hash, groups: 8, keys))
    #expect(range.group == 0)
    #expect(range.share > 0.3 && hash.share < 0.3, "range \(range.share), hash \(hash.share)")
  }

  @Test func function_families_shareNoGroup() {
    let keys = table(300, families: true)
    for groups in 3...9 {
      let sharded = sharded(.function, groups: groups, keys)
      var families = [Set<Int>](repeating: [], count: groups)
      for key in 0..<300 {
        families[sharded.group(of: UInt32(key))].insert(key % 3)
      }
      #expect(families.allSatisfy { $0.count <= 1 }, "\(groups) groups: \(families)")
      #expect(sharded.group(of: "orders:77", token: 5) % 3 == 1)
    }
  }

  @Test func split_inTheMiddle_upperHalfGetsANewNumberAndStaysInTheGroup() {
    let keys = table(1000)
    for sharding in [Settings.Sharding.hash, .range] {
      var directory = ShardDirectory(sharding, groups: 4, names: keys.names)
      let before = ShardedKeys(directory, keys)
      let own = (0..<1000).filter { before.shardOfKey[$0] == 2 }
        .map { directory.place(of: keys.names[$0], token: keys.tokens[$0]) }.sorted()
      let number = directory.split(2, at: own[own.count / 2])
      let after = ShardedKeys(directory, keys)
      #expect(number == 4)
      #expect(directory.epoch == 2)
      #expect(directory.shards[4].parent == 2)
      #expect(after.shardOfKey.count { $0 == 2 } == own.count / 2)
      #expect(after.shardOfKey.count { $0 == 4 } == own.count - own.count / 2)
      #expect((0..<1000).allSatisfy { after.group(of: UInt32($0)) == before.group(of: UInt32($0)) })
      // Who knows only the old directory is right about the new shard until it moves.
      let old = before.directory
      #expect(old.group(of: 4, parents: directory) == 2)
      directory.move(4, to: 0)
      #expect(directory.epoch == 3)
      #expect(directory.group(of: 4, parents: directory) == 0)
      #expect(old.group(of: 4, parents: directory) == 2)
    }
  }
}
