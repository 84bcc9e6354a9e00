/// CLOCK: first in first out with one bit an object, 0 when it comes and 1 after a hit. The hand
/// stands at the oldest: with its bit set it goes to the young end with the bit cleared, else it
/// leaves.
struct ClockPolicy: EvictionPolicy {
  private var links = LinkedNumbers()
  private var line = LinkedNumbers.List()
  private var bits: ContiguousArray<Bool> = []

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    links.append(slot, to: &line)
    while bits.count <= Int(slot) { bits.append(false) }
    bits[Int(slot)] = false
  }

  mutating func hit(_ slot: Int32) { bits[Int(slot)] = true }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    while bits[Int(line.oldest)] {
      bits[Int(line.oldest)] = false
      links.renew(line.oldest, in: &line)
    }
    victims.append(links.removeOldest(of: &line))
  }

  mutating func remove(_ slot: Int32) { links.remove(slot, from: &line) }
}
