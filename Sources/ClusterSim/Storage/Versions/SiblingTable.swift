/// Versions with vector clocks, and the sets of siblings that replicas and messages hold, each named
/// by a small number so that messages stay trivial values. Equal sets have equal numbers.
///
/// A version is a dot, the (node, counter) of its own write, and its past, the clock of what its
/// client had read. It obsoletes exactly what its past knows, so two writes through one coordinator
/// from one context are siblings, where plain clocks would let the second overwrite the first
/// (Almeida et al., "Dotted version vectors", 2014). Set 0 is the initial value with an empty clock.
struct SiblingTable {
  struct Sibling {
    var write: Versioned
    var node: NodeID
    var counter: UInt32
    var past: VectorClock
    /// The past before it was truncated, where it was: what is true, which the store has forgotten.
    var whole: VectorClock?
    /// When a client was told that it is done; nil before.
    var acknowledged: Int64?
    /// Counted as an acknowledged write that is lost.
    var isLost = false
  }
  private typealias Members = ContiguousArray<UInt32>
  private var siblings: ContiguousArray<Sibling?> = []
  private var freeSiblings: ContiguousArray<UInt32> = []
  private var sets: ContiguousArray<Members?> = [[]]
  private var freeSets: ContiguousArray<UInt32> = []
  /// Never iterated.
  private var numbers: [Members: UInt32] = [[]: 0]
  /// Sets held, and so many after the last clean-up.
  private(set) var count = 1
  private var countAfterSweep = 1

  /// A new version by `node`, as a set of its own.
  mutating func add(
    _ write: Versioned, node: NodeID, counter: UInt32, past: VectorClock,
    whole: VectorClock? = nil
  ) -> UInt32 {
    let sibling = Sibling(write: write, node: node, counter: counter, past: past, whole: whole)
    if let place = freeSiblings.popLast() {
      siblings[Int(place)] = sibling
      return number(of: [place])
    }
    siblings.append(sibling)
    return number(of: [UInt32(siblings.count - 1)])
  }

  /// The versions of a set, in no order that means anything.
  func members(_ set: UInt32) -> [Sibling] { ids(set).map { siblings[Int($0)]! } }

  func size(_ set: UInt32) -> Int { ids(set).count }

  /// Whether a version in the set has this value. A write that was sent again has several versions.
  func holds(_ set: UInt32, value: UInt64) -> Bool {
    ids(set).contains { siblings[Int($0)]!.write.value == value }
  }

  /// Different values in a set.
  func valueCount(_ set: UInt32) -> Int {
    let members = ids(set)
    return members.indices.count { place in
      !members[..<place].contains {
        siblings[Int($0)]!.write.value == siblings[Int(members[place])]!.write.value
      }
    }
  }

  /// What a set's readers know: the versions in it and all that these replaced.
  func clock(of set: UInt32) -> VectorClock {
    var clock = VectorClock()
    for id in ids(set) { clock.merge(self.clock(ofSibling: id)) }
    return clock
  }

  /// The same as it would be had no clock been truncated.
  func wholeClock(of set: UInt32) -> VectorClock {
    var clock = VectorClock()
    for id in ids(set) { clock.merge(self.clock(ofSibling: id, isWhole: true)) }
    return clock
  }

  private func clock(ofSibling id: UInt32, isWhole: Bool = false) -> VectorClock {
    let sibling = siblings[Int(id)]!
    var clock = isWhole ? sibling.whole ?? sibling.past : sibling.past
    clock.add(sibling.node, sibling.counter, at: sibling.write.version.time)
    return clock
  }

  /// Whether everything in the set `other` is in `set` or replaced by something in it.
  func covers(_ set: UInt32, _ other: UInt32) -> Bool {
    set == other
      || Self.compared(ids(set), ids(other)).right.allSatisfy { id in
        ids(set).contains { obsoletes($0, id) }
      }
  }

  private func covers(_ set: UInt32, id: UInt32) -> Bool {
    let own = ids(set)
    return own.contains(id) || own.contains { obsoletes($0, id) }
  }

  private func obsoletes(_ newer: UInt32, _ older: UInt32) -> Bool {
    let sibling = siblings[Int(older)]!
    return siblings[Int(newer)]!.past.knows(sibling.node, sibling.counter)
  }

  /// Both sets without what either replaced.
  ///
  /// What is itself replaced replaces nothing: where clocks were truncated the third of a chain need
  /// not know the first, and whether the second ever came by must make no difference.
  mutating func join(_ left: UInt32, _ right: UInt32) -> UInt32 {
    if left == right || right == 0 { return left }
    if left == 0 { return right }
    let (both, ownLeft, ownRight) = Self.compared(ids(left), ids(right))
    if ownRight.isEmpty { return left }
    if ownLeft.isEmpty { return right }
    // No member of a set replaces another of it, so only what is on one side alone is compared.
    let own = ownLeft + ownRight
    var stays = ContiguousArray<Bool?>(repeating: nil, count: own.count)
    func isKept(_ place: Int) -> Bool {
      if let known = stays[place] { return known }
      let others = place < ownLeft.count ? ownLeft.count..<own.count : 0..<ownLeft.count
      let kept = !others.contains { obsoletes(own[$0], own[place]) && isKept($0) }
      stays[place] = kept
      return kept
    }
    let kept = both + own.indices.filter(isKept).map { own[$0] }
    return number(of: Members(kept.sorted()))
  }

  /// The members of both sets, of the first alone and of the second alone; both are in order.
  private static func compared(
    _ left: Members, _ right: Members
  ) -> (both: Members, left: Members, right: Members) {
    var both = Members()
    var alone = (left: Members(), right: Members())
    var (i, j) = (0, 0)
    while i < left.count || j < right.count {
      if j == right.count || i < left.count && left[i] < right[j] {
        alone.left.append(left[i])
        i += 1
      } else if i == left.count || right[j] < left[i] {
        alone.right.append(right[j])
        j += 1
      } else {
        both.append(left[i])
        i += 1
        j += 1
      }
    }
    return (both, alone.left, alone.right)
  }

  /// What stands for a set: its newest member by the coordinators' clocks, with the set's number.
  func entry(of set: UInt32) -> Versioned {
    var newest = Versioned.initial
    for id in ids(set) {
      let write = siblings[Int(id)]!.write
      if newest.version < write.version { newest = write }
    }
    newest.set = set
    return newest
  }

  /// Members of `other` that `set` does not cover.
  func missing(in set: UInt32, of other: UInt32) -> [Sibling] {
    ids(other).filter { !covers(set, id: $0) }.map { siblings[Int($0)]! }
  }

  /// Marks a version as acknowledged, or as lost.
  mutating func change(_ set: UInt32, value: UInt64, _ change: (inout Sibling) -> Void) {
    for id in ids(set) where siblings[Int(id)]!.write.value == value {
      change(&siblings[Int(id)]!)
    }
  }

  /// Stands for the members: equal for equal sets only, in any order and run.
  func hash(_ set: UInt32) -> UInt64 {
    ids(set).reduce(0) { sum, id in
      let version = siblings[Int(id)]!.write.version
      return sum
        &+ MerkleTree.mix(
          MerkleTree.mix(UInt64(bitPattern: version.time)) &+ UInt64(version.node))
    }
  }

  // MARK: Bound

  /// Twice as many sets as were in use at the last clean-up, and some: time for the next.
  var isDue: Bool { count > 2 * countAfterSweep + 4096 }

  /// Keeps only the sets marked, and the versions in them.
  mutating func sweep(keeping isUsed: ContiguousArray<Bool>) {
    var held = ContiguousArray(repeating: false, count: siblings.count)
    for set in sets.indices {
      guard let members = sets[set] else { continue }
      if set == 0 || isUsed[set] {
        for id in members { held[Int(id)] = true }
      } else {
        numbers[members] = nil
        sets[set] = nil
        freeSets.append(UInt32(set))
        count -= 1
      }
    }
    for id in siblings.indices where !held[id] && siblings[id] != nil {
      siblings[id] = nil
      freeSiblings.append(UInt32(id))
    }
    countAfterSweep = count
  }

  /// Numbers given out so far, used or free.
  var limit: Int { sets.count }

  private func ids(_ set: UInt32) -> Members {
    guard let members = sets[Int(set)] else { preconditionFailure("a set that was swept away") }
    return members
  }

  private mutating func number(of members: Members) -> UInt32 {
    if let number = numbers[members] { return number }
    let number: UInt32
    if let free = freeSets.popLast() {
      number = free
      sets[Int(free)] = members
    } else {
      number = UInt32(sets.count)
      sets.append(members)
    }
    numbers[members] = number
    count += 1
    return number
  }
}
