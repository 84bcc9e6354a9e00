// Healed is not recovered: with groups of servers a fault is over once each group is led by one, and
// every server that runs has what the group had when the fault ended.
extension Simulation {
  /// Notes, when a fault ends, how far the groups' logs are: what is written later is no part of it.
  mutating func markGroupLogs() {
    groupMarks = []
    if let raft {
      for group in raft.numbers.indices {
        groupMarks.append(
          runningReplicas(of: group).map { raft.replicas[$0].node.commit }.max() ?? 0)
      }
    } else if let replication {
      groupMarks += replication.groups.map {
        replication.servers[replication.leading($0)].node.last
      }
    } else if let multiPrimary {
      for group in multiPrimary.groups {
        groupMarks += group.servers.map { multiPrimary.servers[$0].node.last }
      }
    }
  }

  /// Whether every group that can be led is, by one server alone, and whoever runs and is reached has
  /// what was there at the mark.
  var groupsAreWhole: Bool {
    guard hasGroups, !groupMarks.isEmpty else { return true }
    if let raft { return raft.numbers.indices.allSatisfy(isRaftGroupWhole) }
    if let replication { return replication.groups.indices.allSatisfy(isReplicaGroupWhole) }
    return multiPrimary == nil || arePrimariesWhole
  }

  private func runs(_ host: NodeID) -> Bool { hosts[host.index].state == .up }

  private func runningReplicas(of group: Int) -> [Int] {
    raft!.numbers[group].filter { !raft!.replicas[$0].isRetired && runs(raft!.replicas[$0].host) }
  }

  private func isRaftGroupWhole(_ group: Int) -> Bool {
    let running = runningReplicas(of: group)
    // Without a majority nobody leads: that is another fault's affair.
    guard running.count > raft!.voters[group].count / 2 else { return true }
    let leaders = running.filter { raft!.replicas[$0].node.role == .leader }
    guard
      let leader = leaders.max(by: { raft!.replicas[$0].node.term < raft!.replicas[$1].node.term })
    else { return false }
    return running.allSatisfy { replica in
      let (to, node) = (raft!.replicas[replica].host, raft!.replicas[replica].node)
      return network.isCut(raft!.replicas[leader].host, to)
        || (replica == leader || node.role != .leader) && node.commit >= groupMarks[group]
    }
  }

  private func isReplicaGroupWhole(_ group: Int) -> Bool {
    let leading = replication!.leading(replication!.groups[group])
    let (primary, node) = (replication!.servers[leading].host, replication!.servers[leading].node)
    guard runs(primary) else { return true }
    let mark = min(groupMarks[group], node.last)
    guard node.role == .primary, node.isReady, node.applied >= mark else { return false }
    return replication!.present(replication!.groups[group]).allSatisfy { number in
      let other = replication!.servers[number]
      guard number != leading, runs(other.host), !network.isCut(primary, other.host) else {
        return true
      }
      return other.node.role == .replica && !other.node.disk.isBlank
        && other.node.disk.log.lastTimeline == node.disk.log.lastTimeline
        && other.node.applied >= mark
    }
  }

  private var arePrimariesWhole: Bool {
    var place = 0
    for group in multiPrimary!.groups {
      let marks = groupMarks[place..<min(place + group.servers.count, groupMarks.count)]
      place += marks.count
      let present = multiPrimary!.present(group).filter { runs(multiPrimary!.servers[$0].host) }
      for number in present {
        let node = multiPrimary!.servers[number].node
        if node.disk.isBlank { return false }
        for (origin, mark) in marks.enumerated()
        where origin != Int(node.me) && node.peers >> UInt32(origin) & 1 == 1 {
          let from = multiPrimary!.servers[group.servers[origin]].host
          guard runs(from), !network.isCut(from, multiPrimary!.servers[number].host) else {
            continue
          }
          if node.disk.received[origin] < mark { return false }
        }
      }
    }
    return true
  }
}
