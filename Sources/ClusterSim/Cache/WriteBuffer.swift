/// The dirty keys of a write-back cache server: acknowledged, but not yet acknowledged by the store.
///
/// Bounded by `cache.dirty_limit`. It holds a write until the store has it, whatever becomes of the
/// object in the cache, and answers reads meanwhile.
struct WriteBuffer {
  struct Dirty {
    let key: UInt32
    /// The newest write of the key.
    var entry: Versioned
    /// The version that is on its way to the store.
    var flushing: Version?
  }

  private(set) var all: ContiguousArray<Dirty> = []
  private var places: ContiguousArray<Int32> = []

  var count: Int { all.count }

  @inline(__always)
  subscript(_ key: UInt32) -> Dirty? { place(of: key).map { all[$0] } }

  /// A write that the server acknowledges now.
  mutating func put(_ key: UInt32, _ entry: Versioned) {
    if let place = place(of: key) {
      all[place].entry = entry
      return
    }
    while places.count <= Int(key) { places.append(-1) }
    places[Int(key)] = Int32(all.count)
    all.append(Dirty(key: key, entry: entry))
  }

  /// A flush takes the newest write along. Nil where one is under way or nothing is dirty.
  mutating func beginFlush(_ key: UInt32) -> Versioned? {
    guard let place = place(of: key), all[place].flushing == nil else { return nil }
    all[place].flushing = all[place].entry.version
    return all[place].entry
  }

  /// The store has what was flushed, or (`succeeded` false) may not have it. The key stays dirty
  /// then, and where it was written meanwhile.
  mutating func endFlush(_ key: UInt32, succeeded: Bool) {
    guard let place = place(of: key) else { return }
    if succeeded, all[place].flushing == all[place].entry.version {
      remove(key)
    } else {
      all[place].flushing = nil
    }
  }

  /// The key is dirty no more.
  mutating func remove(_ key: UInt32) {
    guard let place = place(of: key) else { return }
    places[Int(key)] = -1
    let last = all.removeLast()
    guard place < all.count else { return }
    all[place] = last
    places[Int(last.key)] = Int32(place)
  }

  mutating func removeAll() {
    all.removeAll()
    places.removeAll()
  }

  @inline(__always)
  private func place(of key: UInt32) -> Int? {
    Int(key) < places.count && places[Int(key)] >= 0 ? Int(places[Int(key)]) : nil
  }
}
