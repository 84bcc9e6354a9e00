@testable import ClusterSim

/// A Raft group over a network with stated latencies and exact timers, for timing and for scripts.
struct RaftNetwork {
  var nodes: ContiguousArray<RaftNode>
  var now: Int64 = 0
  var stream: RandomStream
  var down: UInt32 = 0
  /// Places that receive nothing; what they send arrives.
  var deaf: UInt32 = 0
  /// One-way latency, ns.
  var latency: ClosedRange<Int64>
  /// What happened, in the words of the scripted tests.
  var lines: [String] = []
  var leader: Int?
  private var line: [(at: Int64, message: RaftMessage)] = []

  init(
    servers: Int, options: RaftOptions, latency: ClosedRange<Int64>, seed: UInt64
  ) {
    self.latency = latency
    stream = RandomStream(seed: seed, purpose: 900)
    nodes = []
    for place in 0..<servers {
      nodes.append(
        RaftNode(
          me: UInt8(place), disk: RaftDisk(baseVoters: 1 << UInt32(servers) - 1),
          options: options, now: 0, stream: &stream))
    }
  }

  func isDown(_ place: Int) -> Bool { down >> UInt32(place) & 1 == 1 }

  /// Does the next thing; false where nothing is due up to `end`.
  mutating func step(until end: Int64) -> Bool {
    let timer = nodes.indices.filter { !isDown($0) }.min { nodes[$0].due < nodes[$1].due }
    let due = timer.map { nodes[$0].due } ?? .max
    if let first = line.first, first.at <= due {
      guard first.at <= end else { return false }
      now = first.at
      line.removeFirst()
      let to = Int(first.message.to)
      if isDown(to) || deaf >> UInt32(to) & 1 == 1 { return true }
      act(to) { $0.receive(first.message, now: $1, &$2, &$3) }
      return true
    }
    guard let timer, due <= end else { return false }
    now = due
    act(timer) { $0.fire(now: $1, &$2, &$3) }
    return true
  }

  mutating func run(for span: Int64) {
    let end = now + span
    while step(until: end) {}
    now = end
  }

  mutating func act(
    _ place: Int,
    _ body: (inout RaftNode, Int64, inout RandomStream, inout [RaftEffect]) -> Void
  ) {
    var effects: [RaftEffect] = []
    body(&nodes[place], now, &stream, &effects)
    for effect in effects {
      switch effect {
      case .send(let message):
        let wait =
          latency.lowerBound + Int64(stream.below(Int(latency.upperBound - latency.lowerBound) + 1))
        let at = now + wait
        let slot = line.firstIndex { $0.at > at } ?? line.count
        line.insert((at, message), at: slot)
      case .elected:
        leader = place
        lines.append("\(place) leads term \(nodes[place].term)")
      case .steppedDown: lines.append("\(place) steps down")
      case .apply(let index, let entry):
        if entry.kind == .put { lines.append("\(place) applies \(entry.value) at \(index)") }
      case .restore(let index): lines.append("\(place) restores \(index)")
      case .readReady(let tag): lines.append("\(place) answers read \(tag)")
      case .readRefused(let tag): lines.append("\(place) refuses read \(tag)")
      }
    }
  }

  mutating func restart(_ place: Int) {
    nodes[place] = RaftNode(
      me: UInt8(place), disk: nodes[place].disk, options: nodes[place].options, now: now,
      stream: &stream)
    down &= ~(1 << UInt32(place))
  }

  /// What was written down since the last call.
  mutating func happened() -> [String] {
    let taken = lines
    lines = []
    return taken
  }

  /// Lets exactly one server time out now, so that a script need not wait for chance.
  mutating func timeOut(_ place: Int) {
    nodes[place].electionDue = now
    while step(until: now) {}
  }
}
