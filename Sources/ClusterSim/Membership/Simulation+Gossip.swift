/// What a membership message carries, shared by the messages of one round.
struct GossipPayload {
  var whole: WholeTable?
  var entries: ContiguousArray<GossipEntry> = []
  var rumours: ContiguousArray<Rumour> = []

  /// Members that a heartbeat message says something of.
  var entryCount: Int { whole?.count ?? entries.count }
}

extension Simulation {
  /// The configured detector begins on a node that has a fresh table.
  ///
  /// - Parameter announce: it was here before, and others may hold it dead.
  mutating func startDetector(_ node: NodeID, announce: Bool) {
    switch settings.membership.detector {
    case .heartbeat, .phi: startGossip(node)
    case .swim: startSwim(node, announce: announce)
    }
  }

  /// Another detector takes over on every node, with that node's present beliefs; messages and
  /// timers of the old one are void.
  mutating func changeDetector() {
    detectorGeneration &+= 1
    longestSilence = 0
    for node in storageNodes where members[node.index] != nil {
      members[node.index]!.restartDetector(
        now: now.nanoseconds, stream: membershipStream(of: node))
      startDetector(node, announce: false)
    }
  }

  /// A storage node's membership begins with what its configuration tells it.
  mutating func addMember(_ node: NodeID, incarnation: UInt32) {
    addMember(
      node,
      MembershipTable(
        me: node, roster: roster, incarnation: incarnation, now: now.nanoseconds))
  }

  mutating func addMember(_ node: NodeID, _ table: MembershipTable) {
    members[node.index] = Member(table: table, stream: membershipStream(of: node))
    census.enter(table, now: now.nanoseconds)
  }

  /// Each boot and each detector has a stream of its own.
  private func membershipStream(of node: NodeID) -> RandomStream {
    RandomStream(
      seed: configuration.seed, purpose: StreamPurpose.membership.rawValue,
      index: UInt64(node.rawValue) << 48 | UInt64(detectorGeneration) << 32
        | UInt64(hosts[node.index].epoch))
  }

  /// Gossip begins at a random moment of the first interval, so that rounds do not march in step.
  private mutating func startGossip(_ node: NodeID) {
    let interval = settings.membership.gossipInterval.nanoseconds
    wakeGossip(node, after: Int64(hosts[node.index].stream.below(Int(max(1, interval)))))
  }

  private mutating func wakeGossip(_ node: NodeID, after delay: Int64) {
    queue.push(
      time: now.nanoseconds + delay, kind: .gossip, node: node.rawValue, a: hosts[node.index].epoch,
      b: UInt64(detectorGeneration))
  }

  mutating func gossipRound(_ node: NodeID, epoch: UInt32, generation: UInt64) {
    guard epoch == hosts[node.index].epoch, hosts[node.index].state == .up,
      generation == UInt64(detectorGeneration)
    else { return }
    let settings = settings.membership
    changes.removeAll(keepingCapacity: true)
    suspects.removeAll(keepingCapacity: true)
    members[node.index]!.beginRound(
      now: now.nanoseconds, fanout: settings.fanout, stream: &hosts[node.index].stream,
      into: &gossipTargets)
    let silence = members[node.index]!.scan(
      now: now.nanoseconds, settings: settings, changes: &changes, suspects: &suspects)
    if let silence { note(silence: silence) }
    if !gossipTargets.isEmpty {
      let said = members[node.index]!.snapshot(
        packet: settings.packet, stream: &hosts[node.index].stream)
      let bytes = MembershipFigures.bytes(entries: said.entryCount)
      let payload = gossips.insert(said, references: gossipTargets.count)
      for target in gossipTargets {
        sendMembership(
          Message(kind: .gossip, from: node.rawValue, to: target.rawValue, tag: payload),
          bytes: bytes)
      }
    }
    for suspect in suspects { askConfirmers(about: suspect, by: node) }
    observe(by: node)
    wakeGossip(node, after: settings.gossipInterval.nanoseconds)
  }

  /// Counts where no fault is the reason: the silence began after the last one was over.
  private mutating func note(silence: Int64) {
    guard silence > longestSilence, activeFaults.isEmpty,
      now.nanoseconds - silence >= endedFaults.last?.clock.endedAt?.nanoseconds ?? 0
    else { return }
    longestSilence = silence
  }

  /// Sends a message of the membership protocol and counts it.
  mutating func sendMembership(_ message: Message, bytes: Int) {
    membershipMessages += 1
    membershipBytes += bytes
    send(message)
  }

  mutating func receiveGossip(_ message: Message, at node: NodeID) {
    guard members[node.index] != nil, settings.membership.detector != .swim else { return }
    changes.removeAll(keepingCapacity: true)
    risen.removeAll(keepingCapacity: true)
    members[node.index]!.receive(
      gossips[message.tag], now: now.nanoseconds, settings: settings.membership,
      changes: &changes, risen: &risen)
    hosts[node.index].incarnation = members[node.index]!.incarnation
    observe(by: node)
  }

  private mutating func askConfirmers(about suspect: NodeID, by node: NodeID) {
    let asked = HeartbeatGossip.confirmers(
      for: suspect, in: members[node.index]!.table, count: settings.membership.confirmers,
      stream: &hosts[node.index].stream)
    for peer in asked {
      sendMembership(
        Message(
          kind: .confirmAsk, from: node.rawValue, to: peer.rawValue, other: suspect.rawValue),
        bytes: MembershipFigures.askBytes)
    }
  }

  /// "Have you seen it rise?": answered with the counter and incarnation known here.
  mutating func answerConfirm(_ message: Message) {
    guard members[Int(message.to)] != nil, settings.membership.detector != .swim else { return }
    let entry = members[Int(message.to)]!.table[NodeID(message.other)]
    sendMembership(
      Message(
        kind: .confirmAnswer, from: message.to, to: message.from, handle: UInt64(entry.incarnation),
        key: entry.counter, other: message.other), bytes: MembershipFigures.answerBytes)
  }

  mutating func receiveConfirm(_ message: Message) {
    guard settings.membership.detector != .swim,
      members[Int(message.to)]?.table.hasPlace(for: NodeID(message.other)) == true
    else { return }
    changes.removeAll(keepingCapacity: true)
    members[Int(message.to)]!.see(
      NodeID(message.other), counter: message.key,
      incarnation: UInt32(truncatingIfNeeded: message.handle), now: now.nanoseconds,
      settings: settings.membership, changes: &changes)
    observe(by: NodeID(message.to))
  }

  func isMember(_ node: NodeID) -> Bool {
    switch hosts[node.index].ringRole {
    case .member, .joining, .leaving: true
    case .left, .none: false
    }
  }
}
