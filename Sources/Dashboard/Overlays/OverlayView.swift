import CellUI
import ClusterSim

/// Draws what is open in front of the panels.
enum OverlayView {
  static func area(
    _ overlay: Overlay, _ scene: Scene, _ lessons: [LessonEntry], _ size: Size
  ) -> Rect {
    let popup = popup(overlay, scene, lessons, size)
    return Rect(size).centered(width: popup.width, height: popup.height)
  }

  private static func popup(
    _ overlay: Overlay, _ scene: Scene, _ lessons: [LessonEntry], _ size: Size
  ) -> Popup {
    let wide = min(size.width, 100)
    let tall = max(3, size.height - 4)
    switch overlay {
    case .help(let filter, _):
      return Popup(
        title: "Keys here" + filtered(filter), note: "type to filter, Enter runs", width: wide,
        height: tall)
    case .faultMenu:
      return Popup(
        title: "Faults and changes", note: "Enter writes it on the prompt",
        width: min(size.width, 130), height: min(tall, FaultCatalogue.all.count + 2))
    case .cut:
      return Popup(title: "Cut the network", note: "Enter cuts", width: wide, height: 5)
    case .settings(let filter, _):
      return Popup(
        title: "Settings" + filtered(filter), note: "type to filter, Enter changes",
        width: min(size.width, 130), height: tall)
    case .lessons:
      return Popup(
        title: "Lessons", note: "Enter starts", width: min(wide, 76),
        height: min(tall, max(3, lessons.count + 2)))
    case .definitions:
      return Popup(
        title: "What the figures mean", note: "Esc closes", width: wide, height: tall)
    case .consistency:
      return Popup(
        title: "Consistency: " + VerdictWords.short(scene.simulation), note: "Enter says why",
        width: min(size.width, 110), height: tall)
    case .predictions:
      return Popup(
        title: "Predicted and measured", note: "Enter shows the formula",
        width: min(size.width, 120),
        height: min(tall, max(4, scene.predictions.count + 3)))
    case .details(let detail, _):
      let lines = DetailText.lines(detail, scene, width: DetailText.width(size)).count
      return Popup(
        title: DetailText.title(detail, scene), note: "Esc closes",
        width: DetailText.width(size) + 4, height: min(tall, max(3, lines + 2)))
    }
  }

  private static func filtered(_ filter: InputLine) -> String {
    filter.text.isEmpty ? "" : " with '\(filter.text)'"
  }

  static func draw(
    _ overlay: Overlay, _ scene: Scene, _ lessons: [LessonEntry], _ canvas: inout Canvas
  ) {
    let size = Size(width: canvas.width, height: canvas.height)
    popup(overlay, scene, lessons, size).draw(&canvas) { box in
      switch overlay {
      case .help(let filter, let row): drawHelp(scene, filter.text, row, &box)
      case .faultMenu(let row): drawFaults(row, &box)
      case .cut(let row): drawCuts(scene, row, &box)
      case .settings(let filter, let row): drawSettings(scene, filter.text, row, &box)
      case .lessons(let row): drawLessons(lessons, row, &box)
      case .definitions(let row): drawDefinitions(row, &box)
      case .consistency(let row): drawConsistency(scene, row, &box)
      case .predictions(let row): drawPredictions(scene, row, &box)
      case .details(let detail, let offset):
        let lines = DetailText.lines(detail, scene, width: DetailText.width(size))
        drawLines(lines, offset, &box)
      }
    }
  }

  private static func drawHelp(
    _ scene: Scene, _ filter: String, _ row: Int, _ box: inout Canvas
  ) {
    let records = HelpRows.records(focus: scene.state.focus, filter: filter)
    if records.isEmpty { box.text(2, 0, "no key does that; Backspace", .dim) }
    table(["keys", "what they do"], [13, 30], records.count, row, &box) { index, column in
      let record = records[index]
      switch column {
      case 0: return .text(record.shown, Style(.footerKey, .bold))
      default:
        let own = record.context == .everywhere ? "" : "in this panel: "
        return .text(own + record.help, .text)
      }
    }
  }

  private static func drawFaults(_ row: Int, _ box: inout Canvas) {
    table(
      ["key", "what", "how it is written", "what happens"], [3, 16, box.width > 110 ? 34 : 22, 20],
      FaultCatalogue.all.count, row, &box
    ) { index, column in
      let record = FaultCatalogue.all[index]
      switch column {
      case 0: return .text(record.key.map(String.init) ?? "", Style(.footerKey, .bold))
      case 1: return .text(record.title, .text)
      case 2: return .text(record.form, Style(.prompt))
      default: return .text(record.meaning, .dim)
      }
    }
  }

  private static func drawCuts(_ scene: Scene, _ row: Int, _ box: inout Canvas) {
    let choices = CutChoice.all(scene.state, scene.simulation)
    if choices.isEmpty { box.text(2, 0, "there are not two nodes to set apart", .dim) }
    let items = choices.enumerated().map { index, choice in
      ListBox.Item(
        "\(index + 1)  " + NumberText.right(choice.title, 14) + choice.meaning)
    }
    box.inside(box.bounds.inset(right: 1)) { ListBox(items: items, selected: row).draw(&$0) }
  }

  private static func drawSettings(
    _ scene: Scene, _ filter: String, _ row: Int, _ box: inout Canvas
  ) {
    let rows = SettingRows.matching(filter)
    if rows.isEmpty { box.text(2, 0, "no setting has that; Backspace", .dim) }
    table(
      ["setting", "value", "may be", "what it means"], [26, 14, 18, 24], rows.count, row, &box
    ) { index, column in
      let setting = rows[index]
      let isIgnored = setting.ignored(in: scene.settings) != nil
      let isDim = !setting.live || isIgnored
      switch column {
      case 0: return .text(setting.path, isDim ? .dim : Style(.title))
      case 1: return .text(setting.text(in: scene.settings), isDim ? .dim : Style(.accent, .bold))
      case 2: return .text(setting.live ? setting.kind.range : "fixed in a run", .dim)
      default: return .text(setting.meaning(in: scene.settings), isIgnored ? .dim : .text)
      }
    }
  }

  private static func drawLessons(
    _ lessons: [LessonEntry], _ row: Int, _ box: inout Canvas
  ) {
    if lessons.isEmpty { box.text(2, 0, "no lessons are built in", .dim) }
    let items = lessons.map { lesson in
      ListBox.Item(
        String(lesson.isDone ? box.glyphs.ok : " ") + " " + lesson.title, note: lesson.topic)
    }
    box.inside(box.bounds.inset(right: 1)) {
      ListBox(items: items, selected: lessons.isEmpty ? nil : row).draw(&$0)
    }
  }

  private static func drawDefinitions(_ row: Int, _ box: inout Canvas) {
    var writer = LineWriter(width: box.width - 3)
    for entry in Definitions.all.dropFirst(row) where writer.lines.count < box.height {
      writer.add(entry.term, Style(.title, .bold))
      writer.add("  " + entry.meaning, .text, hanging: 2)
    }
    drawLines(writer.lines, 0, &box)
  }

  private static func drawLines(
    _ lines: [LineWriter.Line], _ offset: Int, _ box: inout Canvas
  ) {
    let first = Scroll.offset(offset, selected: nil, rows: box.height, count: lines.count)
    for (y, line) in lines.dropFirst(first).prefix(max(0, box.height)).enumerated() {
      box.text(1, y, line.text, line.style, width: max(0, box.width - 2))
    }
    Scroll.drawBar(
      &box, x: box.width - 1, y: 0, rows: box.height, offset: first, count: lines.count)
    box.park(0, 0)
  }

  static func table(
    _ titles: [String], _ widths: [Int], _ count: Int, _ selected: Int, _ box: inout Canvas,
    content: (Int, Int) -> Table.Content
  ) {
    let last = titles.count - 1
    let columns = zip(titles, widths).enumerated().map { index, column in
      Table.Column(
        column.0, width: column.1,
        // The middle ones go first; the first and the last tell most.
        priority: index == 0 || index == last ? 0 : index, grows: index == last)
    }
    Table(columns: columns, rowCount: count, selected: count > 0 ? selected : nil)
      .draw(&box, content: content)
  }
}
