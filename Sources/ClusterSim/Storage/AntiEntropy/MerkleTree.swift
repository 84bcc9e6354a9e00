/// Hashes over the hash ranges of a set of keys (Merkle 1988; Dynamo section 4.7): a leaf is the
/// range of all keys whose hash begins with the same `depth` bits, and a node covers its two
/// children.
///
/// Nodes are numbered as in a heap: the root is 1, the children of `n` are `2n` and `2n + 1`, the
/// leaves are 2^depth to 2^(depth+1) - 1. The order in which keys are added does not matter.
struct MerkleTree: Equatable {
  static let root: UInt32 = 1
  let depth: Int
  private var hashes: ContiguousArray<UInt64>

  /// A tree of empty leaves.
  init(depth: Int) {
    precondition((1...20).contains(depth), "a tree of depth \(depth)")
    self.depth = depth
    hashes = ContiguousArray(repeating: 0, count: 2 << depth)
  }

  subscript(node: UInt32) -> UInt64 { hashes[Int(node)] }

  func isLeaf(_ node: UInt32) -> Bool { Int(node) >= 1 << depth }

  /// The leaf that holds the keys with this hash.
  func leaf(of hash: UInt64) -> UInt32 { UInt32(1 << depth) | UInt32(hash >> (64 - UInt64(depth))) }

  /// Takes a key with what is held of it into its leaf. Inner nodes are right only after `seal`.
  @inline(__always)
  mutating func add(key hash: UInt64, content: UInt64) {
    hashes[Int(leaf(of: hash))] &+= Self.mix(hash &+ Self.mix(content))
  }

  /// Computes the inner nodes from the leaves.
  mutating func seal() {
    var node = (1 << depth) - 1
    while node > 0 {
      hashes[node] = Self.mix(Self.mix(hashes[2 * node]) &+ hashes[2 * node + 1])
      node -= 1
    }
  }

  /// A bijection that spreads a word over all 64 bits (the finalizer of SplitMix64).
  @inline(__always)
  static func mix(_ word: UInt64) -> UInt64 {
    var z = word &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
