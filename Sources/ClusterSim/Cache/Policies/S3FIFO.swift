/// S3-FIFO (Yang et al., SOSP 2023), Algorithm 1 of the paper: a small queue S for newcomers (10 %
/// of the room), a main queue M (90 %), and a ghost queue of as many keys as M has places.
///
/// A counter from 0 to 3 counts hits. While S has its tenth of the room it gives way: who was hit
/// more than once moves to M with the counter cleared, else it leaves and its key becomes a ghost; M
/// full after such a move gives way too. M lets its oldest go round once more for each count.
struct S3FIFO: EvictionPolicy {
  private var queues = TwoQueues()
  private var ghosts = GhostList()

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    queues.insert(slot, key, inMain: ghosts.forget(key))
  }

  mutating func hit(_ slot: Int32) { queues.hits[Int(slot)] = min(queues.hits[Int(slot)] + 1, 3) }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    if queues.small.count * 10 >= capacity {
      evictSmall(mainRoom: capacity - capacity / 10, into: &victims)
    } else {
      queues.evictMain(into: &victims)
    }
  }

  mutating func remove(_ slot: Int32) { queues.remove(slot) }

  private mutating func evictSmall(
    mainRoom: Int, into victims: inout ContiguousArray<Int32>
  ) {
    while queues.small.count > 0 {
      let slot = queues.small.oldest
      if queues.hits[Int(slot)] > 1 {
        queues.promote(slot)
        if queues.main.count >= mainRoom { queues.evictMain(into: &victims) }
      } else {
        ghosts.remember(queues.keys[Int(slot)], limit: mainRoom)
        queues.remove(slot)
        victims.append(slot)
        return
      }
    }
  }
}

/// The two queues that both forms of S3-FIFO have, and the counters of the objects in them.
struct TwoQueues {
  private var links = LinkedNumbers()
  private(set) var small = LinkedNumbers.List()
  private(set) var main = LinkedNumbers.List()
  private var isMain: ContiguousArray<Bool> = []
  var hits: ContiguousArray<UInt8> = []
  private(set) var keys: ContiguousArray<UInt32> = []

  mutating func insert(_ slot: Int32, _ key: UInt32, inMain: Bool) {
    while keys.count <= Int(slot) {
      keys.append(0)
      hits.append(0)
      isMain.append(false)
    }
    keys[Int(slot)] = key
    hits[Int(slot)] = 0
    isMain[Int(slot)] = inMain
    if inMain { links.append(slot, to: &main) } else { links.append(slot, to: &small) }
  }

  /// From the small queue to the young end of the main one, with the counter cleared.
  mutating func promote(_ slot: Int32) {
    links.remove(slot, from: &small)
    links.append(slot, to: &main)
    isMain[Int(slot)] = true
    hits[Int(slot)] = 0
  }

  /// The oldest of the main queue that has no count left leaves; the others go round for one count.
  mutating func evictMain(into victims: inout ContiguousArray<Int32>) {
    guard main.count > 0 else { return }
    while hits[Int(main.oldest)] > 0 {
      hits[Int(main.oldest)] -= 1
      links.renew(main.oldest, in: &main)
    }
    victims.append(links.removeOldest(of: &main))
  }

  mutating func remove(_ slot: Int32) {
    if isMain[Int(slot)] {
      links.remove(slot, from: &main)
    } else {
      links.remove(slot, from: &small)
    }
  }
}
