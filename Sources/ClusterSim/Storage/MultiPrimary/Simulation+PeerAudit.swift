// What becomes of each write where every primary takes them: replaced by somebody who held it, or
// vanished for a concurrent one. It watches from outside and helps no primary.
//
// The versions of a key form a tree: a write hangs from the version that its primary held. In the
// end last-write-wins keeps one leaf; every other leaf was replaced by nobody who knew it and is in no
// copy. It has vanished though it may have been acknowledged.
extension Simulation {
  mutating func auditWrite(
    _ written: PeerEntry, replaced: Versioned, _ server: Int, coordinator: UInt16
  ) {
    let group = multiPrimary!.servers[server].group
    let node = multiPrimary!.servers[server].node
    let open = multiPrimary!.groups[group].open
    // A clock that lags: the write loses against what it meant to replace.
    let isKept =
      hosts[multiPrimary!.servers[server].host.index].store.get(written.key) == written.entry
    if isKept,
      let parent = open.lastIndex(where: { $0.key == written.key && $0.entry == replaced })
    {
      multiPrimary!.groups[group].open[parent].isReplaced = true
    }
    if open.count >= MultiPrimaryEngine.openLimit {
      multiPrimary!.groups[group].open.removeFirst(MultiPrimaryEngine.openLimit / 4)
      multiPrimary!.notFollowed += MultiPrimaryEngine.openLimit / 4
    }
    multiPrimary!.groups[group].open.append(
      MultiPrimaryEngine.OpenWrite(
        key: written.key, entry: written.entry, origin: node.me, position: node.last,
        writtenAt: now.nanoseconds, coordinator: coordinator))
  }

  /// A client has its answer.
  mutating func auditPeerAcknowledged(_ operation: Operation, _ write: Versioned, byClocks: Bool) {
    var group = shardGroup(of: operation.key)
    // Its shard has gone meanwhile, and the write had lost against another one by then.
    if moves.number > 0, !isOpen(write, operation.key, group),
      let old = multiPrimary!.groups.indices.first(where: { isOpen(write, operation.key, $0) })
    {
      group = old
    }
    guard
      let index = multiPrimary!.groups[group].open.lastIndex(where: {
        $0.key == operation.key && $0.entry == write
      })
    else { return }
    multiPrimary!.groups[group].open[index].acknowledgedAt = now.nanoseconds
    multiPrimary!.groups[group].open[index].isByClocks = byClocks
  }

  private func isOpen(_ write: Versioned, _ key: UInt32, _ group: Int) -> Bool {
    multiPrimary!.groups[group].open.contains { $0.key == key && $0.entry == write }
  }

  /// A shard goes to another group: what the old one's primaries hold of it is that group's affair from
  /// now on, and in every copy there. What lost against it stays to be settled where it was written.
  mutating func auditPeerHandOver(of shard: Int, from source: Int, to target: Int) {
    if keepsSiblings { return }
    let open = multiPrimary!.groups[source].open
    let home = hosts(ofGroup: target)
    let goes = open.map { write in
      Int(sharded!.shardOfKey[Int(write.key)]) == shard
        && home.contains { hosts[$0.index].store.get(write.key) == write.entry }
    }
    let place = multiPrimary!.present(multiPrimary!.groups[target])[0]
    for (index, write) in open.enumerated() where goes[index] {
      var moved = write
      moved.origin = multiPrimary!.servers[place].node.me
      moved.position = 0
      multiPrimary!.groups[target].open.append(moved)
    }
    multiPrimary!.groups[source].open = ContiguousArray(
      open.indices.filter { !goes[$0] }.map { open[$0] })
  }

  /// A disk lost what its primary wrote after a position; what nobody else has is gone.
  mutating func auditGone(_ server: Int, after position: UInt64, _ cause: LostWrite.Cause) {
    if keepsSiblings { return }
    let lost = multiPrimary!.servers[server]
    for index in multiPrimary!.groups[lost.group].open.indices {
      let write = multiPrimary!.groups[lost.group].open[index]
      guard write.origin == lost.node.me, write.position > position,
        !isTaken(write, lost.group, except: server)
      else { continue }
      multiPrimary!.groups[lost.group].open[index].gone = cause
    }
    settle(lost.group)
  }

  /// Whether another primary has taken the write in.
  private func isTaken(
    _ write: MultiPrimaryEngine.OpenWrite, _ group: Int, except server: Int
  ) -> Bool {
    multiPrimary!.present(multiPrimary!.groups[group]).contains {
      $0 != server
        && multiPrimary!.servers[$0].node.disk.received[Int(write.origin)] >= write.position
    }
  }

  mutating func settleConflicts() {
    guard usesMultiPrimary, !keepsSiblings else { return }
    for group in multiPrimary!.groups.indices { settle(group) }
  }

  /// Once every primary has taken a write in and none holds it, nothing can bring it back.
  private mutating func settle(_ group: Int) {
    let servers = multiPrimary!.present(multiPrimary!.groups[group])
    var left = ContiguousArray<MultiPrimaryEngine.OpenWrite>()
    var named = 0
    for write in multiPrimary!.groups[group].open {
      // Between the release and the change of the directory neither group's copies tell.
      if let move = moves.current, Int(sharded!.shardOfKey[Int(write.key)]) == move.shard {
        left.append(write)
        continue
      }
      // Its answer may still be on its way to the client.
      let isYoung =
        write.acknowledgedAt == nil
        && now.nanoseconds - write.writtenAt < 2 * settings.client.timeout.nanoseconds
      let everywhere = servers.allSatisfy {
        let node = multiPrimary!.servers[$0].node
        return node.me == write.origin || node.disk.received[Int(write.origin)] >= write.position
      }
      let isHeld = servers.contains {
        hosts[multiPrimary!.servers[$0].host.index].store.get(write.key) == write.entry
      }
      if write.gone == nil && (isHeld || !everywhere) || isYoung && !write.isReplaced {
        left.append(write)
        continue
      }
      if write.isReplaced && write.gone == nil { continue }
      if write.gone == nil { multiPrimary!.conflicts += 1 }
      guard let acknowledged = write.acknowledgedAt else { continue }
      // Sent twice by its client: the other copy won.
      if retries.hasRepeatedWrites, holdsValue(write, servers[0]) { continue }
      named += 1
      nameVanished(write, acknowledged, servers)
    }
    multiPrimary!.groups[group].open = left
    // One line when it begins and for every lot, not for every write.
    if named >= 10 || named > 0 && lostWrites.count == named {
      note(
        .storage,
        "group \(group + 1): \(named) acknowledged writes have vanished for concurrent ones")
    }
  }

  private func holdsValue(_ write: MultiPrimaryEngine.OpenWrite, _ server: Int) -> Bool {
    let held = hosts[multiPrimary!.servers[server].host.index].store.get(write.key)
    return held.value == write.entry.value
  }

  private mutating func nameVanished(
    _ write: MultiPrimaryEngine.OpenWrite, _ acknowledged: Int64, _ servers: [Int]
  ) {
    let winner = hosts[homeNodes(of: write.key)[0].index].store.get(write.key)
    lostWrites.append(
      LostWrite(
        cause: write.gone ?? (write.isByClocks ? .clocks : .conflict), value: write.entry.value,
        key: keys.names[Int(write.key)], coordinator: NodeID(write.coordinator),
        acknowledged: Instant(nanoseconds: acknowledged), at: now,
        winner: write.gone == nil ? winner.value : nil,
        winnerCoordinator: write.gone == nil ? NodeID(winner.version.node) : nil,
        group: shardGroup(of: write.key)))
  }
}

/// What the multi-primary engine did since the start, over all groups.
public struct MultiPrimaryFigures: Sendable, Equatable {
  public let groups: Int
  /// Primaries that run and have a copy, of all.
  public let serving: Int
  public let primaries: Int
  public let forwarded: Int
  public let entriesShipped: Int
  public let copiesSent: Int
  /// Writes that vanished for a concurrent one, settled: acknowledged ones are in the lost writes. Nil
  /// with vector versions, under which none does.
  public let conflicts: Int?
  /// Writes whose fate is open: some primary has not taken them in, or holds them.
  public let open: Int
  /// Writes that the audit gave up: more were open than it follows.
  public let notFollowed: Int
  /// Keys that the primaries hold different versions of now.
  public let divergentKeys: Int
}

extension Simulation {
  /// Nil with another engine.
  public var multiPrimaryFigures: MultiPrimaryFigures? {
    guard let multiPrimary else { return nil }
    return MultiPrimaryFigures(
      groups: multiPrimary.groups.count,
      serving: multiPrimary.servers.count {
        !$0.isRetired && hosts[$0.host.index].state == .up && !$0.node.disk.isBlank
      },
      primaries: multiPrimary.servers.count { !$0.isRetired }, forwarded: multiPrimary.forwarded,
      entriesShipped: multiPrimary.entriesShipped, copiesSent: multiPrimary.copiesSent,
      conflicts: keepsSiblings ? nil : multiPrimary.conflicts,
      open: multiPrimary.groups.reduce(0) { $0 + $1.open.count },
      notFollowed: multiPrimary.notFollowed, divergentKeys: divergentKeys())
  }

  /// As replica groups are shown: everybody is a primary, and behind by what it lacks of the others.
  var peerGroups: [[ReplicaServerView]] {
    guard let multiPrimary else { return [] }
    return multiPrimary.groups.map { group in
      let ends = group.servers.map { multiPrimary.servers[$0].node.last }
      return multiPrimary.present(group).map { number in
        let server = multiPrimary.servers[number]
        let node = server.node
        var lacks = 0
        var oldest: Int64?
        for (place, end) in ends.enumerated()
        where place != Int(node.me) && node.peers >> UInt32(place) & 1 == 1 {
          let received = node.disk.received[place]
          lacks += Int(end - min(end, received))
          let origin = multiPrimary.servers[group.servers[place]].node
          guard received < end, received >= origin.disk.base else { continue }
          let at = origin.entry(received + 1).writtenAt
          oldest = min(oldest ?? at, at)
        }
        let runs = hosts[server.host.index].state == .up
        let total = ends.enumerated().reduce(0) {
          $0 + (node.peers >> UInt32($1.offset) & 1 == 1 ? $1.element : 0)
        }
        return ReplicaServerView(
          host: server.host, runs: runs, role: .primary, serves: runs && !node.disk.isBlank,
          isReady: true, timeline: 1, last: node.last, applied: total - UInt64(lacks),
          lagEntries: lacks,
          lag: lacks == 0
            ? .zero : oldest.map { Span(nanoseconds: max(0, now.nanoseconds - $0)) },
          isDivergent: false, isBlank: node.disk.isBlank, counts: server.counts,
          copied: copiedShare(server.group, to: server.host))
      }
    }
  }
}

extension Simulation {
  /// Whether the engine has groups of servers that ship logs.
  public var hasReplicaGroups: Bool { usesReplication || usesMultiPrimary }
}
