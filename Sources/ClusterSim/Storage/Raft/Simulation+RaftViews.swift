/// One server of one Raft group, as it really is.
public struct RaftServerView: Sendable, Equatable {
  public enum Role: String, Sendable { case follower, candidate, leader }
  public let host: NodeID
  /// False where its host is killed or frozen: then this is what its disk says.
  public let runs: Bool
  public let role: Role
  public let term: Int
  /// The place in the group for which it voted in its term.
  public let vote: Int?
  /// Last index of its log, and up to where it knows of commitment.
  public let last: UInt64
  public let commit: UInt64
  /// Log entries that it keeps since its last snapshot.
  public let kept: Int
}

/// What Raft did since the start, over all groups.
public struct RaftFigures: Sendable, Equatable {
  public let groups: Int
  /// Groups in which a running server takes itself for the leader.
  public let led: Int
  public let elections: Int
  public let forwarded: Int
  public let snapshotsSent: Int
}

extension Simulation {
  /// By group, its servers in the order of their places; empty with another engine.
  public var raftGroups: [[RaftServerView]] {
    guard let raft else { return [] }
    return raft.groups.indices.map { group in
      raft.groups[group].indices.map { place in
        let replica = raft.replicas[group * raft.size + place]
        let runs = hosts[replica.host.index].state == .up
        let role: RaftServerView.Role =
          switch replica.node.role {
          case .leader: .leader
          case .candidate, .preCandidate: .candidate
          case .follower: .follower
          }
        return RaftServerView(
          host: replica.host, runs: runs, role: runs ? role : .follower,
          term: Int(replica.node.term), vote: replica.node.disk.vote.map { Int($0) },
          last: replica.node.disk.log.lastIndex, commit: replica.node.commit,
          kept: replica.node.disk.log.count)
      }
    }
  }

  /// Nil with another engine.
  public var raftFigures: RaftFigures? {
    guard let raft else { return nil }
    let led = raftGroups.reduce(0) { count, servers in
      count + (servers.contains { $0.runs && $0.role == .leader } ? 1 : 0)
    }
    return RaftFigures(
      groups: raft.groups.count, led: led, elections: raft.elections, forwarded: raft.forwarded,
      snapshotsSent: raft.snapshotsSent)
  }
}
