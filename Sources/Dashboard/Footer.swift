import CellUI
import ClusterSim

/// The bottom row: the keys that apply now, the most needed first. `?Help qQuit` always stands at
/// its left end.
enum Footer {
  struct Item {
    let record: KeyRecord
    let label: String
    let columns: Range<Int>
  }

  /// What fits into `width` columns. The first two are there at any width, cut by the canvas only;
  /// a message stands after them and leaves the others what room there is.
  static func items(_ scene: Scene, width: Int) -> [Item] {
    var x = 0
    var items: [Item] = []
    for (record, label) in applying(scene) {
      let used = record.footerKey.columns + label.columns
      if items.count == 2, let message = message(scene) { x += message.text.columns + 4 }
      if items.count >= 2 && x + used > width {
        if items.count == 2 && message(scene) != nil { break }
        continue
      }
      items.append(Item(record: record, label: label, columns: x..<(x + used)))
      x += used + 1
    }
    return items
  }

  private static func message(_ scene: Scene) -> Message? {
    scene.state.line == nil ? scene.state.message : nil
  }

  private static func applying(_ scene: Scene) -> [(KeyRecord, String)] {
    let first: [KeyRecord] = [Keymap.record(doing: .help), Keymap.record(doing: .quit)]
      .compactMap { $0 }
    var others: [KeyRecord]
    if let top = scene.state.top {
      others = Keymap.records.filter { $0.context == .overlay(top.kind) }
    } else {
      others = Keymap.records.filter {
        $0.context == .everywhere || $0.context == .panel(scene.state.focus)
      }
    }
    others = others.filter { $0.footer != nil && $0.intent != .help && $0.intent != .quit }
    // A key of the panel hides the same key of everywhere.
    let own = Set(others.filter { $0.context != .everywhere }.flatMap(\.keys))
    others.removeAll { $0.context == .everywhere && own.contains($0.keys[0]) }
    // Stable: equal ranks stay in the order of the table.
    let ordered = others.enumerated().sorted {
      ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
    }.map(\.element)
    return (first + ordered).compactMap { record in
      label(record, scene).map { (record, $0) }
    }
  }

  /// The words after the key; nil where the key would do nothing now.
  private static func label(_ record: KeyRecord, _ scene: Scene) -> String? {
    guard let word = record.footer else { return nil }
    let state = scene.state
    let target = AppReducer.target(state, scene.simulation)
    switch record.intent {
    case .pause: return state.isPaused ? "Run" : "Pause"
    case .step: return state.isPaused ? word : nil
    // N is fixed and R and W mean nothing where groups have a leader.
    case .more, .less: return scene.settings.storage.engine == .leaderless ? word : nil
    case .undo:
      return state.undo.contains { $0.inverse(in: scene.simulation) != nil } ? word : nil
    case .healAll:
      let faulty = scene.nodes.contains { $0.isFaulty }
      return faulty || !scene.simulation.activeFaultClocks.isEmpty ? word : nil
    case .recover: return target?.isFaulty == true ? "\(word) \(target?.name ?? "")" : nil
    case .fault("kill"):
      let verb = target?.state == .killed ? "Restart" : word
      return "\(verb) \(target?.name ?? "")"
    case .lessonHint: return scene.lesson == nil || scene.lesson?.isComplete == true ? nil : word
    case .details where record.context == .panel(.lesson):
      switch scene.lesson.map({ LessonPanel.stage($0, state) }) {
      case .asks?: return "Answer"
      case .concludes?: return word
      case .watches?, .done?, nil: return nil
      }
    case .lessons: return scene.lesson == nil ? word : nil
    case .observer: return state.focus == .nodes || state.focus == .ring ? word : nil
    default: return word
    }
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    let bar = Style(.footerText, on: .footerBar)
    let key = Style(.footerKey, .bold, on: .footerBar)
    canvas.fill(nil, " ", bar)
    let items = items(scene, width: canvas.width)
    for item in items {
      let x = item.columns.lowerBound
      let used = canvas.text(x, 0, item.record.footerKey, key)
      canvas.text(x + used, 0, item.label, bar)
    }
    if let message = message(scene), items.count >= 2 {
      drawMessage(message, from: items[1].columns.upperBound + 2, &canvas)
    }
  }

  private static func drawMessage(_ message: Message, from x: Int, _ canvas: inout Canvas) {
    let (glyph, role): (Unicode.Scalar, Role) =
      switch message.kind {
      case .note: (canvas.glyphs.bullet, .footerText)
      case .done: (canvas.glyphs.ok, .good)
      case .error: (canvas.glyphs.warning, .error)
      }
    let style = Style(role, .bold, on: .footerBar)
    canvas.put(x, 0, glyph, style)
    canvas.text(x + 2, 0, message.text, style, width: max(0, canvas.width - x - 2))
  }
}
