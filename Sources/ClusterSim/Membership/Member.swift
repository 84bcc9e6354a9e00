/// What one storage node knows of the others, and the detectors that may be at work on it. All of
/// them share the table, so that another can take over while the cluster runs.
struct Member {
  private(set) var table: MembershipTable
  private var heartbeat = HeartbeatGossip()
  private(set) var phi = PhiAccrual()
  private(set) var swim: Swim

  init(table: MembershipTable, stream: RandomStream) {
    self.table = table
    swim = Swim(stream: stream)
  }

  var incarnation: UInt32 { table.incarnation }

  /// Bytes that a copy of its tables takes once the two are not the same any more.
  var bytes: Int { table.bytes + phi.bytes }

  mutating func learn(_ node: NodeID, roster: Roster, now: Int64) {
    table.learn(node, roster: roster, now: now)
    swim.learn(node)
  }

  mutating func forget(_ node: NodeID, roster: Roster, now: Int64) -> BeliefChange? {
    table.forget(node, roster: roster, now: now)
  }

  /// Another detector takes over with the present beliefs; what the old one remembered is gone.
  mutating func restartDetector(now: Int64, stream: RandomStream) {
    table.restartAges(now: now)
    heartbeat = HeartbeatGossip()
    phi = PhiAccrual()
    swim = Swim(stream: stream)
  }

  // MARK: Gossip of heartbeats

  mutating func beginRound(
    now: Int64, fanout: Int, stream: inout RandomStream, into targets: inout [NodeID]
  ) {
    heartbeat.beginRound(&table, now: now, fanout: fanout, stream: &stream, into: &targets)
  }

  func snapshot(packet: Int, stream: inout RandomStream) -> GossipPayload {
    heartbeat.snapshot(of: table, packet: packet, stream: &stream)
  }

  @discardableResult
  mutating func scan(
    now: Int64, settings: Settings.Membership, changes: inout [BeliefChange],
    suspects: inout [NodeID]
  ) -> Int64? {
    switch settings.detector {
    case .heartbeat:
      return heartbeat.scan(
        &table, now: now, suspectAfter: settings.suspectAfter.nanoseconds,
        deadAfter: settings.deadAfter.nanoseconds, changes: &changes, suspects: &suspects)
    case .phi:
      phi.scan(&table, now: now, settings: settings, changes: &changes, suspects: &suspects)
      return nil
    case .swim: preconditionFailure("a gossip round under swim")
    }
  }

  mutating func receive(
    _ payload: GossipPayload, now: Int64, settings: Settings.Membership,
    changes: inout [BeliefChange], risen: inout [Rise]
  ) {
    if let whole = payload.whole {
      heartbeat.receive(
        whole, into: &table, now: now, packet: settings.packet,
        wantsRisen: settings.detector == .phi, changes: &changes, risen: &risen)
    } else {
      heartbeat.receive(
        payload.entries, into: &table, now: now, packet: settings.packet, changes: &changes,
        risen: &risen)
    }
    noteArrivals(of: risen, now: now, settings: settings)
  }

  mutating func see(
    _ node: NodeID, counter: UInt32, incarnation: UInt32, now: Int64,
    settings: Settings.Membership, changes: inout [BeliefChange]
  ) {
    let before = table.rose(node)
    if table.see(node, counter: counter, incarnation: incarnation, now: now, &changes) {
      noteArrivals(of: [Rise(node: node, before: before)], now: now, settings: settings)
    }
  }

  private mutating func noteArrivals(
    of risen: [Rise], now: Int64, settings: Settings.Membership
  ) {
    guard settings.detector == .phi else { return }
    for rise in risen { phi.arrived(rise, now: now, width: table.width, settings: settings) }
  }

  // MARK: SWIM

  mutating func beginSwim(announce: Bool, _ turn: inout SwimTurn) {
    swim.begin(table, announce: announce, &turn)
  }

  mutating func fire(_ timer: SwimTimer, _ turn: inout SwimTurn) {
    switch timer {
    case .period: swim.beginPeriod(&table, &turn)
    case .answer(let sequence): swim.answerDue(sequence, table, &turn)
    case .suspicion: swim.expire(&table, &turn)
    case .nack(let relay): swim.nackDue(relay, table, &turn)
    }
  }

  mutating func receive(_ packet: SwimPacket, from: NodeID, _ turn: inout SwimTurn) {
    swim.receive(packet, from: from, &table, &turn)
  }
}
