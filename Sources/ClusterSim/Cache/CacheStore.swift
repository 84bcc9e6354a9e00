/// The objects of one cache server, in memory, by key number; the policy says which leaves.
struct CacheStore {
  private struct Slot {
    var key: UInt32
    var entry: Versioned
    var since: Int64
  }
  private static let none: Int32 = -1

  private var slots: ContiguousArray<Slot> = []
  private var free: ContiguousArray<Int32> = []
  /// Slot of each key, or none.
  private var places: ContiguousArray<Int32> = []
  private var eviction: Eviction
  private var victims: ContiguousArray<Int32> = []
  /// Keys of the objects that left a full cache lately, while somebody wants to know.
  private var evicted: ContiguousArray<UInt32> = []
  var notesEvicted = false
  private(set) var count = 0

  private(set) var hits = 0
  private(set) var misses = 0
  private(set) var evictions = 0
  private(set) var expired = 0
  private(set) var invalidated = 0

  init(policy: Settings.Policy = .lru) { eviction = Eviction(policy) }

  /// Asks for a key; an object older than `ttl` counts as gone and as a miss. Another policy than
  /// before takes effect at once.
  @inline(__always)
  mutating func get(
    _ key: UInt32, now: Int64, ttl: Int64, policy: Settings.Policy
  ) -> Versioned? {
    if policy != eviction.policy { change(to: policy) }
    let place = place(of: key)
    guard place != Self.none else {
      misses += 1
      return nil
    }
    if now - slots[Int(place)].since >= ttl {
      remove(place)
      expired += 1
      misses += 1
      return nil
    }
    hits += 1
    eviction.hit(place)
    return slots[Int(place)].entry
  }

  /// Keeps an object that a miss fetched; the age starts anew.
  @inline(__always)
  mutating func fill(_ key: UInt32, _ entry: Versioned, now: Int64, capacity: Int) {
    let present = place(of: key)
    if present != Self.none {
      // An older answer that was overtaken does not replace a newer one.
      if entry.version < slots[Int(present)].entry.version { return }
      slots[Int(present)].entry = entry
      slots[Int(present)].since = now
      return
    }
    eviction.prepare(key, capacity: capacity)
    evict(to: capacity - 1, capacity: capacity)
    let slot = Slot(key: key, entry: entry, since: now)
    let place: Int32
    if let reused = free.popLast() {
      place = reused
      slots[Int(place)] = slot
    } else {
      place = Int32(slots.count)
      slots.append(slot)
    }
    while places.count <= Int(key) { places.append(Self.none) }
    places[Int(key)] = place
    eviction.insert(place, key, capacity: capacity)
    count += 1
  }

  /// Visits every object kept.
  func visit(_ body: (Versioned) -> Void) {
    for place in slots.indices where places[Int(slots[place].key)] == Int32(place) {
      body(slots[place].entry)
    }
  }

  /// Drops a key because it was written.
  mutating func invalidate(_ key: UInt32) {
    let place = place(of: key)
    guard place != Self.none else { return }
    remove(place)
    invalidated += 1
  }

  /// One of the keys that left a full cache since they were last taken.
  mutating func takeEvicted() -> UInt32? { evicted.popLast() }

  /// A get that the write buffer answered: a hit for the object, where it is still here.
  mutating func hitOutside(_ key: UInt32) {
    hits += 1
    let place = place(of: key)
    if place != Self.none { eviction.hit(place) }
  }

  /// A smaller capacity takes effect at once.
  mutating func shrink(to capacity: Int) { evict(to: capacity, capacity: capacity) }

  /// Drops every object; what was counted stays.
  mutating func clear() {
    slots.removeAll()
    free.removeAll()
    places.removeAll()
    eviction = Eviction(eviction.policy)
    evicted.removeAll()
    count = 0
  }

  /// The objects stay; the new policy meets them in the order in which they came.
  private mutating func change(to policy: Settings.Policy) {
    eviction = Eviction(policy)
    let present = slots.indices.filter { places[Int(slots[$0].key)] == Int32($0) }
    for place in present.sorted(by: { (slots[$0].since, $0) < (slots[$1].since, $1) }) {
      eviction.prepare(slots[place].key, capacity: .max / 16)
      eviction.insert(Int32(place), slots[place].key, capacity: .max / 16)
    }
  }

  @inline(__always)
  private mutating func evict(to limit: Int, capacity: Int) {
    while count > limit {
      eviction.evict(capacity: capacity, into: &victims)
      evictions += victims.count
      while let place = victims.popLast() {
        if notesEvicted { evicted.append(slots[Int(place)].key) }
        free(place)
      }
    }
  }

  private mutating func remove(_ place: Int32) {
    eviction.remove(place)
    free(place)
  }

  @inline(__always)
  private func place(of key: UInt32) -> Int32 {
    Int(key) < places.count ? places[Int(key)] : Self.none
  }

  private mutating func free(_ place: Int32) {
    places[Int(slots[Int(place)].key)] = Self.none
    free.append(place)
    count -= 1
  }
}
