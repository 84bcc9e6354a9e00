/// What the search sees of an operation on a register.
struct SearchOperation: Equatable, Sendable {
  enum Kind: UInt8, Sendable {
    /// Must find `value`.
    case read
    /// Must find anything but `value`: a failed cas that counts as an observation.
    case avoid
    /// Sets `value`.
    case write
    /// Finds `from` and sets `value`.
    case cas
  }

  var kind: Kind
  /// False for an operation that may never happen: it has no completion.
  var isRequired: Bool
  var value: ValueTable.ID
  var from: ValueTable.ID

  var isObservation: Bool { kind == .read || kind == .avoid }
}

/// The search for an order of the operations of one register that explains what each returned.
///
/// It is Wing and Gong's search with Lowe's memory of (set of linearized operations, state), in the
/// form Lowe calls just-in-time (Concurrency and Computation 2017): fed with the events in their
/// order, it keeps every configuration that can still explain all of them, and puts an operation
/// into the order only when its completion, or that of one ordered after it, demands so. It can
/// therefore follow a history that is still being made.
///
/// Three properties of registers keep the configurations few without losing any answer:
/// - An observation that the state satisfies is taken at once, as it changes nothing.
/// - A write may be ordered right before another, where nobody sees it. Whenever a write takes
///   effect, every open write becomes `silent`: free to have taken effect unseen before it. A silent
///   write may still take effect later, so no configuration has to choose.
/// - A configuration is dropped if another with the same state has no duty more and no freedom less.
///   In particular a write that nothing can observe is not put between two others.
struct RegisterSearch: Sendable {
  /// States tried so far, and how many may be.
  private(set) var tried = 0
  let limit: Int
  /// The slot whose completion is being searched for; nil between two. It may take several turns.
  private(set) var goal: Int?
  /// The next configuration of `seen` to be tried for it.
  private var turn = 0
  /// The limit was met: what is said after it means nothing.
  private(set) var isExhausted = false

  private var frontier: ConfigurationSet
  var next: ConfigurationSet
  private var seen: ConfigurationSet
  private var scratch: ContiguousArray<UInt64>
  private var final: ContiguousArray<UInt64>

  var width = 1
  /// The operation in each slot; slots are used again after a completion.
  private var slots: ContiguousArray<SearchOperation> = []
  private var free: ContiguousArray<Int32> = []
  /// Of an operation that may never happen: an equal one invoked before it, which is used first.
  private var twins: ContiguousArray<Int32> = []
  // Which slots are open, by what is in them.
  var observations: ContiguousArray<UInt64> = [0]
  var writes: ContiguousArray<UInt64> = [0]
  var swaps: ContiguousArray<UInt64> = [0]
  var optional: ContiguousArray<UInt64> = [0]

  init(initial: ValueTable.ID, limit: Int) {
    self.limit = limit
    frontier = ConfigurationSet(width: 1)
    next = frontier
    seen = frontier
    scratch = [UInt64(UInt32(bitPattern: initial)), 0, 0]
    final = scratch
    frontier.insert(scratch)
  }

  /// Begins anew with another value, with the memory it has.
  mutating func restart(initial: ValueTable.ID) {
    tried = 0
    goal = nil
    isExhausted = false
    slots.removeAll(keepingCapacity: true)
    free.removeAll(keepingCapacity: true)
    twins.removeAll(keepingCapacity: true)
    for word in 0..<width {
      observations[word] = 0
      writes[word] = 0
      swaps[word] = 0
      optional[word] = 0
    }
    for word in scratch.indices { scratch[word] = 0 }
    scratch[0] = UInt64(UInt32(bitPattern: initial))
    frontier.removeAll()
    frontier.insert(scratch)
  }

  /// How many explanations are still open.
  var configurationCount: Int { frontier.count }

  /// The register's value, if all explanations agree on it and nothing is open.
  var settledState: ValueTable.ID? {
    guard frontier.count == 1, free.count == slots.count else { return nil }
    return frontier.state(0)
  }

  /// An operation begins; the slot is its name until it completes.
  mutating func invoke(_ operation: SearchOperation) -> Int {
    let slot = takeSlot(operation)
    let word = slot >> 6
    let bit: UInt64 = 1 << (slot & 63)
    if operation.isObservation {
      observations[word] |= bit
      for number in 0..<frontier.count where satisfies(frontier.state(number), operation) {
        frontier.setDone(number, slot)
      }
      return slot
    }
    if operation.kind == .cas { swaps[word] |= bit }
    if operation.kind == .write { writes[word] |= bit }
    if !operation.isRequired {
      optional[word] |= bit
      twins[slot] = Int32(
        slots.indices.last {
          $0 != slot && slots[$0] == operation && optional[$0 >> 6] >> ($0 & 63) & 1 == 1
            && !twins.contains(Int32($0))
        } ?? -1)
    }
    return slot
  }

  /// The required operation in the slot completes: this begins, and `proceed` goes on until it has an
  /// answer. Where no order explains it the search is over.
  mutating func begin(completing slot: Int) {
    goal = slot
    turn = 0
    next.removeAll()
    seen.removeAll()
    for number in 0..<frontier.count {
      frontier.copy(number, into: &scratch)
      let isSilent = frontier.isSilent(number, slot)
      if frontier.isDone(number, slot) || isSilent { keepScratch(without: slot) }
      if !frontier.isDone(number, slot) { seen.insert(scratch) }
    }
  }

  /// Tries as many states as `credit` allows and takes them off it. Nil where that was not enough;
  /// else whether some order explains the completion.
  mutating func proceed(_ credit: inout Int) -> Bool? {
    let slot = goal!
    let operation = slots[slot]
    while turn < seen.count {
      if credit <= 0 { return nil }
      credit -= 1
      tried += 1
      if tried > limit {
        isExhausted = true
        goal = nil
        return true
      }
      expand(turn, towards: slot, operation)
      turn += 1
      // Every one that waits will be tried for this goal: that the limit is met is known now, before
      // they take up memory. What is found besides takes as much.
      if tried + seen.count - turn > limit || next.count > limit {
        isExhausted = true
        goal = nil
        return true
      }
    }
    goal = nil
    release(slot)
    // Comparing two configurations costs about a hundredth of trying one.
    if next.count <= Self.compared { credit -= next.count * next.count / 100 }
    if next.count > 1 { dropDominated() }
    swap(&frontier, &next)
    return frontier.count > 0
  }

  /// Forgets an operation that might never have happened, now that every explanation has it. False
  /// where one has not.
  mutating func retire(_ slot: Int) -> Bool {
    for number in 0..<frontier.count where !frontier.isDone(number, slot) { return false }
    for number in 0..<frontier.count { frontier.forget(number, slot) }
    release(slot)
    return true
  }

  /// Ends the search with the answer `unknown`.
  mutating func giveUp() { isExhausted = true }

  @inline(__always)
  private func satisfies(_ state: ValueTable.ID, _ observation: SearchOperation) -> Bool {
    (state == observation.value) == (observation.kind == .read)
  }

  private mutating func keepScratch(without slot: Int) {
    // Word by word: assigning the array would share its storage and copy it at the next change.
    for word in scratch.indices { final[word] = scratch[word] }
    final[1 + slot >> 6] &= ~(1 << (slot & 63))
    final[1 + width + slot >> 6] &= ~(1 << (slot & 63))
    next.insert(final)
  }

  /// Lets every open operation take effect in configuration `number` of `seen`.
  private mutating func expand(_ number: Int, towards goal: Int, _ wanted: SearchOperation) {
    for word in 0..<width {
      var candidates = (writes[word] | swaps[word]) & ~seen.done(number, word)
      while candidates != 0 {
        let slot = word << 6 + candidates.trailingZeroBitCount
        candidates &= candidates - 1
        take(slot, in: number, towards: goal, wanted)
      }
    }
  }

  private mutating func take(
    _ slot: Int, in number: Int, towards goal: Int, _ wanted: SearchOperation
  ) {
    let operation = slots[slot]
    if operation.kind == .cas, operation.from != seen.state(number) { return }
    if !operation.isRequired, twins[slot] >= 0, !seen.isDone(number, Int(twins[slot])) { return }
    seen.copy(number, into: &scratch)
    scratch[0] = UInt64(UInt32(bitPattern: operation.value))
    scratch[1 + slot >> 6] |= 1 << (slot & 63)
    scratch[1 + width + slot >> 6] &= ~(1 << (slot & 63))
    if operation.kind == .write {
      for word in 0..<width {
        scratch[1 + width + word] |= writes[word] & ~optional[word] & ~scratch[1 + word]
      }
    }
    let isSeen = observe(operation.value)
    if scratch[1 + goal >> 6] >> (goal & 63) & 1 == 1 {
      keepScratch(without: goal)
    } else if isSeen || canSwap(operation.value)
      || (operation.kind == .cas && operation.isRequired)
    {
      seen.insert(scratch)
    }
  }

  /// Satisfies the open observations of a state that has just come; false if there is none.
  private mutating func observe(_ state: ValueTable.ID) -> Bool {
    var isSeen = false
    for word in 0..<width {
      var open = observations[word] & ~scratch[1 + word]
      while open != 0 {
        let slot = word << 6 + open.trailingZeroBitCount
        if satisfies(state, slots[slot]) {
          scratch[1 + word] |= open & (0 &- open)
          isSeen = true
        }
        open &= open - 1
      }
    }
    return isSeen
  }

  /// Whether an open cas could go on from the state of `scratch`.
  private func canSwap(_ state: ValueTable.ID) -> Bool {
    for word in 0..<width {
      var open = swaps[word] & ~scratch[1 + word]
      while open != 0 {
        if slots[word << 6 + open.trailingZeroBitCount].from == state { return true }
        open &= open - 1
      }
    }
    return false
  }
}

// Slots.
extension RegisterSearch {
  private mutating func takeSlot(_ operation: SearchOperation) -> Int {
    if let slot = free.popLast() {
      slots[Int(slot)] = operation
      twins[Int(slot)] = -1
      return Int(slot)
    }
    slots.append(operation)
    twins.append(-1)
    if slots.count > width << 6 { widen() }
    return slots.count - 1
  }

  private mutating func release(_ slot: Int) {
    let mask: UInt64 = ~(1 << (slot & 63))
    observations[slot >> 6] &= mask
    writes[slot >> 6] &= mask
    swaps[slot >> 6] &= mask
    optional[slot >> 6] &= mask
    free.append(Int32(slot))
  }

  private mutating func widen() {
    width += 1
    frontier = frontier.widened(to: width)
    next = ConfigurationSet(width: width)
    seen = next
    scratch = ContiguousArray(repeating: 0, count: 1 + 2 * width)
    final = scratch
    observations.append(0)
    writes.append(0)
    swaps.append(0)
    optional.append(0)
  }
}
