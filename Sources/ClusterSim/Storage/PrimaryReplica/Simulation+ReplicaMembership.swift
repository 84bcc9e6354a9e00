// Servers that come to and leave replica groups while clients write.
extension Simulation {
  /// The running primary of the newest timeline that takes requests; nil where none does.
  private func servingPrimary(of group: Int) -> Int? {
    replication!.present(replication!.groups[group]).filter {
      let server = replication!.servers[$0]
      return hosts[server.host.index].state == .up
        && server.node.serves(now: logClock(server.host))
    }.max {
      replication!.servers[$0].node.disk.timeline < replication!.servers[$1].node.disk.timeline
    }
  }

  /// Does what is next for a step; nil once the new server counts and the old one is out, both by
  /// entries that a majority has.
  mutating func advanceReplica(_ step: GroupReshuffle.Step) -> GroupReshuffle.Step? {
    guard let primary = servingPrimary(of: step.group) else { return step }
    var step = step
    guard let place = step.place else {
      step.place = addReplica(to: step.group, on: step.to)
      noteArrival(step)
      return step
    }
    let newcomer = replication!.groups[step.group].servers[place]
    watchArrival(step, lacks: lag(of: newcomer, behind: primary))
    let node = replication!.servers[primary].node
    guard node.membershipIsSettled else { return step }
    noteVoters(step.group, node.voters)
    guard replication!.servers[newcomer].counts else {
      if !node.isLearner(place) {
        act(primary) { node, now, effects in node.teach(place, now: now, &effects) }
      } else if hasCaughtUp(newcomer, with: primary) {
        change(primary, to: node.voters | 1 << UInt32(place))
      }
      return step
    }
    noteCounts(step)
    guard let from = step.from, let old = replication!.server(of: step.group, on: from) else {
      noteTakenPlace(step)
      return nil
    }
    let leaver = UInt32(1) << UInt32(replication!.servers[old].node.me)
    // Never fewer than before: the new server runs before the old one goes.
    guard hosts[step.to.index].state == .up else { return step }
    if old == primary {
      // What is acknowledged is in the heir's log before it leads: nothing is lost.
      if node.heir == nil {
        giveUpFailBack(to: old)
        act(primary) { node, now, effects in node.handOver(to: place, now, &effects) }
      }
    } else if node.voters & leaver != 0 {
      change(primary, to: node.voters & ~leaver)
    } else {
      retire(server: old)
      act(primary) { node, _, _ in node.forget(leaver.trailingZeroBitCount) }
      noteTakenPlace(step)
      return nil
    }
    return step
  }

  /// Who leaves for good does not take over again, though the group began with it.
  private mutating func giveUpFailBack(to leaver: Int) {
    guard replication!.servers[leaver].node.me == 0 else { return }
    for server in replication!.groups[replication!.servers[leaver].group].servers {
      replication!.servers[server].node.options.failBack = false
    }
  }

  private mutating func change(_ primary: Int, to voters: UInt32) {
    act(primary) { node, now, effects in
      _ = node.change(voters: voters, now: now, &effects)
    }
  }

  /// What is settled: from here on the operator counts on these.
  private mutating func noteVoters(_ group: Int, _ voters: UInt32) {
    for number in replication!.groups[group].servers {
      replication!.servers[number].counts =
        voters >> UInt32(replication!.servers[number].node.me) & 1 == 1
    }
  }

  private mutating func retire(server: Int) {
    replication!.servers[server].isRetired = true
    let group = replication!.servers[server].group
    let host = replication!.servers[server].host
    dropPending(of: server)
    endCopies { $0.group == group && ($0.to == host || $0.from == host) }
    auditLosses(group: group, .failover)
  }

  /// A server that has nothing yet, not even a vote, at a new place of the group.
  private mutating func addReplica(to group: Int, on host: NodeID) -> Int {
    let place = replication!.groups[group].servers.count
    replication!.groups[group].servers.append(replication!.servers.count)
    replication!.servers.append(
      PrimaryReplicaEngine.Server(
        group: group, host: host,
        node: PrimaryReplicaNode(
          me: UInt8(place),
          disk: PrimaryReplicaNode.Disk(
            timeline: 0,
            log: ReplicationLog(timeline: 0, voters: 0, shards: GroupShards(group: group)),
            isBlank: true, primary: 0),
          options: settings.replication.options, now: logClock(host)),
        counts: false))
    replication!.servers[replication!.servers.count - 1].node.disk.log.parents =
      sharded!.parents
    armReplication(replication!.servers.count - 1)
    return place
  }

  /// What a server has not replayed of the primary's log; nil while it has no copy.
  private func lag(of server: Int, behind primary: Int) -> (entries: Int, age: Span?)? {
    let node = replication!.servers[server].node
    guard !node.disk.isBlank else { return nil }
    let log = replication!.servers[primary].node.disk.log
    let applied = min(node.applied, log.last)
    guard applied < log.last else { return (0, .zero) }
    let age =
      applied >= log.base
      ? Span(nanoseconds: max(0, now.nanoseconds - log[applied + 1].writtenAt)) : nil
    return (Int(log.last - applied), age)
  }

  /// It has received what was shipped, and replayed all but a message's worth of it.
  private func hasCaughtUp(_ server: Int, with primary: Int) -> Bool {
    let (node, leading) = (replication!.servers[server].node, replication!.servers[primary])
    return leading.node.hasReceived(Int(node.me), now: logClock(leading.host))
      && node.applied + UInt64(node.options.batch) >= leading.node.released
  }

  /// A part of a copy is held there: its primary waits on.
  mutating func copyArrives(_ stream: CopyStream) {
    if let server = multiPrimary?.server(of: stream.group, on: stream.from),
      let other = multiPrimary!.server(of: stream.group, on: stream.to)
    {
      let place = Int(multiPrimary!.servers[other].node.me)
      multiPrimary!.servers[server].node.copyGoesOn(to: place)
    }
    guard usesReplication, let server = replication!.server(of: stream.group, on: stream.from),
      let other = replication!.server(of: stream.group, on: stream.to)
    else { return }
    let place = Int(replication!.servers[other].node.me)
    act(server) { node, now, _ in node.copyGoesOn(to: place, now: now) }
  }
}
