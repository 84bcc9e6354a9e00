/// Which group of servers holds which keys: the key space cut into shards, each on one group, under an
/// epoch that rises with every change (Bigtable, OSDI 2006, section 5.1, where a shard is a tablet).
///
/// A shard's number is never given to another one, and its lower end never moves: a split leaves the
/// lower half under the old number and gives the upper half a new one, whose `parent` is the old. So
/// who knows an older directory asks for the parent of a shard that it has not heard of, and is right
/// until that shard moves.
struct ShardDirectory: Equatable, Sendable {
  struct Shard: Equatable, Sendable {
    let start: ShardPlace
    /// The shard that it was cut off from; its own number where it is one of the first.
    let parent: Int
    fileprivate(set) var group: Int
  }

  let sharding: Settings.Sharding
  let groups: Int
  private(set) var epoch = 1
  /// By number.
  private(set) var shards: [Shard] = []
  /// Numbers in the order of their places.
  private(set) var order: [Int] = []

  /// One shard a group.
  ///
  /// - Parameter names: the keys that there are, which `range` divides evenly.
  init(_ sharding: Settings.Sharding, groups: Int, names: ContiguousArray<String>) {
    precondition(groups > 0)
    self.sharding = sharding
    self.groups = groups
    let sorted =
      switch sharding {
      case .range: names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      case .hash, .function: [String]()
      }
    for number in 0..<groups {
      let start: ShardPlace
      switch sharding {
      case .hash, .function: start = ShardPlace(part: UInt32(number), token: 0, name: "")
      case .range:
        let cut = sorted.count * number / groups
        let name = number == 0 ? "" : cut < sorted.count ? sorted[cut] : "\u{10FFFF}"
        start = ShardPlace(part: 0, token: 0, name: name)
      }
      shards.append(Shard(start: start, parent: number, group: number))
      order.append(number)
    }
  }

  /// Where a key stands in the order that shards are cut from.
  func place(of name: String, token: UInt64) -> ShardPlace {
    switch sharding {
    case .hash:
      return ShardPlace(part: UInt32(token % UInt64(groups)), token: token, name: "")
    case .range: return ShardPlace(part: 0, token: 0, name: name)
    case .function:
      guard let family = KeyFamily(of: name) else {
        return ShardPlace(part: UInt32(token % UInt64(groups)), token: token, name: "")
      }
      let own = family.groups(of: groups)
      return ShardPlace(
        part: UInt32(own[Int(token % UInt64(own.count))]), token: token, name: "")
    }
  }

  /// The number of the shard that holds a place.
  func shard(at place: ShardPlace) -> Int {
    var (low, high) = (0, order.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if place < shards[order[middle]].start { high = middle } else { low = middle }
    }
    return order[low]
  }

  /// The group of a shard, which may be younger than this directory.
  func group(of shard: Int, parents: ShardDirectory) -> Int {
    var shard = shard
    while shard >= shards.count { shard = parents.shards[shard].parent }
    return shards[shard].group
  }

  func mix(into hash: inout StateHash) {
    for shard in shards { hash.mix(UInt64(shard.parent) << 32 | UInt64(shard.group)) }
    hash.mix(UInt64(epoch))
  }

  // MARK: Changes

  /// Cuts a shard in two: what stands at `place` or after it gets a number of its own, and stays in the
  /// group. Gives that number.
  mutating func split(_ shard: Int, at place: ShardPlace) -> Int {
    precondition(shards[shard].start < place && self.shard(at: place) == shard)
    let number = shards.count
    shards.append(Shard(start: place, parent: shard, group: shards[shard].group))
    order.insert(number, at: order.firstIndex(of: shard)! + 1)
    epoch += 1
    return number
  }

  /// From now on the shard is the other group's.
  mutating func move(_ shard: Int, to group: Int) {
    precondition((0..<groups).contains(group))
    shards[shard].group = group
    epoch += 1
  }
}

/// A place in the order that shards are cut from: by hash the group's number and the token, by range
/// the name, byte by byte.
struct ShardPlace: Comparable, Sendable {
  let part: UInt32
  let token: UInt64
  let name: String

  static func < (one: ShardPlace, other: ShardPlace) -> Bool {
    if one.part != other.part { return one.part < other.part }
    if one.token != other.token { return one.token < other.token }
    return one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }
}
