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
      if !retries.repeated.contains(written.entry.value) {
        multiPrimary!.groups[group].open[parent].isReplaced = true
      } else if replaced.value == written.entry.value {
        multiPrimary!.groups[group].open[parent].isSuperseded = true
      } else if wasReplaced(written, group) {
        multiPrimary!.groups[group].open[parent].isOverwritten = true
      } else {
        multiPrimary!.groups[group].open[parent].isReplaced = true
      }
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

  /// Whether an earlier copy of the write has been replaced already by somebody who held it.
  private func wasReplaced(_ written: PeerEntry, _ group: Int) -> Bool {
    multiPrimary!.outlived.contains(written.entry.value)
      || multiPrimary!.groups[group].open.contains {
        $0.key == written.key && $0.entry.value == written.entry.value && $0.isReplaced
      }
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
    multiPrimary!.groups[group].open[index].location = operation.location
    multiPrimary!.groups[group].open[index].phase = operation.phase
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
    var vanished: [MultiPrimaryEngine.OpenWrite] = []
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
      } else if !write.isReplaced || write.gone != nil {
        vanished.append(write)
      } else if settings.client.retries > 0 {
        // Its client may send it again yet.
        multiPrimary!.outlived.insert(write.entry.value)
      }
    }
    var named = 0
    for write in vanished where !livesOn(write, group, servers, &left) {
      // Another copy may come to a primary yet, and be what it holds in the end.
      if write.acknowledgedAt != nil, isOnItsWay(write) {
        left.append(write)
        continue
      }
      if write.gone == nil, !write.isOverwritten { multiPrimary!.conflicts += 1 }
      guard let acknowledged = write.acknowledgedAt else { continue }
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

  /// Whether a write that its client sent twice has another copy that was replaced knowingly, is held,
  /// or is open still: then that one has been acknowledged.
  private mutating func livesOn(
    _ write: MultiPrimaryEngine.OpenWrite, _ group: Int, _ servers: [Int],
    _ left: inout ContiguousArray<MultiPrimaryEngine.OpenWrite>
  ) -> Bool {
    let value = write.entry.value
    guard retries.repeated.contains(value) else { return false }
    if multiPrimary!.outlived.contains(value) { return true }
    if let copy = left.lastIndex(where: { $0.key == write.key && $0.entry.value == value }) {
      left[copy].acknowledgedAt = left[copy].acknowledgedAt ?? write.acknowledgedAt
      return true
    }
    // Its shard may have gone meanwhile, and the other copy have been written at another home.
    for other in multiPrimary!.groups.indices where other != group {
      let open = multiPrimary!.groups[other].open
      guard let copy = open.lastIndex(where: { $0.key == write.key && $0.entry.value == value })
      else { continue }
      multiPrimary!.groups[other].open[copy].acknowledgedAt =
        open[copy].acknowledgedAt ?? write.acknowledgedAt
      return true
    }
    let home = multiPrimary!.present(multiPrimary!.groups[shardGroup(of: write.key)])
    return [servers[0], home[0]].contains {
      hosts[multiPrimary!.servers[$0].host.index].store.get(write.key).value == value
    }
  }

  /// Whether a request that writes a value sent twice has not reached its primary yet.
  private func isOnItsWay(_ write: MultiPrimaryEngine.OpenWrite) -> Bool {
    let value = write.entry.value
    guard retries.repeated.contains(value) else { return false }
    var found = false
    messages.visit { _, message in
      let isRequest = message.kind == .clientWrite || message.kind == .logWrite
      if isRequest, message.key == write.key, message.entry.value == value { found = true }
    }
    return found
  }

  private mutating func nameVanished(
    _ write: MultiPrimaryEngine.OpenWrite, _ acknowledged: Int64, _ servers: [Int]
  ) {
    let winner = hosts[homeNodes(of: write.key)[0].index].store.get(write.key)
    let cause =
      write.gone ?? (write.isOverwritten ? .repeated : write.isByClocks ? .clocks : .conflict)
    if cause == .conflict {
      metrics.discarded(location: Int(write.location), phase: write.phase)
    }
    lostWrites.append(
      LostWrite(
        cause: cause, value: write.entry.value,
        key: keys.names[Int(write.key)], coordinator: NodeID(write.coordinator),
        acknowledged: Instant(nanoseconds: acknowledged), at: now,
        winner: write.gone == nil ? winner.value : nil,
        winnerCoordinator: write.gone == nil ? NodeID(winner.version.node) : nil,
        group: shardGroup(of: write.key)))
  }
}
