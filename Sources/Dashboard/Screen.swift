import CellUI
import ClusterSim
import Scenarios

/// Draws a whole frame. The layout follows the size; no size is refused.
public enum Screen {
  /// Fills the canvas.
  ///
  /// - Parameters:
  ///   - lessons: the lines of the lesson list, needed only while it is open.
  public static func draw(
    _ scene: Scene, lessons: [LessonEntry] = [], _ canvas: inout Canvas
  ) {
    canvas.fill()
    let size = Size(width: canvas.width, height: canvas.height)
    let layout = Layout(
      size, focus: scene.state.focus, isZoomed: scene.state.isZoomed, preset: scene.state.preset,
      withLesson: scene.lesson != nil, withPath: scene.simulation.hasWebTier)
    switch layout.form {
    case .panels: drawPanels(scene, layout, &canvas)
    case .list: SmallScreen.drawList(scene, layout, &canvas)
    case .row: SmallScreen.drawRow(scene, layout, &canvas)
    case .line: SmallScreen.drawLine(scene, &canvas)
    }
    if layout.form != .line {
      canvas.inside(layout.status) { StatusLine.draw(scene, &$0) }
      canvas.inside(layout.footer) { Footer.draw(scene, &$0) }
    }
    for overlay in scene.state.overlays {
      let bottom = layout.footer.isEmpty ? 0 : 1
      canvas.inside(canvas.bounds.inset(bottom: bottom)) {
        OverlayView.draw(overlay, scene, lessons, &$0)
      }
    }
    if let line = scene.state.line { drawLine(line, scene, lessons, &canvas) }
  }

  private static func drawPanels(_ scene: Scene, _ layout: Layout, _ canvas: inout Canvas) {
    let top = layout.status.maxY
    FrameLines(
      layout,
      area: Rect(x: 0, y: top, width: canvas.width, height: layout.footer.y - top)
    ).draw(&canvas)
    for place in layout.places {
      let panel = PanelCatalogue.panel(place.panel)
      let focused = scene.state.focus == place.panel
      drawTitle(scene, panel, place, focused, &canvas)
      canvas.inside(place.inner) { panel.draw(scene, &$0) }
    }
  }

  private static func drawTitle(
    _ scene: Scene, _ panel: any Panel.Type, _ place: Layout.Place, _ focused: Bool,
    _ canvas: inout Canvas
  ) {
    let digit = scene.digit(place.panel)
    let y = place.frame.y
    let end = place.frame.maxX - 1
    if focused {
      canvas.restyle(Rect(x: place.frame.x, y: y, width: place.frame.width, height: 1)) { _ in
        Style(.focus)
      }
    }
    var x = place.frame.x + 1
    if let digit { x += canvas.text(x, y, "\(digit)", Style(.panelNumber, .bold)) }
    x += canvas.text(x, y, " ", Style(.title))
    let title = panel.title(scene)
    x += canvas.text(
      x, y, title, Style(.title, focused ? [.bold, .underline] : [.bold]), width: max(0, end - x))
    x += canvas.text(x, y, " ", Style(.title), width: max(0, end - x))
    let note = panel.note(scene)
    guard !note.isEmpty, x + note.columns + 3 <= end else { return }
    canvas.put(end - 1, y, " ", .dim)
    canvas.textRight(end - 1, y, note, .dim)
    canvas.put(end - 2 - note.columns, y, " ", .dim)
  }

  /// The line being typed above the footer, with completions above it.
  private static func drawLine(
    _ line: LineEntry, _ scene: Scene, _ lessons: [LessonEntry], _ canvas: inout Canvas
  ) {
    let y = max(0, canvas.height - (canvas.height >= 8 ? 2 : 1))
    if let error = line.error, y > 0 {
      canvas.fill(Rect(x: 0, y: y - 1, width: canvas.width, height: 1))
      canvas.put(1, y - 1, canvas.glyphs.warning, Style(.error, .bold))
      canvas.text(3, y - 1, error, Style(.error, .bold), width: max(0, canvas.width - 3))
    } else if line.purpose == .command, y > 2 {
      let choices = AppReducer.choices(line.input.text, scene.simulation, lessons)
      let rows = min(choices.count, 9, y - 1)
      let widest = min(30, choices.reduce(0) { max($0, $1.text.columns) })
      let items = choices.map {
        ListBox.Item(NumberText.right($0.text, widest) + "  " + $0.meaning)
      }
      let area = Rect(x: 0, y: y - rows, width: min(canvas.width, 100), height: rows)
      canvas.fill(area)
      canvas.inside(area) { ListBox(items: items, selected: line.choice).draw(&$0) }
    }
    if canvas.height >= 8 {
      let bar = Style(.footerText, on: .footerBar)
      canvas.fill(Rect(x: 0, y: y + 1, width: canvas.width, height: 1), " ", bar)
      var x = 0
      for (key, word) in [("Enter", "Run"), ("Tab", "Complete"), ("Esc", "Back"), ("^C", "Quit")] {
        x += canvas.text(x, y + 1, key, Style(.footerKey, .bold, on: .footerBar))
        x += canvas.text(x, y + 1, word, bar) + 1
      }
    }
    line.input.draw(&canvas, 0, y, width: canvas.width, prompt: line.prompt)
  }
}
