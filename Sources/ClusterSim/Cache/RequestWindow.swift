/// The last requests that a cache server saw, and which of them were hits.
struct RequestWindow {
  static let capacity = 20_000
  /// Key, and 1 in the lowest bit for a hit.
  private var ring: ContiguousArray<UInt32> = []
  private var next = 0
  private(set) var hits = 0

  var count: Int { ring.count }

  @inline(__always)
  mutating func append(_ key: UInt32, hit: Bool) {
    let request = key << 1 | (hit ? 1 : 0)
    if ring.count < Self.capacity {
      ring.append(request)
    } else {
      hits -= Int(ring[next] & 1)
      ring[next] = request
      next = next + 1 == Self.capacity ? 0 : next + 1
    }
    if hit { hits += 1 }
  }

  /// Hits that no policy could have exceeded with `capacity` objects, whatever the cache held when
  /// the window began: Belady's MIN over the window, after one request of each of its keys. Those
  /// all miss, and leave MIN the choice of what to begin with.
  func optimum(capacity: Int) -> Int {
    var trace = CacheTrace()
    func append(_ key: UInt32) { withUnsafeBytes(of: key) { trace.append($0) } }
    var seen: ContiguousArray<Bool> = []
    var keys: ContiguousArray<UInt32> = []
    for place in ring.indices {
      let key = ring[(next + place) % ring.count] >> 1
      while seen.count <= Int(key) { seen.append(false) }
      if !seen[Int(key)] { keys.append(key) }
      seen[Int(key)] = true
    }
    // Backwards, because the last of them cannot but stay: let it be the first that is asked for.
    for key in keys.reversed() { append(key) }
    for place in ring.indices { append(ring[(next + place) % ring.count] >> 1) }
    return ClairvoyantOptimum(trace).play(capacity: capacity)
  }
}
