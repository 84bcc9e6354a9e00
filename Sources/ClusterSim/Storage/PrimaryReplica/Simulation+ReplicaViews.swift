/// One server of one replica group, as it really is.
public struct ReplicaServerView: Sendable, Equatable {
  public enum Role: String, Sendable { case primary, replica }
  public let host: NodeID
  /// False where its host is killed or frozen: then this is what its disk says.
  public let runs: Bool
  public let role: Role
  /// It takes requests now: ready and, with fencing, in possession of a lease.
  public let serves: Bool
  /// A primary that has everything replayed, leased or not.
  public let isReady: Bool
  public let timeline: Int
  /// Last position of its log, and up to where that is in its copy.
  public let last: UInt64
  public let applied: UInt64
  /// Entries of the newest primary's log that its copy lacks, and how old the oldest of them is;
  /// the age is nil where the entry is no longer kept.
  public let lagEntries: Int
  public let lag: Span?
  /// Its log has entries that the newest primary's has not.
  public let isDivergent: Bool
  /// It has no copy at all.
  public let isBlank: Bool
  /// Modes wait for it and it votes; a newcomer does not count yet.
  public let counts: Bool
  /// The share of a copy under way to it that has arrived.
  public let copied: Double?
}

/// What the primary-replica engine did since the start, over all groups.
public struct ReplicationFigures: Sendable, Equatable {
  public let groups: Int
  /// Groups with a primary that takes requests.
  public let led: Int
  /// Groups in which more than one takes requests.
  public let split: Int
  public let promotions: Int
  /// Promotions called off: a member still heard the primary, or too few answered.
  public let calledOff: Int
  public let forwarded: Int
  public let copiesSent: Int
  public let entriesShipped: Int
  public let acknowledgements: Int
  /// Semi-sync: times that a primary no longer waited.
  public let fallbacks: Int
  /// Semi-sync: groups whose primary waits for nobody now.
  public let fallenBack: Int
  /// Acknowledged writes that the newest primaries do not have though some disk does.
  public let unserved: Int
  /// Acknowledged writes that the audit did not follow, more were under way than it keeps: were they
  /// lost, nobody would know.
  public let auditDropped: Int
  /// The replica that is farthest behind, of those that run.
  public let worstLagEntries: Int
  public let worstLag: Span
}

extension Simulation {
  /// By group, its servers in the order of their places; empty with another engine.
  public var replicaGroups: [[ReplicaServerView]] {
    guard let replication else { return peerGroups }
    return replication.groups.map { group in
      let leading = replication.servers[replication.leading(group)]
      return replication.present(group).map {
        replicaView(replication.servers[$0], leading: leading)
      }
    }
  }

  private func replicaView(
    _ server: PrimaryReplicaEngine.Server, leading: PrimaryReplicaEngine.Server
  ) -> ReplicaServerView {
    let node = server.node
    let log = leading.node.disk.log
    let runs = hosts[server.host.index].state == .up
    let isDivergent = !log.contains(node.disk.log.lastTimeline, node.last) && node.last > 0
    // What a divergent copy has in common with the primary's log ends where that timeline ended.
    let common =
      isDivergent ? log.end(of: node.disk.log.lastTimeline, upTo: node.last) : node.applied
    let applied = min(common, node.applied)
    var lag: Span? = .zero
    if applied < log.last {
      lag =
        applied >= log.base
        ? Span(nanoseconds: max(0, now.nanoseconds - log[applied + 1].writtenAt)) : nil
    }
    return ReplicaServerView(
      host: server.host, runs: runs, role: node.role == .primary && runs ? .primary : .replica,
      serves: runs && node.serves(now: logClock(server.host)), isReady: node.isReady,
      timeline: Int(node.disk.log.lastTimeline >> 4), last: node.last, applied: node.applied,
      lagEntries: Int(log.last - min(log.last, applied)), lag: lag, isDivergent: isDivergent,
      isBlank: node.disk.isBlank, counts: server.counts,
      copied: copiedShare(server.group, to: server.host))
  }

  /// Nil with another engine.
  public var replicationFigures: ReplicationFigures? {
    guard let replication else { return nil }
    let groups = replicaGroups
    let serving = groups.map { $0.count(where: \.serves) }
    let running = groups.joined().filter { $0.runs && $0.role == .replica }
    return ReplicationFigures(
      groups: groups.count, led: serving.count { $0 > 0 }, split: serving.count { $0 > 1 },
      promotions: replication.promotions, calledOff: replication.calledOff,
      forwarded: replication.forwarded, copiesSent: replication.copiesSent,
      entriesShipped: replication.entriesShipped,
      acknowledgements: replication.acknowledgements, fallbacks: replication.fallbacks,
      fallenBack: replication.servers.count {
        $0.node.role == .primary && !$0.node.waits && hosts[$0.host.index].state == .up
      },
      unserved: unservedWrites, auditDropped: replication.auditDropped,
      worstLagEntries: running.map(\.lagEntries).max() ?? 0,
      worstLag: running.compactMap(\.lag).max() ?? .zero)
  }

  /// Rises whenever a server becomes, or is no longer, a primary that takes requests.
  public var primaryChanges: Int { replication?.primaryChanges ?? 0 }

  /// Changes of primary, oldest first; the last 64 are kept.
  public var failovers: [Failover] { replication?.failovers ?? [] }
}

extension ReplicationLog {
  /// The last position up to `position` that a timeline has in this log; 0 for one it never had.
  func end(of timeline: UInt32, upTo position: UInt64) -> UInt64 {
    guard let place = timelines.firstIndex(where: { $0.number == timeline }) else { return 0 }
    let end = place + 1 < timelines.count ? timelines[place + 1].from - 1 : last
    return min(position, end)
  }
}
