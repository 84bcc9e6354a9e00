// What groups with a primary do for the move of a shard. Steps and keys go through the log like writes,
// but no mode makes them asynchronous: a primary answers for one once no promotion can take it back.
extension Simulation {
  // MARK: At the primary

  /// Whether a request for the key is sent back, and why; nil where the group serves it.
  ///
  /// A primary gives a shard away when it writes so, and serves one when the entry that says so is
  /// applied, for its keys are on the disk only then; a replica knows what it has replayed.
  func shardRefusal(_ key: UInt32, isRead: Bool, _ server: Int) -> ShardRefusal? {
    let disk = replication!.servers[server].node.disk
    let shard = Int(sharded!.shardOfKey[Int(key)])
    let isPrimary = replication!.servers[server].node.role == .primary
    let applied = disk.log.holding(of: shard, at: disk.applied)
    switch isPrimary ? disk.log.holding(of: shard).hold : applied.hold {
    case .owned: return applied.hold == .owned || applied.hold == .frozen ? nil : .frozen
    case .frozen: return isRead ? nil : .frozen
    case .receiving: return .frozen
    case .away: return has(.staleRouteServed) ? nil : .moved
    }
  }

  /// The server of a group on a host that may write steps; nil where another one has to be asked.
  private func movingPrimary(of group: Int, on host: NodeID) -> Int? {
    guard let server = replication!.server(of: group, on: host),
      replication!.servers[server].node.serves(now: logClock(host))
    else { return nil }
    return server
  }

  mutating func serveReplicaCommand(_ command: ShardCommand, at host: NodeID, keeper: UInt16) {
    guard let server = movingPrimary(of: command.group, on: host) else { return }
    guard !isSecuring(command.request, server) else { return }
    let log = replication!.servers[server].node.disk.log
    var position = log.shardsChangedAt
    if !log.shards.hasTaken(command.step, of: command.move, command.shard) {
      let step = LogRecord.step(command)
      // One that is not next would change nothing: there is no answer to it.
      guard log.wouldTake(step), let written = propose([step], server) else { return }
      position = written
    }
    secure(
      .answer(ShardMove.Answer(request: command.request)), command.request, at: position, server,
      to: keeper)
  }

  private mutating func propose(_ records: [LogRecord], _ server: Int) -> UInt64? {
    var position: UInt64?
    act(server) { node, now, effects in
      position = node.propose(records, now: now, &effects)
    }
    return position
  }

  /// At the old group: the next keys go to the new group, once what was read cannot be taken back.
  mutating func serveReplicaOrder(_ order: CopyOrder, at host: NodeID, keeper: UInt16) {
    guard let server = movingPrimary(of: order.source, on: host),
      !isSecuring(order.request, server)
    else { return }
    let node = replication!.servers[server].node
    let held = node.disk.log.holding(of: order.shard)
    let since = LogPlace(time: Int64(order.since ?? 0))
    guard node.disk.log.contains(since.timelineAndAuthor, since.position) else { return }
    if order.settles {
      guard held.hold == .frozen, held.move == order.move,
        node.applied >= node.disk.log.shardsChangedAt
      else { return }
    }
    let floor = LogPlace(
      UInt8(held.generation), since.timelineAndAuthor, since.position
    ).time
    var read = keysOnTheirWay(order, from: host) { key, entry in
      !order.settles || entry.version.time > floor || key >= order.firstNew
    }
    if order.settles, has(.tailStaysBehind) { read.keys = [] }
    let applied = node.applied
    let place = LogPlace(0, node.disk.log.timeline(at: applied), applied)
    secure(
      .batch(
        CopyBatch(
          move: order.move, shard: order.shard, target: order.target, keeper: keeper,
          answer: ShardMove.Answer(
            request: order.request, next: read.next, index: UInt64(place.time),
            keys: read.keys.count),
          keys: read.keys)),
      order.request, at: applied, server, to: order.to)
  }

  /// At the new group: the keys go into its log.
  mutating func serveReplicaBatch(_ batch: CopyBatch, at host: NodeID) {
    guard let server = movingPrimary(of: batch.target, on: host),
      !isSecuring(batch.answer.request, server)
    else { return }
    let held = replication!.servers[server].node.disk.log.holding(of: batch.shard)
    guard held.hold == .receiving, held.move == batch.move else { return }
    var position = replication!.servers[server].node.last
    if !batch.keys.isEmpty {
      let records = batch.keys.map { LogRecord.adopted($0.key, $0.entry) }
      guard let written = propose(records, server) else { return }
      position = written
    }
    secure(.answer(batch.answer), batch.answer.request, at: position, server, to: batch.keeper)
  }

  // MARK: What waits until it is secure

  func isSecuring(_ request: UInt64, _ server: Int) -> Bool {
    moves.secures.contains { $0.server == server && $0.request == request }
  }

  /// Sends it once the server's log is secure up to a position; never where it leads no more by then.
  mutating func secure(
    _ content: ShardMessage, _ request: UInt64, at position: UInt64, _ server: Int,
    _ rule: ShardMoves.Secured.Rule = .log, to host: UInt16
  ) {
    moves.secures.append(
      ShardMoves.Secured(
        server: server, timeline: replication?.servers[server].node.disk.timeline ?? 0,
        position: position, rule: rule, request: request, content: content, to: host))
    sendSecured(server)
  }

  @inline(never)
  mutating func sendSecured(_ server: Int) {
    let host = replication?.servers[server].host ?? multiPrimary!.servers[server].host
    let all = moves.secures
    moves.secures.removeAll()
    for item in all {
      guard item.server == server else {
        moves.secures.append(item)
        continue
      }
      let isSecure: Bool
      if let replication {
        let node = replication.servers[server].node
        guard node.role == .primary, node.disk.timeline == item.timeline else { continue }
        isSecure = item.position <= (has(.stepNotSecured) ? node.last : node.secured)
      } else {
        isSecure = self.isSecure(item, ofPeer: server)
      }
      guard isSecure else {
        moves.secures.append(item)
        continue
      }
      var content = item.content
      if case .answer(var answer) = content {
        answer.at = now.nanoseconds
        content = .answer(answer)
      }
      sendShard(content, from: host.rawValue, to: item.to)
    }
  }

  /// The process died: it sends nothing any more.
  mutating func forgetSecured(of server: Int) {
    moves.secures.removeAll { $0.server == server }
  }

  // MARK: At every server, as the log is applied

  /// Whether another group's server on this host has the key by a later move: the copy on the disk is
  /// that one's.
  @inline(never)
  func isSuperseded(_ key: UInt32, _ generation: UInt32, by server: Int) -> Bool {
    replication!.servers(on: replication!.servers[server].host).contains {
      guard $0 != server, let held = served(key, by: $0) else { return false }
      return held.generation > generation
    }
  }

  /// What a server has of the key's shard as far as it has replayed its log; nil where it has not got
  /// it, or not all of it.
  private func served(_ key: UInt32, by server: Int) -> GroupShards.Entry? {
    let disk = replication!.servers[server].node.disk
    guard !disk.isBlank else { return nil }
    let held = disk.log.holding(of: Int(sharded!.shardOfKey[Int(key)]), at: disk.applied)
    switch held.hold {
    case .owned, .frozen: return held
    case .away, .receiving: return nil
    }
  }

  /// Whether a server on the host has the key.
  func isServed(_ key: UInt32, on host: NodeID) -> Bool {
    replication!.servers(on: host).contains { served(key, by: $0) != nil }
  }

  /// A step or a key was applied, and the server's `applied` counts it.
  mutating func applyShardRecord(_ entry: LogRecord, at position: UInt64, _ server: Int) {
    let host = replication!.servers[server].host
    if entry.kind == .adopt {
      replication!.servers[server].staged.apply(entry.adopted, to: entry.key)
      hosts[host.index].writesServed += 1
      return
    }
    switch GroupShards.Step(rawValue: UInt8(entry.coordinator))! {
    case .receive: replication!.servers[server].staged = ReplicaStore()
    case .own: takeStaged(UInt32(truncatingIfNeeded: entry.tag), server)
    case .release: dropUnserved(by: server)
    case .cancel:
      replication!.servers[server].staged = ReplicaStore()
      dropUnserved(by: server)
    case .mark, .freeze: break
    }
    // Keys came or went that no entry before tells of: what a kill undoes must not reach behind it.
    syncReplicas(with: server, appliedTo: position)
  }

  /// The group has all of a shard: its keys are the host's own from now on.
  private mutating func takeStaged(_ generation: UInt32, _ server: Int) {
    let host = replication!.servers[server].host
    var staged: [(key: UInt32, entry: Versioned)] = []
    replication!.servers[server].staged.visit { staged.append(($0, $1)) }
    for item in staged where !isSuperseded(item.key, generation, by: server) {
      replaceOnDisk(item.entry, key: item.key, at: host)
    }
  }

  private mutating func replaceOnDisk(_ entry: Versioned, key: UInt32, at host: NodeID) {
    if !settings.storage.fsync {
      hosts[host.index].unsynced.note(
        hosts[host.index].store.get(key), key: key, interval: syncInterval(of: host))
    }
    hosts[host.index].store.replace(entry, at: key)
  }

  /// Keys that no server on the host has any more are dropped; but not where another group that has
  /// them by the directory has a server here, which will have replayed so in a moment.
  private mutating func dropUnserved(by server: Int) {
    let host = replication!.servers[server].host
    for key in 0..<UInt32(keys.count) where !isServed(key, on: host) {
      let home = replication!.server(of: shardGroup(of: key), on: host)
      if home == nil || home == server { hosts[host.index].store.remove(key) }
    }
  }

  // MARK: Copies of a whole group

  /// Keys of the group as of what the server has applied, with those that are on their way to it.
  func shardContents(of server: Int) -> [(key: UInt32, entry: Versioned)] {
    let staged = replication!.servers[server].staged
    let disk = replication!.servers[server].node.disk
    let store = hosts[replication!.servers[server].host.index].store
    return (0..<UInt32(keys.count)).compactMap { key in
      let shard = Int(sharded!.shardOfKey[Int(key)])
      switch disk.log.holding(of: shard, at: disk.applied).hold {
      case .owned, .frozen: return (key, store.get(key))
      case .receiving:
        return staged.get(key).version == .none ? nil : (key, staged.get(key))
      case .away: return nil
      }
    }
  }

  /// At who takes the copy: what another group's server here has by a later move stays.
  mutating func takeShardContents(_ contents: [(key: UInt32, entry: Versioned)], _ server: Int) {
    let host = replication!.servers[server].host
    let disk = replication!.servers[server].node.disk
    replication!.servers[server].staged = ReplicaStore()
    for item in contents {
      let held = disk.log.holding(of: Int(sharded!.shardOfKey[Int(item.key)]), at: disk.applied)
      switch held.hold {
      case .owned, .frozen:
        guard !isSuperseded(item.key, held.generation, by: server) else { continue }
        hosts[host.index].store.replace(item.entry, at: item.key)
      case .receiving: replication!.servers[server].staged.apply(item.entry, to: item.key)
      case .away: break
      }
    }
    dropUnserved(by: server)
  }
}
