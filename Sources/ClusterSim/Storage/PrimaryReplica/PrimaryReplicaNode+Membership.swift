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
    role == .primary && isReady
      && isHeld(max(disk.log.membership.from, promotedAt), byMajorityOf: voters)
  }

  /// Voters of the membership before the last change while a primary may still be chosen by it: what
  /// is acknowledged meanwhile must be met by their majority too. Nil once a majority of the new ones
  /// has the change: every majority of the old ones then has one that knows it, and a canvass goes by
  /// the newest log it meets. A majority of both while a change is under way: Ongaro, section 4.3.
  var stillVoting: UInt32? {
    let memberships = disk.log.memberships
    guard memberships.count > 1, !isHeld(disk.log.membership.from, byMajorityOf: voters) else {
      return nil
    }
    return memberships[memberships.count - 2].voters
  }

  private func isHeld(_ position: UInt64, byMajorityOf places: UInt32) -> Bool {
    var count = 0
    Self.each(places) { if $0 == Int(me) || progress[$0].match >= position { count += 1 } }
    return count > places.nonzeroBitCount / 2
  }

  /// Up to where a majority of these has the log.
  func position(ofMajorityOf places: UInt32) -> UInt64 {
    var positions: [UInt64] = []
    Self.each(places) { positions.append($0 == Int(me) ? last : progress[$0].match) }
    return positions.sorted(by: >)[positions.count / 2]
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
