/// Which object leaves a full cache. Objects have size 1 and are known by the slot they lie in;
/// keys are small whole numbers.
///
/// A new policy is a file that implements this, a case of `Settings.Policy`, and its lines here in
/// `Eviction`, which the compiler asks for.
protocol EvictionPolicy {
  init()

  /// A key that is not here is about to be filled, before anything leaves for it.
  mutating func prepare(_ key: UInt32, capacity: Int)

  /// A new object lies in a slot that was free.
  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int)

  /// An object was asked for and is here.
  mutating func hit(_ slot: Int32)

  /// Lets go of objects, as a rule one; called until there is room, never on an empty cache.
  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>)

  /// An object leaves for another reason: too old, or written.
  mutating func remove(_ slot: Int32)
}

extension EvictionPolicy {
  mutating func prepare(_ key: UInt32, capacity: Int) {}
}

/// The policy in force. One stored property a policy, so that each is changed in place.
struct Eviction {
  let policy: Settings.Policy
  private var lru = LeastRecentlyUsed()
  private var fifo = FirstInFirstOut()
  private var lfu = LeastFrequentlyUsed()
  private var clock = ClockPolicy()
  private var sieve = Sieve()
  private var s3fifo = S3FIFO()
  private var s3fifoLib = LibraryS3FIFO()
  private var arc = AdaptiveReplacement()

  init(_ policy: Settings.Policy) { self.policy = policy }

  @inline(__always)
  mutating func prepare(_ key: UInt32, capacity: Int) {
    switch policy {
    case .lru, .fifo, .lfu, .clock, .sieve, .s3fifo: break
    case .s3fifoLib: s3fifoLib.prepare(key, capacity: capacity)
    case .arc: arc.prepare(key, capacity: capacity)
    }
  }

  @inline(__always)
  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    switch policy {
    case .lru: lru.insert(slot, key, capacity: capacity)
    case .fifo: fifo.insert(slot, key, capacity: capacity)
    case .lfu: lfu.insert(slot, key, capacity: capacity)
    case .clock: clock.insert(slot, key, capacity: capacity)
    case .sieve: sieve.insert(slot, key, capacity: capacity)
    case .s3fifo: s3fifo.insert(slot, key, capacity: capacity)
    case .s3fifoLib: s3fifoLib.insert(slot, key, capacity: capacity)
    case .arc: arc.insert(slot, key, capacity: capacity)
    }
  }

  @inline(__always)
  mutating func hit(_ slot: Int32) {
    switch policy {
    case .lru: lru.hit(slot)
    case .fifo: fifo.hit(slot)
    case .lfu: lfu.hit(slot)
    case .clock: clock.hit(slot)
    case .sieve: sieve.hit(slot)
    case .s3fifo: s3fifo.hit(slot)
    case .s3fifoLib: s3fifoLib.hit(slot)
    case .arc: arc.hit(slot)
    }
  }

  @inline(__always)
  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    switch policy {
    case .lru: lru.evict(capacity: capacity, into: &victims)
    case .fifo: fifo.evict(capacity: capacity, into: &victims)
    case .lfu: lfu.evict(capacity: capacity, into: &victims)
    case .clock: clock.evict(capacity: capacity, into: &victims)
    case .sieve: sieve.evict(capacity: capacity, into: &victims)
    case .s3fifo: s3fifo.evict(capacity: capacity, into: &victims)
    case .s3fifoLib: s3fifoLib.evict(capacity: capacity, into: &victims)
    case .arc: arc.evict(capacity: capacity, into: &victims)
    }
  }

  @inline(__always)
  mutating func remove(_ slot: Int32) {
    switch policy {
    case .lru: lru.remove(slot)
    case .fifo: fifo.remove(slot)
    case .lfu: lfu.remove(slot)
    case .clock: clock.remove(slot)
    case .sieve: sieve.remove(slot)
    case .s3fifo: s3fifo.remove(slot)
    case .s3fifoLib: s3fifoLib.remove(slot)
    case .arc: arc.remove(slot)
    }
  }
}

extension Settings.Policy {
  /// One line for the screen.
  public var meaning: String {
    switch self {
    case .lru: "the least recently requested object leaves first"
    case .fifo: "the object that came first leaves first"
    case .lfu: "the object with the fewest requests since it came leaves first"
    case .clock: "first in first out, but who was asked for goes round once more"
    case .sieve: "a hand sweeps from old to new and takes who was not asked for"
    case .s3fifo: "newcomers wait in a small queue; only those asked for twice reach the main one"
    case .s3fifoLib: "S3-FIFO as libCacheSim has it: the main queue fills while it warms up"
    case .arc: "recent and frequent objects share the room by what is missed more"
    }
  }
}
