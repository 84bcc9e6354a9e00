/// Requests in the order in which they came, to be played against a cache: every object has size
/// 1, every request is a get that fills on a miss, and nothing grows too old.
public struct CacheTrace {
  /// The number of the key of each request.
  public private(set) var requests: ContiguousArray<UInt32> = []
  private var keys = KeyInterner()

  /// The most requests that a trace may have: numbers of 32 bits count them.
  public static let limit = 1 << 28

  public init() {}

  /// How many different keys there are.
  public var keyCount: Int { keys.count }

  /// One request more; `limit` is the caller's to keep.
  public mutating func append(_ key: UnsafeRawBufferPointer) {
    requests.append(keys.number(of: key))
  }

  /// One request more.
  public mutating func append(_ key: String) {
    var key = key
    key.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// What a cache of `capacity` objects (at least 1) makes of it. `each` is told of every request
  /// whether it was a hit, and returns false to stop there.
  ///
  /// - Returns: the hits.
  @discardableResult
  public func play(
    _ policy: Settings.Policy, capacity: Int, each: (Bool) -> Bool = { _ in true }
  ) -> Int {
    precondition(capacity > 0)
    var store = CacheStore(policy: policy)
    for key in requests {
      let isHit = store.get(key, now: 0, ttl: .max, policy: policy) != nil
      if !isHit { store.fill(key, .initial, now: 0, capacity: capacity) }
      if !each(isHit) { break }
    }
    return store.hits
  }
}
