import CellUI
import ClusterSim

/// The cache servers: hit ratio over real keys, how full they are, what left them and why.
enum CachePanel: Panel {
  static let id = PanelID.cache

  static func title(_ scene: Scene) -> String { "Cache" }

  static func note(_ scene: Scene) -> String {
    guard scene.settings.cache.enabled else { return "off" }
    return "hit \(Figure.percent(scene.simulation.metrics.recentTotal.hitRatio.newest))%"
  }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.cache(scene.state.location), offset: 0)
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    state.location = moved(
      scene.state.location, move, count: scene.simulation.locationNames.count)
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    let row = point.y / rowsEach(scene, size.height)
    if row < scene.simulation.locationNames.count { state.location = row }
  }

  /// Two rows a server where the panel has room for them and a chart.
  private static func rowsEach(_ scene: Scene, _ height: Int) -> Int {
    height >= 2 * scene.simulation.locationNames.count ? 2 : 1
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let locations = scene.simulation.locationNames
    let each = rowsEach(scene, canvas.height)
    for index in locations.indices where index * each < canvas.height {
      drawServer(scene, &canvas, index, y: index * each, rows: each)
    }
    let used = each * locations.count
    guard canvas.height - used >= 4 else { return }
    let lines = locations.indices.map { index in
      LineChart.Series(
        scene.simulation.metrics.recent[index].hitRatio.last(ChartParts.window).map { $0 * 100 },
        Style(.chart(index)))
    }
    let chart = LineChart(
      series: lines, range: 0...100, window: ChartParts.window, marks: ChartParts.marks(scene),
      timeLabels: canvas.height - used >= 6 ? ChartParts.times : ("", "", ""))
    canvas.inside(canvas.bounds.inset(top: used)) { chart.draw(&$0) }
  }

  private static func drawServer(
    _ scene: Scene, _ canvas: inout Canvas, _ index: Int, y: Int, rows: Int
  ) {
    let cache = scene.simulation.cache(index)
    let host = scene.simulation.host(cache.host)
    let truth = Words.truth(host, canvas.glyphs)
    let chosen = scene.state.focus == .cache && scene.state.location == index
    let ratio = scene.simulation.metrics.recent[index].hitRatio.newest
    if chosen {
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold))
      canvas.park(0, y)
    }
    var x = 1
    x += canvas.put(x, y, truth.glyph, truth.style) + 1
    x += canvas.text(x, y, host.name, Style(.chart(index), .bold), width: 10) + 1
    if truth.word != "up" { x += canvas.text(x, y, truth.word, truth.style) + 1 }
    canvas.textRight(
      canvas.width - 1, y,
      scene.settings.cache.enabled ? Figure.percent(ratio) + "%" : "off", Style(.title))
    let room = canvas.width - 8 - x
    if room >= 4 {
      Bar(ratio.isNaN ? 0 : ratio, style: Style(.cache)).draw(&canvas, x, y, width: room)
    }
    guard rows > 1 else { return }
    let objects = "\(cache.objects)/\(cache.capacity)"
    let evicted = Figure.count(cache.evictions)
    let expired = Figure.count(cache.expired)
    var counts = "\(objects)  evicted \(evicted)  expired \(expired)"
    if counts.columns > canvas.width - 4 { counts = "\(objects) evict \(evicted) exp \(expired)" }
    canvas.text(3, y + 1, counts, .dim, width: max(0, canvas.width - 3))
  }
}
