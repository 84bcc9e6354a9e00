/// One server of one Raft group, as it really is.
public struct RaftServerView: Sendable, Equatable {
  public enum State: String, Sendable {
    case leader
    /// It takes itself for the leader, but another one leads a newer term.
    case outdated = "old-leader"
    case follower
    case candidate
    /// It follows nobody: what it is asked it can only refuse.
    case leaderless = "no-leader"
    /// It is sent the log but has no vote.
    case learner
    /// Its host is killed or frozen: the rest is what its disk says.
    case stopped
  }
  public let host: NodeID
  public let state: State
  public let term: Int
  /// For whom it voted in its term.
  public let vote: NodeID?
  /// Whom it takes for the leader.
  public let leader: NodeID?
  /// Last index of its log, and up to where it knows of commitment.
  public let last: UInt64
  public let commit: UInt64
  /// Entries of the leader's log that its own lacks; nil where nobody leads.
  public let lag: UInt64?
  /// Entries that it keeps since its last snapshot.
  public let kept: Int

  public var runs: Bool { state != .stopped }
}

/// One Raft group.
public struct RaftGroupView: Sendable, Equatable {
  /// Counted from 1, as everywhere outside.
  public let number: Int
  /// The running leader of the newest term; nil where nobody leads.
  public let leader: NodeID?
  /// The leader's, else the newest that a server has.
  public let term: Int
  /// The furthest index that a server knows to be committed.
  public let commit: UInt64
  public let servers: [RaftServerView]
}

/// What Raft did since the start, over all groups.
public struct RaftFigures: Sendable, Equatable {
  public let groups: Int
  /// Groups in which a running server takes itself for the leader.
  public let led: Int
  public let elections: Int
  public let forwarded: Int
  public let snapshotsSent: Int
  /// Leaderships handed over on request; servers added to a group or taken out of it.
  public let transfers: Int
  public let memberChanges: Int
}

extension Simulation {
  /// The groups with their servers in the order of their places; empty with another engine.
  public var raftGroups: [RaftGroupView] {
    guard let raft else { return [] }
    return raft.groups.indices.map { raftGroup($0, raft) }
  }

  private func raftGroup(_ group: Int, _ raft: RaftEngine) -> RaftGroupView {
    let members = raft.groups[group]
    let replicas = raft.numbers[group].map { raft.replicas[$0] }.filter { !$0.isRetired }
    let running = replicas.filter { hosts[$0.host.index].state == .up }
    let leading = running.filter { $0.node.role == .leader }
      .max { $0.node.term < $1.node.term }
    let servers = replicas.map { replica -> RaftServerView in
      let node = replica.node
      return RaftServerView(
        host: replica.host, state: state(of: replica, leading?.node.term), term: Int(node.term),
        vote: node.disk.vote.map { members[Int($0)] },
        leader: node.leader.map { members[Int($0)] },
        last: node.disk.log.lastIndex, commit: node.commit,
        lag: leading.map { node.disk.log.lacks(of: $0.node.disk.log) }, kept: node.disk.log.count)
    }
    return RaftGroupView(
      number: group + 1, leader: leading?.host,
      term: Int(leading?.node.term ?? replicas.map(\.node.term).max() ?? 0),
      commit: replicas.map(\.node.commit).max() ?? 0, servers: servers)
  }

  private func state(of replica: RaftEngine.Replica, _ newest: UInt32?) -> RaftServerView.State {
    guard hosts[replica.host.index].state == .up else { return .stopped }
    switch replica.node.role {
    case .leader: return replica.node.term == newest ? .leader : .outdated
    case .candidate, .preCandidate: return .candidate
    case .follower:
      if !replica.node.isVoter { return .learner }
      return replica.node.leader == nil ? .leaderless : .follower
    }
  }

  /// Nil with another engine.
  public var raftFigures: RaftFigures? {
    guard let raft else { return nil }
    return RaftFigures(
      groups: raft.groups.count, led: raftGroups.count { $0.leader != nil },
      elections: raft.elections, forwarded: raft.forwarded, snapshotsSent: raft.snapshotsSent,
      transfers: raft.transfers, memberChanges: raft.memberChanges)
  }
}
