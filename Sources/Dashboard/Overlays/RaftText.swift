import CellUI
import ClusterSim

/// A Raft group in full: both sides of a cut by their leader, and each server with its vote.
enum RaftText {
  static func lines(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let groups = scene.simulation.raftGroups
    guard groups.indices.contains(index) else {
      writer.add("There is no such group.")
      return
    }
    let group = groups[index]
    func name(_ node: NodeID?) -> String { node.map { scene.name($0) } ?? "-" }
    writer.pair(
      "leader", group.leader.map { "\(scene.name($0)), term \(group.term)" } ?? "none",
      group.leader == nil ? Style(.bad, .bold) : .text)
    writer.pair("committed", "up to index \(group.commit)")
    let voters = group.servers.count { $0.state != .learner }
    writer.pair("decides", "\(voters / 2 + 1) of \(voters) servers")
    sides(group, scene, &writer)
    writer.heading("Its servers")
    writer.pair("", "role       term  vote   log end  committed  lag in entries", .dim, column: 12)
    for server in group.servers {
      let mark = Words.server(server.state, .ascii)
      let cells = [
        (mark.word, 11), ("\(server.term)", 6), (name(server.vote), 7), ("\(server.last)", 9),
        ("\(server.commit)", 11), (server.lag.map { "\($0)" } ?? "-", 0),
      ]
      writer.pair(
        scene.name(server.host), cells.map { NumberText.right($0.0, $0.1) }.joined(), mark.style,
        column: 12)
    }
    if let figures = scene.simulation.raftFigures {
      writer.heading("All groups")
      writer.pair("led", "\(figures.led) of \(figures.groups), \(figures.elections) elections")
      writer.pair("handed over", "\(figures.transfers) times on request")
      writer.pair(
        "servers that moved",
        "\(figures.memberChanges / 2), with \(scene.simulation.keysMoved) keys")
    }
    writer.add("")
    writer.add(
      "The vote is the one given in the server's own term. Lag: entries of the leader's log that "
        + "it does not have.", .dim)
  }

  /// Who follows whom: what a cut of the network leaves of the group.
  private static func sides(
    _ group: RaftGroupView, _ scene: Scene, _ writer: inout LineWriter
  ) {
    let running = group.servers.filter(\.runs)
    var leaders: [NodeID] = []
    for server in running {
      if let leader = server.leader, !leaders.contains(leader) { leaders.append(leader) }
    }
    for leader in leaders {
      let followers = running.filter { $0.leader == leader }.map { scene.name($0.host) }
      let isNewest = leader == group.leader
      writer.pair(
        isNewest ? "led by \(scene.name(leader))" : "still behind \(scene.name(leader))",
        followers.joined(separator: " "), isNewest ? .text : Style(.warning))
    }
    let alone = running.filter { $0.leader == nil }.map { scene.name($0.host) }
    if !alone.isEmpty {
      writer.pair(
        "without a leader",
        alone.joined(separator: " ") + ": what they are asked is refused or times out",
        Style(.bad, .bold))
    }
    let down = group.servers.filter { !$0.runs }.map { scene.name($0.host) }
    if !down.isEmpty { writer.pair("not running", down.joined(separator: " "), Style(.dead)) }
  }
}
