import CellUI
import ClusterSim

/// The Raft groups in the quorum panel: who leads in which term, and how far each log is.
enum RaftRows {
  /// Draws the figures and as many groups as fit above `bottom`; gives the next free row.
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ top: Int, bottom: Int) -> Int {
    guard let figures = scene.simulation.raftFigures else { return top }
    let whole = figures.led == figures.groups
    var y = top
    canvas.text(
      1, y, "leaders \(figures.led)/\(figures.groups)",
      Style(whole ? .good : .bad, .bold), width: canvas.width - 1)
    canvas.text(
      15, y, "elections \(figures.elections)  passed on \(Figure.count(figures.forwarded))", .dim,
      width: max(0, canvas.width - 15))
    y += 1
    for (index, servers) in scene.simulation.raftGroups.enumerated() where y < bottom {
      drawGroup(scene, &canvas, y, index, servers)
      y += 1
    }
    return y
  }

  private static func drawGroup(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ index: Int, _ servers: [RaftServerView]
  ) {
    let newest = servers.map(\.last).max() ?? 0
    // Of the newest leader; candidates that nobody can elect raise their own as they like.
    let leading = servers.filter { $0.role == .leader }.map(\.term).max()
    let term = leading ?? servers.map(\.term).max() ?? 0
    var x = 1
    x += canvas.text(x, y, "g\(index + 1)", .text, width: 3)
    x = 5
    x += canvas.text(x, y, "term \(term)", .dim, width: 9)
    x = 14
    let width = (canvas.width - x) / servers.count
    guard width >= 6 else { return }
    for server in servers {
      drawServer(scene, &canvas, x, y, server, width: width, newest: newest, term: term)
      x += width
    }
  }

  private static func drawServer(
    _ scene: Scene, _ canvas: inout Canvas, _ x: Int, _ y: Int, _ server: RaftServerView,
    width: Int, newest: UInt64, term: Int
  ) {
    // A leader of an old term does not know yet that it is none: marked, it may still answer nobody.
    let isOld = server.role == .leader && server.term < term
    let (mark, style): (String, Style) =
      if !server.runs {
        ("x", Style(.dead, .bold))
      } else if isOld {
        ("!", Style(.bad, .bold))
      } else {
        switch server.role {
        case .leader: ("L", Style(.leader, .bold))
        case .candidate: ("?", Style(.warning, .bold))
        case .follower: ("f", .dim)
        }
      }
    let number = scene.index(of: server.host) ?? 0
    var used = canvas.text(x, y, mark, style, width: 1) + 0
    used += canvas.text(
      x + used, y, scene.nodes[number].name, Words.node(number), width: max(0, width - 2))
    let lag = newest - server.last
    let text = lag == 0 ? " \(server.last)" : " -\(lag)"
    if used + text.columns < width {
      used += canvas.text(
        x + used, y, text, lag == 0 ? .text : Style(.stale), width: width - used)
    }
    let room = width - used - 2
    if room >= 4, newest > 0 {
      Bar(Double(server.last) / Double(newest), look: .solid, style: Words.node(number))
        .draw(&canvas, x + used + 1, y, width: room)
    }
  }
}
