/// LRU: the least recently requested object leaves.
struct LeastRecentlyUsed: EvictionPolicy {
  private var links = LinkedNumbers()
  private var line = LinkedNumbers.List()

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    links.append(slot, to: &line)
  }

  mutating func hit(_ slot: Int32) { links.renew(slot, in: &line) }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    victims.append(links.removeOldest(of: &line))
  }

  mutating func remove(_ slot: Int32) { links.remove(slot, from: &line) }
}
