// Servers that come and go: a change is an entry of the log, as in Raft, and one server at a time. So
// two majorities that do not know of each other's change still have a server in common.
extension PrimaryReplicaNode {
  /// The primary ships to a server that does not count yet: first a copy, then the log.
  mutating func teach(_ place: Int, now: Int64, _ effects: inout [PrimaryReplicaEffect]) {
    let bit = UInt32(1) << UInt32(place)
    guard role == .primary, isReady, (voters | learners) & bit == 0 else { return }
    learners |= bit
    progress[place] = Progress(next: last + 1, start: applied)
    progress[place].copyUntil = now
    ship(to: place, now, beats: false, &effects)
  }

  /// A server that does not count is switched off.
  mutating func forget(_ place: Int) { learners &= ~(1 << UInt32(place)) }

  func isLearner(_ place: Int) -> Bool { learners >> UInt32(place) & 1 == 1 }

  /// Whether a server has received all but the last message's worth, and answers.
  func hasReceived(_ place: Int, now: Int64) -> Bool {
    let progress = progress[place]
    return progress.copyUntil == nil && progress.match > 0
      && progress.match + UInt64(options.batch) >= released
      && progress.ackedAt != .min && now - progress.ackedAt <= 2 * options.heartbeat
  }

  /// Whether a majority has the last change, and an entry of this primary's own: before, another
  /// primary may still come that knows neither (Ongaro's remark on changes of one server, 2015).
  var membershipIsSettled: Bool {
    guard role == .primary, isReady else { return false }
    let needed = max(disk.log.membership.from, promotedAt)
    var count = 0
    Self.each(voters) { place in
      if place == Int(me) || progress[place].match >= needed { count += 1 }
    }
    return count >= majority
  }

  /// Adds or takes away one server; false where that must wait. It counts at once: sync waits for a
  /// newcomer from this entry on, and no longer for who goes.
  mutating func change(
    voters new: UInt32, now: Int64, _ effects: inout [PrimaryReplicaEffect]
  ) -> Bool {
    guard serves(now: now), heir == nil, membershipIsSettled, new != 0,
      (new ^ voters).nonzeroBitCount == 1
    else { return false }
    syncSet = (syncSet | new & ~voters) & new
    // Who is taken out goes on learning until it is switched off, or it would miss its primary.
    learners = learners & ~new | voters & ~new
    disk.log.append(
      LogRecord(
        timeline: disk.timeline, kind: .membership, value: UInt64(new), writtenAt: now))
    advance(now, &effects)
    release(now)
    Self.each(others) { ship(to: $0, now, beats: false, &effects) }
    return true
  }

  /// A part of a copy has arrived there: the rest is waited for.
  mutating func copyGoesOn(to place: Int, now: Int64) {
    guard progress[place].copyUntil != nil else { return }
    progress[place].copyUntil = now + 10 * options.heartbeat
  }
}
