/// The objects of one cache server, in memory: a doubly linked list from next to leave to last to
/// leave, by key number.
struct CacheStore {
  private struct Slot {
    var key: UInt32
    var older: Int32
    var newer: Int32
    var entry: Versioned
    var since: Int64
  }
  private static let none: Int32 = -1

  private var slots: ContiguousArray<Slot> = []
  private var free: ContiguousArray<Int32> = []
  /// Slot of each key, or none.
  private var places: ContiguousArray<Int32> = []
  private var oldest = CacheStore.none
  private var newest = CacheStore.none
  private(set) var count = 0

  private(set) var hits = 0
  private(set) var misses = 0
  private(set) var evictions = 0
  private(set) var expired = 0
  private(set) var invalidated = 0

  /// Asks for a key; an object older than `ttl` counts as gone and as a miss.
  mutating func get(
    _ key: UInt32, now: Int64, ttl: Int64, policy: Settings.Policy
  ) -> Versioned? {
    let place = place(of: key)
    guard place != Self.none else {
      misses += 1
      return nil
    }
    if now - slots[Int(place)].since >= ttl {
      unlink(place)
      expired += 1
      misses += 1
      return nil
    }
    hits += 1
    if policy.movesOnHit, place != newest {
      detach(place)
      attach(place)
    }
    return slots[Int(place)].entry
  }

  /// Keeps an object that a miss fetched; the age starts anew.
  mutating func fill(_ key: UInt32, _ entry: Versioned, now: Int64, capacity: Int) {
    let present = place(of: key)
    if present != Self.none {
      // An older answer that was overtaken does not replace a newer one.
      if entry.version < slots[Int(present)].entry.version { return }
      slots[Int(present)].entry = entry
      slots[Int(present)].since = now
      return
    }
    while count >= capacity {
      unlink(oldest)
      evictions += 1
    }
    let slot = Slot(key: key, older: Self.none, newer: Self.none, entry: entry, since: now)
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
    attach(place)
    count += 1
  }

  /// Drops a key because it was written.
  mutating func invalidate(_ key: UInt32) {
    let place = place(of: key)
    guard place != Self.none else { return }
    unlink(place)
    invalidated += 1
  }

  /// A smaller capacity takes effect at once.
  mutating func shrink(to capacity: Int) {
    while count > capacity {
      unlink(oldest)
      evictions += 1
    }
  }

  /// Drops every object; what was counted stays.
  mutating func clear() {
    slots.removeAll()
    free.removeAll()
    places.removeAll()
    oldest = Self.none
    newest = Self.none
    count = 0
  }

  private func place(of key: UInt32) -> Int32 {
    Int(key) < places.count ? places[Int(key)] : Self.none
  }

  private mutating func unlink(_ place: Int32) {
    detach(place)
    places[Int(slots[Int(place)].key)] = Self.none
    free.append(place)
    count -= 1
  }

  private mutating func detach(_ place: Int32) {
    let slot = slots[Int(place)]
    if slot.older == Self.none {
      oldest = slot.newer
    } else {
      slots[Int(slot.older)].newer = slot.newer
    }
    if slot.newer == Self.none {
      newest = slot.older
    } else {
      slots[Int(slot.newer)].older = slot.older
    }
  }

  private mutating func attach(_ place: Int32) {
    slots[Int(place)].older = newest
    slots[Int(place)].newer = Self.none
    if newest == Self.none { oldest = place } else { slots[Int(newest)].newer = place }
    newest = place
  }
}
