/// Keys of objects that have left, oldest first, without the objects.
struct GhostList {
  private var links = LinkedNumbers()
  private var line = LinkedNumbers.List()

  var count: Int { line.count }

  func contains(_ key: UInt32) -> Bool { links.contains(Int32(bitPattern: key)) }

  /// Remembers a key as the newest, and no more than `limit` of them. A key that is here already
  /// keeps its place.
  mutating func remember(_ key: UInt32, limit: Int) {
    if !contains(key) { links.append(Int32(bitPattern: key), to: &line) }
    while line.count > limit { forgetOldest() }
  }

  mutating func forgetOldest() {
    if line.count > 0 { _ = links.removeOldest(of: &line) }
  }

  /// Whether the key was remembered.
  mutating func forget(_ key: UInt32) -> Bool {
    guard contains(key) else { return false }
    links.remove(Int32(bitPattern: key), from: &line)
    return true
  }
}
