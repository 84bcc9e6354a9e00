import CellUI
import ClusterSim

/// What happened, newest first; what you did is marked.
enum EventsPanel: Panel {
  static let id = PanelID.events

  static func title(_ scene: Scene) -> String { "Events" }

  static func note(_ scene: Scene) -> String { "\(scene.simulation.log.total)" }

  /// The age of the selected event, if one is selected and still kept.
  static func selectedAge(_ scene: Scene) -> Int? {
    guard let number = scene.state.event else { return nil }
    let age = scene.simulation.log.total - 1 - number
    return age >= 0 && age < scene.simulation.log.count ? age : nil
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    let log = scene.simulation.log
    guard log.count > 0 else { return }
    let age = moved(selectedAge(scene) ?? 0, move, count: log.count)
    // At the newest the selection stays with what comes.
    state.event = age == 0 ? nil : log.total - 1 - age
  }

  static func detail(_ scene: Scene) -> Overlay {
    let log = scene.simulation.log
    return .details(.event(log.total - 1 - (selectedAge(scene) ?? 0)), offset: 0)
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    let log = scene.simulation.log
    let age = first(scene, size.height) + point.y
    if age < log.count { state.event = log.total - 1 - age }
  }

  private static func first(_ scene: Scene, _ rows: Int) -> Int {
    Scroll.offset(
      0, selected: selectedAge(scene) ?? 0, rows: rows, count: scene.simulation.log.count)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let log = scene.simulation.log
    let first = first(scene, canvas.height)
    let selected = scene.state.focus == .events ? selectedAge(scene) ?? 0 : nil
    for y in 0..<max(0, min(canvas.height, log.count - first)) {
      drawEntry(
        log.newest(first + y), &canvas, y, scene, chosen: selected == first + y)
    }
    if log.count == 0 {
      canvas.text(
        1, 0, "nothing has happened yet: K kills the selected node, x shows all faults", .dim,
        width: max(0, canvas.width - 1))
    }
  }

  static func drawEntry(
    _ entry: LogEntry, _ canvas: inout Canvas, _ y: Int, _ scene: Scene, chosen: Bool
  ) {
    let (glyph, style) = Words.event(entry.kind, canvas.glyphs)
    if chosen {
      canvas.fill(
        Rect(x: 0, y: y, width: canvas.width, height: 1), " ", Style.text.selected())
      canvas.park(0, y)
    }
    var x = 1
    x += canvas.text(x, y, Figure.clock(entry.at), Style.dim.selected(chosen)) + 1
    canvas.put(x, y, glyph, style.selected(chosen))
    x += 2
    if canvas.width >= 100 {
      canvas.text(x, y, Words.name(entry.kind), style.selected(chosen), width: 8)
      x += 9
    }
    let mine = entry.kind == .you
    let undo = mine && canUndo(entry, scene) ? "  (u takes it back)" : ""
    canvas.text(
      x, y, entry.text + undo, (mine ? Style(.you, .bold) : .text).selected(chosen),
      width: max(0, canvas.width - x))
  }

  /// Whether the event is the change that `u` would take back.
  private static func canUndo(_ entry: LogEntry, _ scene: Scene) -> Bool {
    guard let record = scene.state.undo.last, record.at == entry.at else { return false }
    return record.inverse(in: scene.simulation) != nil
  }
}
