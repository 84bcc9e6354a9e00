// Promotions as the cluster sees them: announced, addresses moved, what they cost.
extension Simulation {
  /// The address moves: everybody is told, and again and again, because a cut may swallow it.
  private static var announcePeriod: Int64 { 1_000_000_000 }

  mutating func promoted(_ server: Int) {
    let group = replication!.servers[server].group
    let host = replication!.servers[server].host
    let timeline = replication!.servers[server].node.disk.timeline
    let from = lastPrimary(of: group, before: server)
    let failed = activeFaults.last { $0.hides(from, from: host) }?.clock.at
    replication!.promotions += 1
    if replication!.failovers.count == PrimaryReplicaEngine.keptFailovers {
      replication!.failovers.removeFirst()
    }
    let missing = missingAcknowledgements(group: group, at: server)
    replication!.failovers.append(
      Failover(
        group: group, from: from, to: host, timeline: Int(timeline >> 4), failedAt: failed,
        detectedAt: replication!.groups[group].canvassedAt, promotedAt: now, missing: missing))
    replication!.groups[group].canvassedAt = nil
    note(
      .storage,
      "\(name(host)) is promoted: group \(group + 1), timeline \(timeline >> 4)"
        + (missing > 0 ? ", \(missing) acknowledged writes are not in its log" : ""))
    topologyChanged()
  }

  /// Whom the last promotion made primary, at first the group's first server.
  private func lastPrimary(of group: Int, before server: Int) -> NodeID {
    replication!.failovers.last { $0.group == group }?.to
      ?? replication!.servers[replication!.groups[group].servers[0]].host
  }

  mutating func ready(_ server: Int) {
    let group = replication!.servers[server].group
    let host = replication!.servers[server].host
    replication!.primaryChanges += 1
    if let index = failover(of: server) { replication!.failovers[index].readyAt = now }
    note(.storage, "\(name(host)) takes requests for group \(group + 1)")
    announce(server)
    topologyChanged()
  }

  private func failover(of server: Int) -> Int? {
    let group = replication!.servers[server].group
    let timeline = Int(replication!.servers[server].node.disk.timeline >> 4)
    let host = replication!.servers[server].host
    return replication!.failovers.lastIndex {
      $0.group == group && $0.timeline == timeline && $0.to == host
    }
  }

  private mutating func announce(_ server: Int) {
    let host = replication!.servers[server].host
    let timeline = replication!.servers[server].node.disk.timeline
    for node in storageNodes where hosts[node.index].state != .left {
      send(
        Message(
          kind: .logAnnounce, from: host.rawValue, to: node.rawValue, handle: UInt64(timeline),
          key: UInt32(replication!.servers[server].group)))
    }
    queue.push(
      time: now.nanoseconds + Self.announcePeriod, kind: .logAnnounce, node: host.rawValue,
      a: hosts[host.index].epoch, b: UInt64(server) << 32 | UInt64(timeline))
  }

  mutating func announceDue(_ event: Event) {
    let server = Int(event.b >> 32)
    guard event.a == hosts[Int(event.node)].epoch, hosts[Int(event.node)].state == .up,
      replication!.servers[server].node.role == .primary,
      !replication!.servers[server].isRetired,
      replication!.servers[server].node.disk.timeline == UInt32(truncatingIfNeeded: event.b),
      replication!.servers[server].node.isReady
    else { return }
    announce(server)
  }

  /// News of a primary; until the old address is forgotten some time goes by.
  mutating func receiveAnnouncement(_ message: Message) {
    hear(
      of: NodeID(message.from), group: Int(message.key), timeline: UInt32(message.handle),
      at: NodeID(message.to))
  }

  mutating func hear(of primary: NodeID, group: Int, timeline: UInt32, at node: NodeID) {
    let place = node.index * replication!.groups.count + group
    guard timeline > replication!.addresses[place].coming else { return }
    // It may have left the group meanwhile.
    guard let server = replication!.server(of: group, on: primary) else { return }
    replication!.addresses[place].coming = timeline
    queue.push(
      time: now.nanoseconds + settings.replication.redirect.nanoseconds, kind: .addressMoves,
      node: node.rawValue, a: hosts[node.index].epoch, b: UInt64(server) << 32 | UInt64(timeline))
  }

  mutating func addressMoves(_ event: Event) {
    let node = NodeID(event.node)
    let server = Int(event.b >> 32)
    let timeline = UInt32(truncatingIfNeeded: event.b)
    let group = replication!.servers[server].group
    let place = node.index * replication!.groups.count + group
    guard event.a == hosts[node.index].epoch,
      timeline > replication!.addresses[place].timeline
    else { return }
    replication!.addresses[place] = PrimaryReplicaEngine.Address(
      host: replication!.servers[server].host.rawValue, timeline: timeline, coming: timeline)
    noteRedirected(server, timeline)
  }

  /// Whether every running node that the new primary can reach sends to it.
  private mutating func noteRedirected(_ server: Int, _ timeline: UInt32) {
    let group = replication!.servers[server].group
    let host = replication!.servers[server].host
    guard replication!.servers[server].node.disk.timeline == timeline,
      let index = failover(of: server), replication!.failovers[index].redirectedAt == nil
    else { return }
    let all = storageNodes.allSatisfy { node in
      hosts[node.index].state != .up || !reachable(host, node)
        || replication!.addresses[node.index * replication!.groups.count + group].timeline
          >= timeline
    }
    guard all else { return }
    replication!.failovers[index].redirectedAt = now
    note(.storage, "group \(group + 1): every node that \(name(host)) reaches sends to it")
  }

  // MARK: By a person

  /// The node takes over: the groups whose primary it holds dead, else all of which it has a copy.
  mutating func promote(
    _ nodeName: String, _ number: Int?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard let replication else {
      throw ActionError("promote needs storage.engine primary-replica")
    }
    let node = try storageNode(nodeName)
    guard hosts[node.index].state == .up else { throw ActionError("\(nodeName) does not run") }
    if let number, !replication.groups.indices.contains(number - 1) {
      throw ActionError("there are groups 1 to \(replication.groups.count)")
    }
    let clock = logClock(node)
    var servers = replication.servers(on: node).filter {
      let server = replication.servers[$0]
      return server.node.role == .replica && server.node.isVoter
        && (number == nil || server.group == number! - 1)
    }
    guard !servers.isEmpty else {
      throw ActionError(
        "\(nodeName) is no replica of " + (number.map { "group \($0)" } ?? "any group")
          + " that it could take over")
    }
    let orphans = servers.filter {
      let server = replication.servers[$0]
      return deadMembers(of: $0) >> UInt32(server.node.disk.primary) & 1 == 1
    }
    if number == nil, !orphans.isEmpty { servers = orphans }
    let fenced = servers.allSatisfy { server in
      let replica = replication.servers[server].node
      return primaryInReach(of: server) == nil && replica.options.fencing
        && clock - replica.heard < replica.options.lease
    }
    if fenced {
      throw ActionError(
        "fencing: \(nodeName) heard the primary less than replication.lease ago; try again then")
    }
    note(who, action.text)
    for server in servers {
      if let primary = primaryInReach(of: server) {
        let place = Int(replication.servers[server].node.me)
        act(primary) { node, now, effects in node.handOver(to: place, now, &effects) }
      } else {
        act(server) { node, now, effects in node.beginCanvass(now, byPerson: true, &effects) }
      }
    }
  }

  /// The serving primary of the server's group, where the two can talk.
  private func primaryInReach(of server: Int) -> Int? {
    let own = replication!.servers[server]
    return replication!.groups[own.group].servers.first {
      let other = replication!.servers[$0]
      return other.node.role == .primary && other.node.isReady
        && hosts[other.host.index].state == .up && reachable(own.host, other.host)
    }
  }
}
