// Leader election: sections 3.4, 3.6, 3.10 and 9.6.
extension RaftNode {
  /// Would a majority vote for me? The term rises only if so.
  mutating func askBefore(
    _ now: Int64, _ stream: inout RandomStream, _ effects: inout [RaftEffect]
  ) {
    role = .preCandidate
    votes = 1 << UInt32(me)
    if hasWon {
      campaign(now, transfer: false, &effects)
      return
    }
    ask(.preVote, term + 1, transfer: false, &effects)
  }

  mutating func campaign(_ now: Int64, transfer: Bool, _ effects: inout [RaftEffect]) {
    disk.term += 1
    disk.vote = me
    role = .candidate
    leader = nil
    votes = 1 << UInt32(me)
    if hasWon {
      lead(now, &effects)
      return
    }
    ask(.vote, term, transfer: transfer, &effects)
  }

  private func ask(
    _ kind: RaftMessage.Kind, _ term: UInt32, transfer: Bool, _ effects: inout [RaftEffect]
  ) {
    for place in 0..<Self.maxServers
    where place != Int(me) && voters >> UInt32(place) & 1 == 1 {
      effects.append(
        .send(
          RaftMessage(
            kind: kind, from: me, to: UInt8(place), term: term, index: disk.log.lastIndex,
            indexTerm: disk.log.lastTerm, flag: transfer)))
    }
  }

  /// At least as up to date as the own log: a later last term, or the same and no shorter (3.6.1).
  private func isUpToDate(_ message: RaftMessage) -> Bool {
    message.indexTerm != disk.log.lastTerm
      ? message.indexTerm > disk.log.lastTerm : message.index >= disk.log.lastIndex
  }

  /// Nothing is promised, so nothing is written.
  mutating func answerPreVote(
    _ message: RaftMessage, _ now: Int64, _ effects: inout [RaftEffect]
  ) {
    let yes = message.term > term && isUpToDate(message) && !hearsLeader(now)
    effects.append(
      .send(
        RaftMessage(
          kind: .preVoteReply, from: me, to: message.from, term: yes ? message.term : term,
          flag: yes)))
  }

  mutating func answerVote(
    _ message: RaftMessage, _ now: Int64, _ stream: inout RandomStream,
    _ effects: inout [RaftEffect]
  ) {
    let free = disk.vote == nil || disk.vote == message.from || has(.twoVotesATerm)
    let yes =
      message.term == term && free && role != .leader
      && (isUpToDate(message) || has(.staleLogLeads))
    if yes {
      disk.vote = message.from
      role = .follower
      rest(now, &stream)
    }
    effects.append(
      .send(
        RaftMessage(kind: .voteReply, from: me, to: message.from, term: term, flag: yes)))
  }

  /// A majority voted. An empty entry of the new term lets older ones be committed (3.6.2, 6.4).
  mutating func lead(_ now: Int64, _ effects: inout [RaftEffect]) {
    role = .leader
    leader = me
    electedAt = now
    leaseVoid = false
    round = 0
    heir = nil
    learners = 0
    reads.removeAll()
    for place in 0..<Self.maxServers {
      progress[place] = Progress(next: disk.log.lastIndex + 1)
    }
    effects.append(.elected)
    disk.log.append(RaftEntry(term: term, kind: .noop))
    heartbeatDue = now + options.heartbeat
    broadcast(now, &effects)
    advanceCommit(&effects)
  }
}
