/// What one cache server holds and has counted; all of it is memory.
struct CacheServer {
  let host: NodeID
  var store = CacheStore()
  var dirty = WriteBuffer()
  var window = RequestWindow()
  /// The fetch under way of each key, where one was begun to be shared.
  private var leaders: ContiguousArray<UInt64> = []

  /// Misses that shared the fetch of another.
  var coalesced = 0
  /// Objects that were older than an acknowledged write when they were put here.
  var staleFills = 0
  /// Dirty keys sent to the store.
  var flushes = 0
  /// A wake-up to flush is in the event queue.
  var flushArmed = false
  /// Hit ratio of the last sample; NaN where nobody asked.
  private(set) var recentRatio = Double.nan
  private var sampled = (hits: 0, misses: 0)

  init(host: NodeID) { self.host = host }

  func leader(of key: UInt32) -> UInt64? {
    Int(key) < leaders.count && leaders[Int(key)] != .max ? leaders[Int(key)] : nil
  }

  mutating func lead(_ key: UInt32, by fetch: UInt64?) {
    while leaders.count <= Int(key) { leaders.append(.max) }
    leaders[Int(key)] = fetch ?? .max
  }

  /// The process dies.
  mutating func clear() {
    store.clear()
    dirty.removeAll()
    leaders.removeAll()
    flushArmed = false
  }

  mutating func sample() {
    let (hits, gets) = (
      store.hits - sampled.hits, store.hits + store.misses - sampled.hits - sampled.misses
    )
    recentRatio = gets == 0 ? .nan : Double(hits) / Double(gets)
    sampled = (store.hits, store.misses)
  }
}

extension Settings.CacheMode {
  /// Clients send their writes to the cache server.
  var takesWrites: Bool {
    switch self {
    case .readThrough, .cacheAside: false
    case .writeThrough, .writeBack: true
    }
  }

  /// One line for the screen.
  public var meaning: String {
    switch self {
    case .readThrough: "on a miss the server asks the store; writers tell it to drop the key"
    case .cacheAside: "on a miss the client asks the store, then sets the key: the set may be late"
    case .writeThrough: "a write is answered when the store has it and the server keeps it"
    case .writeBack: "a write is answered at once and flushed later: a dead server loses it"
    }
  }
}
