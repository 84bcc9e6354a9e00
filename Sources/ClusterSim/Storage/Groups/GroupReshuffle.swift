/// A node that joins or leaves, as changes of the groups of servers, one server at a time; the same
/// for every engine that has groups.
///
/// The rule: a newcomer fills the groups that have fewer servers than they should, then takes over
/// servers of the fullest nodes until it has its share (rounded down); whoever leaves hands each of
/// its servers to the emptiest node that is not in the group. Each hand-over is: teach the new server,
/// let it count, take the old one out.
struct GroupReshuffle {
  /// One server of one group comes to a node.
  struct Step {
    let group: Int
    /// Whose server it replaces; nil where the group grows.
    let from: NodeID?
    let to: NodeID
    /// The new server's place in the group, once there is one.
    var place: Int?
  }
  let change: Movement.Change
  var steps: Fifo<Step>
  let total: Int

  /// - Parameters:
  ///   - groups: by group, the hosts whose servers count.
  ///   - size: servers that a group should have.
  ///   - nodes: those that stay, and a newcomer.
  ///   - domains: by host, what shall not be twice in a group; empty where that is all one.
  init(
    _ change: Movement.Change, _ groups: [[NodeID]], size: Int, nodes: [NodeID],
    running: NodeSet, domains: [Int]
  ) {
    self.change = change
    var steps = Fifo<Step>()
    switch change {
    case .join(let node):
      for step in Self.joining(node, groups, size, nodes) { steps.append(step) }
    case .leave(let node):
      for step in Self.leaving(node, groups, nodes, running, domains) { steps.append(step) }
    case .rearrange, .reshard: preconditionFailure("groups know no \(change)")
    }
    self.steps = steps
    total = steps.count
  }

  private static func joining(
    _ newcomer: NodeID, _ before: [[NodeID]], _ size: Int, _ nodes: [NodeID]
  ) -> [Step] {
    var groups = before
    var steps: [Step] = []
    for group in groups.indices where groups[group].count < size {
      groups[group].append(newcomer)
      steps.append(Step(group: group, from: nil, to: newcomer))
    }
    let share = groups.reduce(0) { $0 + $1.count } / nodes.count
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
    _ leaver: NodeID, _ before: [[NodeID]], _ nodes: [NodeID], _ running: NodeSet,
    _ domains: [Int]
  ) -> [Step] {
    var groups = before
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
