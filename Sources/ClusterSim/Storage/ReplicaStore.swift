/// The keys on one node's disk, by key number. Keeps the newest version of each.
///
/// A place for every key number up to the highest, or, where few of them are held, a sorted list: in
/// a cluster of a thousand a node holds a few keys out of all, and empty places would be nearly all
/// that it takes.
struct ReplicaStore {
  private struct Item {
    var key: UInt32
    var entry: Versioned
  }
  /// By key number; empty while `items` is in use.
  private var cells: ContiguousArray<Versioned> = []
  /// By rising key numbers, none of them without a version.
  private var items: ContiguousArray<Item> = []
  /// Keys held.
  private(set) var count = 0

  /// So many places to a key held are too many for an array; half of that are few enough to go back.
  private static var widest: Int { 16 }

  @inline(__always)
  func get(_ key: UInt32) -> Versioned {
    if Int(key) < cells.count { return cells[Int(key)] }
    return items.isEmpty ? .none : search(key)
  }

  /// Keeps `entry` where it is newer than what is held; says whether it was.
  @inline(__always)
  @discardableResult
  mutating func apply(_ entry: Versioned, to key: UInt32) -> Bool {
    let index = Int(key)
    if index < cells.count {
      let held = cells[index].version
      guard held < entry.version else { return false }
      if held == .none { count += 1 }
      cells[index] = entry
      return true
    }
    guard get(key).version < entry.version else { return false }
    replace(entry, at: key)
    return true
  }

  /// Keeps `entry` whatever is held; `.none` removes the key.
  mutating func replace(_ entry: Versioned, at key: UInt32) {
    let place = Int(key)
    if place < cells.count {
      if cells[place].version != .none { count -= 1 }
      if entry.version != .none { count += 1 }
      cells[place] = entry
    } else if entry.version == .none {
      removeItem(key)
    } else if items.isEmpty, (count + 1) * Self.widest > place {
      cells.append(
        contentsOf: repeatElement(.none, count: max(place + 1, cells.count * 2) - cells.count))
      cells[place] = entry
      count += 1
    } else {
      if items.isEmpty { makeList() }
      insertItem(entry, at: key)
    }
  }

  mutating func remove(_ key: UInt32) {
    guard get(key).version != .none else { return }
    replace(.none, at: key)
  }

  /// Visits every key held, in their order.
  @inline(__always)
  func visit(_ body: (UInt32, Versioned) -> Void) {
    for index in cells.indices where cells[index].version != .none {
      body(UInt32(index), cells[index])
    }
    for item in items { body(item.key, item.entry) }
  }

  mutating func removeAll() {
    cells.removeAll()
    items.removeAll()
    count = 0
  }

  func mix(into hash: inout StateHash) {
    visit { key, entry in
      hash.mix(UInt64(key))
      hash.mix(UInt64(bitPattern: entry.version.ordinal))
      hash.mix(entry.value)
    }
  }
}

// The list.
extension ReplicaStore {
  /// Where the key is, or would be.
  private func itemPlace(_ key: UInt32) -> Int {
    var low = 0
    var high = items.count
    while low < high {
      let middle = (low + high) / 2
      if items[middle].key < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  @inline(never)
  private func search(_ key: UInt32) -> Versioned {
    let place = itemPlace(key)
    return place < items.count && items[place].key == key ? items[place].entry : .none
  }

  private mutating func removeItem(_ key: UInt32) {
    let place = itemPlace(key)
    guard place < items.count, items[place].key == key else { return }
    items.remove(at: place)
    count -= 1
  }

  private mutating func insertItem(_ entry: Versioned, at key: UInt32) {
    let place = itemPlace(key)
    if place < items.count, items[place].key == key {
      items[place].entry = entry
      return
    }
    items.insert(Item(key: key, entry: entry), at: place)
    count += 1
    if count * Self.widest / 2 > Int(items.last!.key) { makeArray() }
  }

  private mutating func makeList() {
    var list: ContiguousArray<Item> = []
    list.reserveCapacity(count + 1)
    visit { list.append(Item(key: $0, entry: $1)) }
    items = list
    cells = []
  }

  private mutating func makeArray() {
    cells = ContiguousArray(repeating: .none, count: Int(items.last!.key) + 1)
    for item in items { cells[Int(item.key)] = item.entry }
    items = []
  }
}
