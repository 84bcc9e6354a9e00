import CellUI
import ClusterSim

/// What the clients wait: median, 95th and 99th percentile of each half second, logarithmic, with a
/// line where each fault began and ended.
enum LatencyPanel: Panel {
  static let id = PanelID.latency

  static func title(_ scene: Scene) -> String { "Latency ms" }
  static func note(_ scene: Scene) -> String { "clients, log, 60 s" }
  static func detail(_ scene: Scene) -> Overlay { .details(.faults, offset: 0) }
  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {}

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let recent = scene.simulation.metrics.recentTotal
    func entry(_ name: String, _ series: TimeSeries, _ role: Role) -> ChartParts.Entry {
      .init(
        name: name, value: NumberText.left(Figure.milliseconds(series.newest), 5),
        style: Style(role))
    }
    let entries = [
      entry("p99", recent.p99, .chart4), entry("p95", recent.p95, .chart3),
      entry("p50", recent.p50, .chart2),
    ]
    let chart = LineChart(
      series: [
        .init(recent.p50.last(ChartParts.window), Style(.chart2)),
        .init(recent.p95.last(ChartParts.window), Style(.chart3)),
        .init(recent.p99.last(ChartParts.window), Style(.chart4)),
      ], scale: .logarithmic, window: ChartParts.window, marks: ChartParts.marks(scene),
      timeLabels: canvas.height >= 5 ? ChartParts.times : ("", "", ""))
    let area: Rect
    if canvas.height <= 5 && canvas.width >= 32 {
      area = canvas.bounds.inset(right: ChartParts.column(entries, &canvas))
    } else {
      ChartParts.legend(entries, &canvas, 0)
      area = canvas.bounds.inset(top: 1)
    }
    canvas.inside(area) { chart.draw(&$0) }
  }
}
