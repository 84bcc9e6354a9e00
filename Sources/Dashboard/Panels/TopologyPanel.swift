import CellUI
import ClusterSim

/// The places where nodes stand and the links between them: data centres, their zones and nodes as
/// they really are, and per direction the latency and the cuts that are installed.
enum TopologyPanel: Panel {
  static let id = PanelID.topology

  static func title(_ scene: Scene) -> String { "Topology" }

  static func note(_ scene: Scene) -> String { "installed, one way" }

  static func detail(_ scene: Scene) -> Overlay { .details(.topology, offset: 0) }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    ClientsPanel.move(move, &state, scene)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let names = scene.simulation.locationNames
    var y = 0
    // The links are drawn for sure; nodes take what is left.
    let links = TopologyLinks.rows(scene.simulation)
    var rest = max(names.count, canvas.height - links.count)
    for location in names.indices where y < canvas.height {
      let fair = max(1, rest / (names.count - location))
      let used = drawLocation(scene, &canvas, y, location, rows: fair)
      y += used
      rest -= used
    }
    let widest = names.map(\.columns).max() ?? 0
    for link in links where y < canvas.height {
      TopologyLinks.draw(link, names, &canvas, y, label: min(widest, 12))
      y += 1
    }
  }

  /// A location with its nodes, by zones where it has some; gives the rows it took.
  private static func drawLocation(
    _ scene: Scene, _ canvas: inout Canvas, _ y: Int, _ location: Int, rows: Int
  ) -> Int {
    let nodes = scene.nodes.filter { $0.location == location && $0.state != .left }
    let up = nodes.count { $0.state == .up }
    let name = scene.simulation.locationNames[location]
    let chosen = scene.state.focus == .topology && scene.state.location == location
    if chosen {
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold))
      canvas.park(0, y)
    }
    var x = 1
    x += canvas.text(x, y, name, Style(.title, .bold), width: 12) + 1
    let (word, style) = state(up: up, of: nodes.count)
    x += canvas.text(x, y, "\(up)/\(nodes.count) \(word)", style) + 2
    let answered = scene.simulation.metrics.recent[location].availability.newest
    let share = "clients \(Figure.percent(answered))%"
    if canvas.width >= 60 {
      canvas.textRight(canvas.width - 1, y, share, QuorumPanel.style(answered))
    }
    let end = canvas.width >= 60 ? canvas.width - share.columns - 2 : canvas.width
    // Beside the name where they fit, else below it.
    var row = y
    var begin = x
    if rows > 1, x + 6 * nodes.count > end {
      row += 1
      begin = 3
      x = begin
    } else {
      begin = 3
    }
    var zone: Int?
    for node in nodes.sorted(by: {
      ($0.zone ?? -1, $0.id.rawValue) < ($1.zone ?? -1, $1.id.rawValue)
    }) {
      let mark = Words.truth(node, canvas.glyphs)
      let text = node.name + (mark.word == "up" ? "" : " \(mark.word)")
      let prefix = node.zone != zone ? node.zone.map { scene.simulation.zoneNames[$0] + ":" } : nil
      let width = 1 + text.columns + (prefix.map { $0.columns + 1 } ?? 0)
      if x + width > end {
        guard row + 1 < y + rows else {
          canvas.put(min(x, end - 1), row, canvas.glyphs.ellipsis, .dim)
          break
        }
        row += 1
        x = begin
      }
      if let prefix { x += canvas.text(x, row, prefix, .dim) + 1 }
      zone = node.zone
      canvas.put(x, row, mark.glyph, mark.style)
      let number = scene.index(of: node.id) ?? 0
      x += 2 + canvas.text(x + 1, row, text, mark.word == "up" ? Words.node(number) : mark.style)
    }
    return row - y + 1
  }

  private static func state(up: Int, of count: Int) -> (String, Style) {
    if count > 0, up == 0 { return ("OUT", Style(.dead, .bold)) }
    return up == count ? ("up", Style(.alive)) : ("up", Style(.warning))
  }
}
