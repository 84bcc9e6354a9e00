import CDigest

/// The continuum of libketama (`ketama.c` of RJ/ketama): a node with the part `pct` of all weight
/// has `floor(pct * 40 * n)` digests, MD5 of `name-k` for k from 0, and each digest is four points
/// of 32 bits, low byte first. A key is the first four bytes of its MD5, low byte first; it belongs
/// to the first point that is not below it, or to the lowest.
///
/// `pct` is a float and the product a double that is rounded to float, as C has it there. So equal
/// weights mean 160 points a node, but 156 for 61, 122, 237 or 244 nodes.
struct KetamaPlacement: PlacementTable {
  private let points: ContiguousArray<(point: UInt32, node: UInt16)>
  let nodeCount: Int
  /// Nodes that got a point; a very light one may have none.
  private let present: Int

  init(_ nodes: [PlacementNode]) {
    let total = nodes.reduce(0) { $0 + $1.weight }
    var points: ContiguousArray<(point: UInt32, node: UInt16)> = []
    var present = 0
    for (index, node) in nodes.enumerated() {
      let groups = Self.groups(weight: node.weight, total: total, count: nodes.count)
      if groups > 0 { present += 1 }
      for group in 0..<groups {
        var text = "\(node.name)-\(group)"
        let digest = text.withUTF8 { Self.md5(KeyBytes($0)) }
        for start in stride(from: 0, to: 16, by: 4) {
          points.append((Self.word(digest, start), UInt16(index)))
        }
      }
    }
    // libketama leaves equal points in any order; here the node that was named first comes first.
    points.sort { ($0.point, $0.node) < ($1.point, $1.node) }
    self.points = points
    self.present = present
    nodeCount = nodes.count
  }

  /// Digests of a node.
  static func groups(weight: Int, total: Int, count: Int) -> Int {
    let part = Float(weight) / Float(total)
    return Int(Float(Double(part) * 40.0 * Double(Float(count))).rounded(.down))
  }

  /// Points on the continuum.
  var pointCount: Int { points.count }

  var shares: [Double] {
    var owned = Array(repeating: 0 as UInt64, count: nodeCount)
    var before = points.last!.point
    for (index, point) in points.enumerated() {
      // Of the first point the arc from the last one round; one point alone owns all.
      let arc = UInt64(point.point &- before)
      owned[Int(point.node)] += index == 0 && points.count == 1 ? 1 << 32 : arc
      before = point.point
    }
    return owned.map { Double($0) * 0x1p-32 }
  }

  @inline(__always)
  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int]) {
    let wanted = Self.word(Self.md5(key), 0)
    var (low, high) = (0, points.count)
    while low < high {
      let middle = (low + high) / 2
      if points[middle].point < wanted { low = middle + 1 } else { high = middle }
    }
    var place = low == points.count ? 0 : low
    list.append(Int(points[place].node))
    var seen = NodeSet()
    if count > 4 { seen.insert(NodeID(points[place].node)) }
    while list.count < min(count, present) {
      place = place + 1 == points.count ? 0 : place + 1
      let node = points[place].node
      let isNew = count > 4 ? seen.insert(NodeID(node)) : !list.contains(Int(node))
      if isNew { list.append(Int(node)) }
    }
    // Nodes without a point come last, in order.
    for node in 0..<nodeCount where list.count < count && !list.contains(node) {
      list.append(node)
    }
  }

  private static func word(_ digest: (UInt64, UInt64), _ start: Int) -> UInt32 {
    let half = start < 8 ? digest.0 : digest.1
    return UInt32(truncatingIfNeeded: half >> UInt64(start % 8 * 8))
  }

  /// The 16 bytes of the MD5 (RFC 1321; libmd) as two words, low byte first.
  static func md5(_ bytes: KeyBytes) -> (UInt64, UInt64) {
    var context = MD5_CTX()
    MD5Init(&context)
    if let base = bytes.baseAddress {
      MD5Update(&context, base.assumingMemoryBound(to: UInt8.self), bytes.count)
    }
    return withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { digest in
      MD5Final(digest.baseAddress!.assumingMemoryBound(to: UInt8.self), &context)
      return (
        UInt64(littleEndian: digest.load(as: UInt64.self)),
        UInt64(littleEndian: digest.load(fromByteOffset: 8, as: UInt64.self))
      )
    }
  }
}
