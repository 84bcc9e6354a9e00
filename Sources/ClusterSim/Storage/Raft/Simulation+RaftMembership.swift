// Nodes join and leave, leaders hand over: what an operator does to the Raft groups. The operator
// sees the groups from outside and asks their leaders by a line of its own, not over the network.
extension Simulation {
  /// The running leader of the newest term; nil where nobody leads.
  func raftLeader(of group: Int) -> Int? {
    raft!.numbers[group].filter {
      let replica = raft!.replicas[$0]
      return !replica.isRetired && replica.node.role == .leader
        && hosts[replica.host.index].state == .up
    }.max { raft!.replicas[$0].node.term < raft!.replicas[$1].node.term }
  }

  // MARK: Leader transfer

  /// Leadership of one group, or of all that `name` has a server of, goes to it (3.10).
  mutating func transfer(
    to name: String, group: Int?, _ action: Action, _ who: LogEntry.Kind
  ) throws(ActionError) {
    guard usesRaft else { throw ActionError("only storage.engine raft has leaders to hand over") }
    let node = try storageNode(name)
    if let group, !(1...raft!.groups.count).contains(group) {
      throw ActionError("group \(group) is not in 1 to \(raft!.groups.count)")
    }
    let asked = group.map { [$0 - 1] } ?? Array(raft!.groups.indices)
    let own = asked.filter { raft!.voters[$0].contains(node) }
    guard !own.isEmpty else { throw ActionError("\(name) has no server of that group") }
    let led = own.filter { raftLeader(of: $0) != nil }
    guard !led.isEmpty else { throw ActionError("nobody leads there, so nobody can hand over") }
    let others = led.filter { raft!.replicas[raftLeader(of: $0)!].host != node }
    guard !others.isEmpty else { throw ActionError("\(name) leads there already") }
    note(who, action.text)
    for group in others { handOver(group, to: node) }
  }

  @discardableResult
  private mutating func handOver(_ group: Int, to node: NodeID) -> Bool {
    guard let leader = raftLeader(of: group), let heir = raft!.replica(of: group, on: node) else {
      return false
    }
    let place = raft!.replicas[heir].node.me
    var begun = false
    act(leader) { node, now, _, effects in
      begun = node.transfer(to: place, now: now, &effects)
    }
    if begun { raft!.transfers += 1 }
    return begun
  }

  // MARK: Joining and leaving

  /// Does what is next for a step; nil once the old server is out by a committed entry.
  mutating func advanceRaft(_ step: GroupReshuffle.Step) -> GroupReshuffle.Step? {
    guard let leader = raftLeader(of: step.group) else { return step }
    let node = raft!.replicas[leader].node
    var step = step
    guard let place = step.place else {
      let clock = raftClock(step.to)
      step.place = raft!.addServer(to: step.group, on: step.to, settings, now: clock)
      return step
    }
    let newcomer: UInt32 = 1 << UInt32(place)
    guard let from = step.from, let old = raft!.replica(of: step.group, on: from) else {
      return nil
    }
    let leaver: UInt32 = 1 << UInt32(raft!.replicas[old].node.me)
    guard node.votersAreCommitted else { return step }
    if node.voters & newcomer == 0 {
      if !node.isLearner(place) {
        act(leader) { node, now, _, effects in _ = node.teach(place, now: now, &effects) }
      } else if node.isCaughtUp(place) {
        change(leader, to: node.voters | newcomer)
      }
    } else if node.voters & leaver != 0 {
      noteVoters(step.group, node.voters)
      // Never fewer than before: the new server runs before the old one goes.
      guard hosts[step.to.index].state == .up else { return step }
      if leader == old {
        if node.heir == nil { handOver(step.group, to: bestHeir(step.group, leader)) }
      } else {
        change(leader, to: node.voters & ~leaver)
      }
    } else {
      noteVoters(step.group, node.voters)
      raft!.replicas[old].isRetired = true
      raft!.memberChanges += 2
      noteTakenPlace(step)
      return nil
    }
    return step
  }

  private mutating func change(_ leader: Int, to voters: UInt32) {
    act(leader) { node, now, _, effects in
      _ = node.change(voters: voters, now: now, &effects)
    }
  }

  /// What is committed: from here on the operator counts on these.
  private mutating func noteVoters(_ group: Int, _ voters: UInt32) {
    raft!.voters[group] = raft!.groups[group].indices
      .filter { voters >> UInt32($0) & 1 == 1 }.map { raft!.groups[group][$0] }
  }

  /// The running voter with the longest log besides the leader.
  private func bestHeir(_ group: Int, _ leader: Int) -> NodeID {
    let node = raft!.replicas[leader].node
    let others = raft!.voters[group].filter {
      $0 != raft!.replicas[leader].host && hosts[$0.index].state == .up
    }
    func match(_ host: NodeID) -> UInt64 {
      raft!.replica(of: group, on: host).map {
        node.progress[Int(raft!.replicas[$0].node.me)].match
      } ?? 0
    }
    return others.max { (match($0), $1.rawValue) < (match($1), $0.rawValue) }
      ?? raft!.replicas[leader].host
  }
}
