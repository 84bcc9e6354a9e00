/// What the multi-primary engine did since the start, over all groups.
public struct MultiPrimaryFigures: Sendable, Equatable {
  public let groups: Int
  /// Primaries that run and have a copy, of all.
  public let serving: Int
  public let primaries: Int
  public let forwarded: Int
  public let entriesShipped: Int
  public let copiesSent: Int
  /// Writes that vanished for a concurrent one, settled: acknowledged ones are in the lost writes. Nil
  /// with vector versions, under which none does.
  public let conflicts: Int?
  /// Writes whose fate is open: some primary has not taken them in, or holds them.
  public let open: Int
  /// Writes that the audit gave up: more were open than it follows.
  public let notFollowed: Int
  /// Keys that the primaries hold different versions of now.
  public let divergentKeys: Int
}

extension Simulation {
  /// Nil with another engine.
  public var multiPrimaryFigures: MultiPrimaryFigures? {
    guard let multiPrimary else { return nil }
    return MultiPrimaryFigures(
      groups: multiPrimary.groups.count,
      serving: multiPrimary.servers.count {
        !$0.isRetired && hosts[$0.host.index].state == .up && !$0.node.disk.isBlank
      },
      primaries: multiPrimary.servers.count { !$0.isRetired }, forwarded: multiPrimary.forwarded,
      entriesShipped: multiPrimary.entriesShipped, copiesSent: multiPrimary.copiesSent,
      conflicts: keepsSiblings ? nil : multiPrimary.conflicts,
      open: multiPrimary.groups.reduce(0) { $0 + $1.open.count },
      notFollowed: multiPrimary.notFollowed, divergentKeys: divergentKeys())
  }

  /// As replica groups are shown: everybody is a primary, and behind by what it lacks of the others.
  var peerGroups: [[ReplicaServerView]] {
    guard let multiPrimary else { return [] }
    return multiPrimary.groups.map { group in
      let ends = group.servers.map { multiPrimary.servers[$0].node.last }
      return multiPrimary.present(group).map { number in
        let server = multiPrimary.servers[number]
        let node = server.node
        var lacks = 0
        var oldest: Int64?
        for (place, end) in ends.enumerated()
        where place != Int(node.me) && node.peers >> UInt32(place) & 1 == 1 {
          let received = node.disk.received[place]
          lacks += Int(end - min(end, received))
          let origin = multiPrimary.servers[group.servers[place]].node
          guard received < end, received >= origin.disk.base else { continue }
          let at = origin.entry(received + 1).writtenAt
          oldest = min(oldest ?? at, at)
        }
        let runs = hosts[server.host.index].state == .up
        let total = ends.enumerated().reduce(0) {
          $0 + (node.peers >> UInt32($1.offset) & 1 == 1 ? $1.element : 0)
        }
        return ReplicaServerView(
          host: server.host, runs: runs, role: .primary, serves: runs && !node.disk.isBlank,
          isReady: true, timeline: 1, last: node.last, applied: total - UInt64(lacks),
          lagEntries: lacks,
          lag: lacks == 0
            ? .zero : oldest.map { Span(nanoseconds: max(0, now.nanoseconds - $0)) },
          isDivergent: false, isBlank: node.disk.isBlank, counts: server.counts,
          copied: copiedShare(server.group, to: server.host))
      }
    }
  }
}

extension Simulation {
  /// Whether the engine has groups of servers that ship logs.
  public var hasReplicaGroups: Bool { usesReplication || usesMultiPrimary }
}
