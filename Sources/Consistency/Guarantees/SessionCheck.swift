/// Judges the session guarantees of one key by the order in which the store holds its versions.
///
/// The order comes from the records' `version`; where a key's records have none, and every value is
/// written once, a guarantee holds if some order of the values lets it.
struct SessionCheck {
  /// Operations of one process and key that break a guarantee, in their order.
  struct Breach: Equatable {
    var guarantee: SessionGuarantee
    var operations: [Int32]
  }

  private(set) var answers: [SessionGuarantee: Answer]
  private(set) var breaches: [Breach] = []

  private let operations: ContiguousArray<HistoryOperation>
  /// Of the key: the numbers of what certainly happened.
  private let numbers: [Int32]
  private let initial: ValueTable.ID
  /// Of the key: the numbers of all its operations.
  private let all: [Int32]

  /// `numbers`: the operations of one key in the order of their invocations. `isLinearizable`: an
  /// order is known that explains them, and in it every session guarantee holds.
  init(
    _ operations: ContiguousArray<HistoryOperation>, _ numbers: [Int32], initial: ValueTable.ID,
    isLinearizable: Bool
  ) {
    self.operations = operations
    all = numbers
    self.numbers = numbers.filter {
      operations[Int($0)].outcome == .ok || operations[Int($0)].hasSiblings
    }
    self.initial = initial
    answers = Dictionary(uniqueKeysWithValues: SessionGuarantee.allCases.map { ($0, .yes) })
    if self.numbers.contains(where: { operations[Int($0)].isUnordered }) {
      // What has a clock may break a guarantee all the same.
      judgeByClock()
      cannotTell(SessionGuarantee.allCases)
      return
    }
    let hasVersions = self.numbers.contains { operations[Int($0)].version != nil }
    if self.numbers.contains(where: { operations[Int($0)].clock != nil }) {
      judgeByClock()
    } else if hasVersions {
      judgeByVersion()
    } else if isLinearizable {
      return
    } else if let order = ValueOrder(operations, numbers, initial: initial) {
      judgeByValue(order)
    } else {
      for guarantee in SessionGuarantee.allCases { answers[guarantee] = .unknown }
    }
  }

  private mutating func found(_ breach: Breach) {
    if answers[breach.guarantee] != .no { breaches.append(breach) }
    answers[breach.guarantee] = .no
  }

  private mutating func cannotTell(_ guarantees: [SessionGuarantee]) {
    for guarantee in guarantees where answers[guarantee] == .yes { answers[guarantee] = .unknown }
  }
}

// By version.
extension SessionCheck {
  /// What a process has written and read of this key so far, as far as it matters.
  private struct Session {
    var count = 0
    var lacksRead = false
    var lacksWrite = false
    var newestWrite: (version: Int64, number: Int32)?
    var newestRead: (version: Int64, number: Int32)?
  }

  private mutating func judgeByVersion() {
    let versions = versionsByValue()
    var sessions: [Int32: Session] = [:]
    for number in numbers {
      let operation = operations[Int(number)]
      var session = sessions[operation.session] ?? Session()
      session.count += 1
      if operation.function != .write {
        let isRead = operation.function == .read
        let value = isRead ? operation.value : operation.from
        let version = (isRead ? operation.version : nil) ?? versions[value]
        // A cas states the version it made; which one it found is known by the value or not at all,
        // and then it counts as a write alone.
        if isRead || version != nil { read(number, version, &session) }
      }
      if operation.function != .read { write(number, operation.version, &session) }
      if session.count > 1 {
        if session.lacksRead {
          cannotTell([.readYourWrites, .monotonicReads, .writesFollowReads])
        }
        if session.lacksWrite {
          cannotTell([.readYourWrites, .monotonicWrites, .writesFollowReads])
        }
      }
      sessions[operation.session] = session
    }
  }

  private mutating func read(_ number: Int32, _ version: Int64?, _ session: inout Session) {
    guard let version else {
      session.lacksRead = true
      return
    }
    if let newest = session.newestWrite, newest.version > version,
      !isSameWrite(newest.number, number)
    {
      found(Breach(guarantee: .readYourWrites, operations: [newest.number, number]))
    }
    if let newest = session.newestRead, newest.version > version,
      !isSameWrite(newest.number, number)
    {
      found(Breach(guarantee: .monotonicReads, operations: [newest.number, number]))
    }
    if version > session.newestRead?.version ?? .min { session.newestRead = (version, number) }
  }

  /// Whether both are about one value that was written once: a write that its client sent again may
  /// have several versions, and any of them is that write.
  private func isSameWrite(_ one: Int32, _ other: Int32) -> Bool {
    guard operations[Int(one)].function != .cas, operations[Int(other)].function != .cas,
      operations[Int(one)].value == operations[Int(other)].value
    else { return false }
    let written = operations[Int(one)].value
    return all.count {
      operations[Int($0)].function != .read && operations[Int($0)].value == written
    } == 1
  }

  private mutating func write(_ number: Int32, _ version: Int64?, _ session: inout Session) {
    guard let version else {
      session.lacksWrite = true
      return
    }
    if let newest = session.newestWrite, newest.version > version {
      found(Breach(guarantee: .monotonicWrites, operations: [newest.number, number]))
    }
    if let newest = session.newestRead, newest.version > version {
      found(Breach(guarantee: .writesFollowReads, operations: [newest.number, number]))
    }
    if version > session.newestWrite?.version ?? .min { session.newestWrite = (version, number) }
  }

  /// The version of each value that has one only: for records that state a value alone.
  private func versionsByValue() -> [ValueTable.ID: Int64] {
    var versions: [ValueTable.ID: Int64] = [initial: .min]
    var doubtful: Set<ValueTable.ID> = []
    for number in numbers {
      let operation = operations[Int(number)]
      guard let version = operation.version else { continue }
      let known = versions.updateValue(version, forKey: operation.value)
      if let known, known != version, known != .min { doubtful.insert(operation.value) }
    }
    for value in doubtful { versions[value] = nil }
    return versions
  }
}

// By clock, where the store keeps versions side by side.
extension SessionCheck {
  private struct ClockSession {
    var count = 0
    var lacksRead = false
    var lacksWrite = false
    var written = VersionClock()
    var read = VersionClock()
    var lastWrite: Int32 = 0
    var lastRead: Int32 = 0
  }

  private mutating func judgeByClock() {
    var sessions: [Int32: ClockSession] = [:]
    for number in numbers {
      let operation = operations[Int(number)]
      var session = sessions[operation.session] ?? ClockSession()
      session.count += 1
      let isRead = operation.function == .read
      if let clock = operation.clock {
        let beforeWrite: SessionGuarantee = isRead ? .readYourWrites : .monotonicWrites
        let beforeRead: SessionGuarantee = isRead ? .monotonicReads : .writesFollowReads
        if !clock.covers(session.written) {
          found(Breach(guarantee: beforeWrite, operations: [session.lastWrite, number]))
        }
        if !clock.covers(session.read) {
          found(Breach(guarantee: beforeRead, operations: [session.lastRead, number]))
        }
        if isRead {
          session.read.merge(clock)
          session.lastRead = number
        } else {
          session.written.merge(clock)
          session.lastWrite = number
        }
      } else if isRead {
        session.lacksRead = true
      } else {
        session.lacksWrite = true
      }
      if session.count > 1 {
        if session.lacksRead { cannotTell([.readYourWrites, .monotonicReads, .writesFollowReads]) }
        if session.lacksWrite {
          cannotTell([.readYourWrites, .monotonicWrites, .writesFollowReads])
        }
      }
      sessions[operation.session] = session
    }
  }
}

// By value.
extension SessionCheck {
  private mutating func judgeByValue(_ order: ValueOrder) {
    for guarantee in SessionGuarantee.allCases {
      if let cycle = order.contradiction(guarantee) {
        found(Breach(guarantee: guarantee, operations: cycle))
      }
    }
  }
}
