import CellUI
import ClusterSim

/// Who believes what about whom: a row an observer, a column a subject. Shown by the zoomed node
/// panel and by a node's details.
enum BeliefMatrix {
  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let names = scene.nodes.reduce(4) { max($0, $1.name.columns) }
    // With room each cell has the heartbeat's age beside the mark.
    let withAge = (canvas.width - names - 12) / max(1, scene.nodes.count) >= max(names + 1, 7)
    let cell = max(names + 1, withAge ? 7 : 3)
    canvas.titleRule(0, title: "who believes what: rows are observers, columns are subjects")
    let first = names + 11
    for (column, subject) in scene.nodes.enumerated() {
      canvas.text(
        first + column * cell, 1, subject.name, Words.node(column), width: cell - 1)
    }
    for (row, observer) in scene.nodes.enumerated() where row + 2 < canvas.height {
      drawRow(scene, &canvas, row, observer, y: row + 2, first, cell, withAge)
    }
  }

  private static func drawRow(
    _ scene: Scene, _ canvas: inout Canvas, _ row: Int, _ observer: HostView, y: Int, _ first: Int,
    _ cell: Int, _ withAge: Bool
  ) {
    let chosen = row == scene.observer
    canvas.text(2, y, observer.name, Words.node(row).selected(chosen))
    if chosen { canvas.put(0, y, canvas.glyphs.pointer, Style(.accent, .bold)) }
    let truth = Words.truth(observer, canvas.glyphs)
    if truth.word != "up" {
      canvas.text(first - 9, y, truth.word, truth.style, width: 8)
    }
    // A node that does not run believes nothing.
    guard observer.state == .up || observer.state == .frozen else { return }
    for (column, subject) in scene.nodes.enumerated() {
      let x = first + column * cell
      if row == column {
        canvas.put(x, y, canvas.glyphs.dot, .dim)
        continue
      }
      let view = scene.simulation.belief(of: observer.id, about: subject.id)
      let mark = Words.belief(view?.belief, canvas.glyphs)
      canvas.put(x, y, mark.glyph, mark.style)
      if withAge, let view {
        canvas.text(x + 2, y, Figure.age(view.age), .dim, width: cell - 3)
      }
    }
  }
}
