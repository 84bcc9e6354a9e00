import CellUI
import ClusterSim
import Scenarios

// Keys while something is open in front of the panels.
extension AppReducer {
  mutating func inOverlay(_ top: Overlay, _ key: Key) {
    if let record = Keymap.record(for: key, in: top.kind) {
      switch record.intent {
      case .back: state.overlays.removeLast()
      case .details: choose(top)
      case .move(let move): moveRow(top, move)
      default: perform(record.intent)
      }
      return
    }
    switch top {
    case .help(var filter, _):
      if filter.handle(key) { replaceTop(.help(filter: filter, row: 0)) }
    case .settings(var filter, _):
      if filter.handle(key) { replaceTop(.settings(filter: filter, row: 0)) }
    case .cut:
      if case .character(let scalar) = key, let digit = Int(String(scalar)),
        (1...CutChoice.all(state, simulation).count).contains(digit)
      {
        choose(.cut(row: digit - 1))
      } else {
        passOn(key, top)
      }
    case .faultMenu:
      // The keys of the faults work in their menu too.
      if case .fault(let verb)? = Keymap.record(for: key, focus: state.focus)?.intent {
        state.overlays.removeLast()
        perform(.fault(verb))
      } else {
        passOn(key, top)
      }
    case .lessons, .definitions, .consistency, .predictions, .details: passOn(key, top)
    }
  }

  /// Moves with letters, and what always works.
  private mutating func passOn(_ key: Key, _ top: Overlay) {
    switch Keymap.record(for: key, focus: state.focus)?.intent {
    case .move(let move)?: moveRow(top, move)
    case .quit?: commands.append(.quit)
    case .pause?: perform(.pause)
    case .help?: perform(.help)
    case .definitions? where top.kind == .definitions: state.overlays.removeLast()
    case .consistency? where top.kind == .consistency: state.overlays.removeLast()
    case .predictions? where top.kind == .predictions: state.overlays.removeLast()
    case .shards?:
      if case .details(.shards, _) = top { state.overlays.removeLast() }
    case .faultMenu? where top.kind == .faultMenu: state.overlays.removeLast()
    case .lessons? where top.kind == .lessons: state.overlays.removeLast()
    case .copyScreen?: perform(.copyScreen)
    case .nextTheme?: perform(.nextTheme)
    default: break
    }
  }

  private mutating func replaceTop(_ overlay: Overlay) {
    state.overlays[state.overlays.count - 1] = overlay
  }

  mutating func moveRow(_ top: Overlay, _ move: Move) {
    switch top {
    case .help(let filter, let row):
      let count = HelpRows.records(focus: state.focus, filter: filter.text).count
      replaceTop(.help(filter: filter, row: moved(row, move, count: count)))
    case .faultMenu(let row):
      replaceTop(.faultMenu(row: moved(row, move, count: FaultCatalogue.all.count)))
    case .cut(let row):
      let count = CutChoice.all(state, simulation).count
      replaceTop(.cut(row: moved(row, move, count: count)))
    case .settings(let filter, let row):
      let count = SettingRows.matching(filter.text).count
      replaceTop(.settings(filter: filter, row: moved(row, move, count: count)))
    case .lessons(let row):
      replaceTop(.lessons(row: moved(row, move, count: around.lessons.count)))
    case .definitions(let row):
      replaceTop(.definitions(row: moved(row, move, count: Definitions.all.count)))
    case .consistency(let row):
      let count = TroubleRow.all(simulation).count
      replaceTop(.consistency(row: moved(row, move, count: max(1, count))))
    case .predictions(let row):
      let count = PredictionCatalogue.all(simulation).count
      replaceTop(.predictions(row: moved(row, move, count: max(1, count))))
    case .details(let detail, let offset):
      let count = DetailText.lines(detail, scene, width: DetailText.width(around.size)).count
      replaceTop(.details(detail, offset: moved(offset, move, count: max(1, count))))
    }
  }

  /// Enter.
  mutating func choose(_ top: Overlay) {
    state.overlays.removeLast()
    switch top {
    case .help(let filter, let row):
      let records = HelpRows.records(focus: state.focus, filter: filter.text)
      if records.indices.contains(row) { perform(records[row].intent) }
    case .faultMenu(let row):
      let record = FaultCatalogue.all[row]
      state.line = LineEntry(.command, Self.proposal(for: record, state, simulation))
    case .cut(let row):
      let choices = CutChoice.all(state, simulation)
      if choices.indices.contains(row) { inject(.partition(choices[row].shape)) }
    case .settings(let filter, let row): edit(SettingRows.matching(filter.text), row, top)
    case .lessons(let row):
      guard around.lessons.indices.contains(row) else { return }
      commands.append(.lesson(.start(id: around.lessons[row].id)))
    case .consistency(let row):
      // The list stays open behind what is chosen.
      state.overlays.append(top)
      let rows = TroubleRow.all(simulation)
      guard rows.indices.contains(row) else { return }
      state.overlays.append(.details(rows[row].detail, offset: 0))
    case .predictions(let row):
      state.overlays.append(top)
      let rows = PredictionCatalogue.all(simulation)
      guard rows.indices.contains(row) else { return }
      state.overlays.append(.details(.prediction(rows[row].name), offset: 0))
    case .definitions, .details: break
    }
  }

  private mutating func edit(_ rows: [SettingDefinition], _ row: Int, _ top: Overlay) {
    guard rows.indices.contains(row) else { return }
    let setting = rows[row]
    // The list stays open behind the line.
    state.overlays.append(top)
    guard setting.live else {
      say(.error, "\(setting.path) is fixed once the cluster runs; --set \(setting.path)=VALUE")
      return
    }
    state.line = LineEntry(
      .command, "set \(setting.path) \(setting.text(in: simulation.settings))")
  }
}

// The mouse.
extension AppReducer {
  mutating func mouse(_ event: MouseEvent) {
    switch event.action {
    case .wheelUp, .wheelDown:
      let move: Move = event.action == .wheelUp ? .up : .down
      if let top = state.top {
        moveRow(top, move)
      } else if let place = layout.place(at: event.point) {
        PanelCatalogue.panel(place.panel).move(move, &state, scene)
      }
    case .click, .doubleClick: click(event)
    }
  }

  private var layout: Layout {
    Layout(
      around.size, focus: state.focus, isZoomed: state.isZoomed, preset: state.preset,
      withLesson: hasLesson, withPath: simulation.hasWebTier)
  }

  private mutating func click(_ event: MouseEvent) {
    let layout = layout
    if layout.footer.contains(event.point), state.line == nil {
      var seen = state
      seen.message = shownMessage
      let items = Footer.items(
        Scene(simulation, seen, lesson: around.lesson, answerable: []), width: around.size.width)
      if let item = items.first(where: { $0.columns.contains(event.x) }) {
        if let top = state.top {
          inOverlay(top, item.record.keys[0])
        } else {
          perform(item.record.intent)
        }
      }
      return
    }
    if let top = state.top {
      // Outside closes, inside selects nothing but the wheel and the keys do.
      if !OverlayView.area(top, scene, around.lessons, around.size).contains(event.point) {
        state.overlays.removeLast()
      }
      return
    }
    if layout.status.contains(event.point) {
      perform(.pause)
      return
    }
    guard let place = layout.place(at: event.point) else { return }
    state.focus = place.panel
    guard place.inner.contains(event.point) else { return }
    let point = Point(event.x - place.inner.x, event.y - place.inner.y)
    PanelCatalogue.panel(place.panel).click(point, place.inner.size, &state, scene)
    if event.action == .doubleClick { perform(.details) }
  }
}
