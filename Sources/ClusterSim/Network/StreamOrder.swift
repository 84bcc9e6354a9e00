/// When the last message of each connection arrives, so that a stream keeps its order.
struct StreamOrder {
  /// Up to so many hosts a table is kept, beyond it a dictionary of the pairs that talk.
  private static let tableLimit = 512
  private var hosts = 0
  private var table: ContiguousArray<Int64> = []
  /// Never iterated.
  private var pairs: [UInt32: Int64] = [:]

  mutating func grow(to count: Int) {
    guard count > hosts else { return }
    if count <= Self.tableLimit {
      var larger = ContiguousArray<Int64>(repeating: 0, count: count * count)
      for from in 0..<hosts {
        for to in 0..<hosts { larger[from * count + to] = table[from * hosts + to] }
      }
      table = larger
    } else if hosts <= Self.tableLimit {
      for from in 0..<hosts {
        for to in 0..<hosts { pairs[UInt32(from) << 16 | UInt32(to)] = table[from * hosts + to] }
      }
      table = []
    }
    hosts = count
  }

  /// The time at which a message that would arrive at `time` does arrive, and remembers it.
  @inline(__always)
  mutating func arrival(_ from: NodeID, _ to: NodeID, at time: Int64) -> Int64 {
    if hosts <= Self.tableLimit {
      let index = from.index * hosts + to.index
      let arrival = max(time, table[index])
      table[index] = arrival
      return arrival
    }
    let pair = UInt32(from.rawValue) << 16 | UInt32(to.rawValue)
    let arrival = max(time, pairs[pair] ?? 0)
    pairs[pair] = arrival
    return arrival
  }
}
