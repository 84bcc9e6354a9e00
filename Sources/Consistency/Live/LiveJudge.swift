/// Judges registers while their history is being made, from outside and with bounded memory.
///
/// It gives the answers of `HistoryJudge` on the same history, for keys that are read and written
/// where every write writes a value of its own, from 1 (0 is what every key holds at first). An
/// answer comes as soon as no operation begun earlier on the key is still open.
public struct LiveJudge: Sendable {
  public enum Outcome: Sendable {
    case ok, fail, info
    /// A read found several values side by side: no register answers so.
    case siblings
  }

  /// A key whose operations no order explains.
  public struct Violation: Equatable, Sendable {
    public var key: UInt32
    /// When the operation ended whose answer cannot be explained, ns.
    public var at: Int64
    /// The smallest part of what is kept of the key that no order explains.
    public var operations: [Consistency.Violation.Operation]
    /// What each operation was called by who told of it; 0 for one that is only known by its value.
    public var tags: [UInt64]
    /// How many operations the key had in all.
    public var outOf: Int
    /// False where what would show it is not kept any more: then these are the last operations.
    public var isSmallest: Bool
  }

  public let limits: LiveLimits
  private var registers: ContiguousArray<LiveRegister> = []
  private var windows: ContiguousArray<LiveWindow> = []
  private var freeWindows: ContiguousArray<Int32> = []
  private var unseen: UnseenWrites
  private var sessions: LiveSessions
  var recents: ContiguousArray<RecentOperations> = []
  var open: ContiguousArray<OpenOperation> = []
  private var freeOpen: ContiguousArray<Int32> = []
  var events = 0

  public private(set) var operations = 0
  public private(set) var keysJudged = 0
  public private(set) var keysViolated = 0
  public private(set) var keysUnknown = 0
  /// Keys of which a read found several values side by side.
  public private(set) var keysWithSiblings = 0
  /// When the first key was violated, ns.
  public private(set) var violatedSince: Int64?
  public private(set) var violations: [Violation] = []
  /// A value or a process was beyond what can be told apart: nothing more is judged.
  private var isBlind = false

  struct OpenOperation: Sendable {
    var process: Int64
    var isWrite: Bool
    var value: ValueTable.ID
    var invoke: Int64
    var begin: Int
    var tag: UInt64
    /// Its name in the key's window; -1 while it is alone.
    var entry: Int32 = -1
    var key: UInt32
    var isOpen = true
  }

  public init(_ limits: LiveLimits = LiveLimits()) {
    self.limits = limits
    unseen = UnseenWrites(limit: limits.unseenWrites)
    sessions = LiveSessions(limit: limits.sessions)
  }

  /// An operation begins; the number given is how `complete` knows it. `value`: what it writes, from
  /// 1; nil for a read. `tag` comes back in violations.
  public mutating func invoke(
    process: Int64, key: UInt32, writes value: UInt64?, at time: Int64, tag: UInt64 = 0
  ) -> Int32 {
    guard !isBlind, let written = Self.id(value) else {
      isBlind = true
      return -1
    }
    events += 1
    operations += 1
    touch(key)
    let place = insert(
      OpenOperation(
        process: process, isWrite: value != nil, value: written, invoke: time, begin: events - 1,
        tag: tag, key: key))
    guard registers[Int(key)].standing == .explained else { return place }
    if registers[Int(key)].window < 0, registers[Int(key)].lone < 0 {
      registers[Int(key)].lone = place
      return place
    }
    if registers[Int(key)].window < 0 { openWindow(key) }
    let window = Int(registers[Int(key)].window)
    if windows[window].isFull {
      settle(key, .unknown, at: time)
    } else {
      open[Int(place)].entry = windows[window].invoke(value: written, at: time)
    }
    return place
  }

  /// An operation ends. `value` and `version`: what an ok read found, 0 for nothing; what an ok
  /// write wrote.
  public mutating func complete(
    _ place: Int32, key: UInt32, _ outcome: Outcome, value: UInt64, version: Int64?, at time: Int64
  ) {
    guard !isBlind, place >= 0, let found = Self.id(value) else { return }
    let operation = open[Int(place)]
    open[Int(place)].isOpen = false
    freeOpen.append(place)
    let how: LiveWindow.Outcome =
      switch outcome {
      case .ok: .ok
      case .fail: .fail
      case .info: .open
      case .siblings: .fail
      }
    events += 1
    if outcome == .siblings { noteSiblings(key, at: time) }
    if how != .fail { keep(operation, key, how, found, version, time) }
    if outcome == .ok {
      sessions.note(
        process: operation.process, key: key, isWrite: operation.isWrite,
        value: operation.isWrite ? operation.value : found, version: version)
    }
    if outcome == .info { sessions.retire(operation.process) }
    if registers[Int(key)].standing != .explained { return }
    if operation.entry >= 0 {
      let window = Int(registers[Int(key)].window)
      windows[window].complete(operation.entry, how, value: found, at: time)
      conclude(key, windows[window].drain(&unseen, key: key))
    } else {
      registers[Int(key)].lone = -1
      let isExplained = Self.explains(
        &registers[Int(key)].value, &unseen, key, operation.isWrite, how,
        operation.isWrite ? operation.value : found)
      if !isExplained { violated(key, at: time) }
    }
  }

  public func answer(_ guarantee: SessionGuarantee) -> Answer {
    isBlind && sessions.answer(guarantee) == .yes ? .unknown : sessions.answer(guarantee)
  }

  /// Operations that broke the guarantee, each against the newest the process had seen.
  public func breaches(_ guarantee: SessionGuarantee) -> Int {
    sessions.breaches[LiveSessions.place(guarantee)]
  }

  /// Of all keys, as far as their operations have ended.
  public var linearizable: Answer {
    if keysViolated > 0 { return .no }
    return keysUnknown > 0 || isBlind ? .unknown : .yes
  }

  /// Whether anything is under way.
  public var hasOpenOperations: Bool { freeOpen.count < open.count }

  /// The judge at the end of a history: what is under way may have happened or not.
  public func concluded() -> LiveJudge {
    var last = self
    for key in registers.indices where registers[key].window >= 0 {
      let window = Int(registers[key].window)
      guard registers[key].standing == .explained else { continue }
      last.windows[window].abandonPending()
      last.conclude(UInt32(key), last.windows[window].drain(&last.unseen, key: UInt32(key)))
    }
    return last
  }

  /// Keys that no order explains, in the order of their first operations.
  public var violatedKeys: [UInt32] { keys { $0.standing == .violated } }

  /// Keys on which a bound was met, in the order of their first operations.
  public var unknownKeys: [UInt32] { keys { $0.standing == .unknown || $0.isLeftOpen } }

  private func keys(where isWanted: (LiveRegister) -> Bool) -> [UInt32] {
    registers.indices.filter { isWanted(registers[$0]) }
      .sorted { registers[$0].order < registers[$1].order }.map { UInt32($0) }
  }

  /// How many operations of the key have begun.
  func operationCount(ofKey key: UInt32) -> Int { Int(registers[Int(key)].operations) }

  /// When the key's standing became `violated` or `unknown`, ns; nil while all is explained.
  public func trouble(ofKey key: UInt32) -> (answer: Answer, since: Int64)? {
    guard Int(key) < registers.count else { return nil }
    switch registers[Int(key)].standing {
    case .explained:
      return registers[Int(key)].isLeftOpen ? (.unknown, registers[Int(key)].since) : nil
    case .violated: return (.no, registers[Int(key)].since)
    case .unknown: return (.unknown, registers[Int(key)].since)
    }
  }
}

// How a key goes on.
extension LiveJudge {
  /// -1 for a read; nil for a value that has no number here.
  private static func id(_ value: UInt64?) -> ValueTable.ID? {
    guard let value else { return -1 }
    return ValueTable.ID(exactly: value)
  }

  private mutating func insert(_ operation: OpenOperation) -> Int32 {
    guard let place = freeOpen.popLast() else {
      open.append(operation)
      return Int32(open.count - 1)
    }
    open[Int(place)] = operation
    return place
  }

  private mutating func touch(_ key: UInt32) {
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
  private static func explains(
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
  private mutating func openWindow(_ key: UInt32) {
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

  private mutating func conclude(_ key: UInt32, _ finding: LiveWindow.Finding) {
    switch finding {
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

  private mutating func violated(_ key: UInt32, at time: Int64) {
    // What was forgotten might explain it.
    if unseen.hasForgotten { return settle(key, .unknown, at: time) }
    settle(key, .violated, at: time)
    guard violations.count < limits.violations else { return }
    violations.append(evidence(key, at: time))
  }

  /// From now on the key is `unknown`, unless its other operations prove a violation.
  private mutating func noteSiblings(_ key: UInt32, at time: Int64) {
    sessions.leaveOpen()
    guard !registers[Int(key)].hasSiblings else { return }
    registers[Int(key)].hasSiblings = true
    keysWithSiblings += 1
    guard registers[Int(key)].isLeftOpen else { return }
    registers[Int(key)].since = time
    keysUnknown += 1
  }

  private mutating func settle(_ key: UInt32, _ standing: LiveRegister.Standing, at time: Int64) {
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
