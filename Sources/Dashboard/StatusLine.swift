import CellUI
import ClusterSim

/// The top row: what runs, whether time runs, and whether the cluster answers.
enum StatusLine {
  struct Part {
    let text: String
    let style: Style
    /// 0 always stays; of the others the highest number goes first.
    let priority: Int
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let bar = Style(.statusText, on: .statusBar)
    canvas.fill(nil, " ", bar)
    var kept = parts(scene, canvas.glyphs, isNarrow: canvas.width < 76)
    func width() -> Int { kept.reduce(-1) { $0 + $1.text.columns + 2 } }
    while width() > canvas.width,
      let drop = kept.indices.filter({ kept[$0].priority > 0 })
        .max(by: { kept[$0].priority < kept[$1].priority })
    {
      kept.remove(at: drop)
    }
    var x = width() + 1 <= canvas.width ? 1 : 0
    for part in kept {
      x += canvas.text(x, 0, part.text, part.style.on(.statusBar)) + 2
    }
    let more = right(scene)
    if x + more.columns + 1 <= canvas.width {
      canvas.textRight(canvas.width - 1, 0, more, Style(.dim, on: .statusBar))
    }
  }

  private static func right(_ scene: Scene) -> String {
    var words: [String] = []
    if let rate = scene.state.framesPerSecond { words.append("\(NumberText.fixed(rate, 0)) fps") }
    if !scene.state.isMouseOn { words.append("mouse off") }
    if !scene.state.themeName.isEmpty { words.append(scene.state.themeName) }
    return words.joined(separator: "  ")
  }

  private static func parts(_ scene: Scene, _ glyphs: Glyphs, isNarrow: Bool) -> [Part] {
    let simulation = scene.simulation
    let recent = simulation.metrics.recentTotal
    var parts = [
      Part(text: "clustertop", style: Style(.title, .bold), priority: 9),
      Part(text: simulation.configuration.name, style: Style(.statusText), priority: 8),
      clock(scene, glyphs),
    ]
    if let lag = scene.state.speedReached, !scene.state.isPaused {
      parts.append(
        Part(
          text: "really x\(NumberText.short(lag))", style: Style(.warning), priority: 1))
    }
    parts.append(Part(text: Figure.clock(scene.now), style: Style(.statusText, .bold), priority: 1))
    if let live = scene.state.liveEdge, live > scene.now {
      parts.append(
        Part(
          text: "\(NumberText.fixed((live - scene.now).seconds, 1))s before live",
          style: Style(.paused),
          priority: 1))
    }
    parts.append(
      Part(text: "seed \(simulation.configuration.seed)", style: Style(.dim), priority: 7))
    parts.append(up(scene))
    parts += isNarrow ? worstQuorum(scene) : quorum(scene)
    let rate = recent.operations.newest
    parts.append(
      Part(
        text: NumberText.left(Figure.rate(rate), 4) + " op/s", style: Style(.statusText),
        priority: 3))
    let error = 1 - recent.availability.newest
    parts.append(
      Part(
        text: "err " + NumberText.left(Figure.percent(error), 4) + "%",
        style: Style(error > 0 ? .error : .statusText), priority: 2))
    return parts
  }

  private static func clock(_ scene: Scene, _ glyphs: Glyphs) -> Part {
    if scene.state.isPaused {
      return Part(
        text: "\(glyphs.paused) PAUSED", style: Style(.paused, [.bold, .reverse]), priority: 0)
    }
    return Part(
      text: "\(glyphs.playing) x\(AppReducer.short(scene.state.speed))", style: Style(.good),
      priority: 0)
  }

  static func up(_ scene: Scene) -> Part {
    Part(
      text: "\(scene.up)/\(scene.present) up",
      style: Style(scene.up == scene.present ? .alive : .suspect, .bold), priority: 0)
  }

  /// OK, PARTLY with the share, or LOST, for each location.
  static func quorum(_ scene: Scene) -> [Part] {
    zip(scene.simulation.locationNames, scene.answerable).enumerated().map { index, pair in
      let (word, role) = verdict(pair.1)
      return Part(
        text: (index == 0 ? "quorum " : "") + "\(pair.0) \(word)", style: Style(role, .bold),
        priority: 4 + min(index, 2))
    }
  }

  /// Where there is no room for every location: the one that is worst off.
  private static func worstQuorum(_ scene: Scene) -> [Part] {
    let least = scene.answerable.map { min($0.reads, $0.writes) }
    guard let worst = least.indices.min(by: { least[$0] < least[$1] }) else { return [] }
    let (word, role) = verdict(scene.answerable[worst])
    let place = word == "OK" ? "quorum" : scene.simulation.locationNames[worst]
    return [Part(text: "\(place) \(word)", style: Style(role, .bold), priority: 1)]
  }

  static func verdict(_ share: (reads: Double, writes: Double)) -> (String, Role) {
    let least = min(share.reads, share.writes)
    let most = max(share.reads, share.writes)
    // The shares are sums over all keys: one whole is met up to rounding.
    if least > 1 - 1e-9 { return ("OK", .ok) }
    if most < 1e-9 { return ("LOST", .bad) }
    return ("PARTLY \(Figure.percent(least, decimals: 0))%", .warning)
  }
}
