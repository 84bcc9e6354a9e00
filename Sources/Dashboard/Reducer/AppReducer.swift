import CellUI
import ClusterSim
import Scenarios

/// Turns keys into changes of the state and commands for the main loop. Pure: no terminal, no clock,
/// no files; the simulation is only read.
public struct AppReducer {
  var state: AppState
  let simulation: Simulation
  let around: Surroundings
  var commands: [AppCommand] = []
  /// What stood in the footer when the key was pressed: a click means what was seen.
  var shownMessage: Message?

  /// Applies one key. What the commands do is up to the main loop; `.inject` that is refused must be
  /// reported back by `refused`.
  public static func reduce(
    _ state: inout AppState, _ key: Key, _ simulation: Simulation, _ around: Surroundings
  ) -> [AppCommand] {
    var reducer = AppReducer(state: state, simulation: simulation, around: around)
    reducer.handle(key)
    state = reducer.state
    return reducer.commands
  }

  /// The simulation refused an action: say why, and forget how to undo it.
  public static func refused(_ state: inout AppState, _ action: Action, _ error: ActionError) {
    if state.undo.last?.action == action { state.undo.removeLast() }
    state.message = Message(.error, error.message)
  }

  /// The lesson's scenario was loaded: look at it from the start.
  public static func lessonStarted(_ state: inout AppState) {
    state.overlays = []
    state.line = nil
    state.undo = []
    state.event = nil
    state.liveEdge = nil
    state.lessonChoice = 0
    state.lessonRead = 0
    state.hintStep = nil
    state.isZoomed = false
    state.isPaused = false
    state.selectedNode = nil
    state.observer = nil
    state.nodeFilter = ""
    state.focus = .lesson
  }

  var hasLesson: Bool { around.lesson != nil }

  /// The scene for selections; what only drawing needs is left out.
  var scene: Scene { Scene(simulation, state, lesson: around.lesson, answerable: []) }

  private mutating func handle(_ key: Key) {
    guard key != .resize else { return }
    shownMessage = state.message
    state.message = nil
    switch key {
    case .control("c"), .function(10): commands.append(.quit)
    case .control("l"): commands.append(.redraw)
    case .control("z"): commands.append(.suspend)
    case .mouse(let event): mouse(event)
    default:
      if state.line != nil {
        typeLine(key)
      } else if let top = state.top {
        inOverlay(top, key)
      } else {
        inPanels(key)
      }
    }
  }

  private mutating func inPanels(_ key: Key) {
    if state.focus == .lesson, answersQuestion(key) { return }
    if case .paste = key { return }
    guard let record = Keymap.record(for: key, focus: state.focus) else {
      if case .character = key {
        state.message = Message(.error, "\(key) does nothing here; ? lists the keys")
      }
      return
    }
    perform(record.intent)
  }

  /// A digit in the lesson panel answers an open question.
  private mutating func answersQuestion(_ key: Key) -> Bool {
    guard let lesson = around.lesson, LessonPanel.stage(lesson, state) == .asks,
      case .choices(let choices)? = lesson.step?.predict?.kind,
      case .character(let scalar) = key, let digit = Int(String(scalar)),
      choices.indices.contains(digit - 1)
    else { return false }
    commands.append(.lesson(.predict(.choice(digit - 1))))
    state.lessonChoice = 0
    return true
  }

  mutating func say(_ kind: Message.Kind, _ text: String) { state.message = Message(kind, text) }

  /// Does what an intent asks for, wherever it comes from.
  mutating func perform(_ intent: Intent) {
    switch intent {
    case .help: state.overlays.append(.help(filter: InputLine(), row: 0))
    case .definitions: state.overlays.append(.definitions(row: 0))
    case .consistency: state.overlays.append(.consistency(row: 0))
    case .predictions: state.overlays.append(.predictions(row: 0))
    case .shards: state.overlays.append(.details(.shards, offset: 0))
    case .settings: state.overlays.append(.settings(filter: InputLine(), row: 0))
    case .faultMenu: state.overlays.append(.faultMenu(row: 0))
    case .lessons: state.overlays.append(.lessons(row: 0))
    case .quit: commands.append(.quit)
    case .redraw: commands.append(.redraw)
    case .suspend: commands.append(.suspend)
    case .nextTheme: commands.append(.nextTheme)
    case .copyScreen: commands.append(.copyScreen)
    case .saveRecording: commands.append(.saveRecording)
    case .mouse:
      state.isMouseOn.toggle()
      commands.append(.setMouse(state.isMouseOn))
      say(.done, state.isMouseOn ? "mouse on" : "mouse off: the terminal selects text")
    case .preset(let by):
      state.preset = (state.preset + by + Layout.presets) % Layout.presets
    case .command: state.line = LineEntry(.command)
    case .search: state.line = LineEntry(.search)
    case .follow: state.line = LineEntry(.key)
    case .filter: state.line = LineEntry(.filter, state.nodeFilter)
    case .nextMatch: selectMatch(forward: true)
    case .previousMatch: selectMatch(forward: false)
    case .pause, .step, .live, .seek, .faster, .slower, .normalSpeed: performTime(intent)
    case .panel, .topology, .nextPanel, .previousPanel, .move, .details, .zoom, .back, .observer,
      .sort,
      .sortLeft, .sortRight:
      performLook(intent)
    case .fault, .undo, .healAll, .recover, .more, .less: performChange(intent)
    case .lessonHint: toggleHint()
    case .lessonRestart:
      if hasLesson { commands.append(.lesson(.restart)) }
    case .lessonLeave:
      if hasLesson { commands.append(.lesson(.leave)) }
      if state.focus == .lesson { state.focus = .nodes }
    }
  }

  private mutating func toggleHint() {
    guard let lesson = around.lesson, !lesson.isComplete else {
      say(.note, "no lesson runs: t lists them")
      return
    }
    state.hintStep = state.hintStep == lesson.stepIndex ? nil : lesson.stepIndex
  }
}

// Time.
extension AppReducer {
  /// Speeds on offer: doubling from 0.125, with both ends as promised.
  static let speeds = [0.1, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 100]

  private mutating func performTime(_ intent: Intent) {
    switch intent {
    case .pause: state.isPaused.toggle()
    case .step:
      if state.isPaused {
        commands.append(.step)
      } else {
        say(.note, "one step at a time while paused: Space pauses")
      }
    case .seek(let seconds):
      // Looking back stops time, or the moment would be gone at once.
      state.isPaused = true
      commands.append(.seek(.seconds(Double(seconds))))
    case .live: commands.append(.seekLive)
    case .faster: state.speed = Self.speeds.first { $0 > state.speed } ?? Self.speeds.last!
    case .slower: state.speed = Self.speeds.last { $0 < state.speed } ?? Self.speeds[0]
    case .normalSpeed: state.speed = 1
    default: break
    }
  }
}
