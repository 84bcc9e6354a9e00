// Servers that come and go, one at a time: chapter 4.
extension RaftNode {
  /// Whether the voters that count are those of a committed entry: no change is under way.
  var votersAreCommitted: Bool {
    (disk.log.voters(upTo: commit) ?? disk.baseVoters) == voters
  }

  /// Whether an entry of the leader's own term is committed. Before, an older change may still come
  /// to be committed beside a new one, and two majorities need not overlap: the mistake in the
  /// dissertation that Ongaro corrected in 2015.
  private var hasCommittedInTerm: Bool {
    commit >= disk.log.base && disk.log.term(at: commit) == term
  }

  func isLearner(_ place: Int) -> Bool { learners >> UInt32(place) & 1 == 1 }

  /// Sends the log to a server that has no vote yet, beginning with a snapshot: what was there
  /// before the first entry is in no log. False where this server cannot.
  mutating func teach(_ place: Int, now: Int64, _ effects: inout [RaftEffect]) -> Bool {
    guard role == .leader, hasCommittedInTerm, peers >> UInt32(place) & 1 == 0 else { return false }
    compact()
    progress[place] = Progress(next: 1)
    learners |= 1 << UInt32(place)
    sendAppend(to: place, now, &effects)
    return true
  }

  /// Whether a learner has all that is committed: adding it then costs no pause (4.2.1).
  func isCaughtUp(_ place: Int) -> Bool {
    isLearner(place) && !progress[place].probing && progress[place].match >= commit
  }

  /// Adds or removes one server; it counts from the moment the entry is appended. False while
  /// another change is under way, before an entry of this term is committed, and for more than one.
  mutating func change(
    voters wanted: UInt32, now: Int64, _ effects: inout [RaftEffect]
  ) -> Bool {
    guard role == .leader, heir == nil, (wanted ^ voters).nonzeroBitCount == 1, wanted != 0,
      hasCommittedInTerm, votersAreCommitted
    else { return false }
    let added = wanted & ~voters
    for place in 0..<Self.maxServers where (added & ~learners) >> UInt32(place) & 1 == 1 {
      progress[place] = Progress(next: disk.log.lastIndex + 1)
    }
    // Who is removed is told so, or it would miss its leader and disturb the others (4.2.3).
    learners = learners & ~added | voters & ~wanted
    disk.log.append(RaftEntry(term: term, kind: .voters, value: UInt64(wanted)))
    voters = wanted
    broadcast(now, &effects)
    advanceCommit(&effects)
    return true
  }
}
