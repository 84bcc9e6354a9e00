/// How far a version knows the writes of each coordinator: pairs of node and counter (Dynamo,
/// section 4.4), in order of the nodes.
///
/// A pair says that every write up to the counter is known. Here a coordinator need not hold the key
/// itself, so whoever has read its fifth write need not have read the fourth, its sibling: such a
/// write stands alone, as a dot, until the gap before it is known too.
public struct VectorClock: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public var node: NodeID
    public var counter: UInt32
    /// When the entry was last raised, ns of virtual time: the oldest is dropped first.
    var raised: Int64
  }
  public private(set) var entries: ContiguousArray<Entry> = []
  /// Single writes beyond a gap, in order of node and counter.
  public private(set) var dots: ContiguousArray<Entry> = []

  /// Up to where every write of a node is known; 0 where none is.
  public func counter(of node: NodeID) -> UInt32 {
    entries.first { $0.node == node }?.counter ?? 0
  }

  /// The last write of a node that is known; 0 where none is.
  func highest(of node: NodeID) -> UInt32 {
    dots.last { $0.node == node }?.counter ?? counter(of: node)
  }

  /// Whether the write `counter` of a node is known.
  func knows(_ node: NodeID, _ counter: UInt32) -> Bool {
    counter <= self.counter(of: node)
      || dots.contains { $0.node == node && $0.counter == counter }
  }

  /// Whether it knows all that the other does.
  func covers(_ other: VectorClock) -> Bool {
    other.entries.allSatisfy { counter(of: $0.node) >= $0.counter }
      && other.dots.allSatisfy { knows($0.node, $0.counter) }
  }

  /// One write is known from now on.
  mutating func add(_ node: NodeID, _ counter: UInt32, at time: Int64) {
    if knows(node, counter) { return }
    if counter == self.counter(of: node) + 1 {
      raise(node, to: counter, at: time)
      return
    }
    let place =
      dots.firstIndex { ($0.node, $0.counter) > (node, counter) } ?? dots.count
    dots.insert(Entry(node: node, counter: counter, raised: time), at: place)
  }

  /// Raises the counter of a node to `counter`, where it is lower.
  mutating func raise(_ node: NodeID, to counter: UInt32, at time: Int64) {
    let place = entries.firstIndex { $0.node >= node } ?? entries.count
    if place < entries.count, entries[place].node == node {
      if entries[place].counter < counter {
        entries[place] = Entry(node: node, counter: counter, raised: time)
      }
    } else {
      entries.insert(Entry(node: node, counter: counter, raised: time), at: place)
    }
    closeGap(node)
  }

  /// Dots that follow on what is known without a gap become part of it.
  private mutating func closeGap(_ node: NodeID) {
    while let place = dots.firstIndex(where: { $0.node == node }),
      dots[place].counter <= counter(of: node) + 1
    {
      let dot = dots.remove(at: place)
      guard let entry = entries.firstIndex(where: { $0.node == node }) else { continue }
      if entries[entry].counter < dot.counter { entries[entry] = dot }
    }
  }

  /// Knows afterwards what either did.
  mutating func merge(_ other: VectorClock) {
    for entry in other.entries { raise(entry.node, to: entry.counter, at: entry.raised) }
    for dot in other.dots { add(dot.node, dot.counter, at: dot.raised) }
  }

  /// Drops the entries and dots raised longest ago beyond `limit`; says how many.
  mutating func truncate(to limit: Int) -> Int {
    var dropped = 0
    while entries.count + dots.count > limit {
      func oldest(_ of: ContiguousArray<Entry>) -> Int? {
        of.indices.min { (of[$0].raised, $0) < (of[$1].raised, $1) }
      }
      let (entry, dot) = (oldest(entries), oldest(dots))
      if let dot, entry.map({ dots[dot].raised < entries[$0].raised }) ?? true {
        dots.remove(at: dot)
      } else {
        entries.remove(at: entry!)
      }
      dropped += 1
    }
    return dropped
  }
}
