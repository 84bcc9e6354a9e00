/// When the last message of each connection arrives, so that a stream keeps its order.
struct StreamOrder {
  /// Up to so many hosts a table is kept, beyond it what is under way between the pairs that talk.
  private static let tableLimit = 512
  private var hosts = 0
  /// Rows and columns of the table, those of hosts to come as well.
  private var side = 0
  private var table: ContiguousArray<Int64> = []
  private var recent = Arrivals()
  /// Those before them; dropped once all of them have arrived, when they hold nobody up any more.
  private var older = Arrivals()

  private struct Arrivals {
    /// Never iterated.
    var pairs: [UInt32: Int64] = [:]
    var latest: Int64 = 0

    mutating func note(_ pair: UInt32, _ time: Int64) {
      pairs[pair] = time
      latest = max(latest, time)
    }
  }
  /// Pairs after which `recent` is old.
  private static let generation = 4096

  mutating func grow(to count: Int) {
    guard count > hosts else { return }
    if count <= Self.tableLimit {
      if count > side { widen(to: max(8, 2 * side, count)) }
    } else if hosts <= Self.tableLimit {
      for from in 0..<hosts {
        for to in 0..<hosts where table[from * side + to] > 0 {
          recent.note(UInt32(from) << 16 | UInt32(to), table[from * side + to])
        }
      }
      table = []
    }
    hosts = count
  }

  /// Not for every host anew: for a few hundred that took longer than the rest of their start.
  private mutating func widen(to larger: Int) {
    var wide = ContiguousArray<Int64>(repeating: 0, count: larger * larger)
    for from in 0..<hosts {
      for to in 0..<hosts { wide[from * larger + to] = table[from * side + to] }
    }
    table = wide
    side = larger
  }

  /// The time at which a message that would arrive at `time` does arrive, and remembers it; both are
  /// not before `now`.
  @inline(__always)
  mutating func arrival(_ from: NodeID, _ to: NodeID, at time: Int64, now: Int64) -> Int64 {
    if hosts <= Self.tableLimit {
      let index = from.index * side + to.index
      let arrival = max(time, table[index])
      table[index] = arrival
      return arrival
    }
    return arrival(UInt32(from.rawValue) << 16 | UInt32(to.rawValue), at: time, now: now)
  }

  @inline(never)
  private mutating func arrival(_ pair: UInt32, at time: Int64, now: Int64) -> Int64 {
    if recent.pairs.count >= Self.generation, older.latest <= now {
      swap(&recent, &older)
      recent.pairs.removeAll(keepingCapacity: true)
      recent.latest = 0
    }
    let arrival = max(time, recent.pairs[pair] ?? older.pairs[pair] ?? 0)
    recent.note(pair, arrival)
    return arrival
  }

  /// Pairs that are remembered beyond the table.
  var pairsKept: Int { recent.pairs.count + older.pairs.count }
}
