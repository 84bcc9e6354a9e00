import CellUI
import ClusterSim
import Dashboard
import Glibc
import NcursesTerminal
import Scenarios

/// The dashboard from the first frame to the last key: the only place where wall time, keys, the
/// simulation and the screen meet.
struct DashboardSession {
  var timeline: Timeline
  var state = AppState()
  var lesson: LessonRunner?
  var lessonID: String?
  var lessons: [LessonEntry] = []
  var progress = Progress.load()
  var theme: ThemeShelf.Entry
  let scenarioName: String
  /// The seed of `--seed`, which lessons started from the menu keep.
  let seed: UInt64?
  let terminal: NcursesTerminal

  private var pacer = Pacer()
  private var drawCache = DrawCache()
  private var waitingKeys: [Key] = []
  private var frames = FrameClock()
  private var shown = CellGrid(width: 0, height: 0)
  private var exitCode: Int32?
  /// So that the tests can see what a broken invariant leaves behind.
  private let trapsOnF12 = Environment.variable("CLUSTERTOP_TEST_TRAP") != nil

  init(
    _ simulation: Simulation, _ scenario: Scenario, theme: ThemeShelf.Entry, seed: UInt64?,
    terminal: NcursesTerminal
  ) {
    timeline = Timeline(
      simulation, replaying: scenario.recording, until: .zero + scenario.duration)
    scenarioName = scenario.name
    self.theme = theme
    self.seed = seed
    self.terminal = terminal
    state.themeName = theme.name
  }

  /// The session so far as a scenario file. Throws `Failure` where it holds too much.
  func recordingText() throws(Failure) -> String {
    let (recording, end) = timeline.recording(build: Build.id)
    do {
      return try RecordingText.text(timeline.simulation.configuration, recording, end: end)
    } catch { throw Failure(error.description) }
  }

  /// Runs until the person or a signal ends it; the exit code.
  mutating func run() -> Int32 {
    _ = pacer.target(wall: Clock.wall, now: timeline.simulation.now, speed: speed)
    draw()
    while exitCode == nil {
      let key = nextKey()
      if let number = terminal.pendingSignal { return 128 + number }
      if let key { take(key) }
      if !state.isPaused, frames.isDue(at: Clock.wall) { runFrame() }
      guard exitCode == nil else { break }
      draw()
    }
    return exitCode ?? ExitCode.done
  }

  private var speed: Double { state.isPaused ? 0 : state.speed }

  /// Waits for a key: until the next frame, or for ever while nothing moves.
  private mutating func nextKey() -> Key? {
    if !waitingKeys.isEmpty { return waitingKeys.removeFirst() }
    if state.isPaused { return terminal.readKey(milliseconds: nil) }
    return terminal.readKey(milliseconds: frames.milliseconds(at: Clock.wall))
  }

  /// One key and all that have come with it, before the screen is drawn.
  private mutating func take(_ first: Key) {
    var key: Key? = first
    let wasPaused = state.isPaused
    var count = 0
    while let next = key, exitCode == nil {
      if trapsOnF12, next == .function(12) { fatalError("asked to break by CLUSTERTOP_TEST_TRAP") }
      for command in AppReducer.reduce(&state, next, timeline.simulation, surroundings) {
        perform(command)
      }
      count += 1
      key = count < 64 ? terminal.readKey(milliseconds: 0) : nil
    }
    if wasPaused != state.isPaused {
      // Time that passed while paused is not caught up.
      _ = pacer.target(wall: Clock.wall, now: timeline.simulation.now, speed: 0)
      frames.restart(at: Clock.wall)
      state.speedReached = nil
    }
  }

  private var surroundings: Surroundings {
    Surroundings(size: terminal.size, lesson: lesson, lessons: lessons)
  }

  /// Lets virtual time pass for one frame.
  private mutating func runFrame() {
    let start = Clock.wall
    frames.tick(at: start)
    let target = pacer.target(wall: start, now: timeline.simulation.now, speed: speed)
    let pacer = pacer
    let terminal = terminal
    var early: Key?
    timeline.advance(to: target) {
      // A key does not wait for the end of the frame.
      early = terminal.readKey(milliseconds: 0)
      return early == nil && terminal.pendingSignal == nil
        && pacer.mayContinue(spentNanoseconds: Clock.wall - start)
    }
    if let early { waitingKeys.append(early) }
    self.pacer.reached(timeline.simulation.now)
    state.speedReached = self.pacer.lag
    state.framesPerSecond = frames.rate
    updateLesson()
    tellReplayOutcome()
  }

  /// Everything that happened reaches the screen here; what did not change sends nothing.
  private mutating func draw() {
    state.liveEdge = timeline.liveEdge
    let size = terminal.size
    var canvas = Canvas(width: size.width, height: size.height, glyphs: terminal.glyphs)
    do {
      let scene = Scene(timeline.simulation, state, lesson: lesson, cache: &drawCache)
      Screen.draw(scene, lessons: lessons, &canvas)
    }
    terminal.present(canvas)
    shown = canvas.grid
  }
}

// What the reducer asks for.
extension DashboardSession {
  mutating func perform(_ command: AppCommand) {
    switch command {
    case .inject(let action):
      do { try timeline.inject(action) } catch { AppReducer.refused(&state, action, error) }
    case .step:
      timeline.step()
      updateLesson()
      tellReplayOutcome()
    case .seek(let span): seek { $0.seek(by: span) }
    case .seekLive: seek { $0.seekLive() }
    case .quit: exitCode = ExitCode.done
    case .redraw: terminal.redraw()
    case .suspend: terminal.suspend()
    case .nextTheme: nextTheme()
    case .setMouse(let isOn): terminal.setMouse(isOn)
    case .copyScreen: copyScreen()
    case .saveRecording: saveRecording()
    case .lesson(let command): perform(command)
    }
  }

  private mutating func seek(_ change: (inout Timeline) -> Void) {
    change(&timeline)
    pacer.forget()
    updateLesson()
    tellReplayOutcome()
  }

  /// At the end of a recording time stops and the outcome is told, once.
  private mutating func tellReplayOutcome() {
    guard let outcome = timeline.takeReplayOutcome() else { return }
    state.isPaused = true
    state.message = Message(outcome.matches ? .done : .error, outcome.text)
  }

  private mutating func saveRecording() {
    let name = "recording-\(scenarioName)-\(timeline.simulation.now).yaml"
    do throws(Failure) {
      let path = try StateFolder.write(name.filter { $0 != "/" }, try recordingText())
      state.message = Message(.done, "recording saved to \(path)")
    } catch {
      state.message = Message(.error, "recording not saved: \(error.message)")
    }
  }

  private mutating func copyScreen() {
    let name = "screen-\(scenarioName)-\(timeline.simulation.now).txt"
    do throws(Failure) {
      let path = try StateFolder.write(name.filter { $0 != "/" }, shown.text)
      state.message = Message(.done, "screen saved to \(path)")
    } catch {
      state.message = Message(.error, "screen not saved: \(error.message)")
    }
  }

  private mutating func nextTheme() {
    let own = ThemeShelf.ownNames
    let names = ThemeShelf.bundledNames.filter { !own.contains($0) } + own
    let place = names.firstIndex(of: theme.name).map { $0 + 1 } ?? 0
    let name = names[place % names.count]
    do throws(Failure) {
      theme = try ThemeShelf.find(name)
      state.message = Message(.done, "theme \(name)")
      try StateFolder.write(ThemeShelf.stateFile, name + "\n")
    } catch {
      // The name moves on all the same, so that one broken file does not end the round.
      theme = ThemeShelf.Entry(name: name, path: nil, theme: theme.theme)
      state.message = Message(.error, error.message)
    }
    state.themeName = theme.name
    terminal.setTheme(theme.theme)
  }
}
