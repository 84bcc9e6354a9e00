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
    .details(.cache(chosen(scene.state, scene.simulation)), offset: 0)
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    let count = scene.simulation.cacheServers.count
    choose(moved(chosen(scene.state, scene.simulation), move, count: count), &state, scene)
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    let row = point.y / rowsEach(scene, size.height)
    if row < scene.simulation.cacheServers.count { choose(row, &state, scene) }
  }

  /// The place of the chosen server: that of the chosen location, or the one picked among several.
  static func chosen(_ state: AppState, _ simulation: Simulation) -> Int {
    guard simulation.locationNames.indices.contains(state.location) else { return 0 }
    let servers = simulation.caches(ofLocation: state.location)
    return servers.contains(state.cacheServer) ? state.cacheServer : servers[0]
  }

  private static func choose(_ server: Int, _ state: inout AppState, _ scene: Scene) {
    state.cacheServer = server
    state.location = scene.simulation.cache(server).location
  }

  /// Two rows a server where the panel has room for them and a chart.
  private static func rowsEach(_ scene: Scene, _ height: Int) -> Int {
    height >= 2 * scene.simulation.cacheServers.count ? 2 : 1
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let locations = scene.simulation.locationNames
    let each = rowsEach(scene, canvas.height)
    let servers = scene.simulation.cacheServers.indices
    for index in servers where index * each < canvas.height {
      drawServer(scene, &canvas, index, y: index * each, rows: each)
    }
    var used = each * servers.count
    if let words = modeWords(scene), used < canvas.height {
      canvas.text(1, used, words.text, words.style, width: max(0, canvas.width - 2))
      used += 1
    }
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
    let chosen =
      scene.state.focus == .cache && Self.chosen(scene.state, scene.simulation) == index
    // What its clients saw; where servers share a location, what the server counted.
    let isAlone = scene.simulation.caches(ofLocation: cache.location).count == 1
    let ratio =
      isAlone
      ? scene.simulation.metrics.recent[cache.location].hitRatio.newest : cache.recentRatio
    if chosen {
      canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold))
      canvas.park(0, y)
    }
    var x = 1
    x += canvas.put(x, y, truth.glyph, truth.style) + 1
    x += canvas.text(x, y, host.name, Style(.chart(cache.location), .bold), width: 10) + 1
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
    if cache.dirty > 0 { counts = "dirty \(cache.dirty)  " + counts }
    if cache.coalesced > 0 { counts += "  shared \(Figure.count(cache.coalesced))" }
    if counts.columns > canvas.width - 4 {
      counts =
        (cache.dirty > 0 ? "dirty \(cache.dirty) " : "")
        + "\(objects) evict \(evicted) exp \(expired)"
    }
    canvas.text(3, y + 1, counts, .dim, width: max(0, canvas.width - 3))
  }

  /// What the mode does, where it is not the usual one: with what a dead server would lose.
  private static func modeWords(_ scene: Scene) -> (text: String, style: Style)? {
    let mode = scene.settings.cache.mode
    let simulation = scene.simulation
    let caches = simulation.cacheServers.indices.map { simulation.cache($0) }
    switch mode {
    case .readThrough:
      return nil
    case .cacheAside, .writeThrough:
      let late = caches.reduce(0) { $0 + $1.staleFills }
      return ("\(mode.rawValue), \(late) set too late", Style(.dim))
    case .writeBack:
      let dirtiest = caches.max { $0.dirty < $1.dirty }!
      let lost = simulation.writesLostWithCaches
      if lost > 0 { return ("write-back: \(lost) acknowledged writes LOST", Style(.error, .bold)) }
      return (
        "write-back: \(dirtiest.dirty) dirty, lost if \(simulation.host(dirtiest.host).name) dies",
        Style(dirtiest.dirty > 0 ? .warning : .dim)
      )
    }
  }
}
