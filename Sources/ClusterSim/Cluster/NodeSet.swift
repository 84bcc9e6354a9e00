/// A set of hosts that is visited in the order of their numbers.
///
/// One bit a host. Numbers below 64 live inline, so the sets of a small cluster allocate nothing;
/// the rest is kept without trailing zero words, so equal sets are equal values.
public struct NodeSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var high: ContiguousArray<UInt64> = []

  public init() {}

  public init(_ nodes: some Sequence<NodeID>) {
    for node in nodes { insert(node) }
  }

  /// The hosts 0..<count.
  public init(below count: Int) {
    for index in 0..<count { insert(NodeID(UInt16(index))) }
  }

  public var isEmpty: Bool { low == 0 && high.isEmpty }

  /// How many hosts are in the set.
  public var count: Int {
    var bits = low.nonzeroBitCount
    for word in high { bits += word.nonzeroBitCount }
    return bits
  }

  @inline(__always)
  public func contains(_ node: NodeID) -> Bool {
    let number = Int(node.rawValue)
    if number < 64 { return low >> UInt64(number) & 1 != 0 }
    let word = number / 64 - 1
    return word < high.count && high[word] >> UInt64(number % 64) & 1 != 0
  }

  /// Whether the host was new.
  @inline(__always)
  @discardableResult
  public mutating func insert(_ node: NodeID) -> Bool {
    let number = Int(node.rawValue)
    let bit: UInt64 = 1 << UInt64(number % 64)
    if number < 64 {
      let isNew = low & bit == 0
      low |= bit
      return isNew
    }
    let word = number / 64 - 1
    while high.count <= word { high.append(0) }
    let isNew = high[word] & bit == 0
    high[word] |= bit
    return isNew
  }

  /// Whether the host was there.
  @inline(__always)
  @discardableResult
  public mutating func remove(_ node: NodeID) -> Bool {
    guard contains(node) else { return false }
    let number = Int(node.rawValue)
    let bit: UInt64 = 1 << UInt64(number % 64)
    if number < 64 {
      low &= ~bit
    } else {
      high[number / 64 - 1] &= ~bit
      trim()
    }
    return true
  }

  public mutating func removeAll() {
    low = 0
    high = []
  }

  /// The host with the lowest number.
  public var first: NodeID? {
    var iterator = makeIterator()
    return iterator.next()
  }

  private mutating func trim() {
    while high.last == 0 { high.removeLast() }
  }
}

extension NodeSet {
  public mutating func formUnion(_ other: NodeSet) {
    low |= other.low
    while high.count < other.high.count { high.append(0) }
    for word in other.high.indices { high[word] |= other.high[word] }
  }

  public mutating func formIntersection(_ other: NodeSet) {
    low &= other.low
    if high.count > other.high.count { high.removeLast(high.count - other.high.count) }
    for word in high.indices { high[word] &= other.high[word] }
    trim()
  }

  public mutating func subtract(_ other: NodeSet) {
    low &= ~other.low
    for word in 0..<Swift.min(high.count, other.high.count) { high[word] &= ~other.high[word] }
    trim()
  }

  public func union(_ other: NodeSet) -> NodeSet {
    var result = self
    result.formUnion(other)
    return result
  }

  public func intersection(_ other: NodeSet) -> NodeSet {
    var result = self
    result.formIntersection(other)
    return result
  }

  public func subtracting(_ other: NodeSet) -> NodeSet {
    var result = self
    result.subtract(other)
    return result
  }

  public func isSubset(of other: NodeSet) -> Bool { subtracting(other).isEmpty }

  public func isDisjoint(with other: NodeSet) -> Bool { intersection(other).isEmpty }
}

extension NodeSet: Sequence {
  /// Ascending by number.
  public struct Iterator: IteratorProtocol {
    fileprivate var word: UInt64
    fileprivate var base = 0
    fileprivate var next64 = 0
    fileprivate let high: ContiguousArray<UInt64>

    @inline(__always)
    public mutating func next() -> NodeID? {
      while word == 0 {
        guard next64 < high.count else { return nil }
        word = high[next64]
        next64 += 1
        base = next64 * 64
      }
      let bit = word.trailingZeroBitCount
      word &= word &- 1
      return NodeID(UInt16(truncatingIfNeeded: base + bit))
    }
  }

  @inline(__always)
  public func makeIterator() -> Iterator { Iterator(word: low, high: high) }

  public var underestimatedCount: Int { count }
}

extension NodeSet: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: NodeID...) {
    self.init(elements)
  }
}
