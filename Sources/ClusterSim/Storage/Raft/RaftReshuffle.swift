/// A node that joins or leaves, as changes of the Raft groups, one server at a time.
///
/// The rule: a newcomer takes over servers of the fullest nodes until it has its share (rounded
/// down); whoever leaves hands each of its servers to the emptiest node that is not in the group.
/// Each hand-over is: teach the new server as a learner, give it a vote, take the old one's away.
struct RaftReshuffle {
  /// One server of one group moves to another node.
  struct Step {
    let group: Int
    let from: NodeID
    let to: NodeID
    /// The new server's place in the group, once there is one.
    var place: Int?
  }
  let change: Movement.Change
  var steps: Fifo<Step>
  let total: Int

  /// - Parameters:
  ///   - nodes: those that stay, and a newcomer.
  ///   - domains: by host, what shall not be twice in a group; empty where that is all one.
  init(
    _ change: Movement.Change, _ engine: RaftEngine, nodes: [NodeID], running: NodeSet,
    domains: [Int]
  ) {
    self.change = change
    var steps = Fifo<Step>()
    switch change {
    case .join(let node):
      for step in Self.joining(node, engine, nodes) { steps.append(step) }
    case .leave(let node):
      for step in Self.leaving(node, engine, nodes, running, domains) { steps.append(step) }
    case .rearrange, .reshard: preconditionFailure("the groups of Raft know no \(change)")
    }
    self.steps = steps
    total = steps.count
  }

  private static func joining(
    _ newcomer: NodeID, _ engine: RaftEngine, _ nodes: [NodeID]
  ) -> [Step] {
    var groups = engine.voters
    let share = groups.reduce(0) { $0 + $1.count } / nodes.count
    var steps: [Step] = []
    while steps.count < share {
      let open = groups.indices.filter { !groups[$0].contains(newcomer) }
      let fullest = nodes.filter { node in
        node != newcomer && open.contains { groups[$0].contains(node) }
      }.max { (load($0, groups), $1.rawValue) < (load($1, groups), $0.rawValue) }
      guard let fullest, let group = open.first(where: { groups[$0].contains(fullest) }) else {
        break
      }
      groups[group].removeAll { $0 == fullest }
      groups[group].append(newcomer)
      steps.append(Step(group: group, from: fullest, to: newcomer))
    }
    return steps
  }

  private static func leaving(
    _ leaver: NodeID, _ engine: RaftEngine, _ nodes: [NodeID], _ running: NodeSet,
    _ domains: [Int]
  ) -> [Step] {
    var groups = engine.voters
    var steps: [Step] = []
    for group in groups.indices where groups[group].contains(leaver) {
      let emptiest = nodes.filter { $0 != leaver && !groups[group].contains($0) }
        .min { one, other in
          let rest = groups[group].filter { $0 != leaver }
          func crowd(_ node: NodeID) -> Int {
            domains.isEmpty
              ? 0 : rest.count { domains[$0.index] == domains[node.index] }
          }
          return (crowd(one), rank(one, groups, running))
            < (crowd(other), rank(other, groups, running))
        }
      guard let emptiest else { continue }
      groups[group].removeAll { $0 == leaver }
      groups[group].append(emptiest)
      steps.append(Step(group: group, from: leaver, to: emptiest))
    }
    return steps
  }

  /// Those that run come first.
  private static func rank(
    _ node: NodeID, _ groups: [[NodeID]], _ running: NodeSet
  ) -> Int {
    (running.contains(node) ? 0 : 1 << 40) + load(node, groups) << 16 + node.index
  }

  private static func load(_ node: NodeID, _ groups: [[NodeID]]) -> Int {
    groups.reduce(0) { $0 + ($1.contains(node) ? 1 : 0) }
  }
}
