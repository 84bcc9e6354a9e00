@testable import ClusterSim

extension Simulation {
  /// Nodes join and leave while others are killed and cut off, and whatever `more` does to a node;
  /// then all is healed, nobody writes any more, and it comes to rest. Gives what was done, to read.
  mutating func shakeMembership(
    seed: UInt64, rounds: Int = 14, _ more: [(String) -> Action] = []
  ) throws -> [String] {
    var stream = RandomStream(seed: seed, purpose: 79)
    var nodes = storageNodes.count
    var story: [String] = []
    for _ in 0..<rounds {
      run(seconds: 0.5)
      let node = "n\(1 + stream.below(nodes))"
      let choice = stream.below(6 + more.count)
      let action: Action
      switch choice {
      case 0: action = .kill(host: node)
      case 1: action = .partition(.isolate(node: node))
      case 2: action = .restart(host: node)
      case 3: action = .heal(fault: nil)
      case 4: action = .decommission(node: node)
      case 5:
        nodes += 1
        action = .join(node: "n\(nodes)", location: "east", weight: 1)
      default: action = more[choice - 6](node)
      }
      if (try? inject(action)) != nil { story.append("\(now) \(action.text)") }
    }
    for fault in activeFaultClocks { try inject(.heal(fault: fault.number)) }
    for _ in 0..<80 where movement != nil { run(seconds: 0.5) }
    try inject(.set(path: "workload.rate", value: "0"))
    // Streams may hold back for so long what was sent through a cut.
    run(seconds: settings.network.streamTimeout.seconds + 5)
    return story
  }
}

extension MembershipTable {
  /// A table of a group that learnt of its members just now.
  init(me: NodeID, members: [NodeID], incarnation: UInt32, now: Int64) {
    self.init(
      me: me, roster: Roster(members, now: now), incarnation: incarnation, now: now)
  }
}
