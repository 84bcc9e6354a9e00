import CellUI
import ClusterSim

/// The replica groups in the quorum panel: who is primary, how far each copy is behind, what the
/// last change of primary cost.
enum ReplicaRows {
  static func note(_ settings: Settings.Replication) -> String {
    "\(settings.mode.rawValue), reads \(settings.reads.rawValue)"
  }

  /// Draws the figures and as many groups as fit above `bottom`; gives the next free row.
  static func draw(_ scene: Scene, _ canvas: inout Canvas, _ top: Int, bottom: Int) -> Int {
    guard let figures = scene.simulation.replicationFigures else { return top }
    var y = top
    drawSummary(scene, &canvas, y, figures)
    y += 1
    let groups = scene.simulation.replicaGroups
    for (index, servers) in groups.enumerated()
    where servers.count(where: \.serves) > 1 && y < bottom - 1 {
      let names = servers.filter(\.serves).map { scene.name($0.host) }.joined(separator: ", ")
      canvas.text(
        1, y, "SPLIT BRAIN g\(index + 1): \(names) all take writes", Style(.bad, .bold),
        width: canvas.width - 1)
      y += 1
    }
    if let last = scene.simulation.failovers.last, y < bottom - 1 {
      drawFailover(scene, &canvas, y, last)
      y += 1
    }
    for (index, servers) in groups.enumerated() where y < bottom {
      drawGroup(scene, &canvas, y, index, servers)
      y += 1
    }
    return y
  }

  private static func drawSummary(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ figures: ReplicationFigures
  ) {
    let whole = figures.led == figures.groups && figures.split == 0
    var x = 1
    x += canvas.text(
      x, y, "primaries \(figures.led)/\(figures.groups)", Style(whole ? .good : .bad, .bold),
      width: max(0, canvas.width - x))
    let lost = scene.simulation.lostAcknowledgedWrites()
    x += 1
    x += canvas.text(
      x, y, "lost \(lost)", lost > 0 ? Style(.bad, .bold) : .dim, width: max(0, canvas.width - x))
    x += 1
    x += canvas.text(
      x, y,
      "lag \(Figure.count(figures.worstLagEntries))/"
        + "\(Figure.milliseconds(nanoseconds: figures.worstLag.nanoseconds))ms", .dim,
      width: max(0, canvas.width - x))
    if figures.fallenBack > 0 {
      canvas.text(
        x + 1, y, "ASYNC NOW", Style(.warning, .bold), width: max(0, canvas.width - x - 1))
    }
  }

  private static func drawFailover(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ failover: Failover
  ) {
    func seconds(_ span: Span?) -> String {
      span.map { NumberText.fixed($0.seconds, 1) } ?? "-"
    }
    let names = "g\(failover.group + 1) \(scene.name(failover.from))>\(scene.name(failover.to))"
    let costs =
      "found \(seconds(failover.detection)) led \(seconds(failover.promotion)) "
      + "moved \(seconds(failover.redirect)) s"
    var x = 1
    x += canvas.text(x, y, names, Style(.leader, .bold), width: canvas.width - 1)
    canvas.text(x + 1, y, costs, .text, width: max(0, canvas.width - x - 1))
  }

  private static func drawGroup(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ index: Int,
    _ servers: [ReplicaServerView]
  ) {
    let newest = servers.map(\.last).max() ?? 0
    canvas.text(1, y, "g\(index + 1)", .text, width: 3)
    let x = 5
    let width = (canvas.width - x) / servers.count
    guard width >= 4 else { return }
    for (place, server) in servers.enumerated() {
      drawServer(scene, &canvas, x + place * width, y, server, width: width, newest: newest)
    }
  }

  static func mark(_ server: ReplicaServerView, split: Bool = false) -> (String, Style) {
    if !server.runs { return ("x", Style(.dead, .bold)) }
    if server.role == .primary {
      return server.serves
        ? ("P", Style(split ? .bad : .leader, .bold)) : ("!", Style(.warning, .bold))
    }
    if server.isBlank { return ("-", Style(.left)) }
    return server.isDivergent ? ("#", Style(.bad, .bold)) : ("r", .dim)
  }

  private static func drawServer(
    _ scene: Scene, _ canvas: inout Canvas, _ x: Int, _ y: Int, _ server: ReplicaServerView,
    width: Int, newest: UInt64
  ) {
    let (mark, style) = mark(server)
    let number = scene.index(of: server.host) ?? 0
    canvas.text(x, y, mark, style, width: 1)
    var used = 1
    used += canvas.text(
      x + used, y, scene.nodes[number].name, Words.node(number), width: max(0, width - 2))
    let lag =
      server.lagEntries == 0
      ? " \(server.last)"
      : " -\(server.lagEntries)"
        + (width >= 16
          ? server.lag.map { " \(Figure.milliseconds(nanoseconds: $0.nanoseconds))ms" } ?? "" : "")
    if used + lag.columns < width {
      used += canvas.text(
        x + used, y, lag, server.lagEntries == 0 ? .text : Style(.stale), width: width - used)
    }
    let room = width - used - 2
    if room >= 3, newest > 0 {
      Bar(Double(server.applied) / Double(newest), look: .solid, style: Words.node(number))
        .draw(&canvas, x + used + 1, y, width: room)
    }
  }
}
