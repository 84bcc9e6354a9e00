import CellUI
import ClusterSim

/// What the panels with charts over time share.
enum ChartParts {
  /// A minute.
  static let window = 120

  static let times = (left: "-60s", middle: "-30s", right: "now")

  /// A mark where each fault of the last minute began, with its key, and where it ended.
  static func marks(_ scene: Scene) -> [LineChart.Mark] {
    var marks: [LineChart.Mark] = []
    for clock in scene.simulation.faults {
      let began = scene.age(clock.at)
      if began < Double(window) {
        marks.append(LineChart.Mark(age: began, label: label(clock.action), style: Style(.you)))
      }
      if let ended = clock.endedAt, scene.age(ended) < Double(window) {
        marks.append(LineChart.Mark(age: scene.age(ended), style: Style(.ok)))
      }
    }
    return marks
  }

  /// The fault's key, or the first letters of its verb.
  private static func label(_ action: Action) -> String {
    let verb = action.text.prefix { $0 != " " }
    if let key = FaultCatalogue.find(String(verb))?.key { return String(key) }
    return String(verb.prefix(2))
  }

  /// One entry of a legend: a piece of the line, a name and the newest value.
  struct Entry {
    let name: String
    let value: String
    let style: Style
  }

  /// Entries side by side in one row; those that do not fit are left out.
  static func legend(_ entries: [Entry], _ canvas: inout Canvas, _ y: Int) {
    var x = 1
    for entry in entries {
      let width = 2 + entry.name.columns + 1 + entry.value.columns
      guard x + width <= canvas.width else { return }
      canvas.put(x, y, canvas.glyphs.horizontal, entry.style.with(.bold))
      let used = canvas.text(x + 2, y, entry.name, Style(.dim))
      canvas.text(x + 3 + used, y, entry.value, entry.style)
      x += width + 2
    }
  }

  /// Entries below each other at the right edge. Returns the columns used.
  static func column(_ entries: [Entry], _ canvas: inout Canvas) -> Int {
    let name = entries.reduce(0) { max($0, $1.name.columns) }
    let value = entries.reduce(0) { max($0, $1.value.columns) }
    let width = 2 + name + 1 + value
    for (row, entry) in entries.enumerated() where row < canvas.height {
      let x = canvas.width - width
      canvas.put(x, row, canvas.glyphs.horizontal, entry.style.with(.bold))
      canvas.text(x + 2, row, entry.name, Style(.dim))
      canvas.textRight(canvas.width, row, entry.value, entry.style)
    }
    return width + 1
  }
}
