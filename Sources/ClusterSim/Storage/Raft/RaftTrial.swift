/// A small group under random faults: messages are lost, doubled, overtaken and cut off; servers
/// crash and restart from disk; leadership is handed over, servers come and go, logs are compacted.
/// Timers never fire early and often late. Every step is judged by `RaftInvariants`.
///
/// In every fourth trial an operator keeps changing the voters: newcomers learn, are given a vote,
/// and others are taken out.
///
///     clustertop bench raft      # 10 000 000 steps
public struct RaftTrial {
  /// What a series of trials did.
  public struct Outcome {
    public var steps = 0
    public var elections = 0
    /// Log entries committed, over all trials.
    public var committed = 0
    public var reads = 0
    /// Changes of the voters that were committed.
    public var changes = 0
    /// The first broken property, with the seed of its trial.
    public var violation: String?
    public var stateHash = StateHash()
  }

  /// Steps of one trial: short ones in many settings find more than a long one.
  public static var length: Int { 2_000 }
  private static var mostInFlight: Int { 256 }

  var nodes: ContiguousArray<RaftNode> = []
  var down: UInt32 = 0
  var bag: [RaftMessage] = []
  var now: Int64 = 0
  var stream: RandomStream
  var invariants: RaftInvariants
  var effects: [RaftEffect] = []
  /// By sender, the receivers it is cut off from.
  private var cuts: [UInt32]
  private var lossPercent: Int
  private var nextTag: UInt64 = 0
  /// What was committed when a read was asked, by tag from `firstRead` on.
  private var floors: [UInt64] = []
  private var readsAnswered = 0
  private let bug: RaftBug?
  private let changesVoters: Bool
  /// Committed changes of the voters, as the leaders that made them saw it.
  private(set) var changes = 0

  /// Runs trials until so many steps are done or a property is broken. A `bug` is planted only in
  /// builds for tests.
  static func run(steps: Int, seed: UInt64, bug: RaftBug?, from first: UInt64 = 0) -> Outcome {
    var outcome = Outcome()
    var number = first
    while outcome.steps < steps, outcome.violation == nil {
      var trial = RaftTrial(seed: seed, number: number, bug: bug)
      let length = min(length, steps - outcome.steps)
      for _ in 0..<length where trial.invariants.violation == nil { trial.step() }
      outcome.steps += length
      outcome.elections += trial.invariants.elections
      outcome.committed += Int(trial.invariants.committedIndex)
      outcome.reads += trial.readsAnswered
      outcome.changes += trial.changes
      for node in trial.nodes { outcome.stateHash.mix(node.digest.value ^ UInt64(node.term)) }
      outcome.violation = trial.invariants.violation.map { "\($0) (seed \(seed), trial \(number))" }
      number += 1
    }
    return outcome
  }

  public static func run(steps: Int, seed: UInt64) -> Outcome {
    run(steps: steps, seed: seed, bug: nil)
  }

  private init(seed: UInt64, number: UInt64, bug: RaftBug?) {
    stream = RandomStream(seed: seed, purpose: StreamPurpose.raftTrial.rawValue, index: number)
    self.bug = bug
    changesVoters = number % 4 == 3
    let voters = stream.chance(1, 2) ? 3 : 5
    let servers = voters + 1
    invariants = RaftInvariants(servers: servers)
    cuts = Array(repeating: 0, count: servers)
    lossPercent = stream.below(4) * 5
    var options = RaftOptions()
    if stream.chance(1, 2) { options.electionMax = options.electionMin + 5_000_000 }
    options.preVote = stream.chance(1, 2)
    options.reads = [.log, .readIndex, .lease][stream.below(3)]
    options.snapshotAfter = stream.chance(1, 2) ? 8 : 1024
    options.batch = 1 + stream.below(8)
    for place in 0..<servers {
      // The last server is there but no voter until it is added.
      let all = place < voters ? UInt32(1) << UInt32(voters) - 1 : 0
      var node = RaftNode(
        me: UInt8(place), disk: RaftDisk(baseVoters: all), options: options, now: 0,
        stream: &stream)
      Self.plant(bug, &node)
      nodes.append(node)
    }
  }

  private static func plant(_ bug: RaftBug?, _ node: inout RaftNode) {
    #if DEBUG
      node.bug = bug
    #endif
  }

  private func isDown(_ place: Int) -> Bool { down >> UInt32(place) & 1 == 1 }

  private mutating func step() {
    now += Int64(stream.below(4_000_000))
    let draw = stream.below(1000)
    if draw < 650, !bag.isEmpty {
      deliver()
    } else if draw < 780 {
      timer()
    } else if changesVoters, draw < 830 {
      operate()
    } else if draw < 980 {
      client()
    } else {
      trouble()
    }
  }

  private mutating func deliver() {
    // Mostly in order, sometimes anything that is under way.
    let place = stream.chance(3, 4) ? 0 : stream.below(bag.count)
    let message = bag[place]
    if !stream.chance(1, 20) { bag.remove(at: place) }
    let to = Int(message.to)
    guard !isDown(to), cuts[Int(message.from)] >> UInt32(to) & 1 == 0,
      stream.below(100) >= lossPercent
    else { return }
    let before = RaftInvariants.before(nodes[to])
    nodes[to].receive(message, now: now, &stream, &effects)
    let from =
      message.kind == .append ? min(message.index, before.lastIndex) + 1 : before.lastIndex + 1
    finish(to, before, from)
    // The worst moment for a crash: just after it has answered.
    if stream.chance(1, message.kind == .vote ? 6 : 300) { restart(to) }
  }

  /// Time passes until a server's timer, which may then be late already.
  private mutating func timer() {
    let place = stream.below(nodes.count)
    guard !isDown(place) else { return }
    if stream.chance(1, 3) { now = max(now, min(nodes[place].due, now + 400_000_000)) }
    act(place) { node, now, stream, effects in node.fire(now: now, &stream, &effects) }
  }

  private mutating func client() {
    // Whoever thinks that it leads; now and then anybody.
    let leaders = nodes.indices.filter { nodes[$0].role == .leader && !isDown($0) }
    let place =
      leaders.isEmpty || stream.chance(1, 8)
      ? stream.below(nodes.count) : leaders[stream.below(leaders.count)]
    guard !isDown(place) else { return }
    nextTag += 1
    let tag = nextTag
    if stream.chance(2, 3) {
      act(place) { node, now, _, effects in
        _ = node.propose(.put, key: UInt32(tag % 7), value: tag, tag: tag, now: now, &effects)
      }
    } else {
      let floor = invariants.committedIndex
      floors.append(floor)
      let number = UInt64(floors.count - 1)
      act(place) { node, now, _, effects in
        switch node.options.reads {
        case .log: _ = node.propose(.read, tag: number, now: now, &effects)
        case .readIndex, .lease: _ = node.read(tag: number, now: now, &effects)
        }
      }
    }
  }

  private mutating func trouble() {
    let place = stream.below(nodes.count)
    switch stream.below(10) {
    case 0, 1, 2:
      if isDown(place) { restart(place) } else { down |= 1 << UInt32(place) }
    case 3: restart(place)
    case 4: cuts[place] = UInt32(truncatingIfNeeded: stream.next())
    case 5, 6: for index in cuts.indices { cuts[index] = 0 }
    case 7:
      let heir = UInt8(stream.below(nodes.count))
      act(place) { node, now, _, effects in
        _ = node.transfer(to: heir, now: now, &effects)
      }
    case 8:
      let changed = UInt32(1) << UInt32(stream.below(nodes.count))
      act(place) { node, now, _, effects in
        let wanted = node.voters ^ changed
        if wanted.nonzeroBitCount >= 2 {
          _ = node.change(voters: wanted, now: now, &effects)
        }
      }
    default: act(place) { node, _, _, _ in node.compact() }
    }
  }

  /// An operator asks whoever leads to teach a newcomer, to give it a vote, or to take one away.
  private mutating func operate() {
    let leaders = nodes.indices.filter { nodes[$0].role == .leader && !isDown($0) }
    guard !leaders.isEmpty else { return }
    let place = leaders[stream.below(leaders.count)]
    let subject = stream.below(nodes.count)
    act(place) { node, now, _, effects in
      let bit = UInt32(1) << UInt32(subject)
      if node.voters & bit == 0, !node.isCaughtUp(subject) {
        _ = node.teach(subject, now: now, &effects)
      } else if node.voters & bit == 0 || node.voters.nonzeroBitCount > 2 {
        _ = node.change(voters: node.voters ^ bit, now: now, &effects)
      }
    }
  }

  /// Memory is gone; what is on disk is there again.
  private mutating func restart(_ place: Int) {
    var disk = nodes[place].disk
    #if DEBUG
      if bug == .voteNotPersisted { disk.vote = nil }
    #endif
    let options = nodes[place].options
    nodes[place] = RaftNode(
      me: UInt8(place), disk: disk, options: options, now: now, stream: &stream)
    Self.plant(bug, &nodes[place])
    down &= ~(1 << UInt32(place))
  }

  private mutating func act(
    _ place: Int,
    _ body: (inout RaftNode, Int64, inout RandomStream, inout [RaftEffect]) -> Void
  ) {
    guard !isDown(place) else { return }
    let before = RaftInvariants.before(nodes[place])
    body(&nodes[place], now, &stream, &effects)
    finish(place, before, before.lastIndex + 1)
  }

  private mutating func finish(_ place: Int, _ before: RaftInvariants.Before, _ from: UInt64) {
    invariants.check(
      nodes[place], after: before, changedFrom: from, effects, others: nodes)
    for effect in effects {
      switch effect {
      case .send(let message):
        if bag.count < Self.mostInFlight { bag.append(message) }
      case .apply(let index, let entry):
        if entry.kind == .read { answered(entry.tag, at: index) }
        if entry.kind == .voters, nodes[place].role == .leader { changes += 1 }
      case .readReady(let tag): answered(tag, at: nodes[place].applied)
      case .restore, .readRefused, .elected, .steppedDown: break
      }
    }
    effects.removeAll(keepingCapacity: true)
  }

  private mutating func answered(_ tag: UInt64, at applied: UInt64) {
    readsAnswered += 1
    invariants.checkRead(floor: floors[Int(tag)], applied: applied)
  }
}
