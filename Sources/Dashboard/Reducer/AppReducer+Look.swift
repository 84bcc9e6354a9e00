import CellUI
import ClusterSim
import Scenarios

// Focus, selection and details.
extension AppReducer {
  mutating func performLook(_ intent: Intent) {
    switch intent {
    case .panel(let digit):
      let order = panelOrder
      if order.indices.contains(digit - 1) {
        state.focus = order[digit - 1]
      } else {
        say(.error, "there is no panel \(digit); panels are 1 to \(min(9, order.count))")
      }
    case .topology: state.focus = .topology
    case .nextPanel: cyclePanel(1)
    case .previousPanel: cyclePanel(-1)
    case .move(let move): PanelCatalogue.panel(state.focus).move(move, &state, scene)
    case .details: openDetails()
    case .zoom: state.isZoomed.toggle()
    case .back: goBack()
    case .observer: toggleObserver()
    case .sort: state.sort.isDescending.toggle()
    case .sortLeft: cycleSort(-1)
    case .sortRight: cycleSort(1)
    default: break
    }
  }

  private var panelOrder: [PanelID] {
    PanelCatalogue.order(withLesson: hasLesson, withPath: simulation.hasWebTier)
  }

  private mutating func cyclePanel(_ by: Int) {
    let order = panelOrder
    let index = order.firstIndex(of: state.focus) ?? 0
    state.focus = order[(index + by + order.count) % order.count]
  }

  private mutating func openDetails() {
    if state.focus == .lesson, let lesson = around.lesson {
      goOn(lesson)
      return
    }
    guard !scene.nodes.isEmpty else { return }
    if state.focus == .events && simulation.log.count == 0 { return }
    state.overlays.append(PanelCatalogue.panel(state.focus).detail(scene))
  }

  /// Enter in the lesson panel: what was concluded has been read, or the guess is made.
  private mutating func goOn(_ lesson: LessonRunner) {
    switch (LessonPanel.stage(lesson, state), lesson.step?.predict?.kind) {
    case (.concludes, _):
      state.lessonRead = lesson.results.count
      state.lessonChoice = 0
    case (.asks, .choices?):
      commands.append(.lesson(.predict(.choice(state.lessonChoice))))
      state.lessonChoice = 0
    case (.asks, .number?): state.line = LineEntry(.guess)
    case (.asks, nil), (.watches, _), (.done, _): state.overlays.append(.lessons(row: 0))
    }
  }

  private mutating func goBack() {
    if state.isZoomed {
      state.isZoomed = false
    } else if !state.nodeFilter.isEmpty {
      state.nodeFilter = ""
    } else {
      state.event = nil
    }
  }

  private mutating func toggleObserver() {
    guard !scene.nodes.isEmpty else { return }
    let selected = scene.nodes[scene.selected]
    if state.observer == selected.id {
      state.observer = nil
      say(.done, "seen as the first live node sees it")
    } else {
      state.observer = selected.id
      say(.done, "seen as \(selected.name) sees it; o again: as the first live node does")
    }
  }

  private mutating func cycleSort(_ by: Int) {
    let columns = NodeColumn.allCases
    let index = columns.firstIndex(of: state.sort.column) ?? 0
    let column = columns[(index + by + columns.count) % columns.count]
    state.sort = NodeSort(column: column, isDescending: column != .node)
  }

  /// The next node whose name has what was searched for last.
  mutating func selectMatch(forward: Bool) {
    let nodes = scene.nodes
    guard !nodes.isEmpty else { return }
    for step in 1...nodes.count {
      let offset = forward ? step : nodes.count - step % nodes.count
      let index = (scene.selected + offset) % nodes.count
      if state.searched.isEmpty || nodes[index].name.contains(state.searched) {
        state.selectedNode = nodes[index].id
        return
      }
    }
    say(.error, "no node has '\(state.searched)' in its name")
  }
}
