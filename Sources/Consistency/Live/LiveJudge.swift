/// Judges registers while their history is being made, from outside and with bounded memory.
///
/// It gives the answers of `HistoryJudge` on the same history, for keys that are read and written
/// where every write writes a value of its own, from 1 (0 is what every key holds at first), and begins
/// before anybody reads it. An answer comes as soon as no operation begun earlier on the key is still
/// open.
public struct LiveJudge: Sendable {
  public enum Outcome: Sendable {
    case ok, fail, info
    /// A read found several values side by side: no register answers so.
    case siblings
  }

  /// How the session guarantees of an operation that ended are judged.
  public enum Sessions: Sendable {
    /// By its version: a place in the one order of the key's versions.
    case byVersion
    /// By who tells of it, from the versions' clocks: these are broken.
    case broken([SessionGuarantee])
    /// It cannot be told.
    case open
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
  var registers: ContiguousArray<LiveRegister> = []
  var windows: ContiguousArray<LiveWindow> = []
  var freeWindows: ContiguousArray<Int32> = []
  var unseen: UnseenWrites
  var sessions: LiveSessions
  var causality: LiveCausality
  var recents: ContiguousArray<RecentOperations> = []
  var open: ContiguousArray<OpenOperation> = []
  var freeOpen: ContiguousArray<Int32> = []
  var events = 0
  /// Keys whose operations are still to be searched for an order, first come, first served.
  var backlog: ContiguousArray<UInt32> = []
  var nextInBacklog = 0
  var credit: Int
  /// The largest value that was written so far, done or not.
  var largestWritten: ValueTable.ID = 0
  /// States tried so far, of all keys.
  public internal(set) var statesTried = 0

  public internal(set) var operations = 0
  public internal(set) var keysJudged = 0
  public internal(set) var keysViolated = 0
  public internal(set) var keysUnknown = 0
  /// Keys of which a read found several values side by side.
  public internal(set) var keysWithSiblings = 0
  /// When the first key was violated, ns.
  public internal(set) var violatedSince: Int64?
  public internal(set) var violations: [Violation] = []
  /// A value or a process was beyond what can be told apart: nothing more is judged.
  var isBlind = false

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
    credit = limits.savedStates
    unseen = UnseenWrites(limit: limits.unseenWrites)
    sessions = LiveSessions(limit: limits.sessions)
    causality = LiveCausality(wordLimit: limits.causalWords)
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
    largestWritten = max(largestWritten, written)
    touch(key)
    let place = insert(
      OpenOperation(
        process: process, isWrite: value != nil, value: written, invoke: time, begin: events - 1,
        tag: tag, key: key))
    causality.invoke(open[Int(place)])
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
    _ place: Int32, key: UInt32, _ outcome: Outcome, value: UInt64, version: Int64?,
    sessions judged: Sessions = .byVersion, at time: Int64
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
    causality.complete(operation, outcome, found, version, end: events - 1, at: time)
    if outcome == .siblings { noteSiblings(key, at: time) }
    switch judged {
    case .byVersion: if outcome == .siblings { sessions.leaveOpen() }
    case .open: sessions.leaveOpen()
    case .broken(let guarantees): for guarantee in guarantees { sessions.broke(guarantee) }
    }
    if how != .fail { keep(operation, key, how, found, version, time) }
    if outcome == .ok, case .byVersion = judged {
      sessions.note(
        process: operation.process, key: key, isWrite: operation.isWrite,
        value: operation.isWrite ? operation.value : found, version: version)
    }
    if outcome == .info { sessions.retire(operation.process) }
    guard registers[Int(key)].standing == .explained else { return work() }
    if operation.entry >= 0 {
      let window = Int(registers[Int(key)].window)
      windows[window].complete(operation.entry, how, value: found, at: time)
      enqueue(key)
    } else {
      registers[Int(key)].lone = -1
      let isExplained = Self.explains(
        &registers[Int(key)].value, &unseen, key, operation.isWrite, how,
        operation.isWrite ? operation.value : found)
      if !isExplained { violated(key, at: time) }
    }
    work()
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

  /// Keys of which operations have ended that are not judged yet: the search goes on at the next
  /// events.
  public var keysBehind: Int { backlog.count - nextInBacklog }

  /// The judge at the end of a history: what is under way may have happened or not.
  public func concluded() -> LiveJudge {
    var last = self
    for key in registers.indices where registers[key].window >= 0 {
      let window = Int(registers[key].window)
      guard registers[key].standing == .explained else { continue }
      last.windows[window].abandonPending()
      var all = Int.max
      last.conclude(
        UInt32(key), last.windows[window].drain(&last.unseen, key: UInt32(key), credit: &all))
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
