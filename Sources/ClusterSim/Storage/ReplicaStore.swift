/// The keys on one node's disk, by key number. Keeps the newest version of each.
struct ReplicaStore {
  private var cells: ContiguousArray<Versioned> = []
  /// Keys held.
  private(set) var count = 0

  @inline(__always)
  func get(_ key: UInt32) -> Versioned {
    Int(key) < cells.count ? cells[Int(key)] : .none
  }

  /// Keeps `entry` where it is newer than what is held; says whether it was.
  @inline(__always)
  @discardableResult
  mutating func apply(_ entry: Versioned, to key: UInt32) -> Bool {
    let index = Int(key)
    if index >= cells.count { grow(to: index + 1) }
    let held = cells[index].version
    guard held < entry.version else { return false }
    if held == .none { count += 1 }
    cells[index] = entry
    return true
  }

  /// Keeps `entry` whatever is held; `.none` removes the key.
  mutating func replace(_ entry: Versioned, at key: UInt32) {
    if Int(key) >= cells.count { grow(to: Int(key) + 1) }
    if cells[Int(key)].version != .none { count -= 1 }
    if entry.version != .none { count += 1 }
    cells[Int(key)] = entry
  }

  mutating func remove(_ key: UInt32) {
    guard get(key).version != .none else { return }
    cells[Int(key)] = .none
    count -= 1
  }

  /// Visits every key held, in their order.
  func visit(_ body: (UInt32, Versioned) -> Void) {
    for index in cells.indices where cells[index].version != .none {
      body(UInt32(index), cells[index])
    }
  }

  mutating func removeAll() {
    cells.removeAll()
    count = 0
  }

  func mix(into hash: inout StateHash) {
    for index in cells.indices where cells[index].version != .none {
      hash.mix(UInt64(index))
      hash.mix(UInt64(bitPattern: cells[index].version.ordinal))
      hash.mix(cells[index].value)
    }
  }

  private mutating func grow(to count: Int) {
    cells.append(
      contentsOf: repeatElement(.none, count: max(count, cells.count * 2) - cells.count))
  }
}
