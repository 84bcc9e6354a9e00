// Hinted handoff (Dynamo section 4.6; the window and the throttle as in Cassandra).
extension Simulation {
  /// How often a holder looks whether it can replay, ns.
  private static var drainPeriod: Int64 { 50_000_000 }

  /// Keeps a write for a replica that missed it. False where hints are off or there is no room.
  /// What a leaver hands over is kept `always`.
  @discardableResult
  mutating func keepHint(
    _ entry: Versioned, key: UInt32, for home: NodeID, at holder: NodeID, always: Bool = false
  ) -> Bool {
    guard settings.storage.hints || always else { return false }
    guard hosts[holder.index].hints.count < settings.storage.hintLimit else {
      hintsDropped += 1
      return false
    }
    if home == holder {
      // The own disk missed it only because its line was full: apply it now.
      keep(entry, key: key, at: holder)
      return true
    }
    let known = joined(hosts[holder.index].hints.newest(key), entry)
    hosts[holder.index].hints.add(
      Hint(key: key, entry: entry, since: now.nanoseconds), for: home, newest: known)
    hintsStored += 1
    armHintDrain(holder)
    return true
  }

  /// As above, for the client's operation of this trace: its course tells of the hint.
  @discardableResult
  mutating func keepHint(
    _ entry: Versioned, key: UInt32, for home: NodeID, at holder: NodeID, of trace: UInt64
  ) -> Bool {
    let before = hintsStored
    let isKept = keepHint(entry, key: key, for: home, at: holder)
    if hintsStored != before { traces.hinted(trace) }
    return isKept
  }

  mutating func armHintDrain(_ holder: NodeID) {
    guard !hosts[holder.index].hintDrainArmed, !hosts[holder.index].hints.isEmpty else { return }
    hosts[holder.index].hintDrainArmed = true
    wake(holder, .hintDrain, after: Self.drainPeriod)
  }

  /// One step of the replay: to every home that this holder believes alive, within the rate.
  mutating func drainHints(_ holder: NodeID, epoch: UInt32) {
    guard epoch == hosts[holder.index].epoch, hosts[holder.index].state == .up else { return }
    hosts[holder.index].hintDrainArmed = false
    hosts[holder.index].hints.reclaim(before: now.nanoseconds)
    let expired = hosts[holder.index].hints.expire(
      before: now.nanoseconds - settings.storage.hintWindow.nanoseconds)
    if !expired.isEmpty {
      hintsDropped += expired.count
      noteLosses(of: expired, .hints)
    }
    var budget = max(1, settings.storage.hintRate * Int(Self.drainPeriod) / 1_000_000_000)
    for index in 0..<hosts[holder.index].hints.targetLimit {
      let home = NodeID(UInt16(index))
      if hosts[index].isDrained {
        handOver(from: holder, leaver: home)
        continue
      }
      guard members[holder.index]!.table.isAlive(home) else { continue }
      while budget > 0, hosts[holder.index].hints.canSend(to: home),
        let sent = hosts[holder.index].hints.send(
          to: home, now: now.nanoseconds, timeout: settings.storage.timeout.nanoseconds)
      {
        budget -= 1
        let target =
          has(.hintToWrongNode)
          ? storageNodes[(home.index + 1) % storageNodes.count] : home
        send(
          Message(
            kind: .hintReplay, from: holder.rawValue, to: target.rawValue, handle: sent.handle,
            key: sent.hint.key, entry: sent.hint.entry))
        if has(.hintForgottenWhenSent) {
          _ = hosts[holder.index].hints.acknowledged(sent.handle)
        }
      }
    }
    armHintDrain(holder)
  }

  /// The home has left for good: its hints go to the homes of now, so that no write is lost.
  private mutating func handOver(from holder: NodeID, leaver: NodeID) {
    let taken = hosts[holder.index].hints.takeAll(for: leaver)
    for hint in taken {
      for home in homeNodes(of: hint.key) {
        keepHint(hint.entry, key: hint.key, for: home, at: holder, always: true)
      }
    }
    noteLosses(of: ContiguousArray(taken.map(\.key)), .hints)
  }

  mutating func serveHint(_ message: Message) {
    keep(message.entry, key: message.key, at: NodeID(message.to), blindWith: .hintOverNewer)
    send(
      Message(
        kind: .hintAck, from: message.to, to: message.from, handle: message.handle,
        key: message.key))
  }

  mutating func receiveHintAck(_ message: Message) {
    guard hosts[Int(message.to)].hints.acknowledged(message.handle) else { return }
    hintsDelivered += 1
    if hosts[Int(message.to)].hints.isEmpty {
      note(.storage, "\(hosts[Int(message.to)].name) has delivered its last hint")
    }
  }

  /// The N home replicas of a key, in preference order.
  func homeNodes(of key: UInt32) -> [NodeID] {
    if let sharded { return hosts(ofGroup: sharded.group(of: key)) }
    return homes(of: key, in: placement)
  }

  /// The N home replicas of a key by a placement.
  func homes(of key: UInt32, in placement: ClusterPlacement) -> [NodeID] {
    let place = placement.place(of: key, token: keys.tokens[Int(key)])
    return (0..<min(settings.storage.n, placement.memberCount)).map {
      placement.home(at: place, rank: $0)
    }
  }

  /// Where the placement keeps a key's homes.
  @inline(__always)
  func place(of key: UInt32) -> Int { placement.place(of: key, token: keys.tokens[Int(key)]) }

  /// Visits each member once in a key's order, until the visitor returns false.
  func walk(key: UInt32, into visit: (NodeID) -> Bool) {
    let token = keys.tokens[Int(key)]
    if placement.scheme == .ring {
      placement.ring.walk(from: placement.ring.index(of: token), into: visit)
      return
    }
    let list = placement.list(
      for: keys.names[Int(key)], token: token, count: placement.memberCount)
    for node in list where !visit(node) { return }
  }

  /// Nodes on the ring.
  var ringMemberCount: Int { placement.memberCount }
}
