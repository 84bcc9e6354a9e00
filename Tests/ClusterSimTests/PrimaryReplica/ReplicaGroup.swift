@testable import ClusterSim

/// A replica group over a network with one constant latency and exact timers, for scripts.
struct ReplicaGroup {
  var nodes: ContiguousArray<PrimaryReplicaNode> = []
  var now: Int64 = 0
  var down: UInt32 = 0
  /// Cut off from all others.
  var isolated: UInt32 = 0
  /// Places that do not replay what they receive.
  var stalled: UInt32 = 0
  /// Whom the membership layer of everybody else holds dead.
  var heldDead: UInt32 = 0
  let latency: Int64 = 1_000_000
  /// What happened, in the words of the scripts.
  private var lines: [String] = []
  private var line: [(at: Int64, message: PrimaryReplicaMessage)] = []
  private var tags: UInt64 = 0

  init(_ servers: Int, _ change: (inout PrimaryReplicaOptions) -> Void = { _ in }) {
    var options = PrimaryReplicaOptions()
    options.shipDelay = 0
    change(&options)
    for place in 0..<servers {
      nodes.append(
        .founder(UInt8(place), voters: 1 << UInt32(servers) - 1, options: options, now: 0))
    }
  }

  func isDown(_ place: Int) -> Bool { down >> UInt32(place) & 1 == 1 }
  private func isCut(_ a: Int, _ b: Int) -> Bool {
    (isolated >> UInt32(a) ^ isolated >> UInt32(b)) & 1 == 1
  }

  private mutating func step(until end: Int64) -> Bool {
    let timer = nodes.indices.filter { !isDown($0) }.min { nodes[$0].due < nodes[$1].due }
    let due = timer.map { nodes[$0].due } ?? .max
    if let first = line.first, first.at <= due {
      guard first.at <= end else { return false }
      now = first.at
      line.removeFirst()
      let to = Int(first.message.to)
      if isDown(to) || isCut(Int(first.message.from), to) { return true }
      let dead = heldDead & ~(1 << UInt32(to))
      act(to) { $0.receive(first.message, now: $1, dead: dead, &$2) }
      return true
    }
    guard let timer, due <= end else { return false }
    now = max(now, due)
    let dead = heldDead & ~(1 << UInt32(timer))
    act(timer) { $0.fire(now: $1, dead: dead, &$2) }
    return true
  }

  mutating func run(milliseconds: Int64) {
    let end = now + milliseconds * 1_000_000
    while step(until: end) {}
    now = end
  }

  mutating func act(
    _ place: Int, _ body: (inout PrimaryReplicaNode, Int64, inout [PrimaryReplicaEffect]) -> Void
  ) {
    var effects: [PrimaryReplicaEffect] = []
    body(&nodes[place], now, &effects)
    while stalled >> UInt32(place) & 1 == 0, nodes[place].unreplayed != nil {
      nodes[place].replayed(now: now, &effects)
    }
    for effect in effects {
      switch effect {
      case .send(let message):
        line.append((now + latency, message))
      case .commit(let position, let entry):
        if entry.kind == .put {
          lines.append("\(place) acknowledges \(entry.value) at \(position)")
        }
      case .restore(let position): lines.append("\(place) takes a copy up to \(position)")
      case .canvassing: lines.append("\(place) asks")
      case .calledOff(let heard):
        lines.append("\(place) calls it off: " + (heard ? "the primary is heard" : "too few"))
      case .promoted:
        lines.append("\(place) is promoted, timeline \(nodes[place].disk.timeline >> 4)")
      case .ready: lines.append("\(place) takes requests")
      case .demoted: lines.append("\(place) steps down")
      case .fellBack: lines.append("\(place) waits no more")
      case .semiSyncAgain: lines.append("\(place) waits again")
      }
    }
  }

  /// Writes through a server; notes a refusal.
  mutating func write(_ value: UInt64, at place: Int) {
    tags += 1
    let tag = tags
    var accepted = false
    act(place) { node, now, effects in
      accepted = node.write(
        coordinator: 0, key: 0, value: value, tag: tag, now: now, &effects)
    }
    if !accepted { lines.append("\(place) refuses \(value)") }
  }

  /// A server that has nothing yet, at the next place.
  mutating func join() {
    nodes.append(
      PrimaryReplicaNode(
        me: UInt8(nodes.count),
        disk: PrimaryReplicaNode.Disk(
          timeline: 0, log: ReplicationLog(timeline: 0, voters: 0), isBlank: true, primary: 0),
        options: nodes[0].options, now: now))
  }

  mutating func kill(_ place: Int) {
    down |= 1 << UInt32(place)
    heldDead |= 1 << UInt32(place)
  }

  mutating func restart(_ place: Int) {
    let old = nodes[place]
    nodes[place] = PrimaryReplicaNode(
      me: old.me, disk: old.disk, options: old.options, now: now)
    down &= ~(1 << UInt32(place))
    heldDead &= ~(1 << UInt32(place))
  }

  /// What was written down since the last call.
  mutating func happened() -> [String] {
    let taken = lines
    lines = []
    return taken
  }

  /// The values in a server's log that are kept, oldest first.
  func log(_ place: Int) -> [UInt64] {
    let log = nodes[place].disk.log
    return log.slice(from: log.base + 1, to: log.last, limit: .max).filter { $0.kind == .put }
      .map(\.value)
  }
}
