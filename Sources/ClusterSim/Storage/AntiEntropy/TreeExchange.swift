/// One comparison of two replicas, from the roots of their trees to the keys that differ.
///
/// One message is under way at a time and carries the number of its step, so what is lost ends the
/// exchange and what comes twice is ignored. What `mine` and `theirs` hold lies in the memory of
/// the asker and of the partner: a restart of either voids the exchange.
struct TreeExchange {
  let asker: NodeID
  let partner: NodeID
  let askerEpoch: UInt32
  /// The partner's life in which it built its tree.
  var partnerEpoch: UInt32?
  /// The keys both are homes of, in order of their hashes.
  let keys: ContiguousArray<UInt32>
  let mine: MerkleTree
  var theirs: MerkleTree?
  var step: UInt32 = 0
  /// Tree nodes whose hashes were asked for last, all of one level.
  var asked: ContiguousArray<UInt32> = [MerkleTree.root]
  /// Leaves that differ and are still to be looked into, last first.
  var leaves: ContiguousArray<UInt32> = []
  /// What the asker holds of the keys in the leaves looked into now.
  var listing: ContiguousArray<(key: UInt32, entry: Versioned)> = []
  /// Keys of which the partner wants the asker's newer version.
  var wanted: ContiguousArray<UInt32> = []
  /// When the asker last heard of its partner.
  var heard: Int64

  /// The partner's hashes of the nodes asked for have come: the children to ask for next. Leaves
  /// that differ are put aside.
  mutating func compare() -> ContiguousArray<UInt32> {
    guard let theirs else { preconditionFailure("hashes compared that nobody sent") }
    var children: ContiguousArray<UInt32> = []
    for node in asked.reversed() where mine[node] != theirs[node] {
      if mine.isLeaf(node) {
        leaves.append(node)
      } else {
        children.append(2 * node + 1)
        children.append(2 * node)
      }
    }
    children.reverse()
    return children
  }
}

/// What anti-entropy compared and sent; a node's own, or the sum over all.
public struct AntiEntropyFigures: Sendable, Equatable {
  /// Comparisons with a partner begun.
  public internal(set) var exchanges = 0
  /// Those that ended at the root: nothing differed, nothing more was sent.
  public internal(set) var equal = 0
  /// Those of which nothing more was heard.
  public internal(set) var abandoned = 0
  /// Hashes held against a partner's.
  public internal(set) var comparisons = 0
  /// Leaves (hash ranges) that differed.
  public internal(set) var ranges = 0
  /// Keys in them whose versions were held against each other.
  public internal(set) var keysCompared = 0
  /// Newer versions sent, either way.
  public internal(set) var keysSent = 0
  /// Bytes sent for all that: a tree node's number 4, a hash 8, a version 10, a key its name, a
  /// value `workload.value_size`.
  public internal(set) var bytes = 0

  static func += (sum: inout AntiEntropyFigures, part: AntiEntropyFigures) {
    sum.exchanges += part.exchanges
    sum.equal += part.equal
    sum.abandoned += part.abandoned
    sum.comparisons += part.comparisons
    sum.ranges += part.ranges
    sum.keysCompared += part.keysCompared
    sum.keysSent += part.keysSent
    sum.bytes += part.bytes
  }
}
