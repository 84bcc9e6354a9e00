import ClusterSim
import Dashboard
import Scenarios

// Actions, typed in words or chosen from numbered lists.
extension PlainSession {
  private var names: ActionNames { ActionNames(of: timeline.simulation) }

  /// Does an action written in words; what is wrong with it is said.
  mutating func act(_ line: String) throws(Failure) {
    let verb = line.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    guard FaultCatalogue.find(verb) != nil else {
      let known = PlainCommand.allCases.map(\.rawValue) + FaultCatalogue.all.map(\.verb)
      let problem = Nearest.message("command", Visible.line(verb), among: known)
      return try say([PlainText.sentence(problem) + " Type help."])
    }
    let action: Action
    do { action = try ActionGrammar.parse(line, names: names) } catch {
      return try say([PlainText.sentence(error.message)])
    }
    do { try timeline.inject(action) } catch {
      return try say([PlainText.sentence("Refused: \(error.message)")])
    }
    try tellNews()
  }

  mutating func openFaults() throws(Failure) {
    menu = .actions(FaultCatalogue.all.map(\.verb))
    try read(
      FaultCatalogue.all.map { record in
        "\(record.title)\(record.key.map { " (key \($0))" } ?? ""): \(record.meaning)."
      })
  }

  mutating func openLessons() throws(Failure) {
    let all = try LessonShelf.all()
    menu = .lessons(all.map(\.id))
    try read(
      all.map { entry in
        let steps = entry.lesson.steps.count
        let done = min(progress.stepsDone(of: entry.id), steps)
        return "\(entry.lesson.title), \(done) of \(steps) steps done."
      })
  }

  private func read(_ entries: [String]) throws(Failure) {
    try say(entries.enumerated().map { "\($0 + 1): \($1)" })
    try say(["Type a number, or Enter to leave the list."])
  }

  /// A number alone: of the list that was read out, or of the lesson's choices.
  mutating func choose(_ number: Int) throws(Failure) {
    switch menu {
    case .none:
      if lesson?.waitsForPrediction == true { return try answer("\(number)") }
      try say(["There is no list to choose \(number) from; type faults or lessons."])
    case .actions(let starts):
      guard let start = try entry(number, of: starts) else { return }
      try goOn(with: start)
    case .lessons(let ids):
      guard let id = try entry(number, of: ids) else { return }
      menu = .none
      try startLesson(id)
    }
  }

  private func entry(_ number: Int, of entries: [String]) throws(Failure) -> String? {
    if entries.indices.contains(number - 1) { return entries[number - 1] }
    try say(["A number from 1 to \(entries.count) is expected."])
    return nil
  }

  /// Does the action if it is whole, else reads out how it may go on.
  private mutating func goOn(with start: String) throws(Failure) {
    menu = .none
    if (try? ActionGrammar.parse(start, names: names)) != nil { return try act(start) }
    let choices = ActionGrammar.completions(for: start + " ", names: names)
    guard !choices.isEmpty else {
      let form = FaultCatalogue.find(String(start.prefix { $0 != " " }))?.form ?? start
      return try say(["Type it in full: \(form)."])
    }
    menu = .actions(choices.map(\.line))
    try read(choices.map { $0.meaning.isEmpty ? $0.text : "\($0.text), \($0.meaning)" })
  }
}

// The lesson under way.
extension PlainSession {
  /// Begins a lesson: its scenario from the start. What is wrong is said, and all stays as it is.
  mutating func startLesson(_ id: String) throws(Failure) {
    do throws(Failure) {
      let entry = try LessonShelf.find(id)
      var configuration = entry.scenario.configuration
      if let seed { configuration.seed = seed }
      do { begin(Timeline(try Simulation(configuration))) } catch {
        throw Failure("\(id): \(error.message)")
      }
      lesson = LessonRunner(entry.lesson)
      lessonID = id
    } catch { return try say([PlainText.sentence(error.message)]) }
    try sayLesson()
  }

  func sayLesson() throws(Failure) {
    guard let lesson else { return try say(["No lesson runs; type lessons."]) }
    try say((lesson.stepIndex == 0 ? [lesson.lesson.title + "."] : []) + PlainText.lesson(lesson))
  }

  /// A guess as typed.
  mutating func answer(_ text: String) throws(Failure) {
    guard let asked = lesson?.step?.predict, lesson?.waitsForPrediction == true else {
      return try say(["Nothing is asked."])
    }
    guard let guess = asked.answer(from: text) else {
      return try say(["That does not fit the question."] + PlainText.lesson(lesson!))
    }
    try predict(guess)
  }

  mutating func predict(_ guess: PredictionAnswer) throws(Failure) {
    guard lesson?.waitsForPrediction == true else { return try say(["Nothing is asked."]) }
    lesson?.predict(guess)
    try updateLesson()
    try sayLesson()
  }

  /// Lets the lesson look at the cluster, at the latest moment only.
  mutating func updateLesson() throws(Failure) {
    guard !timeline.isBehind, let before = lesson?.stepIndex else { return }
    lesson?.update(timeline.simulation)
    guard let lesson, let lessonID, lesson.stepIndex > before else { return }
    for result in lesson.results.dropFirst(before) { try say(PlainText.result(result)) }
    progress.reached(lesson.stepIndex, of: lessonID)
    do throws(Failure) { try progress.save() } catch {
      try say([PlainText.sentence("Progress not saved: \(error.message)")])
    }
  }
}
