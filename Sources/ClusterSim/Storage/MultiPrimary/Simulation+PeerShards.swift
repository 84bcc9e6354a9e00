// What groups of several primaries do for the move of a shard. Nobody leads them, and each primary takes
// writes for itself: so a shard is handed over only once every one of them has said that it takes no
// more of it and the primary that sends has all that the others wrote. Versions go as they are, clocks
// and siblings with them: taking one in twice, or late, changes nothing.
extension Simulation {
  func peerHolding(of key: UInt32, _ server: Int) -> GroupShards.Entry {
    multiPrimary!.servers[server].node.holding(of: Int(sharded!.shardOfKey[Int(key)]))
  }

  /// Whether a request for the key is sent back, and why; nil where the primary serves it.
  func peerRefusal(_ key: UInt32, isRead: Bool, _ server: Int) -> ShardRefusal? {
    switch peerHolding(of: key, server).hold {
    case .owned: nil
    case .frozen: isRead ? nil : .frozen
    case .receiving: .frozen
    case .away: has(.staleRouteServed) ? nil : .moved
    }
  }

  /// The primary on a host that may be asked for a step.
  private func movingPeer(of group: Int, on host: NodeID) -> Int? {
    guard let server = multiPrimary!.server(of: group, on: host),
      multiPrimary!.servers[server].counts, !multiPrimary!.servers[server].node.disk.isBlank
    else { return nil }
    return server
  }

  mutating func servePeerCommand(_ command: ShardCommand, at host: NodeID, keeper: UInt16) {
    guard let server = movingPeer(of: command.group, on: host),
      !isSecuring(command.request, server)
    else { return }
    let clock = logClock(host)
    var isTaken = false
    actAsPeer(server) { node, effects in
      isTaken = node.propose(command, now: clock, &effects)
    }
    guard isTaken else { return }
    peerTookStep(command.step, server)
    let rule: ShardMoves.Secured.Rule =
      switch command.step {
      case .freeze: .frozen(move: command.move)
      case .receive, .mark: .everybody
      // Who is away loses nothing: it takes no writes of the shard, and hears of it when it is back.
      case .release, .own, .cancel: .everybodyAlive
      }
    secure(
      .answer(ShardMove.Answer(request: command.request)), command.request,
      at: multiPrimary!.servers[server].node.last, server, rule, to: keeper)
  }

  /// At the old group: the next keys go to the new group. Of the rest a primary leaves out what the
  /// new group has already; that it knows only where all that arrived was read by itself, in this life.
  /// What it has sent may have been lost, and what came instead be another one's older version.
  mutating func servePeerOrder(_ order: CopyOrder, at host: NodeID, keeper: UInt16) {
    guard let server = movingPeer(of: order.source, on: host) else { return }
    let node = multiPrimary!.servers[server].node
    let held = node.holding(of: order.shard)
    if order.settles {
      guard held.hold == .frozen, held.move == order.move, node.hasAll(ofFrozen: order.move) else {
        return
      }
    } else {
      guard held.hold == .owned else { return }
    }
    let reader = UInt64(hosts[host.index].epoch) << 16 | UInt64(host.rawValue)
    let sent = multiPrimary!.servers[server].sent
    let leavesOut =
      order.settles && !keepsSiblings && order.reader == reader && sent.move == order.move
    var read = keysOnTheirWay(order, from: host) { key, entry in
      !leavesOut || sent.keys.get(key) != entry
    }
    if order.settles, has(.tailStaysBehind) { read.keys = [] }
    if order.settles, has(.ownsBeforeCopied) {
      read.keys.removeAll { sent.keys.get($0.key).version == .none }
    }
    if !order.settles { multiPrimary!.servers[server].sent.note(order, read.keys) }
    sendShard(
      .batch(
        CopyBatch(
          move: order.move, shard: order.shard, target: order.target, keeper: keeper,
          answer: ShardMove.Answer(
            request: order.request, next: read.next, index: 1, keys: read.keys.count,
            reader: reader),
          keys: read.keys)),
      from: host.rawValue, to: order.to)
  }

  /// At the new group: the keys are taken in and go to the others of it.
  mutating func servePeerBatch(_ batch: CopyBatch, at host: NodeID) {
    guard let server = movingPeer(of: batch.target, on: host),
      !isSecuring(batch.answer.request, server)
    else { return }
    let held = multiPrimary!.servers[server].node.holding(of: batch.shard)
    guard held.hold == .receiving, held.move == batch.move else { return }
    let clock = logClock(host)
    for item in batch.keys { keep(item.entry, key: item.key, at: host) }
    let entries = batch.keys.map { PeerEntry(key: $0.key, entry: $0.entry, writtenAt: clock) }
    actAsPeer(server) { node, _ in
      node.relay(entries)
      node.needsSync = true
    }
    secure(
      .answer(batch.answer), batch.answer.request, at: multiPrimary!.servers[server].node.last,
      server, .everybody, to: batch.keeper)
  }

  /// Whether what waits may be sent.
  func isSecure(_ item: ShardMoves.Secured, ofPeer server: Int) -> Bool {
    if has(.stepNotSecured) { return true }
    let node = multiPrimary!.servers[server].node
    switch item.rule {
    case .log: return false
    case .everybody: return node.isTaken(upTo: item.position)
    case .everybodyAlive: return node.isTaken(upTo: item.position, except: deadPeers(of: server))
    case .frozen(let move): return node.hasAll(ofFrozen: move)
    }
  }

  /// Places of the group whose hosts this primary's host holds dead.
  private func deadPeers(of server: Int) -> UInt32 {
    let peer = multiPrimary!.servers[server]
    guard let table = members[peer.host.index]?.table else { return 0 }
    return multiPrimary!.present(multiPrimary!.groups[peer.group]).reduce(0) {
      let other = multiPrimary!.servers[$1]
      return table.isNotDead(other.host) ? $0 : $0 | 1 << UInt32(other.node.me)
    }
  }

  /// A primary knows of a step by now: what it has given away it drops.
  mutating func peerTookStep(_ step: GroupShards.Step, _ server: Int) {
    switch step {
    case .mark, .receive, .freeze, .own: break
    case .release, .cancel: dropUnheld(by: server)
    }
  }

  /// Keys that no primary on the host has any more are dropped; but not where another group that has
  /// them by the directory has a primary here.
  mutating func dropUnheld(by server: Int) {
    let host = multiPrimary!.servers[server].host
    for key in 0..<UInt32(keys.count) where !isHeldByPeer(key, on: host) {
      let home = multiPrimary!.server(of: shardGroup(of: key), on: host)
      if home == nil || home == server { hosts[host.index].store.remove(key) }
    }
  }

  /// Whether a primary on the host has the key, or is being given it.
  func isHeldByPeer(_ key: UInt32, on host: NodeID) -> Bool {
    multiPrimary!.servers(on: host).contains {
      !multiPrimary!.servers[$0].node.disk.isBlank && peerHolding(of: key, $0).hold != .away
    }
  }

  /// Whom the keeper asks for a step of a group: the first of it that is not held dead; another one
  /// where that one has not answered for long.
  func peerChief(of group: Int, at node: NodeID, attempt: UInt8) -> NodeID? {
    let table = members[node.index]!.table
    let usable = hosts(ofGroup: group).filter { table.isNotDead($0) }
    return usable.isEmpty ? nil : usable[Int(attempt) / 16 % usable.count]
  }
}
