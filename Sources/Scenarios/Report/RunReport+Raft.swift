import ClusterSim

extension RunReport {
  /// One more field with the engine `raft`, none with another.
  static func raft(_ simulation: Simulation) -> [(String, JSONValue)] {
    guard let figures = simulation.raftFigures else { return [] }
    return [
      (
        "raft",
        .object([
          ("groups", .integer(figures.groups)), ("led", .integer(figures.led)),
          ("elections", .integer(figures.elections)),
          ("forwarded", .integer(figures.forwarded)),
          ("snapshots_sent", .integer(figures.snapshotsSent)),
          ("transfers", .integer(figures.transfers)),
          ("member_changes", .integer(figures.memberChanges)),
          ("by_group", .array(simulation.raftGroups.map { raftGroup($0, simulation) })),
        ])
      )
    ]
  }

  private static func raftGroup(_ group: RaftGroupView, _ simulation: Simulation) -> JSONValue {
    func name(_ node: NodeID?) -> JSONValue {
      node.map { .string(simulation.host($0).name) } ?? .null
    }
    return .object([
      ("group", .integer(group.number)), ("leader", name(group.leader)),
      ("term", .integer(group.term)), ("commit", .integer(Int(group.commit))),
      (
        "servers",
        .array(
          group.servers.map { server in
            .object([
              ("name", name(server.host)), ("state", .string(server.state.rawValue)),
              ("term", .integer(server.term)), ("vote", name(server.vote)),
              ("leader", name(server.leader)), ("last", .integer(Int(server.last))),
              ("commit", .integer(Int(server.commit))),
              ("lag", server.lag.map { .integer(Int($0)) } ?? .null),
            ])
          })
      ),
    ])
  }
}
