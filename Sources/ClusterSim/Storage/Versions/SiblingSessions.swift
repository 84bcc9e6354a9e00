import Consistency

/// The session guarantees where versions are kept side by side: what each process has written and read
/// of each key, as the whole clocks of those versions. A later operation keeps its promises if its own
/// clock knows all that. It watches from outside and helps no protocol.
struct SiblingSessions {
  private struct Session {
    var process: UInt32
    var written = VectorClock()
    var read = VectorClock()
  }

  /// By key.
  private var sessions: ContiguousArray<ContiguousArray<Session>> = []
  private var count = 0

  /// Pairs of process and key that are followed.
  static var limit: Int { 1 << 16 }

  /// An acknowledged operation, and the clock of what it wrote or found: the guarantees it breaks. Nil
  /// where it is not followed.
  mutating func note(
    process: UInt32, key: UInt32, isWrite: Bool, clock: VectorClock
  ) -> [SessionGuarantee]? {
    guard let place = session(process, Int(key)) else { return nil }
    let session = sessions[Int(key)][place]
    var broken: [SessionGuarantee] = []
    if !clock.covers(session.written) {
      broken.append(isWrite ? .monotonicWrites : .readYourWrites)
    }
    if !clock.covers(session.read) { broken.append(isWrite ? .writesFollowReads : .monotonicReads) }
    if isWrite {
      sessions[Int(key)][place].written.merge(clock)
    } else {
      sessions[Int(key)][place].read.merge(clock)
    }
    return broken
  }

  private mutating func session(_ process: UInt32, _ key: Int) -> Int? {
    while sessions.count <= key { sessions.append([]) }
    if let place = sessions[key].firstIndex(where: { $0.process == process }) { return place }
    guard count < Self.limit else { return nil }
    count += 1
    sessions[key].append(Session(process: process))
    return sessions[key].count - 1
  }
}
