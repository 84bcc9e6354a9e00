// Log replication: sections 3.5, 3.6.2, 5 (snapshots) and 10.2.2 (pipelining).
extension RaftNode {
  /// To every other server what it lacks, or a heartbeat.
  mutating func broadcast(_ now: Int64, _ effects: inout [RaftEffect]) {
    for place in 0..<Self.maxServers
    where place != Int(me) && peers >> UInt32(place) & 1 == 1 {
      sendAppend(to: place, now, &effects)
    }
  }

  mutating func sendAppend(to place: Int, _ now: Int64, _ effects: inout [RaftEffect]) {
    let next = progress[place].next
    if next <= disk.log.base {
      sendSnapshot(to: place, now, &effects)
      return
    }
    let entries =
      next > disk.log.lastIndex ? [] : disk.log.slice(from: next, limit: options.batch)
    effects.append(
      .send(
        RaftMessage(
          kind: .append, from: me, to: UInt8(place), term: term, index: next - 1,
          indexTerm: disk.log.term(at: next - 1), commit: commit, round: round, sentAt: now,
          entries: entries)))
    if !progress[place].probing { progress[place].next += UInt64(entries.count) }
  }

  private mutating func sendSnapshot(
    to place: Int, _ now: Int64, _ effects: inout [RaftEffect]
  ) {
    effects.append(
      .send(
        RaftMessage(
          kind: .snapshot, from: me, to: UInt8(place), term: term, index: disk.log.base,
          indexTerm: disk.log.baseTerm, round: round, sentAt: now, voters: disk.baseVoters,
          digest: disk.baseDigest, writes: disk.baseWrites,
          shards: disk.baseShards)))
  }

  mutating func receiveAppend(
    _ message: RaftMessage, _ now: Int64, _ stream: inout RandomStream,
    _ effects: inout [RaftEffect]
  ) {
    var reply = RaftMessage(
      kind: .appendReply, from: me, to: message.from, term: term, commit: message.index,
      round: message.round, sentAt: message.sentAt)
    guard message.term == term else {
      effects.append(.send(reply))
      return
    }
    hear(message.from, now, &stream)
    if message.index > disk.log.lastIndex {
      reply.index = disk.log.lastIndex
    } else if message.index >= disk.log.base,
      disk.log.term(at: message.index) != message.indexTerm
    {
      // No entry of that term or a later one can match before this place.
      var hint = message.index - 1
      while hint > disk.log.base, hint > commit, disk.log.term(at: hint) > message.indexTerm {
        hint -= 1
      }
      reply.index = hint
    } else {
      take(message)
      reply.index = message.index + UInt64(message.entries.count)
      reply.flag = true
      commitUp(to: min(message.commit, reply.index), &effects)
    }
    effects.append(.send(reply))
  }

  private mutating func hear(_ from: UInt8, _ now: Int64, _ stream: inout RandomStream) {
    role = .follower
    leader = from
    heard = now
    rest(now, &stream)
  }

  /// Keeps what agrees, drops what conflicts, appends what is new.
  private mutating func take(_ message: RaftMessage) {
    var changesVoters = false
    var index = message.index
    for entry in message.entries {
      index += 1
      if index <= disk.log.base { continue }
      if index <= disk.log.lastIndex {
        if disk.log.term(at: index) == entry.term || has(.logNotTruncated) { continue }
        precondition(has(.staleLogLeads) || hasAnyBug || index > commit, "raft: committed entry")
        disk.log.truncate(from: index)
        changesVoters = true
      }
      disk.log.append(entry)
      if entry.kind == .voters { changesVoters = true }
    }
    if changesVoters { voters = disk.log.newestVoters ?? disk.baseVoters }
  }

  private var hasAnyBug: Bool {
    #if DEBUG
      return bug != nil
    #else
      return false
    #endif
  }

  mutating func receiveSnapshot(
    _ message: RaftMessage, _ now: Int64, _ stream: inout RandomStream,
    _ effects: inout [RaftEffect]
  ) {
    var reply = RaftMessage(
      kind: .appendReply, from: me, to: message.from, term: term, round: message.round,
      sentAt: message.sentAt)
    guard message.term == term else {
      effects.append(.send(reply))
      return
    }
    hear(message.from, now, &stream)
    if message.index > commit, message.index <= disk.log.lastIndex,
      disk.log.term(at: message.index) == message.indexTerm
    {
      // All of it is in the log, and what follows may be acknowledged already: it stays (section 5).
      commitUp(to: message.index, &effects)
    } else if message.index > commit {
      disk.log.reset(to: message.index, term: message.indexTerm)
      disk.baseVoters = message.voters
      disk.baseDigest = message.digest
      disk.baseWrites = message.writes
      writes = message.writes
      disk.baseShards = message.shards
      shards = message.shards
      voters = message.voters
      commit = message.index
      applied = message.index
      digest = message.digest
      effects.append(.restore(index: message.index))
    }
    reply.index = message.index
    reply.flag = true
    effects.append(.send(reply))
  }

  mutating func receiveAppendReply(
    _ message: RaftMessage, _ now: Int64, _ stream: inout RandomStream,
    _ effects: inout [RaftEffect]
  ) {
    guard role == .leader, message.term == term else { return }
    let place = Int(message.from)
    progress[place].round = max(progress[place].round, message.round)
    progress[place].ackedAt = max(progress[place].ackedAt, message.sentAt)
    if message.flag {
      let wasProbing = progress[place].probing
      progress[place].match = max(progress[place].match, message.index)
      progress[place].probing = false
      progress[place].next =
        wasProbing
        ? progress[place].match + 1 : max(progress[place].next, progress[place].match + 1)
      advanceCommit(&effects)
      handOver(to: place, &effects)
      if role == .leader, progress[place].next <= disk.log.lastIndex {
        sendAppend(to: place, now, &effects)
      }
    } else if message.commit > progress[place].match, message.commit < progress[place].next {
      progress[place].probing = true
      progress[place].next = max(
        progress[place].match + 1, min(message.index + 1, message.commit))
      sendAppend(to: place, now, &effects)
    }
    confirmReads(now, &effects)
    if role == .leader, !isVoter, votersAreCommitted {
      becomeFollower(term, now, &stream, &effects)
    }
  }

  /// What a majority has is committed, if the entry is of this term (3.6.2).
  mutating func advanceCommit(_ effects: inout [RaftEffect]) {
    var index = disk.log.lastIndex
    while index > commit {
      if disk.log.term(at: index) != term && !has(.commitsOldTermByCount) { return }
      if count(holding: index) >= majority { break }
      index -= 1
    }
    commitUp(to: index, &effects)
  }

  private func count(holding index: UInt64) -> Int {
    acknowledged { progress[$0].match >= index }
  }

  private mutating func commitUp(to index: UInt64, _ effects: inout [RaftEffect]) {
    let index = min(index, disk.log.lastIndex)
    if index > commit { commit = index }
    while applied < commit {
      applied += 1
      var entry = disk.log[applied]
      digest.mix(UInt64(entry.term) << 8 | UInt64(entry.kind.rawValue))
      digest.mix(entry.value ^ UInt64(entry.key) << 40)
      apply(&entry)
      effects.append(.apply(index: applied, entry: entry))
    }
    if applied - disk.log.base >= UInt64(options.snapshotAfter) { compact() }
  }

  /// What an entry does to the part of the state that is kept here.
  @inline(__always)
  private mutating func apply(_ entry: inout RaftEntry) {
    switch entry.kind {
    case .put:
      let shard = Int(entry.shard)
      let known = Int(entry.stamp)
      let generation = shards.entry(of: shard, parents: parents).generation
      entry.stamp = UInt16(truncatingIfNeeded: generation)
      if writes.time(of: entry.value) != nil {
        entry.outcome = .again
      } else if !shards.accepts(shard, known: known, parents: parents) {
        entry.outcome = .refused
      } else {
        writes.note(entry.value, key: entry.key, time: entry.versionTime(at: applied))
      }
    case .shard:
      shards.take(
        GroupShards.Step(rawValue: UInt8(entry.host))!, of: UInt32(entry.value), Int(entry.key),
        known: Int(entry.stamp), parents: parents)
    case .recall: writes.recall(entry.value, key: entry.key, time: entry.tag)
    case .noop, .read, .voters, .adopt: break
    }
  }

  /// Everything applied becomes a snapshot.
  mutating func compact() {
    disk.baseVoters = disk.log.voters(upTo: applied) ?? disk.baseVoters
    disk.baseDigest = digest
    disk.baseWrites = writes
    disk.baseShards = shards
    disk.log.compact(to: applied)
  }
}
