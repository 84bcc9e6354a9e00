/// FIFO: the object that came first leaves, however often it was asked for.
struct FirstInFirstOut: EvictionPolicy {
  private var links = LinkedNumbers()
  private var line = LinkedNumbers.List()

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    links.append(slot, to: &line)
  }

  mutating func hit(_ slot: Int32) {}

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    victims.append(links.removeOldest(of: &line))
  }

  mutating func remove(_ slot: Int32) { links.remove(slot, from: &line) }
}
