/// Maglev hashing (Eisenbud et al., NSDI 2016): a table of 65537 entries, a prime, that the nodes
/// fill in turns, each along its own permutation `(offset + j * skip) mod 65537`; a node takes as
/// many entries a turn as it weighs. `offset` is the first eight bytes of the SHA-1 of its name
/// modulo the size, `skip` the next eight modulo the size less one, plus 1.
///
/// A key's entry is its token (as on the ring) modulo the size; replicas are the next distinct
/// nodes along the table. A few keys move between old nodes when the nodes change.
struct MaglevPlacement: PlacementTable {
  static let size = 65_537
  private let table: ContiguousArray<UInt16>
  private let nodeCount: Int

  init(_ nodes: [PlacementNode]) {
    let none = UInt16.max
    var table = ContiguousArray(repeating: none, count: Self.size)
    var walks = nodes.map { Walk(name: $0.name) }
    var filled = 0
    while filled < Self.size {
      for node in nodes.indices {
        for _ in 0..<min(nodes[node].weight, Self.size - filled) {
          while table[walks[node].place] != none { walks[node].advance() }
          table[walks[node].place] = UInt16(node)
          filled += 1
        }
      }
    }
    self.table = table
    nodeCount = nodes.count
  }

  /// A node's way through the table.
  private struct Walk {
    private(set) var place: Int
    private let skip: Int

    init(name: String) {
      let digest = RingToken.sha1(name)
      func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
      }
      place = Int(word(digest[0..<8]) % UInt64(MaglevPlacement.size))
      skip = Int(word(digest[8..<16]) % UInt64(MaglevPlacement.size - 1)) + 1
    }

    mutating func advance() { place = (place + skip) % MaglevPlacement.size }
  }

  var shares: [Double] {
    var shares = Array(repeating: 0.0, count: nodeCount)
    for node in table { shares[Int(node)] += 1 }
    return shares.map { $0 / Double(Self.size) }
  }

  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    var place = Int(RingToken.token(of: key) % UInt64(Self.size))
    var seen = NodeSet()
    for _ in 0..<Self.size {
      let node = table[place]
      if seen.insert(NodeID(node)) { list.append(Int(node)) }
      if list.count == count { return }
      place = place + 1 == Self.size ? 0 : place + 1
    }
    // Nodes without an entry (thousands of nodes with large weights) come last, in order.
    for node in 0..<nodeCount where list.count < count && !seen.contains(NodeID(UInt16(node))) {
      list.append(node)
    }
  }
}
