/// Sorted ranges, one a node, in the order of the nodes: bytes are compared one by one, which for
/// UTF-8 is the order of the characters' numbers. Replicas are the nodes of the next ranges.
///
/// Either the different keys given are divided evenly, in proportion to the weights, or, without
/// keys, the space of names: equal parts of what the first eight bytes can say. Real names fill
/// that space very unevenly, which is why such stores split their ranges as they grow.
struct RangePlacement: PlacementTable {
  /// Where the range of each node but the first begins.
  private let bounds: [[UInt8]]
  let shares: [Double]

  init(_ nodes: [PlacementNode]) {
    let total = nodes.reduce(0) { $0 + $1.weight }
    var bounds: [[UInt8]] = []
    var sum = 0
    for node in nodes.dropLast() {
      sum += node.weight
      let bound = (UInt128(sum) << 64) / UInt128(total)
      var bytes = (0..<8).map { UInt8(truncatingIfNeeded: bound >> (56 - 8 * $0)) }
      // A short name counts as if zeros followed it.
      while bytes.last == 0 { bytes.removeLast() }
      bounds.append(bytes)
    }
    self.bounds = bounds
    shares = nodes.map { Double($0.weight) / Double(total) }
  }

  /// There must be a key.
  init(_ nodes: [PlacementNode], keys: KeyInterner) {
    precondition(keys.count > 0)
    let sorted = (0..<UInt32(keys.count)).sorted { keys.isOrdered($0, before: $1) }
    let total = nodes.reduce(0) { $0 + $1.weight }
    var cuts = [0]
    var sum = 0
    for node in nodes {
      sum += node.weight
      cuts.append(sorted.count * sum / total)
    }
    bounds = cuts.dropFirst().dropLast().map { keys.withBytes(of: sorted[$0]) { Array($0) } }
    shares = nodes.indices.map { Double(cuts[$0 + 1] - cuts[$0]) / Double(sorted.count) }
  }

  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    var (low, high) = (0, bounds.count)
    while low < high {
      let middle = (low + high) / 2
      let isBelow = bounds[middle].withUnsafeBytes { ByteOrder.isOrdered(key, before: $0) }
      if isBelow { high = middle } else { low = middle + 1 }
    }
    for rank in 0..<count { list.append((low + rank) % (bounds.count + 1)) }
  }
}

enum ByteOrder {
  /// Whether the one text comes before the other, byte by byte.
  @inline(__always)
  static func isOrdered(_ one: KeyBytes, before other: KeyBytes) -> Bool {
    let shared = min(one.count, other.count)
    for index in 0..<shared where one[index] != other[index] { return one[index] < other[index] }
    return one.count < other.count
  }
}

extension KeyInterner {
  /// Whether the one text comes before the other, byte by byte.
  func isOrdered(_ one: UInt32, before other: UInt32) -> Bool {
    withBytes(of: one) { first in
      withBytes(of: other) { ByteOrder.isOrdered(first, before: $0) }
    }
  }
}
