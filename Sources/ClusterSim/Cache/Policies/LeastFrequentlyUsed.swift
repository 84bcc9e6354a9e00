/// LFU: the object with the fewest requests since it came leaves; of equals the least recently
/// requested. The count is forgotten when an object leaves.
///
/// Objects of one count are a group, groups are linked by rising count: every step takes constant
/// time (Shah, Mitra, Matani 2010).
struct LeastFrequentlyUsed: EvictionPolicy {
  private struct Group {
    var count: Int
    var line = LinkedNumbers.List()
    var fewer = LinkedNumbers.none
    var more = LinkedNumbers.none
  }
  private var links = LinkedNumbers()
  private var groups: ContiguousArray<Group> = []
  private var freeGroups: ContiguousArray<Int32> = []
  private var fewest = LinkedNumbers.none
  private var groupOf: ContiguousArray<Int32> = []

  mutating func insert(_ slot: Int32, _ key: UInt32, capacity: Int) {
    while groupOf.count <= Int(slot) { groupOf.append(LinkedNumbers.none) }
    enter(slot, group(of: 1, after: LinkedNumbers.none))
  }

  mutating func hit(_ slot: Int32) {
    let old = groupOf[Int(slot)]
    let new = group(of: groups[Int(old)].count + 1, after: old)
    leave(slot)
    enter(slot, new)
  }

  mutating func evict(capacity: Int, into victims: inout ContiguousArray<Int32>) {
    let slot = groups[Int(fewest)].line.oldest
    leave(slot)
    victims.append(slot)
  }

  mutating func remove(_ slot: Int32) { leave(slot) }

  private mutating func enter(_ slot: Int32, _ group: Int32) {
    groupOf[Int(slot)] = group
    links.append(slot, to: &groups[Int(group)].line)
  }

  private mutating func leave(_ slot: Int32) {
    let group = groupOf[Int(slot)]
    links.remove(slot, from: &groups[Int(group)].line)
    if groups[Int(group)].line.count == 0 { dissolve(group) }
  }

  /// The group of a count, which belongs right after `before`; made where there is none.
  private mutating func group(of count: Int, after before: Int32) -> Int32 {
    let next = before == LinkedNumbers.none ? fewest : groups[Int(before)].more
    if next != LinkedNumbers.none, groups[Int(next)].count == count { return next }
    let made = Group(count: count, fewer: before, more: next)
    let place: Int32
    if let reused = freeGroups.popLast() {
      place = reused
      groups[Int(place)] = made
    } else {
      place = Int32(groups.count)
      groups.append(made)
    }
    if before == LinkedNumbers.none { fewest = place } else { groups[Int(before)].more = place }
    if next != LinkedNumbers.none { groups[Int(next)].fewer = place }
    return place
  }

  private mutating func dissolve(_ group: Int32) {
    let (fewer, more) = (groups[Int(group)].fewer, groups[Int(group)].more)
    if fewer == LinkedNumbers.none { fewest = more } else { groups[Int(fewer)].more = more }
    if more != LinkedNumbers.none { groups[Int(more)].fewer = fewer }
    freeGroups.append(group)
  }
}
