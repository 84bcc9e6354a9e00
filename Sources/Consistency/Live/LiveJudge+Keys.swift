// How a key goes on.
extension LiveJudge {
  /// -1 for a read; nil for a value that has no number here.
  static func id(_ value: UInt64?) -> ValueTable.ID? {
    guard let value else { return -1 }
    return ValueTable.ID(exactly: value)
  }

  mutating func insert(_ operation: OpenOperation) -> Int32 {
    guard let place = freeOpen.popLast() else {
      open.append(operation)
      return Int32(open.count - 1)
    }
    open[Int(place)] = operation
    return place
  }

  mutating func touch(_ key: UInt32) {
    if Int(key) >= registers.count {
      let more = max(Int(key) + 1, registers.count * 2) - registers.count
      registers.append(contentsOf: repeatElement(LiveRegister(), count: more))
      recents.append(contentsOf: repeatElement(RecentOperations(), count: more))
    }
    registers[Int(key)].operations &+= 1
    if registers[Int(key)].order == 0 {
      keysJudged += 1
      registers[Int(key)].order = Int32(truncatingIfNeeded: keysJudged)
    }
  }

  /// An operation that overlapped no other: false where the resting value does not explain it.
  static func explains(
    _ resting: inout ValueTable.ID, _ unseen: inout UnseenWrites, _ key: UInt32, _ isWrite: Bool,
    _ outcome: LiveWindow.Outcome, _ value: ValueTable.ID
  ) -> Bool {
    switch outcome {
    case .pending, .fail: break
    case .open: if isWrite { unseen.insert(value, key) }
    case .ok:
      if !isWrite, resting != value, !unseen.remove(value, key) { return false }
      resting = value
    }
    return true
  }

  /// The lone operation of the key is not alone any more.
  mutating func openWindow(_ key: UInt32) {
    let register = registers[Int(key)]
    let place: Int
    if let free = freeWindows.popLast() {
      place = Int(free)
      windows[place].restart(at: register.value)
    } else {
      place = windows.count
      windows.append(LiveWindow(value: register.value, limits: limits))
    }
    registers[Int(key)].window = Int32(place)
    registers[Int(key)].lone = -1
    guard register.lone >= 0 else { return }
    let alone = open[Int(register.lone)]
    open[Int(register.lone)].entry = windows[place].invoke(value: alone.value, at: alone.invoke)
  }

  mutating func enqueue(_ key: UInt32) {
    guard !registers[Int(key)].isQueued else { return }
    registers[Int(key)].isQueued = true
    backlog.append(key)
  }

  /// Searches as much as an event is worth.
  mutating func work() {
    credit = min(limits.savedStates, max(credit, 0) + limits.statesPerEvent)
    while nextInBacklog < backlog.count {
      let key = backlog[nextInBacklog]
      let window = Int(registers[Int(key)].window)
      if registers[Int(key)].standing == .explained, window >= 0 {
        let before = windows[window].statesTried
        let finding = windows[window].drain(&unseen, key: key, credit: &credit)
        statesTried += windows[window].statesTried - before
        if finding == .behind { return }
        conclude(key, finding)
      }
      registers[Int(key)].isQueued = false
      nextInBacklog += 1
    }
    backlog.removeAll(keepingCapacity: true)
    nextInBacklog = 0
  }

  mutating func conclude(_ key: UInt32, _ finding: LiveWindow.Finding) {
    switch finding {
    case .behind: break
    case .violated(let time): violated(key, at: time)
    case .exhausted(let time): settle(key, .unknown, at: time)
    case .explained:
      let window = registers[Int(key)].window
      guard let value = windows[Int(window)].restingValue else { return }
      registers[Int(key)].value = value
      registers[Int(key)].window = -1
      freeWindows.append(window)
    }
  }

  mutating func violated(_ key: UInt32, at time: Int64) {
    // What was forgotten might explain it.
    if unseen.hasForgotten { return settle(key, .unknown, at: time) }
    // Before its window is given to another key.
    if violations.count < limits.violations { violations.append(evidence(key, at: time)) }
    settle(key, .violated, at: time)
  }

  /// From now on the key is `unknown`, unless its other operations prove a violation.
  mutating func noteSiblings(_ key: UInt32, at time: Int64) {
    guard !registers[Int(key)].hasSiblings else { return }
    registers[Int(key)].hasSiblings = true
    keysWithSiblings += 1
    guard registers[Int(key)].isLeftOpen else { return }
    registers[Int(key)].since = time
    keysUnknown += 1
  }

  mutating func settle(_ key: UInt32, _ standing: LiveRegister.Standing, at time: Int64) {
    if registers[Int(key)].isLeftOpen { keysUnknown -= 1 }
    registers[Int(key)].standing = standing
    registers[Int(key)].since = time
    if registers[Int(key)].window >= 0 {
      freeWindows.append(registers[Int(key)].window)
      registers[Int(key)].window = -1
    }
    registers[Int(key)].lone = -1
    if standing == .unknown { keysUnknown += 1 }
    if standing == .violated {
      keysViolated += 1
      violatedSince = min(violatedSince ?? time, time)
    }
  }
}
