/// A table under way, shared by the messages of one round.
struct GossipPayload {
  let entries: ContiguousArray<GossipEntry>
  var references: Int
}

extension Simulation {
  /// Gossip begins at a random moment of the first interval, so that rounds do not march in step.
  mutating func startGossip(_ node: NodeID) {
    let interval = settings.membership.gossipInterval.nanoseconds
    wake(node, .gossip, after: Int64(hosts[node.index].stream.below(Int(max(1, interval)))))
  }

  mutating func gossipRound(_ node: NodeID, epoch: UInt32) {
    guard epoch == hosts[node.index].epoch, hosts[node.index].state == .up else { return }
    let settings = settings.membership
    changes.removeAll(keepingCapacity: true)
    suspects.removeAll(keepingCapacity: true)
    members[node.index]!.beginRound(
      now: now.nanoseconds, fanout: settings.fanout, stream: &hosts[node.index].stream,
      into: &gossipTargets)
    members[node.index]!.scan(
      now: now.nanoseconds, suspectAfter: settings.suspectAfter.nanoseconds,
      deadAfter: settings.deadAfter.nanoseconds, changes: &changes, suspects: &suspects)
    if !gossipTargets.isEmpty {
      let payload = gossips.insert(
        GossipPayload(
          entries: members[node.index]!.snapshot(), references: gossipTargets.count))
      for target in gossipTargets {
        send(
          Message(kind: .gossip, from: node.rawValue, to: target.rawValue, tag: payload))
      }
    }
    for suspect in suspects { askConfirmers(about: suspect, by: node) }
    observe(by: node)
    wake(node, .gossip, after: settings.gossipInterval.nanoseconds)
  }

  mutating func receiveGossip(_ message: Message, at node: NodeID) {
    guard members[node.index] != nil else { return }
    changes.removeAll(keepingCapacity: true)
    members[node.index]!.receive(
      gossips[message.tag].entries, now: now.nanoseconds, changes: &changes)
    hosts[node.index].incarnation = members[node.index]!.incarnation
    observe(by: node)
  }

  private mutating func askConfirmers(about suspect: NodeID, by node: NodeID) {
    let asked = members[node.index]!.confirmers(
      for: suspect, count: settings.membership.confirmers, stream: &hosts[node.index].stream)
    for peer in asked {
      send(
        Message(
          kind: .confirmAsk, from: node.rawValue, to: peer.rawValue, other: suspect.rawValue))
    }
  }

  /// "Have you seen it rise?": answered with the counter and incarnation known here.
  mutating func answerConfirm(_ message: Message) {
    guard let member = members[Int(message.to)] else { return }
    let entry = member.table[NodeID(message.other)]
    send(
      Message(
        kind: .confirmAnswer, from: message.to, to: message.from, handle: UInt64(entry.incarnation),
        key: entry.counter, other: message.other))
  }

  mutating func receiveConfirm(_ message: Message) {
    guard members[Int(message.to)] != nil else { return }
    changes.removeAll(keepingCapacity: true)
    members[Int(message.to)]!.see(
      NodeID(message.other), counter: message.key,
      incarnation: UInt32(truncatingIfNeeded: message.handle), now: now.nanoseconds, &changes)
    observe(by: NodeID(message.to))
  }

  // MARK: What is watched of it

  /// Looks at what `node` changed its mind about: clocks of faults, log, false suspicions. The log
  /// takes the first node that thinks so and the moment when all do, not every one between.
  private mutating func observe(by node: NodeID) {
    if changes.isEmpty { return }
    // Taken out, because logging and clocks change the simulation while they are read.
    let seen = changes
    for change in seen {
      switch change.to {
      case .suspect: sawSuspicion(of: change.subject, by: node)
      case .dead: sawDeath(of: change.subject, by: node)
      case .alive:
        sawReturn(of: change.subject, by: node)
        armHintDrain(node)
      case .left: break
      }
    }
  }

  /// Running members other than `observer` and `subject` that hold `subject` for one of `beliefs`.
  private func others(
    than observer: NodeID, holding subject: NodeID, _ beliefs: [Belief]
  ) -> (count: Int, of: Int) {
    var count = 0
    var all = 0
    for other in storageNodes where other != observer && other != subject {
      guard hosts[other.index].state == .up, let table = members[other.index]?.table else {
        continue
      }
      all += 1
      if beliefs.contains(table[subject].belief) { count += 1 }
    }
    return (count, all)
  }

  private mutating func sawReturn(of subject: NodeID, by observer: NodeID) {
    let alive = others(than: observer, holding: subject, [.alive])
    if alive.count == 0, alive.of > 0 {
      note(.membership, "\(name(observer)) is the first to see \(name(subject)) alive again")
    } else if alive.count == alive.of {
      note(.membership, "every running node sees \(name(subject)) alive again")
    }
  }

  func name(_ node: NodeID) -> String { hosts[node.index].name }

  private mutating func sawSuspicion(of subject: NodeID, by observer: NodeID) {
    if others(than: observer, holding: subject, [.suspect, .dead]).count == 0 {
      note(.membership, "\(name(observer)) is the first to suspect \(name(subject))")
    }
    var expected = false
    for index in activeFaults.indices
    where activeFaults[index].hides(subject, from: observer) {
      expected = true
      if activeFaults[index].clock.firstSuspicion == nil {
        activeFaults[index].clock.firstSuspicion = now
      }
    }
    if expected || hosts[subject.index].state != .up { return }
    falseSuspicions += 1
    for index in activeFaults.indices { activeFaults[index].clock.falseSuspicions += 1 }
  }

  private mutating func sawDeath(of subject: NodeID, by observer: NodeID) {
    if others(than: observer, holding: subject, [.dead]).count == 0 {
      note(.membership, "\(name(observer)) is the first to hold \(name(subject)) dead")
    }
    for index in activeFaults.indices
    where activeFaults[index].clock.agreement == nil
      && activeFaults[index].hides(subject, from: observer) && agreed(activeFaults[index])
    {
      activeFaults[index].clock.agreement = now
      note(
        .membership,
        "all live nodes agree on \(activeFaults[index].clock.action.text) after "
          + Self.seconds(now - activeFaults[index].clock.at))
    }
  }

  static func seconds(_ span: Span) -> String {
    let tenths = (span.nanoseconds + 50_000_000) / 100_000_000
    return "\(tenths / 10).\(tenths % 10) s"
  }

  /// Whether every running node holds everybody dead whom the fault hides from it.
  private func agreed(_ fault: ActiveFault) -> Bool {
    for observer in storageNodes where hosts[observer.index].state == .up {
      guard let table = members[observer.index]?.table else { continue }
      for subject in storageNodes where subject != observer && isMember(subject) {
        if fault.hides(subject, from: observer), table[subject].belief != .dead { return false }
      }
    }
    return true
  }

  func isMember(_ node: NodeID) -> Bool {
    switch hosts[node.index].ringRole {
    case .member, .joining, .leaving: true
    case .left, .none: false
    }
  }
}
