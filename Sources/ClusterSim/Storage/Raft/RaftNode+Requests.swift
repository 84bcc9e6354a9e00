// What clients and operators ask of a leader: sections 3.10 and 6.4.
extension RaftNode {
  /// Appends a command. Gives its index, nil where this server does not lead or hands over.
  mutating func propose(
    _ kind: RaftEntry.Kind, host: UInt16 = 0, key: UInt32 = 0, shard: UInt16 = 0,
    known: UInt16 = 0, value: UInt64 = 0, tag: UInt64 = 0, now: Int64,
    _ effects: inout [RaftEffect]
  ) -> UInt64? {
    guard role == .leader, heir == nil else { return nil }
    disk.log.append(
      RaftEntry(
        term: term, kind: kind, host: host, key: key, shard: shard, stamp: known, value: value,
        tag: tag))
    ship(now, &effects)
    return disk.log.lastIndex
  }

  /// Appends several commands at once; false where this server does not lead or hands over.
  mutating func propose(
    all entries: [RaftEntry], now: Int64, _ effects: inout [RaftEffect]
  ) -> Bool {
    guard role == .leader, heir == nil else { return false }
    for entry in entries {
      var entry = entry
      entry.term = term
      disk.log.append(entry)
    }
    ship(now, &effects)
    return true
  }

  /// Sends what is new to everybody who is not being probed.
  private mutating func ship(_ now: Int64, _ effects: inout [RaftEffect]) {
    for place in 0..<Self.maxServers
    where place != Int(me) && peers >> UInt32(place) & 1 == 1 && !progress[place].probing {
      sendAppend(to: place, now, &effects)
    }
    advanceCommit(&effects)
  }

  /// Hands leadership to another voter once its log is complete (3.10). Proposals wait meanwhile.
  mutating func transfer(to place: UInt8, now: Int64, _ effects: inout [RaftEffect]) -> Bool {
    guard role == .leader, place != me, voters >> UInt32(place) & 1 == 1 else { return false }
    heir = place
    heirUntil = now + options.electionMax
    handOver(to: Int(place), &effects)
    return true
  }

  mutating func handOver(to place: Int, _ effects: inout [RaftEffect]) {
    guard heir == UInt8(place), progress[place].match == disk.log.lastIndex else { return }
    leaseVoid = true
    effects.append(
      .send(RaftMessage(kind: .timeoutNow, from: me, to: UInt8(place), term: term)))
  }

  // MARK: Reads

  /// Reads without writing: false where this server does not lead, or cannot know yet what is
  /// committed (no entry of its term is).
  mutating func read(tag: UInt64, now: Int64, _ effects: inout [RaftEffect]) -> Bool {
    guard role == .leader, commit >= disk.log.base, disk.log.term(at: commit) == term else {
      return false
    }
    if options.reads == .lease, holdsLease(now) {
      effects.append(.readReady(tag: tag))
      return true
    }
    let isIdle = reads.isEmpty
    reads.append(PendingRead(tag: tag, index: commit, round: round + 1))
    if isIdle {
      round += 1
      broadcast(now, &effects)
      confirmReads(now, &effects)
    }
    return true
  }

  /// No other server can be elected before the shortest time-out after a majority heard this one.
  private func holdsLease(_ now: Int64) -> Bool {
    guard !leaseVoid else { return false }
    let length = options.electionMin / 1000 * options.leaseThousandths
    return acknowledged { progress[$0].ackedAt > now - length } >= majority
  }

  /// Reads whose round a majority has answered; those that came meanwhile begin the next round.
  mutating func confirmReads(_ now: Int64, _ effects: inout [RaftEffect]) {
    while role == .leader, let first = reads.first {
      let wanted = first.round
      guard wanted <= round, acknowledged({ progress[$0].round >= wanted }) >= majority else {
        return
      }
      while let read = reads.first, read.round <= wanted {
        effects.append(.readReady(tag: read.tag))
        reads.removeFirst()
      }
      if !reads.isEmpty {
        round += 1
        broadcast(now, &effects)
      }
    }
  }
}
