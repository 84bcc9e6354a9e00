extension Simulation {
  mutating func startSwim(_ node: NodeID, announce: Bool) {
    swim(node) { $0.beginSwim(announce: announce, &$1) }
  }

  /// A timer of SWIM is due: `marked` is what `mark` made.
  mutating func swimDue(_ node: NodeID, epoch: UInt32, marked: UInt64) {
    guard epoch == hosts[node.index].epoch, hosts[node.index].state == .up,
      marked >> 48 == UInt64(detectorGeneration)
    else { return }
    let timer: SwimTimer =
      switch marked >> 32 & 0xFFFF {
      case 0: .period
      case 1: .answer(sequence: UInt32(truncatingIfNeeded: marked))
      case 3: .nack(relay: UInt32(truncatingIfNeeded: marked))
      default: .suspicion
      }
    swim(node) { $0.fire(timer, &$1) }
  }

  mutating func receiveSwim(_ message: Message, at node: NodeID) {
    guard members[node.index] != nil, settings.membership.detector == .swim else { return }
    let kind: SwimPacket.Kind =
      switch message.kind {
      case .swimPing: .ping
      case .swimAck: .ack
      case .swimNack: .nack
      default: .pingReq
      }
    let packet = SwimPacket(
      kind: kind, to: node, origin: NodeID(message.other),
      subject: NodeID(UInt16(truncatingIfNeeded: message.key)),
      sequence: UInt32(truncatingIfNeeded: message.handle), rumours: gossips[message.tag].rumours)
    swim(node) { $0.receive(packet, from: NodeID(message.from), &$1) }
  }

  /// One call into a node's protocol, and what it wants done.
  private mutating func swim(_ node: NodeID, _ call: (inout Member, inout SwimTurn) -> Void) {
    var turn = SwimTurn(now: now.nanoseconds, settings: settings.membership)
    swap(&turn.effects, &swimEffects)
    swap(&turn.changes, &changes)
    turn.effects.removeAll(keepingCapacity: true)
    turn.changes.removeAll(keepingCapacity: true)
    call(&members[node.index]!, &turn)
    hosts[node.index].incarnation = members[node.index]!.incarnation
    swap(&turn.effects, &swimEffects)
    swap(&turn.changes, &changes)
    for effect in swimEffects {
      switch effect {
      case .send(let packet): send(packet, by: node)
      case .wake(let timer, let delay):
        queue.push(
          time: now.nanoseconds + delay, kind: .swim, node: node.rawValue,
          a: hosts[node.index].epoch, b: mark(timer))
      }
    }
    observe(by: node)
  }

  private func mark(_ timer: SwimTimer) -> UInt64 {
    let generation = UInt64(detectorGeneration) << 48
    return switch timer {
    case .period: generation
    case .answer(let sequence): generation | 1 << 32 | UInt64(sequence)
    case .suspicion: generation | 2 << 32
    case .nack(let relay): generation | 3 << 32 | UInt64(relay)
    }
  }

  private mutating func send(_ packet: SwimPacket, by node: NodeID) {
    let kind: MessageKind =
      switch packet.kind {
      case .ping: .swimPing
      case .ack: .swimAck
      case .pingReq: .swimPingReq
      case .nack: .swimNack
      }
    let bytes = MembershipFigures.bytes(rumours: packet.rumours.count)
    let payload = gossips.insert(GossipPayload(rumours: packet.rumours))
    sendMembership(
      Message(
        kind: kind, from: node.rawValue, to: packet.to.rawValue, handle: UInt64(packet.sequence),
        tag: payload, key: UInt32(packet.subject.rawValue), other: packet.origin.rawValue),
      bytes: bytes)
  }
}
