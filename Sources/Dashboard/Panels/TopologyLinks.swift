import CellUI
import ClusterSim

/// The links between locations, drawn one direction a row, or both in one where they are alike.
enum TopologyLinks {
  struct Row: Equatable {
    let from: Int
    let to: Int
    let bothWays: Bool
    let view: LinksView
  }

  /// Between each two locations; inside one only where something is the matter.
  static func rows(_ simulation: Simulation) -> [Row] {
    var rows: [Row] = []
    let locations = simulation.locationNames.indices
    for from in locations {
      let inside = simulation.links(from: from, to: from)
      if !inside.isWhole { rows.append(Row(from: from, to: from, bothWays: true, view: inside)) }
      for to in locations where to > from {
        let there = simulation.links(from: from, to: to)
        let back = simulation.links(from: to, to: from)
        if there == back {
          rows.append(Row(from: from, to: to, bothWays: true, view: there))
        } else {
          rows.append(Row(from: from, to: to, bothWays: false, view: there))
          rows.append(Row(from: to, to: from, bothWays: false, view: back))
        }
      }
    }
    return rows
  }

  /// What is on the line: latency, or what is the matter.
  static func words(_ view: LinksView) -> (text: String, style: Style) {
    let latency = view.latency.map { Figure.milliseconds($0 / 1e6) + " ms" } ?? "fitted"
    if view.pairs > 0, view.cut == view.pairs { return ("CUT", Style(.cut, .bold)) }
    if view.cut > 0 { return ("\(view.cut)/\(view.pairs) cut", Style(.cut, .bold)) }
    guard view.disturbed > 0 else { return (latency, .text) }
    let added = view.added > 0 ? " +\(Figure.milliseconds(Double(view.added) / 1e6))" : ""
    return ("\(latency)\(added), \(view.disturbed)/\(view.pairs) bad", Style(.warning, .bold))
  }

  static func draw(_ row: Row, _ names: [String], _ canvas: inout Canvas, _ y: Int, label: Int) {
    let (text, style) = words(row.view)
    canvas.text(1, y, names[row.from], .text, width: label)
    if row.from == row.to {
      canvas.text(label + 2, y, "inside: \(text)", style, width: canvas.width - label - 2)
      return
    }
    let right = canvas.width - 1 - label
    canvas.text(right, y, names[row.to], .text, width: label)
    let left = label + 2
    let end = right - 2
    guard end > left else { return }
    let isCut = row.view.cut > 0
    let line = isCut ? style : Style(.rule)
    canvas.hline(left, y, end - left + 1, line)
    if row.bothWays { canvas.put(left, y, canvas.glyphs.arrowLeft, line) }
    canvas.put(end, y, canvas.glyphs.arrowRight, line)
    let shown = text.columns <= end - left - 5 ? text : String(text.prefix(max(0, end - left - 5)))
    let start = left + (end - left + 1 - shown.columns) / 2
    canvas.text(start - 1, y, " \(shown) ", style)
    // Cut off for good: a cross on either side of the word, whatever the colours.
    if row.view.cut == row.view.pairs, row.view.pairs > 0, start - 3 > left,
      start + shown.columns + 2 < end
    {
      canvas.put(start - 3, y, canvas.glyphs.cut, style)
      canvas.put(start + shown.columns + 2, y, canvas.glyphs.cut, style)
    }
  }
}
