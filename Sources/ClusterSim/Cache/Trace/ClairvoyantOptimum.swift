/// What a cache could reach that knows the future: Belady's MIN (1966) lets go of the object whose
/// next request is farthest away. No policy that fills on every miss has more hits.
public struct ClairvoyantOptimum {
  private let requests: ContiguousArray<UInt32>
  private let keyCount: Int
  /// For each request the index of the next one of the same key, or `never`.
  private let next: ContiguousArray<UInt32>
  private static let never = UInt32.max

  public init(_ trace: CacheTrace) {
    requests = trace.requests
    keyCount = trace.keyCount
    var next = ContiguousArray(repeating: Self.never, count: requests.count)
    var following = ContiguousArray(repeating: Self.never, count: keyCount)
    for index in requests.indices.reversed() {
      let key = Int(requests[index])
      next[index] = following[key]
      following[key] = UInt32(index)
    }
    self.next = next
  }

  /// Plays the trace with `capacity` objects (at least 1). `each` is told of every request whether
  /// it was a hit, and returns false to stop there.
  ///
  /// - Returns: the hits.
  @discardableResult
  public func play(capacity: Int, each: (Bool) -> Bool = { _ in true }) -> Int {
    precondition(capacity > 0)
    var heap = FarthestFirst(keys: keyCount)
    var hits = 0
    for index in requests.indices {
      let key = requests[index]
      let isHit = heap.contains(key)
      if isHit {
        hits += 1
        heap.postpone(key, to: next[index])
      } else {
        if heap.count == capacity { heap.removeFarthest() }
        heap.insert(key, due: next[index])
      }
      if !each(isHit) { break }
    }
    return hits
  }
}

/// The keys in the cache, the one with the farthest next request on top: a binary heap that knows
/// where each key stands.
private struct FarthestFirst {
  private var heap: ContiguousArray<(due: UInt32, key: UInt32)> = []
  private var places: ContiguousArray<Int32>

  init(keys: Int) { places = ContiguousArray(repeating: -1, count: keys) }

  var count: Int { heap.count }

  func contains(_ key: UInt32) -> Bool { places[Int(key)] >= 0 }

  mutating func insert(_ key: UInt32, due: UInt32) {
    heap.append((due, key))
    rise(from: heap.count - 1)
  }

  /// The key's next request is farther away than it was.
  mutating func postpone(_ key: UInt32, to due: UInt32) {
    let place = Int(places[Int(key)])
    heap[place].due = due
    rise(from: place)
  }

  mutating func removeFarthest() {
    places[Int(heap[0].key)] = -1
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    sink()
  }

  private mutating func rise(from start: Int) {
    var place = start
    let item = heap[place]
    while place > 0, heap[(place - 1) / 2].due < item.due {
      put(heap[(place - 1) / 2], at: place)
      place = (place - 1) / 2
    }
    put(item, at: place)
  }

  private mutating func sink() {
    var place = 0
    let item = heap[0]
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].due > heap[child].due { child += 1 }
      guard heap[child].due > item.due else { break }
      put(heap[child], at: place)
      place = child
    }
    put(item, at: place)
  }

  private mutating func put(_ item: (due: UInt32, key: UInt32), at place: Int) {
    heap[place] = item
    places[Int(item.key)] = Int32(place)
  }
}
