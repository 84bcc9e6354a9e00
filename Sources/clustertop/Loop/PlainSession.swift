import ClusterSim
import Dashboard
import Glibc
import Scenarios

/// The dashboard as a conversation: a line is typed, and what came of it is said in sentences. For
/// screen readers, which read a screen that is drawn again and again from its top, and for pipes.
/// Time stands still until it is told to pass, so nothing is said while somebody listens or types.
struct PlainSession {
  var timeline: Timeline
  var lesson: LessonRunner?
  var lessonID: String?
  var progress = Progress.load()
  /// What a number means, while a list has been read out.
  var menu = PlainMenu.none
  /// The seed of `--seed`, which lessons keep.
  let seed: UInt64?
  private var state = AppState()
  private var drawCache = DrawCache()
  /// Events of the log that have been told.
  private var told = 0
  /// A replay came to its end in another state than the recording did.
  private var isOtherThanRecorded = false

  private static let usualLength = Span.seconds(1)
  /// How often the lesson looks while time passes, as on the dashboard.
  private static let look = Span.milliseconds(100)

  init(_ simulation: Simulation, _ scenario: Scenario, seed: UInt64?) {
    timeline = Timeline(
      simulation, replaying: scenario.recording, until: .zero + scenario.duration)
    self.seed = seed
    state.isPaused = true
  }

  /// The session so far as a scenario file. Throws `Failure` where it holds too much.
  func recordingText() throws(Failure) -> String {
    let (recording, end) = timeline.recording(build: Build.id)
    do {
      return try RecordingText.text(timeline.simulation.configuration, recording, end: end)
    } catch { throw Failure(error.description) }
  }

  /// Talks until told to quit, the input ends or a signal comes; the exit code.
  ///
  /// - Parameter listsLessons: begins with the list of lessons.
  mutating func run(_ scenario: Scenario, listsLessons: Bool) throws(Failure) -> Int32 {
    StopSignal.watch()
    let isTyped = isatty(STDIN_FILENO) == 1
    try say(["\(scenario.name). \(scenario.about)"] + PlainText.status(scene()))
    if lesson != nil { try sayLesson() }
    try say(["Type help for the commands, or Enter to let one second pass."])
    if listsLessons { try openLessons() }
    var typed = TypedLines()
    while true {
      if isTyped { try Descriptor.print("> ") }
      guard let line = typed.next() else { break }
      guard try obey(line) else { break }
      if StopSignal.pending != nil { break }
    }
    if let number = StopSignal.pending { return 128 + number }
    return isOtherThanRecorded ? ExitCode.doesNotHold : ExitCode.done
  }

  /// Does what a line asks; false where that is to leave.
  private mutating func obey(_ line: String) throws(Failure) -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else {
      if menu.isOpen {
        menu = .none
        try say(["Left the list."])
      } else {
        try pass(Self.usualLength)
      }
      return true
    }
    if let number = Int(first), words.count == 1 {
      try choose(number)
      return true
    }
    menu = .none
    guard let command = PlainCommand(rawValue: first) else {
      try act(line)
      return true
    }
    if command == .quit { return false }
    try perform(command, words.dropFirst().joined(separator: " "))
    return true
  }

  private mutating func perform(_ command: PlainCommand, _ rest: String) throws(Failure) {
    switch command {
    case .run:
      if let span = try length(rest, otherwise: Self.usualLength) { try pass(span) }
    case .back:
      guard let span = try length(rest, otherwise: Self.usualLength) else { return }
      timeline.seek(by: -span)
      told = timeline.simulation.log.total
      try say([PlainText.brief(scene())])
    case .step:
      timeline.step()
      try tellNews()
    case .status: try say(PlainText.status(scene()))
    case .nodes: try say(PlainText.nodes(scene()))
    case .faults: try openFaults()
    case .settings: try say(Self.settings(rest, timeline.simulation.settings))
    case .lessons: try openLessons()
    case .lesson: try sayLesson()
    case .hint: try say([lesson?.step?.hint ?? "No lesson asks for anything."])
    case .answer: try answer(rest)
    case .skip: try predict(.skipped)
    case .help: try say(PlainCommand.sentences)
    case .quit: break
    }
  }

  /// A length of time as typed; nil where it is none, which is said.
  private mutating func length(_ text: String, otherwise usual: Span) throws(Failure) -> Span? {
    guard !text.isEmpty else { return usual }
    switch Span.parse(text) {
    case .success(let span) where span <= Scenario.longestDuration: return span
    case .success:
      try say(["At most \(Scenario.longestDuration) at a time."])
    case .failure(let problem): try say([Visible.line("\(problem)")])
    }
    return nil
  }

  /// Settings whose path contains `text`.
  private static func settings(_ text: String, _ settings: Settings) -> [String] {
    let found = SettingCatalogue.all.filter { $0.path.contains(text) }
    guard !found.isEmpty else {
      return [
        Nearest.message("setting", Visible.line(text), among: SettingCatalogue.all.map(\.path))
      ]
    }
    return found.map { "\($0.path) is \($0.text(in: settings)): \($0.meaning)." }
  }
}

// What happens, and telling it.
extension PlainSession {
  private mutating func scene() -> Scene {
    Scene(timeline.simulation, state, lesson: lesson, cache: &drawCache)
  }

  func say(_ lines: [String]) throws(Failure) {
    try Descriptor.print(lines.map { $0 + "\n" }.joined())
  }

  /// Lets time pass, telling events as they come; a step of the lesson that is done ends it.
  private mutating func pass(_ span: Span) throws(Failure) {
    let end = timeline.simulation.now + span
    let steps = lesson?.stepIndex
    while timeline.simulation.now < end, lesson?.stepIndex == steps, StopSignal.pending == nil {
      timeline.advance(to: min(end, timeline.simulation.now + Self.look)) {
        StopSignal.pending == nil
      }
      try updateLesson()
      try tellEvents()
      if let outcome = timeline.takeReplayOutcome() {
        try say([outcome.text.prefix(1).uppercased() + outcome.text.dropFirst() + "."])
        if outcome.isOther { isOtherThanRecorded = true }
        break
      }
    }
    try say([PlainText.brief(scene())])
    if lesson?.stepIndex != steps { try sayLesson() }
  }

  private mutating func tellEvents() throws(Failure) {
    let log = timeline.simulation.log
    try say(PlainText.events(log, since: told))
    told = log.total
  }

  /// After something was done at this very moment.
  mutating func tellNews() throws(Failure) {
    let steps = lesson?.stepIndex
    try updateLesson()
    try tellEvents()
    try say([PlainText.brief(scene())])
    if lesson?.stepIndex != steps { try sayLesson() }
  }

  /// A simulation that is not the one before: what its log has is told from the start.
  mutating func begin(_ timeline: Timeline) {
    self.timeline = timeline
    told = 0
    drawCache = DrawCache()
  }
}
