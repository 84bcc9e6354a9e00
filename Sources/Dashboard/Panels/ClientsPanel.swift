import CellUI
import ClusterSim

/// What the clients of each location got, before, during and after each fault: the trade-off that
/// a partition forces, as figures.
enum ClientsPanel: Panel {
  static let id = PanelID.clients

  static func title(_ scene: Scene) -> String { "Clients" }
  static func note(_ scene: Scene) -> String {
    switch scene.simulation.judge.linearizable {
    case .yes: "answered %, p99 ms, stale %"
    // Short, because a note that does not fit is left out; since when stands behind w.
    case .no: "not linearizable (w: why)"
    case .unknown: "verdict unknown (w: why)"
    }
  }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.clients(scene.state.location), offset: 0)
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    state.location = moved(
      scene.state.location, move, count: scene.simulation.locationNames.count)
  }

  private static let label = 9
  /// Columns of a location: roomy, or tight where there is no room.
  private static func group(_ scene: Scene, _ width: Int) -> Int {
    label + 17 * scene.simulation.locationNames.count <= width ? 17 : 15
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let names = scene.simulation.locationNames
    if canvas.height < 4 {
      for index in names.indices where index < canvas.height {
        drawLine(scene, &canvas, index, y: index)
      }
      return
    }
    let group = group(scene, canvas.width)
    // Locations side by side, as many as fit; phases below each other, the present one last.
    for (index, name) in names.enumerated() {
      let x = label + index * group
      let chosen = scene.state.focus == .clients && scene.state.location == index
      canvas.text(
        x + 1, 0, name, Style(.chart(index), .bold).selected(chosen), width: group - 2)
      if chosen { canvas.park(x + 1, 0) }
      if canvas.height >= 6 { drawHeads(&canvas, x, group) }
    }
    var y = canvas.height >= 6 ? 2 : 1
    drawRow(&canvas, y, "now", names.indices.map { now(scene, $0) }, group, strong: true)
    y += 1
    let rows = canvas.height - y
    var reasons = canvas.height >= 7 ? reasons(scene) : []
    if canvas.height >= 12 {
      reasons += names.indices.compactMap { CostText.line(scene, $0) }.map { ($0, .dim) }
    }
    let phases = scene.simulation.metrics.phases.suffix(max(0, rows - min(reasons.count, rows - 3)))
    for phase in phases {
      drawRow(&canvas, y, phase.label, phase.locations.map(Self.cells), group, strong: false)
      y += 1
    }
    for (reason, style) in reasons where y < canvas.height {
      canvas.text(1, y, reason, style, width: canvas.width - 1)
      y += 1
    }
  }

  /// Tight groups touch, because every number but `100` leaves its first column free.
  private static func staleEnd(_ x: Int, _ group: Int) -> Int {
    group > 16 ? x + group - 1 : x + group
  }

  private static func drawHeads(_ canvas: inout Canvas, _ x: Int, _ group: Int) {
    canvas.textRight(x + 5, 1, group > 16 ? "answ%" : "ans%", Style(.dim, .bold))
    canvas.textRight(x + 10, 1, "p99", Style(.dim, .bold))
    canvas.textRight(staleEnd(x, group), 1, group > 16 ? "stale" : "st%", Style(.dim, .bold))
  }

  private struct Cells {
    let answered: Double?
    let p99: Double?
    let stale: Double?
  }

  private static func now(_ scene: Scene, _ index: Int) -> Cells {
    let recent = scene.simulation.metrics.recent[index]
    return Cells(
      answered: recent.availability.newest, p99: recent.p99.newest, stale: recent.stale.newest)
  }

  private static func cells(_ figures: ClientFigures) -> Cells {
    Cells(
      answered: figures.availability, p99: p99(figures), stale: figures.staleShare)
  }

  /// Of reads and writes, whichever is slower: the two are counted apart.
  static func p99(_ figures: ClientFigures) -> Double? {
    let read = figures.readLatency.quantile(0.99)
    let write = figures.writeLatency.quantile(0.99)
    return [read, write].compactMap { $0 }.max().map { Double($0) / 1e6 }
  }

  private static func drawRow(
    _ canvas: inout Canvas, _ y: Int, _ name: String, _ cells: [Cells], _ group: Int, strong: Bool
  ) {
    canvas.text(1, y, name, strong ? Style(.title, .bold) : .dim, width: label - 1)
    for (index, cell) in cells.enumerated() {
      let x = label + index * group
      canvas.textRight(
        x + 5, y, Figure.percent(cell.answered), QuorumPanel.style(cell.answered ?? .nan))
      canvas.textRight(x + 10, y, Figure.milliseconds(cell.p99), .text)
      let stale = cell.stale ?? .nan
      canvas.textRight(
        staleEnd(x, group), y, Figure.percent(cell.stale, decimals: group > 16 ? 2 : 1),
        stale > 0 ? Style(.stale) : .dim)
    }
  }

  /// One line a location, where there is no room for a table.
  static func drawLine(_ scene: Scene, _ canvas: inout Canvas, _ index: Int, y: Int) {
    let recent = scene.simulation.metrics.recent[index]
    let cells = now(scene, index)
    var x = 1
    func part(_ title: String, _ value: String, _ width: Int, _ style: Style) {
      let text = title.isEmpty ? "" : title + " "
      guard x + text.columns + width < canvas.width else { return }
      x += canvas.text(x, y, text, .dim)
      canvas.textRight(x + width, y, value, style)
      x += width + 2
    }
    canvas.text(
      x, y, scene.simulation.locationNames[index], Style(.chart(index), .bold), width: 9)
    x += max(7, min(10, scene.simulation.locationNames[index].columns + 1))
    part("answered%", Figure.percent(cells.answered), 5, QuorumPanel.style(cells.answered ?? .nan))
    part("p99", Figure.milliseconds(cells.p99), 4, .text)
    part(
      "stale%", Figure.percent(cells.stale, decimals: 2), 5,
      (cells.stale ?? 0) > 0 ? Style(.stale) : .text)
    part("op/s", Figure.rate(recent.operations.newest), 4, .text)
    if let failures = failures(scene.simulation.metrics.phases.last?.locations[index]) {
      canvas.text(x, y, failures, Style(.error), width: max(0, canvas.width - x))
    }
  }

  /// Failures of the present phase with their reasons, by location.
  private static func reasons(_ scene: Scene) -> [(String, Style)] {
    guard let phase = scene.simulation.metrics.phases.last else { return [] }
    let groups = zip(scene.simulation.locationNames, phase.locations)
    return groups.compactMap { name, figures in
      failures(figures).map { ("\(name): \($0)", Style(.error)) }
    }
      + groups.compactMap { name, figures in
        retries(figures).map { ("\(name): \($0)", Style(.warning)) }
      }
  }

  /// `310 retries (+43 % requests), 40 over budget`; nil where nothing was tried again.
  static func retries(_ figures: ClientFigures) -> String? {
    guard figures.retries + figures.retriesRefused > 0 else { return nil }
    let factor = Double(figures.retries) / Double(max(1, figures.begun))
    return "\(Figure.count(figures.retries)) retries (+\(Figure.percent(factor)) % requests)"
      + (figures.retriesRefused > 0
        ? ", \(Figure.count(figures.retriesRefused)) over budget" : "")
  }

  /// `312 not-enough-replicas, 4 timeout`; nil where nothing failed.
  static func failures(_ figures: ClientFigures?) -> String? {
    guard let figures else { return nil }
    let parts = FailureReason.allCases.filter { figures.failures($0) > 0 }
      .sorted { (figures.failures($0), $1.rawValue) > (figures.failures($1), $0.rawValue) }
      .map { "\(Figure.count(figures.failures($0))) \($0.name)" }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
