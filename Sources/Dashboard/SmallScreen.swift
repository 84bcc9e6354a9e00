import CellUI
import ClusterSim

/// What is shown where panels have no room: fewer things, never a refusal.
enum SmallScreen {
  /// From 60x16: the node list and three events.
  static func drawList(_ scene: Scene, _ layout: Layout, _ canvas: inout Canvas) {
    let area = Rect(
      x: 0, y: 1, width: canvas.width, height: max(0, canvas.height - 2))
    let (upper, events) = area.splitBottom(4)
    let shown: PanelID = scene.state.focus == .events ? .nodes : scene.state.focus
    canvas.inside(upper) { part in
      let digit = scene.digit(shown)
      let type = PanelCatalogue.panel(shown)
      part.titleRule(
        0, number: digit, title: type.title(scene), focused: scene.state.focus == shown)
      part.inside(part.bounds.inset(top: 1)) { type.draw(scene, &$0) }
    }
    canvas.inside(events) { part in
      part.titleRule(
        0, number: scene.digit(.events),
        title: EventsPanel.title(scene), focused: scene.state.focus == .events)
      part.inside(part.bounds.inset(top: 1)) { EventsPanel.draw(scene, &$0) }
    }
  }

  /// From 40x8: the nodes' marks in rows, then what the clients get.
  static func drawRow(_ scene: Scene, _ layout: Layout, _ canvas: inout Canvas) {
    let end = canvas.height - 1
    var x = 1
    var y = 1
    for (index, node) in scene.nodes.enumerated() {
      let width = node.name.columns + 2
      if x + width > canvas.width {
        x = 1
        y += 1
      }
      guard y < end else { return }
      let chosen = index == scene.selected
      let mark = Words.belief(scene.belief(index), canvas.glyphs)
      canvas.put(x, y, mark.glyph, mark.style.selected(chosen))
      canvas.text(x + 1, y, node.name, Words.node(index).selected(chosen))
      if chosen { canvas.park(x, y) }
      x += width + 1
    }
    y += 1
    let locations = scene.simulation.locationNames.count
    let area = Rect(x: 0, y: y, width: canvas.width, height: max(0, min(locations, end - y)))
    // Below four rows the panel says everything of a location in one line.
    for row in 0..<min(area.height, 3) {
      canvas.inside(Rect(x: 0, y: y + row, width: canvas.width, height: 1)) {
        ClientsPanel.drawLine(scene, &$0, row, y: 0)
      }
    }
    y += area.height
    guard y < end else { return }
    canvas.inside(Rect(x: 0, y: y, width: canvas.width, height: end - y)) {
      EventsPanel.draw(scene, &$0)
    }
  }

  /// `7/8 up OK p99 14`, as much of it as fits.
  static func drawLine(_ scene: Scene, _ canvas: inout Canvas) {
    guard canvas.height > 0 else { return }
    var x = 0
    if scene.state.isPaused {
      x += canvas.put(x, 0, canvas.glyphs.paused, Style(.paused, [.bold, .reverse])) + 1
    }
    let up = StatusLine.up(scene)
    x += canvas.text(x, 0, up.text, up.style) + 1
    let worst = scene.answerable.min { min($0.reads, $0.writes) < min($1.reads, $1.writes) }
    if let worst {
      let (word, role) = StatusLine.verdict(worst)
      x += canvas.text(x, 0, word, Style(role, .bold)) + 1
    }
    let p99 = Figure.milliseconds(scene.simulation.metrics.recentTotal.p99.newest)
    canvas.text(x, 0, "p99 \(p99)", .text)
    for y in 1..<max(1, canvas.height) where y - 1 < scene.nodes.count {
      let mark = Words.belief(scene.belief(y - 1), canvas.glyphs)
      canvas.put(0, y, mark.glyph, mark.style)
      canvas.text(2, y, scene.nodes[y - 1].name + " " + mark.word, mark.style)
    }
    canvas.park(0, 0)
  }
}
