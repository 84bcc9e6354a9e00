import CellUI
import ClusterSim

/// The hash ring: who owns which range of the circle, in what state the observer holds the owners,
/// and where the followed key lives. Token 0 is at the top, tokens grow clockwise.
enum RingPanel: Panel {
  static let id = PanelID.ring

  static func title(_ scene: Scene) -> String { "Ring" }

  static func note(_ scene: Scene) -> String {
    let placement = scene.simulation.placement
    let spread = scene.settings.ring.spread
    let scheme =
      placement.scheme == .ring
      ? "\(scene.settings.ring.vnodes) virtual nodes each"
      : "\(placement.scheme.rawValue): each key at its hash"
    return spread == .none ? scheme : scheme + ", spread by \(spread.rawValue)"
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    // Round the circle: right and down are clockwise, with a wrap.
    guard !scene.nodes.isEmpty else { return }
    let count = scene.nodes.count
    let next =
      switch move {
      case .up, .left: (scene.selected + count - 1) % count
      case .down, .right: (scene.selected + 1) % count
      case .first, .last, .pageUp, .pageDown: moved(scene.selected, move, count: count)
      }
    state.selectedNode = scene.nodes[next].id
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    guard let picture = RingPicture(scene, size) else { return }
    let hit = picture.labels(scene).first { $0.place.contains(point) }
    if let hit { state.selectedNode = scene.nodes[hit.node].id }
  }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.node(scene.nodes[scene.selected].id), offset: 0)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    guard !scene.nodes.isEmpty else { return }
    let keyRow = canvas.height >= 6 ? 1 : 0
    if let picture = RingPicture(
      scene, Size(width: canvas.width, height: canvas.height - keyRow))
    {
      drawCircle(scene, picture, &canvas)
    } else {
      drawList(scene, &canvas, rows: canvas.height - keyRow)
    }
    if keyRow == 1 { drawKey(scene, &canvas, canvas.height - 1) }
  }

  /// `◆ user:1 -> n2 n3 n4` with the mark of each home.
  static func drawKey(_ scene: Scene, _ canvas: inout Canvas, _ y: Int) {
    var x = 1
    x += canvas.put(x, y, canvas.glyphs.ringKey, Style(.accent, .bold))
    x += 1
    x += canvas.text(x, y, scene.state.followedKey, Style(.title), width: canvas.width / 2)
    x += 1
    x += canvas.put(x, y, canvas.glyphs.arrowRight, .dim)
    for (rank, home) in scene.homes.enumerated() {
      guard let index = scene.index(of: home) else { continue }
      let mark = Words.belief(scene.belief(index), canvas.glyphs)
      x += 1
      x += canvas.put(x, y, mark.glyph, mark.style)
      x += canvas.text(x, y, scene.nodes[index].name, Style(.replica(rank), .bold))
    }
  }

  private static func drawCircle(_ scene: Scene, _ picture: RingPicture, _ canvas: inout Canvas) {
    var dots = DotCanvas(columns: picture.size.width, rows: picture.size.height)
    picture.drawArcs(scene, &dots)
    picture.drawChords(scene, &dots)
    dots.draw(&canvas)
    for label in picture.labels(scene) {
      let node = scene.nodes[label.node]
      let mark = Words.belief(scene.belief(label.node), canvas.glyphs)
      let chosen = label.node == scene.selected
      let name = Words.node(label.node, chosen ? [.bold] : []).selected(chosen)
      canvas.put(label.place.x, label.place.y, mark.glyph, mark.style.selected(chosen))
      canvas.put(label.place.x + 1, label.place.y, " ", name)
      canvas.text(label.place.x + 2, label.place.y, node.name, name, width: label.place.width - 2)
      if chosen { canvas.park(label.place.x, label.place.y) }
    }
    let key = picture.cell(turns: picture.keyTurns(scene), inset: 0)
    canvas.put(key.x, key.y, canvas.glyphs.ringKey, Style(.accent, .bold))
    drawCentre(scene, picture, &canvas)
  }

  private static func drawCentre(_ scene: Scene, _ picture: RingPicture, _ canvas: inout Canvas) {
    let storage = scene.settings.storage
    var lines: [(String, Style)] = [
      (Words.copies(storage), Style(.title, .bold)),
      (
        "\(scene.up)/\(scene.present) up",
        Style(scene.up == scene.present ? .alive : .suspect)
      ),
    ]
    if let moving = scene.simulation.movement {
      lines.append((Self.movement(moving), Style(.joining)))
    }
    // A small circle has room for the shortest alone.
    lines.removeAll { $0.0.columns + 1 > picture.innerColumns }
    let widest = lines.reduce(0) { max($0, $1.0.columns) }
    guard !lines.isEmpty, lines.count <= picture.innerRows else { return }
    let box = Rect(
      x: picture.centre.x - widest / 2 - 1, y: picture.centre.y - lines.count / 2,
      width: widest + 2, height: lines.count)
    canvas.fill(box)
    for (row, line) in lines.enumerated() {
      canvas.text(
        picture.centre.x - line.0.columns / 2, box.y + row, line.0, line.1)
    }
  }

  static func movement(_ moving: MovementView) -> String {
    "moving \(Figure.percent(moving.total == 0 ? 1 : Double(moving.done) / Double(moving.total), decimals: 0))%"
  }

  /// Where there is no room for a circle: nodes with their shares.
  private static func drawList(_ scene: Scene, _ canvas: inout Canvas, rows: Int) {
    for (row, node) in scene.nodes.prefix(max(0, rows)).enumerated() {
      let mark = Words.belief(scene.belief(row), canvas.glyphs)
      canvas.put(1, row, mark.glyph, mark.style)
      let used = canvas.text(3, row, node.name, Words.node(row))
      canvas.textRight(
        min(canvas.width, 4 + used + 6), row, Figure.percent(node.ringShare), .text)
    }
  }
}
