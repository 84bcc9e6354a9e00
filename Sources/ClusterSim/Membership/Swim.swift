/// SWIM (Das, Gupta, Motivala, DSN 2002) on one node, with Lifeguard (Dadgar, Phillips, Currey,
/// arXiv 1707.00788) where `lifeguard` is on.
///
/// Every period it pings one member; without an answer within `ping_timeout` it asks `indirect`
/// others to ping for it; without any by the end of the period it suspects the member. A suspicion
/// that nobody refutes in time becomes a death. What changes travels as rumours on these messages;
/// only the suspected raises its incarnation. Members held dead are pinged now and then, and are
/// told, so that a healed partition finds itself again.
///
/// Of Lifeguard: the local health with the nacks of relays, the suspicion time-out that shrinks with
/// independent suspicions, and that a suspect is told first.
struct Swim {
  /// Local health, 0 (well) to 8: periods and time-outs are longer by this factor plus one.
  private(set) var health = 0
  private(set) var rumours = Rumours()

  private struct Probe {
    let target: NodeID
    let sequence: UInt32
    var answered = false
    /// Others that were asked to ping it, and of them those that said that it did not answer.
    var asked = 0
    var nacks = 0
  }
  private var probe: Probe?
  private var sequence: UInt32 = 0

  private var relays = SwimRelays()

  private var suspicions: ContiguousArray<Suspicion> = []

  private var order = SwimOrder()
  private var stream: RandomStream

  static let worstHealth = 8
  /// A relay gives its ping this part of `ping_timeout` before it sends a nack (Lifeguard, section
  /// IV-A), so that the nack is there before the period ends.
  private static let nackPercent: Int64 = 80
  /// Independent suspicions after which the time-out is least (Lifeguard's K).
  static let confirmationsWanted = 3

  init(stream: RandomStream) { self.stream = stream }

  /// Begins: at a random moment of the first period, so that members do not march in step. Suspects
  /// from before are suspected from now.
  mutating func begin(_ table: MembershipTable, announce: Bool, _ turn: inout SwimTurn) {
    for place in 0..<table.peerCount where table.belief(table.peer(at: place)) == .suspect {
      open(table.peer(at: place), from: table.me, table, &turn)
    }
    if announce { announceSelf(table) }
    let period = Int(turn.settings.swimPeriod.nanoseconds)
    turn.effects.append(.wake(.period, after: Int64(stream.below(period))))
  }

  /// A member joined: it takes a random place in the order (section 4.3).
  mutating func learn(_ node: NodeID) {
    order.learn(node, &stream)
  }

  // MARK: Probing

  mutating func beginPeriod(_ table: inout MembershipTable, _ turn: inout SwimTurn) {
    if let last = probe, !last.answered {
      // Whoever hears not even that the others had no answer is likely to be the one in trouble.
      if turn.settings.lifeguard {
        health = min(Self.worstHealth, health + 1 + last.asked - last.nacks)
      }
      switch table.belief(last.target) {
      case .alive: suspect(last.target, by: table.me, &table, &turn)
      case .suspect:
        // Its own failure is one more independent suspicion, as in memberlist's `suspectNode`.
        confirm(
          Rumour(
            about: last.target, belief: .suspect, incarnation: table.incarnation(of: last.target),
            from: table.me), table, &turn)
      case .dead, .left: break
      }
    }
    probe = nil
    if let target = order.next(table, turn.settings.swimOrder, &stream) {
      sequence = max(1, sequence &+ 1)
      probe = Probe(target: target, sequence: sequence)
      ping(target, origin: table.me, sequence: sequence, table, &turn)
      turn.effects.append(
        .wake(.answer(sequence: sequence), after: stretched(turn.settings.pingTimeout)))
    }
    if let dead = table.deadPeer(&stream) {
      ping(dead, origin: table.me, sequence: 0, table, &turn)
    }
    turn.effects.append(.wake(.period, after: stretched(turn.settings.swimPeriod)))
  }

  /// The direct ping should have been answered by now: others try.
  mutating func answerDue(
    _ due: UInt32, _ table: MembershipTable, _ turn: inout SwimTurn
  ) {
    guard let probe, probe.sequence == due, !probe.answered else { return }
    var asked: [NodeID] = []
    let candidates = table.peerCount - table.deadCount
    // By drawing again, but not for ever: nearly all may be suspects.
    for _ in 0..<(8 * turn.settings.indirect) where asked.count < turn.settings.indirect {
      guard candidates > asked.count + 1 else { break }
      let peer = table.peer(at: stream.below(table.peerCount))
      if peer != probe.target, table.belief(peer) == .alive, !asked.contains(peer) {
        asked.append(peer)
      }
    }
    for peer in asked {
      send(
        SwimPacket(
          kind: .pingReq, to: peer, origin: table.me, subject: probe.target,
          sequence: probe.sequence), table, &turn)
    }
    self.probe?.asked = asked.count
  }

  /// A ping made for another should have been answered: its origin is told that it was not.
  mutating func nackDue(_ relay: UInt32, _ table: MembershipTable, _ turn: inout SwimTurn) {
    if let nack = relays.nack(relay) { send(nack, table, &turn) }
  }

  /// A packet came from `from`.
  mutating func receive(
    _ packet: SwimPacket, from: NodeID, _ table: inout MembershipTable, _ turn: inout SwimTurn
  ) {
    for rumour in packet.rumours { hear(rumour, &table, &turn) }
    switch packet.kind {
    case .ping:
      send(
        SwimPacket(
          kind: .ack, to: from, origin: packet.origin, subject: table.me,
          sequence: packet.sequence), table, &turn)
    case .pingReq:
      if turn.settings.lifeguard {
        let patience = turn.settings.pingTimeout.nanoseconds / 100 * Self.nackPercent
        turn.effects.append(.wake(.nack(relay: relays.begin(packet)), after: patience))
      }
      ping(packet.subject, origin: packet.origin, sequence: packet.sequence, table, &turn)
    case .nack:
      if probe?.sequence == packet.sequence { probe?.nacks += 1 }
    case .ack:
      if packet.origin != table.me {
        relays.answered(packet)
        send(
          SwimPacket(
            kind: .ack, to: packet.origin, origin: packet.origin, subject: packet.subject,
            sequence: packet.sequence), table, &turn)
      } else if probe?.sequence == packet.sequence, probe?.answered == false {
        probe?.answered = true
        if turn.settings.lifeguard { health = max(0, health - 1) }
      }
    }
  }

  private func stretched(_ span: Span) -> Int64 { span.nanoseconds * Int64(health + 1) }

  private mutating func ping(
    _ target: NodeID, origin: NodeID, sequence: UInt32, _ table: MembershipTable,
    _ turn: inout SwimTurn
  ) {
    send(
      SwimPacket(kind: .ping, to: target, origin: origin, subject: target, sequence: sequence),
      table, &turn)
  }

  /// Whoever is held dead is told so, and with Lifeguard a suspect, before all other rumours.
  private mutating func send(
    _ packet: SwimPacket, _ table: MembershipTable, _ turn: inout SwimTurn
  ) {
    var packet = packet
    let belief = table.belief(packet.to)
    if belief == .dead || belief == .suspect && turn.settings.lifeguard {
      packet.rumours.append(
        Rumour(
          about: packet.to, belief: belief, incarnation: table.incarnation(of: packet.to),
          from: table.me))
    }
    rumours.take(
      most: turn.settings.piggyback,
      limit: Rumours.limit(mult: turn.settings.rumourMult, members: table.peerCount + 1),
      into: &packet.rumours)
    turn.effects.append(.send(packet))
  }

  // MARK: Suspicion

  /// Suspicions whose time is over become deaths.
  mutating func expire(_ table: inout MembershipTable, _ turn: inout SwimTurn) {
    var place = 0
    while place < suspicions.count {
      let suspicion = suspicions[place]
      guard turn.now - suspicion.since >= timeout(suspicion, table, turn.settings) else {
        place += 1
        continue
      }
      suspicions.remove(at: place)
      let subject = suspicion.subject
      if let change = table.change(subject, to: .dead, now: turn.now) {
        turn.changes.append(change)
      }
      rumours.spread(
        Rumour(
          about: subject, belief: .dead, incarnation: table.incarnation(of: subject),
          from: table.me))
    }
  }

  private func timeout(
    _ suspicion: Suspicion, _ table: MembershipTable, _ settings: Settings.Membership
  ) -> Int64 {
    Self.suspicionTimeout(
      members: table.peerCount + 1, confirmations: suspicion.from.count - 1, settings)
  }

  private mutating func suspect(
    _ subject: NodeID, by from: NodeID, _ table: inout MembershipTable, _ turn: inout SwimTurn
  ) {
    if let change = table.change(subject, to: .suspect, now: turn.now) {
      turn.changes.append(change)
    }
    suspicions.removeAll { $0.subject == subject }
    open(subject, from: from, table, &turn)
    rumours.spread(
      Rumour(
        about: subject, belief: .suspect, incarnation: table.incarnation(of: subject), from: from))
  }

  private mutating func open(
    _ subject: NodeID, from: NodeID, _ table: MembershipTable, _ turn: inout SwimTurn
  ) {
    let suspicion = Suspicion(subject: subject, since: turn.now, from: [from])
    suspicions.append(suspicion)
    turn.effects.append(.wake(.suspicion, after: timeout(suspicion, table, turn.settings)))
  }

  /// One more independent suspicion of a suspect: with Lifeguard it shortens the wait.
  private mutating func confirm(
    _ rumour: Rumour, _ table: MembershipTable, _ turn: inout SwimTurn
  ) {
    guard turn.settings.lifeguard,
      let place = suspicions.firstIndex(where: { $0.subject == rumour.about }),
      suspicions[place].from.count <= Self.confirmationsWanted,
      !suspicions[place].from.contains(rumour.from)
    else { return }
    suspicions[place].from.append(rumour.from)
    rumours.spread(rumour)
    let due = suspicions[place].since + timeout(suspicions[place], table, turn.settings)
    turn.effects.append(.wake(.suspicion, after: max(0, due - turn.now)))
  }

  // MARK: Rumours

  private mutating func hear(
    _ rumour: Rumour, _ table: inout MembershipTable, _ turn: inout SwimTurn
  ) {
    if rumour.about == table.me {
      guard rumour.belief == .suspect || rumour.belief == .dead else { return }
      if table.refute(rumour.belief, incarnation: rumour.incarnation), turn.settings.lifeguard {
        health = min(Self.worstHealth, health + 1)
      }
      announceSelf(table)
      return
    }
    guard table.isKnown(rumour.about) else { return }
    let held = table.belief(rumour.about)
    let incarnation = table.incarnation(of: rumour.about)
    guard held != .left, rumour.incarnation >= incarnation else { return }
    let newer = rumour.incarnation > incarnation
    switch rumour.belief {
    case .alive:
      guard newer else { return }
      table.setIncarnation(rumour.incarnation, of: rumour.about)
      suspicions.removeAll { $0.subject == rumour.about }
      if let change = table.change(rumour.about, to: .alive, now: turn.now) {
        turn.changes.append(change)
      }
      rumours.spread(rumour)
    case .suspect:
      if held == .alive || newer {
        table.setIncarnation(rumour.incarnation, of: rumour.about)
        suspect(rumour.about, by: rumour.from, &table, &turn)
      } else if held == .suspect {
        confirm(rumour, table, &turn)
      }
    case .dead:
      table.setIncarnation(rumour.incarnation, of: rumour.about)
      guard held != .dead else { return }
      suspicions.removeAll { $0.subject == rumour.about }
      if let change = table.change(rumour.about, to: .dead, now: turn.now) {
        turn.changes.append(change)
      }
      rumours.spread(rumour)
    case .left: break
    }
  }

  private mutating func announceSelf(_ table: MembershipTable) {
    rumours.spread(
      Rumour(about: table.me, belief: .alive, incarnation: table.incarnation, from: table.me))
  }
}
