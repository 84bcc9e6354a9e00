import CellUI
import ClusterSim

/// All storage nodes as the observer believes them to be, beside what is really the matter.
enum NodesPanel: Panel {
  static let id = PanelID.nodes

  static func title(_ scene: Scene) -> String {
    guard let observer = scene.observer else { return "Nodes" }
    return "Nodes as \(scene.nodes[observer].name) sees them"
  }

  static func note(_ scene: Scene) -> String {
    let sort = scene.state.sort
    var note = sort.column == .node && !sort.isDescending ? "" : "by \(sort.column.heading(scene))"
    let wrong = scene.simulation.falseSuspicions
    if wrong > 0 { note = "\(wrong) false suspicion\(wrong == 1 ? "" : "s") " + note }
    if !scene.state.nodeFilter.isEmpty { note = "only '\(scene.state.nodeFilter)' " + note }
    return note
  }

  /// Indexes into `scene.nodes` in the order shown.
  static func order(_ scene: Scene) -> [Int] {
    let filter = scene.state.nodeFilter
    var order = Array(scene.nodes.indices)
    if !filter.isEmpty { order = order.filter { scene.nodes[$0].name.contains(filter) } }
    let sort = scene.state.sort
    if sort.column != .node {
      order.sort { sort.column.comesBefore(scene, $0, $1) }
    }
    if sort.isDescending { order.reverse() }
    return order
  }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    let order = order(scene)
    guard !order.isEmpty else { return }
    let row = order.firstIndex(of: scene.selected) ?? 0
    state.selectedNode = scene.nodes[order[moved(row, move, count: order.count)]].id
  }

  static func detail(_ scene: Scene) -> Overlay {
    .details(.node(scene.nodes[scene.selected].id), offset: 0)
  }

  private static func table(_ scene: Scene, _ order: [Int]) -> Table {
    let columns = NodeColumn.allCases
    return Table(
      columns: columns.map { $0.column(scene) }, rowCount: order.count,
      selected: order.firstIndex(of: scene.selected),
      sortColumn: columns.firstIndex(of: scene.state.sort.column),
      sortDescending: scene.state.sort.isDescending)
  }

  /// The table's part of a panel of a size: a zoomed panel shows the matrix below or beside it.
  private static func split(_ scene: Scene, _ size: Size) -> (table: Rect, matrix: Rect) {
    // A free column at the right keeps the numbers off the neighbour's edge.
    let all = Rect(size).inset(right: size.width > 50 ? 1 : 0)
    guard scene.state.isZoomed, !scene.nodes.isEmpty else { return (all, .zero) }
    let (top, rest) = all.splitTop(min(size.height, order(scene).count + 2))
    return rest.height >= 4 ? (top, rest) : (all, .zero)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let order = order(scene)
    let (upper, lower) = split(scene, Size(width: canvas.width, height: canvas.height))
    let glyphs = canvas.glyphs
    canvas.inside(upper) { part in
      if order.isEmpty {
        part.text(2, 0, "no node has '\(scene.state.nodeFilter)' in its name: f, Enter", .dim)
        return
      }
      table(scene, order).draw(&part) { row, column in
        NodeColumn.allCases[column].content(scene, order[row], glyphs)
      }
    }
    if !lower.isEmpty { canvas.inside(lower) { BeliefMatrix.draw(scene, &$0) } }
  }

  static func click(_ point: Point, _ size: Size, _ state: inout AppState, _ scene: Scene) {
    let order = order(scene)
    let area = split(scene, size).table
    guard area.contains(point) else { return }
    var blank = Canvas(width: area.width, height: area.height)
    let layout = table(scene, order).draw(&blank) { _, _ in .empty }
    if let row = layout.row(at: point, count: order.count) {
      state.selectedNode = scene.nodes[order[row]].id
    } else if point.y == 0, let column = layout.column(at: point) {
      let chosen = NodeColumn.allCases[column]
      if state.sort.column == chosen {
        state.sort.isDescending.toggle()
      } else {
        state.sort = NodeSort(column: chosen, isDescending: chosen != .node)
      }
    }
  }
}
