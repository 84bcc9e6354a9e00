/// Which keys two replicas share: derived from the placement and built anew when that changes.
///
/// Every list is in order of the keys' hashes, so that the keys of a tree's leaf lie together.
struct SharedKeys {
  /// What the lists were derived from.
  struct Basis: Equatable {
    var members: [NodeID]
    var copies: Int
    var keys: Int
    /// Of the placement.
    var revision = 0
  }
  let basis: Basis
  private let copies: Int
  /// By key: its homes, `copies` places each.
  private var homes: ContiguousArray<UInt16> = []
  /// By node: the keys it is a home of.
  private var keysOfNode: ContiguousArray<ContiguousArray<UInt32>> = []
  /// By node: those that share a key with it, by number.
  private var peers: ContiguousArray<ContiguousArray<NodeID>> = []

  /// - Parameters:
  ///   - hashes: of each key.
  ///   - homesOf: the homes of a key, always the same number of them.
  init(basis: Basis, hashes: ContiguousArray<UInt64>, homesOf: (UInt32) -> [NodeID]) {
    self.basis = basis
    copies = min(basis.copies, basis.members.count)
    let nodes = (basis.members.map(\.index).max() ?? -1) + 1
    keysOfNode = ContiguousArray(repeating: [], count: nodes)
    var shares = ContiguousArray(repeating: NodeSet(), count: nodes)
    homes.reserveCapacity(hashes.count * copies)
    for key in 0..<UInt32(hashes.count) {
      let list = homesOf(key)
      precondition(list.count == copies, "a key with \(list.count) homes, not \(copies)")
      for home in list { homes.append(home.rawValue) }
    }
    let inOrder = (0..<UInt32(hashes.count)).sorted {
      (hashes[Int($0)], $0) < (hashes[Int($1)], $1)
    }
    for key in inOrder {
      let list = homes(of: key)
      for home in list {
        keysOfNode[Int(home)].append(key)
        for other in list where other != home { shares[Int(home)].insert(NodeID(other)) }
      }
    }
    peers = ContiguousArray(shares.map { ContiguousArray($0) })
  }

  /// Those that share a key with `node`.
  func peers(of node: NodeID) -> ContiguousArray<NodeID> {
    node.index < peers.count ? peers[node.index] : []
  }

  /// The keys of which both are homes, in order of their hashes.
  func keys(of node: NodeID, and other: NodeID) -> ContiguousArray<UInt32> {
    guard node.index < keysOfNode.count else { return [] }
    return keysOfNode[node.index].filter { homes(of: $0).contains(other.rawValue) }
  }

  @inline(__always)
  private func homes(of key: UInt32) -> ContiguousArray<UInt16>.SubSequence {
    homes[Int(key) * copies..<(Int(key) + 1) * copies]
  }
}
