import CellUI
import ClusterSim

/// Operations ended per second by location, and how many of them failed.
enum LoadPanel: Panel {
  static let id = PanelID.load

  static func title(_ scene: Scene) -> String { "Load op/s" }
  static func note(_ scene: Scene) -> String { "60 s" }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.clients(scene.state.location), offset: 0)
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    ClientsPanel.move(move, &state, scene)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    var entries: [ChartParts.Entry] = []
    var lines: [LineChart.Series] = []
    var failed = [Double](repeating: 0, count: 0)
    for (index, name) in scene.simulation.locationNames.enumerated() {
      let recent = scene.simulation.metrics.recent[index]
      let operations = recent.operations.last(ChartParts.window)
      let availability = recent.availability.last(ChartParts.window)
      let style = Style(.chart(index))
      lines.append(.init(operations, style))
      entries.append(
        .init(name: name, value: NumberText.left(Figure.rate(operations.last), 4), style: style))
      let errors = zip(operations, availability).map { $1.isNaN ? 0 : $0 * (1 - $1) }
      if failed.count < errors.count {
        failed = Array(repeating: 0, count: errors.count - failed.count) + failed
      }
      for (place, value) in errors.enumerated() {
        failed[failed.count - errors.count + place] += value
      }
    }
    lines.append(.init(failed.map { $0 > 0 ? $0 : .nan }, Style(.error, .bold), filled: true))
    entries.append(
      .init(
        name: "errors", value: NumberText.left(Figure.rate(failed.last), 4), style: Style(.error)))
    let chart = LineChart(
      series: lines, window: ChartParts.window, marks: ChartParts.marks(scene),
      timeLabels: canvas.height >= 5 ? ChartParts.times : ("", "", ""))
    if canvas.height <= 5 && canvas.width >= 32 {
      let area = canvas.bounds.inset(right: ChartParts.column(entries, &canvas))
      canvas.inside(area) { chart.draw(&$0) }
    } else {
      ChartParts.legend(entries, &canvas, 0)
      canvas.inside(canvas.bounds.inset(top: 1)) { chart.draw(&$0) }
    }
  }
}
