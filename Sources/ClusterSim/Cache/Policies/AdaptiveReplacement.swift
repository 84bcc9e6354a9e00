/// ARC (Megiddo and Modha, FAST 2003, Figure 4): T1 holds objects requested once lately, T2 those
/// requested again, B1 and B2 the keys that left either; a miss on a ghost shifts the share `p` of
/// T1 towards the side it left.
struct AdaptiveReplacement: EvictionPolicy {
  private var links = LinkedNumbers()
  private var recent = LinkedNumbers.List()
  private var frequent = LinkedNumbers.List()
  private var recentGhosts = GhostList()
  private var frequentGhosts = GhostList()
  private var isFrequent: ContiguousArray<Bool> = []
  private var keys: ContiguousArray<UInt32> = []
  /// The size that T1 is to have: `p` of the paper.
  private var target = 0.0
  /// What the key being filled was, until it is in.
  private var missed = Missed.unknown

  private enum Missed { case unknown, recentGhost, frequentGhost }

  mutating func prepare(_ key: UInt32, capacity: Int) {
    let room = Double(capacity)
    let (one, two) = (Double(recentGhosts.count), Double(frequentGhosts.count))
    target = min(target, room)
    if recentGhosts.contains(key) {
      target = min(room, target + max(1, two / one))
      _ = recentGhosts.forget(key)
      missed = .recentGhost
    } else if frequentGhosts.contains(key) {
      target = max(0, target - max(1, one / two))
      _ = frequentGhosts.forget(key)
      missed = .frequentGhost
    } else {
      missed = .unknown
      let first = recent.count + recentGhosts.count
      if first >= capacity {
        if recent.count < capacity { recentGhosts.forgetOldest() }
      } else if first + frequent.count + frequentGhosts.count >= 2 * capacity {
        frequentGhosts.forgetOldest()
      }
    }
  }

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    while keys.count <= Int(slot) {
      keys.append(0)
      isFrequent.append(false)
    }
    keys[Int(slot)] = key
    isFrequent[Int(slot)] = missed != .unknown
    if missed == .unknown {
      links.append(slot, to: &recent)
    } else {
      links.append(slot, to: &frequent)
    }
    missed = .unknown
  }

  mutating func hit(_ slot: Int32) {
    remove(slot)
    isFrequent[Int(slot)] = true
    links.append(slot, to: &frequent)
  }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    // Case IV, A: T1 alone fills the cache; its oldest leaves without a trace.
    if missed == .unknown && recent.count >= capacity {
      victims.append(links.removeOldest(of: &recent))
      return
    }
    let size = Double(recent.count)
    let isBeyond = size > target || (missed == .frequentGhost && size == target)
    // T2 can be empty with T1 within its share only where objects were dropped from outside.
    if recent.count > 0 && (isBeyond || frequent.count == 0) {
      let slot = links.removeOldest(of: &recent)
      recentGhosts.remember(keys[Int(slot)], limit: capacity)
      victims.append(slot)
    } else {
      let slot = links.removeOldest(of: &frequent)
      frequentGhosts.remember(keys[Int(slot)], limit: 2 * capacity)
      victims.append(slot)
    }
  }

  mutating func remove(_ slot: Int32) {
    if isFrequent[Int(slot)] {
      links.remove(slot, from: &frequent)
    } else {
      links.remove(slot, from: &recent)
    }
  }
}
