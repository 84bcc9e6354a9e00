/// S3-FIFO as libCacheSim's `S3FIFO.c` has it today, which differs from the paper: until the first
/// eviction newcomers beyond the small queue's tenth fill the main queue; the small queue gives way
/// unless the main one is beyond its size or the small one is empty, without a nested eviction; the
/// ghosts (90 %) are looked up before anything leaves.
///
/// There a small queue of one object stores nothing; here it has two at least, so results agree
/// with libCacheSim from 20 objects on.
struct LibraryS3FIFO: EvictionPolicy {
  private var queues = TwoQueues()
  private var ghosts = GhostList()
  private var wasGhost = false
  private var hasEvicted = false

  private static func smallRoom(_ capacity: Int) -> Int { max(2, capacity / 10) }

  mutating func prepare(_ key: UInt32, capacity: Int) { wasGhost = ghosts.forget(key) }

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    let isWarmingUp = !hasEvicted && queues.small.count >= Self.smallRoom(capacity)
    queues.insert(slot, key, inMain: wasGhost || isWarmingUp)
  }

  mutating func hit(_ slot: Int32) { queues.hits[Int(slot)] = min(queues.hits[Int(slot)] + 1, 3) }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    hasEvicted = true
    let mainRoom = max(0, capacity - Self.smallRoom(capacity))
    if queues.main.count > mainRoom || queues.small.count == 0 {
      queues.evictMain(into: &victims)
      return
    }
    while queues.small.count > 0 {
      let slot = queues.small.oldest
      if queues.hits[Int(slot)] > 1 {
        queues.promote(slot)
      } else {
        ghosts.remember(queues.keys[Int(slot)], limit: max(1, capacity * 9 / 10))
        queues.remove(slot)
        victims.append(slot)
        return
      }
    }
  }

  mutating func remove(_ slot: Int32) { queues.remove(slot) }
}
