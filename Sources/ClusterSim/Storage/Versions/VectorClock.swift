/// How far a version knows the writes of each coordinator: pairs of node and counter (Dynamo,
/// section 4.4), in order of the nodes.
public struct VectorClock: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public var node: NodeID
    public var counter: UInt32
    /// When the entry was last raised, ns of virtual time: the oldest is dropped first.
    var raised: Int64
  }
  public private(set) var entries: ContiguousArray<Entry> = []

  /// The counter of a node; 0 where it has none.
  public func counter(of node: NodeID) -> UInt32 {
    entries.first { $0.node == node }?.counter ?? 0
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
  }

  /// Knows afterwards what either did.
  mutating func merge(_ other: VectorClock) {
    for entry in other.entries { raise(entry.node, to: entry.counter, at: entry.raised) }
  }

  /// Drops the entries raised longest ago beyond `limit`; says how many.
  mutating func truncate(to limit: Int) -> Int {
    var dropped = 0
    while entries.count > limit {
      let oldest = entries.indices.min {
        (entries[$0].raised, $0) < (entries[$1].raised, $1)
      }!
      entries.remove(at: oldest)
      dropped += 1
    }
    return dropped
  }
}
