/// Data on its way to new homes while a node joins or leaves; the ring changes when all is there.
struct Movement {
  enum Change: Sendable {
    case join(NodeID)
    case leave(NodeID)
    /// The scheme or the spread was changed.
    case rearrange
    /// The fullest range is split.
    case reshard
  }
  struct Transfer {
    let key: UInt32
    /// Old homes, in preference order: any of them may send.
    let from: [NodeID]
    let to: NodeID
  }
  let change: Change
  var target: ClusterPlacement
  var waiting = Fifo<Transfer>()
  var sent = PayloadSlab<(transfer: Transfer, due: Int64)>()
  var total = 0
  var done = 0
}

/// A move under way, for the screen.
public struct MovementView: Sendable, Equatable {
  /// Copies of keys (engines with groups: servers) to move, and those that have arrived.
  public let total: Int
  public let done: Int
}

extension Simulation {
  public var movement: MovementView? {
    if let reshuffle {
      let total = reshuffle.total
      return MovementView(total: total, done: total - reshuffle.steps.count)
    }
    return move.map { MovementView(total: $0.total, done: $0.done) }
  }

  private static var movePeriod: Int64 { 50_000_000 }

  mutating func join(
    _ name: String, _ location: String?, _ weight: Int, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    if let problem = groupsHaveNoPlace { throw ActionError(problem) }
    if hostID(named: name) != nil { throw ActionError("there is a host \(name) already") }
    guard !name.isEmpty, name.utf8.count <= 32 else {
      throw ActionError("a node's name has 1 to 32 bytes")
    }
    guard (1...64).contains(weight) else { throw ActionError("weight \(weight) is not in 1 to 64") }
    let (place, zone) = try site(location)
    guard hosts.count < 20_000 else { throw ActionError("no more than 20000 hosts") }
    note(who, action.text)
    let node = addHost(name, .storage, location: place, weight: weight, role: .joining)
    hosts[node.index].zone = zone
    storageNodes.append(node)
    roster = roster.adding(node, now: now.nanoseconds)
    for other in storageNodes where other != node {
      members[other.index]?.learn(node, roster: roster, now: now.nanoseconds)
    }
    addMember(node, incarnation: 1)
    startDetector(node, announce: false)
    for index in clients.indices { learnServer(node, location: index) }
    begin(.join(node))
  }

  /// Where a new node stands: the name is a location's or a zone's, which lies in one location; the
  /// first location where nil. Zones count from 1.
  private func site(_ name: String?) throws(ActionError) -> (location: Int, zone: UInt16) {
    guard let name else { return (0, 0) }
    if let place = locationNames.firstIndex(of: name) { return (place, 0) }
    let zones = configuration.zones
    guard let zone = zones.firstIndex(where: { $0.name == name }) else {
      throw ActionError(Nearest.message("location", name, among: locationNames + zones.map(\.name)))
    }
    return (locationNames.firstIndex(of: zones[zone].location)!, UInt16(zone + 1))
  }

  mutating func decommission(
    _ name: String, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    let node = try storageNode(name)
    guard hosts[node.index].ringRole == .member else {
      throw ActionError("\(name) is not a member of the ring")
    }
    guard hosts[node.index].state == .up else {
      throw ActionError("\(name) does not run, it cannot hand its keys over; restart it first")
    }
    let staying = storageNodes.filter { hosts[$0.index].ringRole == .member && $0 != node }
    guard !staying.isEmpty else { throw ActionError("the last node cannot leave") }
    if let problem = groupsHaveNoPlace ?? groupsCannotSpare(staying: staying.count) {
      throw ActionError(problem)
    }
    note(who, action.text)
    hosts[node.index].ringRole = .leaving
    begin(.leave(node))
  }

  /// Cuts the fullest range in two and moves one half, while clients run.
  mutating func reshard(_ action: Action, _ who: LogEntry.Kind) throws(ActionError) {
    if hasGroups {
      throw ActionError(
        "with storage.engine \(settings.storage.engine.rawValue) no range can be split")
    }
    guard let ranges = placement.ranges else {
      throw ActionError("only the scheme range has ranges to split; set ring.scheme range")
    }
    let limit = settings.ring.rangeLimit
    guard ranges.splittingFullest(keys.names, limit: limit) != nil else {
      throw ActionError("no range holds more than ring.range_limit, \(limit) keys")
    }
    note(who, action.text)
    begin(.reshard)
  }

  /// One change of the ring at a time; others wait their turn.
  mutating func begin(_ change: Movement.Change) {
    if hasGroups {
      beginReshuffle(change)
      return
    }
    if move != nil {
      waitingMoves.append(change)
      return
    }
    guard let target = target(of: change) else { return }
    var move = Movement(change: change, target: target)
    let changes = DataMovement.between(
      keys: keys.count, { homes(of: $0, in: placement) }, { homes(of: $0, in: target) })
    for movement in changes {
      for home in movement.to {
        move.waiting.append(
          Movement.Transfer(key: UInt32(movement.key), from: movement.from, to: home))
      }
    }
    move.total = move.waiting.count
    self.move = move
    queue.push(time: now.nanoseconds + Self.movePeriod, kind: .movement)
  }

  /// The placement a change leads to, by the settings of now; nil where there is nothing to do.
  mutating func target(of change: Movement.Change) -> ClusterPlacement? {
    let rules = ClusterPlacement.Rules(settings)
    switch change {
    case .join(let node):
      let host = hosts[node.index]
      let member = HashRing.Member(
        node: node, name: host.name, virtualNodes: host.weight * settings.ring.vnodes,
        domain: FailureDomain(location: host.location, zone: host.zone))
      return placement.adding(member, rules, keys: keys)
    case .leave(let node): return placement.removing(node, rules, keys: keys)
    case .rearrange: return placement.under(rules, keys: keys)
    case .reshard:
      let split = placement.ranges?.splittingFullest(keys.names, limit: settings.ring.rangeLimit)
      guard let split else {
        note(.ring, "nothing to split any more")
        return nil
      }
      note(
        .ring,
        "the fullest range is cut: \(split.keys) keys of \(name(NodeID(split.from))) go to "
          + name(NodeID(split.to)))
      return placement.with(split.ranges, keys: keys)
    }
  }

  /// One step: resends what got lost, sends the next keys within the rate, ends when all arrived.
  mutating func continueMovement() {
    if hasGroups {
      continueReshuffle()
      return
    }
    guard var move else { return }
    self.move = nil
    var overdue: [UInt64] = []
    move.sent.visit { handle, entry in
      if entry.due <= now.nanoseconds { overdue.append(handle) }
    }
    for handle in overdue { move.waiting.append(move.sent.remove(handle).transfer) }
    var budget = max(1, settings.ring.moveRate * Int(Self.movePeriod) / 1_000_000_000)
    budget = min(budget, move.waiting.count)
    while budget > 0, let transfer = move.waiting.popFirst() {
      budget -= 1
      // A killed source sends nothing: the next home in the list does.
      guard let source = transfer.from.first(where: { hosts[$0.index].state == .up }) else {
        move.waiting.append(transfer)
        continue
      }
      let handle = move.sent.insert((transfer, now.nanoseconds + 1_000_000_000))
      send(
        Message(
          kind: .transfer, from: source.rawValue, to: transfer.to.rawValue, handle: handle,
          key: transfer.key, entry: hosts[source.index].store.get(transfer.key)))
    }
    let finished = move.waiting.isEmpty && move.sent.isEmpty
    self.move = move
    if finished {
      finishMovement(move)
    } else {
      queue.push(time: now.nanoseconds + Self.movePeriod, kind: .movement)
    }
  }

  mutating func serveTransfer(_ message: Message) {
    keep(message.entry, key: message.key, at: NodeID(message.to))
    send(
      Message(
        kind: .transferAck, from: message.to, to: message.from, handle: message.handle,
        key: message.key))
  }

  mutating func receiveTransferAck(_ message: Message) {
    guard move != nil, move!.sent.contains(message.handle) else { return }
    move!.sent.remove(message.handle)
    move!.done += 1
    keysMoved += 1
    bytesMoved += settings.workload.valueSize
  }

  /// All keys arrived: the new ring is in force.
  private mutating func finishMovement(_ move: Movement) {
    placement = move.target
    placementRevision += 1
    self.move = nil
    switch move.change {
    case .join(let node):
      hosts[node.index].ringRole = .member
      note(.ring, "\(name(node)) is on the ring, \(move.total) copies of keys moved")
    case .leave(let node):
      hosts[node.index].isDrained = true
      note(.ring, "\(name(node)) is off the ring, \(move.total) copies of keys moved")
    case .rearrange:
      note(.ring, "placed by \(placement.scheme.rawValue), \(move.total) copies of keys moved")
    case .reshard: note(.ring, "the range is split, \(move.total) copies of keys moved")
    }
    for location in clients.indices { chooseCoordinators(location: location) }
    topologyChanged()
    // Writes that began on the old ring are still under way to the old homes.
    scheduleCleanup()
    while self.move == nil, !waitingMoves.isEmpty { begin(waitingMoves.removeFirst()) }
  }

  /// Homes of a key on the ring that a move under way leads to.
  func pendingHomes(of key: UInt32) -> [NodeID] {
    guard let move else { return [] }
    return homes(of: key, in: move.target)
  }

  /// N was raised: the placement has so many homes of each key ready.
  mutating func deepenPlacement() {
    let depth = settings.storage.n
    placement = placement.deepened(to: depth, keys: keys)
    if let move { self.move!.target = move.target.deepened(to: depth, keys: keys) }
    placementRevision += 1
  }

  /// N was changed: the homes of now get a copy from one that has the newest, as a repair would.
  mutating func settleCopies() {
    for key in 0..<UInt32(keys.count) {
      let homes = homeNodes(of: key)
      guard let source = homes.first(where: { hosts[$0.index].state == .up }) else { continue }
      let entry = hosts[source.index].store.get(key)
      for home in homes where hosts[home.index].store.get(key).version == .none {
        send(
          Message(
            kind: .repairWrite, from: source.rawValue, to: home.rawValue, key: key, entry: entry))
      }
    }
  }
}
