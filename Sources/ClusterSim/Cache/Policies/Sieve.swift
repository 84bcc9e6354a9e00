/// SIEVE (Zhang et al., NSDI 2024): objects stay where they came in; a hand moves from the oldest
/// to the youngest, clears the bit of those that were asked for and takes the first that was not.
/// It rests on the next younger object, and starts again at the oldest when there is none.
struct Sieve: EvictionPolicy {
  private var links = LinkedNumbers()
  private var line = LinkedNumbers.List()
  private var visited: ContiguousArray<Bool> = []
  private var hand = LinkedNumbers.none

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    links.append(slot, to: &line)
    while visited.count <= Int(slot) { visited.append(false) }
    visited[Int(slot)] = false
  }

  mutating func hit(_ slot: Int32) { visited[Int(slot)] = true }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    var slot = hand == LinkedNumbers.none ? line.oldest : hand
    while visited[Int(slot)] {
      visited[Int(slot)] = false
      slot = links.newer(than: slot)
      if slot == LinkedNumbers.none { slot = line.oldest }
    }
    hand = slot
    remove(slot)
    victims.append(slot)
  }

  mutating func remove(_ slot: Int32) {
    if hand == slot { hand = links.newer(than: slot) }
    links.remove(slot, from: &line)
  }
}
