// Primaries that come to and leave groups in which all take writes. Who belongs to a group is known to
// all of it at once, as by a configuration that an operator rolls out.
extension Simulation {
  /// Does what is next for a step; nil once the newcomer serves, and everybody has what the old
  /// primary had written.
  mutating func advancePeer(_ step: GroupReshuffle.Step) -> GroupReshuffle.Step? {
    // A shard's move counts on who belongs to the groups.
    guard !moves.isMoving else { return step }
    var step = step
    guard let place = step.place else {
      step.place = addPeer(to: step.group, on: step.to)
      noteArrival(step)
      return step
    }
    let newcomer = multiPrimary!.groups[step.group].servers[place]
    guard hosts[step.to.index].state == .up else { return step }
    let lacks = lag(of: newcomer)
    watchArrival(step, lacks: lacks)
    guard multiPrimary!.servers[newcomer].counts else {
      // It takes requests once it has all but a message's worth of everybody's writes.
      if let lacks, lacks.entries <= multiPrimary!.servers[newcomer].node.options.batch {
        multiPrimary!.servers[newcomer].counts = true
        noteCounts(step)
        topologyChanged()
      }
      return step
    }
    guard let from = step.from, let old = multiPrimary!.server(of: step.group, on: from) else {
      noteTakenPlace(step)
      return nil
    }
    guard let since = multiPrimary!.servers[old].leavesSince else {
      multiPrimary!.servers[old].leavesSince = now.nanoseconds
      topologyChanged()
      return step
    }
    // What was on its way to it when it was last asked has arrived by then.
    guard now.nanoseconds - since >= 2 * settings.storage.timeout.nanoseconds, hasShippedAll(old)
    else { return step }
    retire(peer: old)
    noteTakenPlace(step)
    return nil
  }

  /// Whether every other primary, whether it runs or not, has all that this one wrote: nobody else
  /// would bring it.
  private func hasShippedAll(_ server: Int) -> Bool {
    let leaver = multiPrimary!.servers[server]
    return multiPrimary!.present(multiPrimary!.groups[leaver.group]).allSatisfy {
      let other = multiPrimary!.servers[$0].node
      return $0 == server
        || !other.disk.isBlank && other.disk.received[Int(leaver.node.me)] >= leaver.node.last
    }
  }

  private mutating func retire(peer server: Int) {
    multiPrimary!.servers[server].isRetired = true
    let leaver = multiPrimary!.servers[server]
    let bit = UInt32(1) << UInt32(leaver.node.me)
    for number in multiPrimary!.groups[leaver.group].servers {
      multiPrimary!.servers[number].node.peers &= ~bit
    }
    endCopies { $0.group == leaver.group && ($0.to == leaver.host || $0.from == leaver.host) }
  }

  /// A primary without a copy at a new place of the group; it asks for one.
  private mutating func addPeer(to group: Int, on host: NodeID) -> Int {
    let place = multiPrimary!.groups[group].servers.count
    let number = multiPrimary!.servers.count
    let present = multiPrimary!.present(multiPrimary!.groups[group])
    let bit = UInt32(1) << UInt32(place)
    let peers = present.reduce(bit) { $0 | 1 << UInt32(multiPrimary!.servers[$1].node.me) }
    for other in present { multiPrimary!.servers[other].node.peers = peers }
    multiPrimary!.groups[group].servers.append(number)
    multiPrimary!.servers.append(
      MultiPrimaryEngine.Server(
        group: group, host: host,
        node: MultiPrimaryNode(
          me: UInt8(place), peers: peers,
          disk: MultiPrimaryNode.Disk(
            isBlank: true, shards: GroupShards(group: group), parents: sharded!.parents),
          options: settings.replication.options, now: logClock(host)),
        counts: false))
    armPeer(number)
    return place
  }

  /// What a primary lacks of the others' logs; nil while it has no copy.
  private func lag(of server: Int) -> (entries: Int, age: Span?)? {
    let node = multiPrimary!.servers[server].node
    guard !node.disk.isBlank else { return nil }
    var entries = 0
    var oldest: Int64?
    for number in multiPrimary!.present(multiPrimary!.groups[multiPrimary!.servers[server].group])
    where number != server {
      let other = multiPrimary!.servers[number].node
      let received = node.disk.received[Int(other.me)]
      guard received < other.last else { continue }
      entries += Int(other.last - received)
      guard received >= other.disk.base else { continue }
      let at = other.entry(received + 1).writtenAt
      oldest = min(oldest ?? at, at)
    }
    let age = oldest.map { Span(nanoseconds: max(0, now.nanoseconds - $0)) }
    return (entries, entries == 0 ? .zero : age)
  }

  /// Parts of a copy are coming: the newcomer asks nobody else.
  mutating func copyGoesOn(_ stream: CopyStream) {
    guard usesMultiPrimary, let server = multiPrimary!.server(of: stream.group, on: stream.to)
    else { return }
    multiPrimary!.servers[server].node.copyGoesOn()
  }
}
