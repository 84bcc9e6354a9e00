import CellUI
import ClusterSim

/// The load balancers and their web servers: what each balancer believes beside the truth, who holds
/// the workers, and the lines.
enum PathPanel: Panel {
  static let id = PanelID.path

  static func title(_ scene: Scene) -> String { "Path" }

  static func note(_ scene: Scene) -> String {
    scene.simulation.hasWebTier ? scene.settings.path.policy.rawValue : "path.web.servers is 0"
  }

  /// A line of the table: a balancer, by location, then its web servers, by their place.
  enum Row: Equatable {
    case balancer(Int)
    case server(Int)
  }

  static func rows(_ simulation: Simulation) -> [Row] {
    simulation.balancerHosts.indices.flatMap { location in
      [.balancer(location)] + simulation.webServers(ofLocation: location).map { .server($0) }
    }
  }

  /// The chosen line; nil without a web tier.
  static func chosen(_ state: AppState, _ simulation: Simulation) -> Row? {
    let rows = rows(simulation)
    return rows.isEmpty ? nil : rows[min(max(0, state.pathRow), rows.count - 1)]
  }

  static func host(_ row: Row, _ simulation: Simulation) -> HostView {
    switch row {
    case .balancer(let location): simulation.host(simulation.balancerHosts[location])
    case .server(let index): simulation.host(simulation.webServers[index])
    }
  }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.path(scene.state.pathRow), offset: 0)
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    state.pathRow = moved(state.pathRow, move, count: rows(scene.simulation).count)
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    let rows = rows(scene.simulation)
    var blank = Canvas(width: size.width, height: tableHeight(size.height))
    let layout = table(scene, rows, size.width).draw(&blank) { _, _ in .empty }
    if let row = layout.row(at: point, count: rows.count) { state.pathRow = row }
  }

  // MARK: Drawing

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let rows = rows(scene.simulation)
    guard !rows.isEmpty else {
      canvas.text(1, 0, "no web tier: --set path.web.servers=3", .dim)
      return
    }
    let columns = columns(scene, canvas.width)
    let (upper, lower) = canvas.bounds.splitTop(tableHeight(canvas.height))
    let glyphs = canvas.glyphs
    canvas.inside(upper) { part in
      table(scene, rows, part.width).draw(&part) { row, column in
        content(columns[column], rows[row], scene, glyphs, isWide: columns.contains(.truly))
      }
    }
    if !lower.isEmpty { canvas.inside(lower) { drawTotals(scene, &$0) } }
  }

  /// A line below the table where there is room for one.
  private static func tableHeight(_ height: Int) -> Int { height >= 6 ? height - 1 : height }

  private enum Column {
    case name, state, truly, bar, held, line, rate, p99, working, refused, lost, place

    var title: String {
      switch self {
      case .name: "host"
      case .state: "state"
      case .truly: "truly"
      case .bar: "held"
      case .held: "busy"
      case .line: "line"
      case .rate: "op/s"
      case .p99: "p99"
      case .working: "work%"
      case .refused: "refus"
      case .lost: "lost"
      case .place: "place"
      }
    }
  }

  /// Without room for the truth beside the belief, one column says both.
  private static func columns(_ scene: Scene, _ width: Int) -> [Column] {
    width < 44
      ? [.name, .state, .bar, .line, .rate, .p99]
      : [.name, .state, .truly, .bar, .held, .line, .rate, .p99, .working, .refused, .lost]
        + (scene.simulation.locationNames.count > 1 ? [.place] : [])
  }

  private static func nameWidth(_ simulation: Simulation) -> Int {
    rows(simulation).reduce(4) { max($0, host($1, simulation).name.columns) }
  }

  private static func table(_ scene: Scene, _ rows: [Row], _ width: Int) -> Table {
    let columns = columns(scene, width).map { column -> Table.Column in
      let (least, priority): (Int, Int) =
        switch column {
        case .name: (nameWidth(scene.simulation), 0)
        case .state: (8, 0)
        case .truly: (8, 1)
        case .bar: (4, 3)
        case .line: (4, 1)
        case .rate: (4, 2)
        case .p99: (4, 4)
        case .held: (4, 5)
        case .lost: (4, 6)
        case .refused: (5, 7)
        case .working: (5, 8)
        case .place: (6, 9)
        }
      let isWord = [.name, .state, .truly, .bar, .place].contains(column)
      return Table.Column(
        column.title, width: least, alignment: isWord ? .left : .right, priority: priority,
        grows: column == .bar, maxWidth: 24)
    }
    let chosen = scene.state.focus == .path ? min(scene.state.pathRow, rows.count - 1) : nil
    return Table(columns: columns, rowCount: rows.count, selected: chosen)
  }

  private static func content(
    _ column: Column, _ row: Row, _ scene: Scene, _ glyphs: Glyphs, isWide: Bool
  ) -> Table.Content {
    let simulation = scene.simulation
    let host = host(row, simulation)
    let truth = Words.truth(host, glyphs)
    func count(_ value: Int, _ role: Role) -> Table.Content {
      .text(Figure.count(value), value == 0 ? .dim : Style(role))
    }
    switch (column, row) {
    case (.name, .balancer): return .text(host.name, Style(.title, .bold))
    case (.name, .server): return .text(host.name, Style(.chart(host.location)))
    case (.place, _): return .text(simulation.locationNames[host.location], .dim)
    case (.state, .balancer(let location)):
      if truth.word != "up" { return .mark(truth.glyph, truth.word, truth.style) }
      let balancer = simulation.balancer(location)
      return .mark(
        truth.glyph, "\(balancer.used)/\(balancer.servers)",
        balancer.used == balancer.servers ? truth.style : Style(.warning, .bold))
    case (.state, .server(let index)):
      return state(simulation.webServer(index), truth, glyphs, isWide: isWide)
    case (.truly, .server(let index)):
      return truth.word == "up" && simulation.webServer(index).isUsed
        ? .empty : .text(truth.word, truth.style)
    case (.truly, .balancer): return .empty
    case (.bar, .server(let index)):
      let server = simulation.webServer(index)
      let share = Double(server.inService) / Double(server.workers)
      return .bar(Bar(share, style: Style(server.queued > 0 ? .warning : .ok)))
    case (.held, .server(let index)): return count(simulation.webServer(index).inService, .text)
    case (.held, .balancer(let location)): return count(simulation.balancer(location).open, .text)
    case (.line, .server(let index)): return count(simulation.webServer(index).queued, .warning)
    case (.rate, .server(let index)):
      return .text(Figure.rate(simulation.webServer(index).rate), .text)
    case (.rate, .balancer(let location)):
      let all = simulation.webServers(ofLocation: location)
      return .text(Figure.rate(all.reduce(0) { $0 + simulation.webServer($1).rate }), .text)
    case (.p99, .server(let index)):
      return .text(Figure.milliseconds(simulation.webServer(index).p99), .text)
    case (.working, .server(let index)):
      return .text(Figure.percent(simulation.webServer(index).workingShare), .text)
    case (.refused, .server(let index)): return count(simulation.webServer(index).refused, .bad)
    case (.refused, .balancer(let location)):
      return count(simulation.balancer(location).turnedAway, .bad)
    case (.lost, .server(let index)): return count(simulation.webServer(index).unanswered, .bad)
    case (.lost, .balancer(let location)):
      return count(simulation.balancer(location).unanswered, .bad)
    case (.bar, .balancer), (.line, .balancer), (.p99, .balancer), (.working, .balancer):
      return .empty
    }
  }

  /// What the balancer believes; narrow, what is really the matter stands in the same place.
  private static func state(
    _ server: WebServerView, _ truth: Mark, _ glyphs: Glyphs, isWide: Bool
  ) -> Table.Content {
    let glyph = server.isUsed ? glyphs.alive : glyphs.dead
    if truth.word != "up", !isWide {
      return .mark(glyph, truth.word, server.isUsed ? Style(.warning, .bold) : truth.style)
    }
    if server.isUsed, server.probes > 0 {
      return .mark(glyphs.suspect, "\(server.probes) of \(server.threshold)", Style(.suspect))
    }
    return .mark(
      glyph, server.isUsed ? "used" : "out", server.isUsed ? Style(.alive) : Style(.dead, .bold))
  }

  /// What was lost on the way, and Little's law.
  private static func drawTotals(_ scene: Scene, _ canvas: inout Canvas) {
    let simulation = scene.simulation
    let servers = simulation.webServers.indices.map { simulation.webServer($0) }
    let lost = servers.reduce(0) { $0 + $1.unanswered }
    let refused = servers.reduce(0) { $0 + $1.refused }
    var x = 2
    x += canvas.text(
      x, 0, "lost \(Figure.count(lost))", lost > 0 ? Style(.bad) : .dim, width: canvas.width - x)
    x += 2
    guard x < canvas.width else { return }
    x += canvas.text(
      x, 0, "refused \(Figure.count(refused))", refused > 0 ? Style(.bad) : .dim,
      width: canvas.width - x)
    guard let tier = simulation.webTierView, canvas.width >= 60 else { return }
    canvas.textRight(
      canvas.width - 1, 0,
      "Little: L \(NumberText.fixed(tier.present, 2)), lambda W \(NumberText.fixed(tier.product, 2))",
      .dim)
  }
}
