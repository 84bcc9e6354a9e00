/// Operations of one key that overlap, searched for an order as soon as their outcomes are known.
struct LiveWindow: Sendable {
  enum Outcome: UInt8, Sendable { case pending, ok, fail, open }

  private struct Entry: Sendable {
    var isWrite: Bool
    var outcome: Outcome
    var value: ValueTable.ID
    var slot: Int32
    var isUsed: Bool
  }

  private struct Event: Sendable {
    var entry: Int32
    var isEnd: Bool
    var time: Int64
  }

  /// What the events processed so far say.
  enum Finding: Equatable, Sendable {
    case explained
    /// No order explains what completed at this time, ns.
    case violated(Int64)
    case exhausted(Int64)
    /// The credit is used up: more is to be done.
    case behind
  }

  private var entries: ContiguousArray<Entry> = []
  private var freeEntries: ContiguousArray<Int32> = []
  private var events: ContiguousArray<Event> = []
  private var next = 0
  private var search: RegisterSearch
  /// Writes without a known end that a read has found: their slots go once such a read ended.
  private var awake: [(value: ValueTable.ID, slot: Int32)] = []
  private let limits: LiveLimits
  /// The last operations that ended while it was open, to show what a violation is made of.
  var recent = RecentOperations()

  init(value: ValueTable.ID, limits: LiveLimits) {
    search = RegisterSearch(initial: value, limit: limits.states)
    self.limits = limits
  }

  /// Begins anew at a resting value, with the memory it has.
  mutating func restart(at value: ValueTable.ID) {
    entries.removeAll(keepingCapacity: true)
    freeEntries.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    next = 0
    awake.removeAll(keepingCapacity: true)
    recent.removeAll()
    search.restart(initial: value)
  }

  /// Since it began at a resting value.
  var statesTried: Int { search.tried }

  /// Whether the bound on operations waiting for an outcome is met.
  var isFull: Bool { events.count - next >= limits.waiting }

  /// `value`: what is written, -1 for a read. Gives the name by which it ends.
  mutating func invoke(value: ValueTable.ID, at time: Int64) -> Int32 {
    let entry = Entry(
      isWrite: value >= 0, outcome: .pending, value: value, slot: -1, isUsed: true)
    let place = freeEntries.popLast() ?? Int32(entries.count)
    if Int(place) == entries.count { entries.append(entry) } else { entries[Int(place)] = entry }
    events.append(Event(entry: place, isEnd: false, time: time))
    return place
  }

  /// `value`: what an ok read found.
  mutating func complete(
    _ entry: Int32, _ outcome: Outcome, value: ValueTable.ID, at time: Int64
  ) {
    let place = Int(entry)
    entries[place].outcome = outcome
    guard outcome == .ok else { return }
    if !entries[place].isWrite { entries[place].value = value }
    events.append(Event(entry: entry, isEnd: true, time: time))
  }

  /// Takes what is under way as what may happen at any time or never, as at the end of a history.
  mutating func abandonPending() {
    for place in entries.indices where entries[place].isUsed && entries[place].outcome == .pending {
      entries[place].outcome = .open
    }
  }

  /// Processes events up to the first whose outcome is not known yet, or until `credit`, in states
  /// tried, is used up.
  mutating func drain(
    _ unseen: inout UnseenWrites, key: UInt32, credit: inout Int
  ) -> Finding {
    while next < events.count {
      let event = events[next]
      let place = Int(event.entry)
      if event.isEnd {
        if let finding = end(place, at: event.time, &credit) {
          if finding == .behind { break }
          return finding
        }
      } else {
        if entries[place].outcome == .pending { break }
        begin(place, &unseen, key)
      }
      next += 1
    }
    let isBehind = search.goal != nil
    if next == events.count {
      events.removeAll(keepingCapacity: true)
      next = 0
    } else if next > 512 {
      events.removeFirst(next)
      next = 0
    }
    return isBehind ? .behind : .explained
  }

  private mutating func begin(_ place: Int, _ unseen: inout UnseenWrites, _ key: UInt32) {
    let entry = entries[place]
    switch entry.outcome {
    case .pending: return
    case .fail: free(place)
    case .open:
      free(place)
      guard entry.isWrite else { return }
      if isBeingRead(entry.value) { wake(entry.value) } else { unseen.insert(entry.value, key) }
    case .ok:
      if !entry.isWrite, unseen.remove(entry.value, key) { wake(entry.value) }
      entries[place].slot = Int32(
        search.invoke(
          SearchOperation(
            kind: entry.isWrite ? .write : .read, isRequired: true, value: entry.value,
            from: ValueTable.none)))
    }
  }

  private mutating func free(_ place: Int) {
    entries[place].isUsed = false
    freeEntries.append(Int32(place))
  }

  private mutating func end(_ place: Int, at time: Int64, _ credit: inout Int) -> Finding? {
    let entry = entries[place]
    if search.goal == nil { search.begin(completing: Int(entry.slot)) }
    guard let isExplained = search.proceed(&credit) else { return .behind }
    free(place)
    if !isExplained { return .violated(time) }
    if search.isExhausted { return .exhausted(time) }
    if !entry.isWrite, let found = awake.firstIndex(where: { $0.value == entry.value }),
      search.retire(Int(awake[found].slot))
    {
      awake.remove(at: found)
    }
    return nil
  }

  /// A write whose end nobody knows need not be thought about before a read finds it: in every order
  /// it can stand right before the first read of its value, which is not over yet.
  private mutating func wake(_ value: ValueTable.ID) {
    let slot = search.invoke(
      SearchOperation(kind: .write, isRequired: false, value: value, from: ValueTable.none))
    awake.append((value, Int32(slot)))
  }

  private func isBeingRead(_ value: ValueTable.ID) -> Bool {
    entries.contains { $0.isUsed && !$0.isWrite && $0.slot >= 0 && $0.value == value }
  }

  /// The register's value, if nothing is under way and all explanations agree on it.
  var restingValue: ValueTable.ID? {
    events.isEmpty && freeEntries.count == entries.count ? search.settledState : nil
  }
}
