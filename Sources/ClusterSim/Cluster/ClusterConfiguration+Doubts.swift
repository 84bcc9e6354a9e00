/// Settings that are each in their range and together do something that few will have meant. They
/// are taken: what then happens is true, and may be what is to be shown.
extension ClusterConfiguration {
  /// The settings that a doubt is about, and what will happen.
  public var doubts: [(paths: [String], text: String)] {
    var doubts: [(paths: [String], text: String)] = []
    let (storage, workload, raft) = (settings.storage, settings.workload, settings.raft)
    let membership = settings.membership
    let copies = min(storage.n, nodes.count)
    if storage.n > nodes.count {
      doubts.append(
        (
          ["storage.n"],
          "storage.n is \(storage.n), and there are \(nodes.count) nodes: of every key "
            + "\(nodes.count) copies exist, and a quorum is counted of \(storage.n)"
        ))
    }
    if storage.engine == .leaderless {
      for (path, needed, kind) in [
        ("storage.r", storage.answers(.read), "read"),
        ("storage.w", storage.answers(.write), "write"),
      ] {
        guard let needed, needed > copies else { continue }
        doubts.append(
          (
            [
              path, path == "storage.r" ? "storage.read_level" : "storage.write_level", "storage.n",
            ],
            "a \(kind) waits for \(needed) answers of \(copies) copies: none will be answered"
          ))
      }
    }
    if storage.engine == .raft, raft.electionMin >= raft.electionMax {
      doubts.append(
        (
          ["raft.election_min", "raft.election_max"],
          "raft.election_min is not below raft.election_max: all servers stand for election at "
            + "once, and hardly ever is one elected"
        ))
    }
    if workload.families, workload.usersShare + workload.ordersShare > 1 {
      doubts.append(
        (
          ["workload.users_share", "workload.orders_share"],
          "workload.users_share and workload.orders_share are more than the whole together: they "
            + "are taken in proportion, and nobody asks for products"
        ))
    }
    if membership.detector == .heartbeat, nodes.count > 1,
      membership.suspectAfter < neededSuspectAfter
    {
      doubts.append(
        (
          [
            "membership.suspect_after", "membership.detector", "membership.fanout",
            "membership.gossip_interval", "membership.packet",
          ],
          "membership.suspect_after is \(membership.suspectAfter): with \(nodes.count) nodes running "
            + "ones will be suspected now and then; below \(neededSuspectAfter) gossip is too slow"
        ))
    }
    return doubts
  }
}
