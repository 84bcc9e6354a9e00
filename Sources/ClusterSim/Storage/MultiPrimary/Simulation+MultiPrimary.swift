// The multi-primary engine in the cluster: every primary answers at once and ships afterwards.
extension Simulation {
  var usesMultiPrimary: Bool { multiPrimary != nil }

  /// Concurrent writes stay side by side: what becomes of them is known from the versions, and no
  /// write vanishes for another.
  var keepsSiblings: Bool { settings.storage.versions == .vector }

  mutating func startMultiPrimary() {
    switch settings.storage.engine {
    case .leaderless, .primaryReplica, .raft: return
    case .multiPrimary:
      multiPrimary = MultiPrimaryEngine(
        nodes: storageNodes, domains: failureDomains, settings: settings)
    }
  }

  mutating func armMultiPrimary() {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers.indices { armPeer(server) }
  }

  mutating func armPeer(_ server: Int) {
    let host = multiPrimary!.servers[server].host
    guard !multiPrimary!.servers[server].isRetired,
      hosts[host.index].state == .up || hosts[host.index].state == .frozen
    else { return }
    let wait = multiPrimary!.servers[server].node.due - logClock(host)
    let time = hosts[host.index].clock.moment(after: wait, from: now.nanoseconds)
    guard time < multiPrimary!.servers[server].wakesAt else { return }
    multiPrimary!.servers[server].wakesAt = time
    queue.push(
      time: time, kind: .peerTimer, node: host.rawValue, a: hosts[host.index].epoch,
      b: UInt64(server))
  }

  mutating func peerTimerDue(_ event: Event) {
    let server = Int(event.b)
    guard event.a == hosts[Int(event.node)].epoch, hosts[Int(event.node)].state == .up,
      !multiPrimary!.servers[server].isRetired
    else { return }
    multiPrimary!.servers[server].wakesAt = .max
    let clock = logClock(NodeID(event.node))
    actAsPeer(server) { node, effects in node.fire(now: clock, &effects) }
  }

  mutating func actAsPeer(
    _ server: Int, _ body: (inout MultiPrimaryNode, inout [PeerEffect]) -> Void
  ) {
    var effects = multiPrimary!.effects
    multiPrimary!.effects = []
    notePeerDisk(server)
    body(&multiPrimary!.servers[server].node, &effects)
    for effect in effects { perform(effect, server) }
    effects.removeAll(keepingCapacity: true)
    multiPrimary!.effects = effects
    if multiPrimary!.servers[server].node.needsSync { syncPeers(on: server) }
    if !moves.secures.isEmpty { sendSecured(server) }
    armPeer(server)
  }

  private mutating func perform(_ effect: PeerEffect, _ server: Int) {
    switch effect {
    case .send(let message): sendToPeer(message, server)
    case .apply(let entry):
      let host = multiPrimary!.servers[server].host
      if entry.step > 0 {
        peerTookStep(entry.holding.step, server)
        return
      }
      hosts[host.index].writesServed += 1
      if moves.number > 0 {
        switch peerHolding(of: entry.key, server).hold {
        // It was written before its shard went, and went with it.
        case .away: return
        // The old group will drop it.
        case .receiving: multiPrimary!.servers[server].node.needsSync = true
        case .owned, .frozen: break
        }
      }
      keep(entry.entry, key: entry.key, at: host)
    case .merge: break
    }
  }

  private mutating func sendToPeer(_ message: PeerMessage, _ server: Int) {
    let group = multiPrimary!.servers[server].group
    var payload = MultiPrimaryEngine.Payload(message: message)
    multiPrimary!.entriesShipped += message.entries.count
    if message.kind == .copy {
      multiPrimary!.copiesSent += 1
      let store = hosts[multiPrimary!.servers[server].host.index].store
      payload.keys = (0..<UInt32(keys.count)).compactMap { key in
        let isOwn =
          moves.number > 0
          ? peerHolding(of: key, server).hold != .away : shardGroup(of: key) == group
        return isOwn ? (key, store.get(key)) : nil
      }
    }
    let handle = multiPrimary!.payloads.insert(payload)
    let from = multiPrimary!.servers[server].host
    let to = multiPrimary!.servers[multiPrimary!.groups[group].servers[Int(message.to)]].host
    if message.kind == .copy {
      beginCopy(handle, .peer, keys: payload.keys.count, group: group, from: from, to: to)
      return
    }
    send(
      Message(
        kind: .peer, from: from.rawValue, to: to.rawValue, tag: handle, key: UInt32(group)))
  }

  mutating func receivePeer(_ message: Message) {
    let host = NodeID(message.to)
    let payload = multiPrimary!.payloads[message.tag]
    releasePeer(message.tag)
    // The server that was meant may have left, and another one of the group may be here.
    guard let server = multiPrimary!.server(of: Int(message.key), on: host),
      multiPrimary!.servers[server].node.me == payload.message.to
    else { return }
    let wasBlank = multiPrimary!.servers[server].node.disk.isBlank
    actAsPeer(server) { node, effects in node.receive(payload.message, &effects) }
    guard payload.message.kind == .copy else { return }
    // Steps that gave shards away may have come with it.
    if moves.number > 0 { dropUnheld(by: server) }
    var news: [PeerEntry] = []
    for item in payload.keys
    where moves.number == 0 || peerHolding(of: item.key, server).hold != .away {
      if !wasBlank, isBehind(hosts[host.index].store.get(item.key), item.entry) {
        news.append(PeerEntry(key: item.key, entry: item.entry, writtenAt: logClock(host)))
      }
      keep(item.entry, key: item.key, at: host)
    }
    if !news.isEmpty { actAsPeer(server) { node, _ in node.relay(news) } }
    if moves.number > 0 { syncPeers(on: server) }
    note(.storage, "\(name(host)) takes a copy of group \(message.key + 1)")
  }

  /// A message between primaries is gone, or has been read.
  mutating func releasePeer(_ payload: UInt64) {
    multiPrimary!.payloads.release(payload)
  }

  // MARK: Requests

  /// The primary that a node's clients use: its own, else one in its location, else any.
  mutating func peerTarget(_ group: Int, at node: NodeID) -> NodeID? {
    let serving = multiPrimary!.present(multiPrimary!.groups[group])
      .filter { multiPrimary!.servers[$0].counts && multiPrimary!.servers[$0].leavesSince == nil }
      .map { multiPrimary!.servers[$0].host }
    if serving.contains(node) { return node }
    let table = members[node.index]!.table
    let usable = serving.filter { table.isNotDead($0) }
    let near = usable.filter { hosts[$0.index].location == hosts[node.index].location }
    let choice = near.isEmpty ? usable : near
    guard !choice.isEmpty else { return nil }
    multiPrimary!.turn = (multiPrimary!.turn + 1) % choice.count
    return choice[multiPrimary!.turn]
  }

  mutating func servePeerRequest(_ message: Message) {
    let host = NodeID(message.to)
    guard let server = multiPrimary!.server(of: Int(message.tag), on: host) else { return }
    guard !multiPrimary!.servers[server].node.disk.isBlank else {
      refuseLog(message)
      return
    }
    if moves.number > 0,
      let refusal = peerRefusal(message.key, isRead: message.kind == .logRead, server)
    {
      sendBack(message, refusal)
      return
    }
    var entry = hosts[host.index].store.get(message.key)
    if message.kind == .logWrite {
      let replaced = entry
      entry = Versioned(version: nextVersion(at: host), value: message.entry.value)
      if keepsSiblings {
        entry = newSibling(entry, key: message.key, context: message.entry.set, at: host)
      }
      let written = PeerEntry(key: message.key, entry: entry, writtenAt: logClock(host))
      actAsPeer(server) { node, effects in node.write(written, &effects) }
      keep(entry, key: message.key, at: host)
      hosts[host.index].writesServed += 1
      if traces.ledger != nil { noteCopy(ofCoordination: message.handle, by: host) }
      if !keepsSiblings {
        auditWrite(written, replaced: replaced, server, coordinator: message.from)
      }
    } else {
      hosts[host.index].readsServed += 1
    }
    send(
      Message(
        kind: .logReply, from: message.to, to: message.from, handle: message.handle,
        key: message.key, entry: entry))
  }

  // MARK: Life of a host

  /// The process dies: what its primaries had in hand is gone, their disks stay.
  mutating func stopMultiPrimary(_ host: NodeID) {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers(on: host) {
      forgetSecured(of: server)
      multiPrimary!.servers[server].sent = MultiPrimaryEngine.Sent()
    }
  }

  mutating func bootMultiPrimary(_ host: NodeID) {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers(on: host) {
      let old = multiPrimary!.servers[server].node
      multiPrimary!.servers[server].wakesAt = .max
      multiPrimary!.servers[server].node = MultiPrimaryNode(
        me: old.me, peers: old.peers, disk: old.disk, options: old.options, now: logClock(host))
      armPeer(server)
    }
  }

  /// The disk is gone. Positions go on after the last one, so that none is used twice.
  mutating func wipeMultiPrimary(_ host: NodeID) {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers(on: host) {
      let old = multiPrimary!.servers[server].node
      // Which shards the group has the directory knows.
      multiPrimary!.servers[server].node.disk = MultiPrimaryNode.Disk(
        base: old.last, isBlank: true, wanted: old.peers, shards: old.disk.shards,
        parents: old.disk.parents)
      auditGone(server, after: 0, .wiped)
    }
  }

  /// What had not been synced is gone from log and copy; positions are not used again.
  mutating func loseUnsyncedPeers(_ host: NodeID) {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers(on: host)
    where multiPrimary!.servers[server].interval == syncInterval(of: host) {
      let state = multiPrimary!.servers[server]
      let kept = multiPrimary!.servers[server].node.last
      multiPrimary!.servers[server].node.disk.entries.removeAll()
      multiPrimary!.servers[server].node.disk.base = kept
      multiPrimary!.servers[server].node.disk.received = state.syncedReceived
      multiPrimary!.servers[server].node.disk.wanted = multiPrimary!.servers[server].node.peers
      auditGone(server, after: state.syncedLast, .unsynced)
    }
  }

  /// The disk of a server's host is synced now. A step of a move, and keys of a shard that comes, are on
  /// the disk before anybody is told that they are here, whatever `storage.fsync` says.
  private mutating func syncPeers(on server: Int) {
    multiPrimary!.servers[server].node.needsSync = false
    guard !settings.storage.fsync else { return }
    let host = multiPrimary!.servers[server].host
    hosts[host.index].unsynced.sync()
    for server in multiPrimary!.servers(on: host) {
      let disk = multiPrimary!.servers[server].node.disk
      multiPrimary!.servers[server].interval = syncInterval(of: host)
      multiPrimary!.servers[server].syncedLast = disk.last
      multiPrimary!.servers[server].syncedReceived = disk.received
    }
  }

  private mutating func notePeerDisk(_ server: Int) {
    guard !settings.storage.fsync else { return }
    let interval = syncInterval(of: multiPrimary!.servers[server].host)
    guard multiPrimary!.servers[server].interval != interval else { return }
    multiPrimary!.servers[server].interval = interval
    multiPrimary!.servers[server].syncedLast = multiPrimary!.servers[server].node.last
    multiPrimary!.servers[server].syncedReceived = multiPrimary!.servers[server].node.disk.received
  }

  mutating func changeMultiPrimary(_ settings: Settings.Replication) {
    guard usesMultiPrimary else { return }
    for server in multiPrimary!.servers.indices {
      multiPrimary!.servers[server].node.options = settings.options
      armPeer(server)
    }
  }

  /// Whether a primary of the key's group is on this side.
  func peersAnswer(key: UInt32, side: NodeSet) -> Bool {
    let group = multiPrimary!.groups[shardGroup(of: key)]
    return multiPrimary!.present(group).contains {
      let server = multiPrimary!.servers[$0]
      return side.contains(server.host) && server.counts && !server.node.disk.isBlank
    }
  }
}
