/// The session guarantees while a history is being made: of every process and key the newest version
/// written and read, as `SessionCheck` compares them.
struct LiveSessions: Sendable {
  private struct Session: Sendable {
    var process: Int64
    var written: Int64
    var read: Int64
    /// The values of those versions: the same value is no older one, whatever its version. A write
    /// that a client sent again has several.
    var writtenValue: ValueTable.ID = -1
    var readValue: ValueTable.ID = -1
  }

  /// By key.
  private var sessions: ContiguousArray<ContiguousArray<Session>> = []
  private var count = 0
  private let limit: Int
  /// Processes whose last operation has an unknown end; they are never used again.
  private var retired: ContiguousArray<UInt64> = []
  private(set) var breaches = [Int](repeating: 0, count: SessionGuarantee.allCases.count)
  /// The bound was met, or an operation lacked a version: what is not broken is not proven.
  private(set) var isIncomplete = false

  private static let none = Int64.min

  init(limit: Int) { self.limit = limit }

  mutating func retire(_ process: Int64) {
    guard process >= 0, process >> 6 < 1 << 20 else { return }
    while retired.count <= Int(process >> 6) { retired.append(0) }
    retired[Int(process >> 6)] |= 1 << UInt64(process & 63)
  }

  private func isRetired(_ process: Int64) -> Bool {
    process >= 0 && process >> 6 < retired.count
      && retired[Int(process >> 6)] >> UInt64(process & 63) & 1 == 1
  }

  /// An operation said too little: what is not broken is not proven.
  mutating func leaveOpen() { isIncomplete = true }

  mutating func broke(_ guarantee: SessionGuarantee) { breaches[Self.place(guarantee)] += 1 }

  func answer(_ guarantee: SessionGuarantee) -> Answer {
    if breaches[Self.place(guarantee)] > 0 { return .no }
    return isIncomplete ? .unknown : .yes
  }

  static func place(_ guarantee: SessionGuarantee) -> Int {
    switch guarantee {
    case .readYourWrites: 0
    case .monotonicReads: 1
    case .monotonicWrites: 2
    case .writesFollowReads: 3
    }
  }

  /// An operation of the process was acknowledged.
  mutating func note(
    process: Int64, key: UInt32, isWrite: Bool, value: ValueTable.ID, version: Int64?
  ) {
    guard let place = session(process, Int(key)), let version else {
      isIncomplete = true
      return
    }
    let session = sessions[Int(key)][place]
    if isWrite {
      if session.written > version { breaches[2] += 1 }
      if session.read > version { breaches[3] += 1 }
      if session.written < version {
        sessions[Int(key)][place].written = version
        sessions[Int(key)][place].writtenValue = value
      }
    } else {
      if session.written > version, session.writtenValue != value { breaches[0] += 1 }
      if session.read > version, session.readValue != value { breaches[1] += 1 }
      if session.read < version {
        sessions[Int(key)][place].read = version
        sessions[Int(key)][place].readValue = value
      }
    }
  }

  private mutating func session(_ process: Int64, _ key: Int) -> Int? {
    while sessions.count <= key { sessions.append([]) }
    if let place = sessions[key].firstIndex(where: { $0.process == process }) { return place }
    if sessions[key].count >= 64, !retired.isEmpty {
      let before = sessions[key].count
      sessions[key] = sessions[key].filter { !isRetired($0.process) }
      count -= before - sessions[key].count
    }
    guard count < limit else { return nil }
    count += 1
    sessions[key].append(Session(process: process, written: Self.none, read: Self.none))
    return sessions[key].count - 1
  }
}
