import CellUI
import ClusterSim
import Scenarios

/// The lesson under way: what to bring about, the question before it, the goal's live ticks, the
/// hint on request, and what was seen.
enum LessonPanel: Panel {
  static let id = PanelID.lesson

  static func title(_ scene: Scene) -> String { scene.lesson?.lesson.title ?? "Lesson" }

  static func note(_ scene: Scene) -> String {
    guard let lesson = scene.lesson else { return "t lists the lessons" }
    let count = lesson.lesson.steps.count
    switch stage(lesson, scene.state) {
    case .concludes: return "Enter goes on, step \(lesson.results.count)/\(count)"
    case .asks: return "your guess, step \(lesson.stepIndex + 1)/\(count)"
    case .watches: return "i hint, step \(lesson.stepIndex + 1)/\(count)"
    case .done: return "done"
    }
  }

  /// One thing at a time, so that little room is enough.
  enum Stage: Equatable {
    /// What the last step showed, until it is read.
    case concludes
    /// The question before the step.
    case asks
    /// The goal's ticks.
    case watches
    case done
  }

  static func stage(_ lesson: LessonRunner, _ state: AppState) -> Stage {
    if lesson.results.count > state.lessonRead { return .concludes }
    if lesson.isComplete { return .done }
    return lesson.waitsForPrediction ? .asks : .watches
  }

  static func detail(_ scene: Scene) -> Overlay { .lessons(row: 0) }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    guard let lesson = scene.lesson, stage(lesson, state) == .asks,
      case .choices(let choices)? = lesson.step?.predict?.kind
    else { return }
    state.lessonChoice = moved(state.lessonChoice, move, count: choices.count)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    guard let lesson = scene.lesson else {
      canvas.text(1, 0, "No lesson runs. t lists the lessons.", .dim, width: canvas.width - 1)
      return
    }
    let lines = lines(lesson, scene, width: canvas.width - 3, canvas.glyphs)
    // What is to be done now stands at the end; earlier lines give way, and z shows all.
    let skip = max(0, lines.count - canvas.height)
    for (y, line) in lines.dropFirst(skip).enumerated() {
      if let mark = line.mark { canvas.put(0, y, mark, line.style.with(.bold)) }
      canvas.text(2, y, line.text, line.style)
      if line.isChosen { canvas.park(0, y) }
    }
    if skip > 0 { canvas.put(0, 0, canvas.glyphs.arrowUp, Style(.accent, .bold)) }
  }

  static func lines(
    _ lesson: LessonRunner, _ scene: Scene, width: Int, _ glyphs: Glyphs
  ) -> [LineWriter.Line] {
    var writer = LineWriter(width: width)
    let stage = stage(lesson, scene.state)
    switch stage {
    case .concludes:
      guard let last = lesson.results.last else { break }
      writer.add("Done.", Style(.good, .bold), mark: glyphs.ok)
      if let score = last.score { addScore(score, &writer, glyphs) }
      writer.add(last.conclusion, Style(.lesson, .bold))
      writer.add("Enter goes on.", .dim)
    case .asks, .watches:
      guard let step = lesson.step else { break }
      writer.add(step.say, Style(.lesson, .bold))
      if stage == .asks, let prediction = step.predict {
        addQuestion(prediction, scene.state.lessonChoice, &writer, glyphs)
      } else {
        addGoal(lesson, scene.now, &writer, glyphs)
      }
      if scene.state.hintStep == lesson.stepIndex {
        writer.add("Hint: " + step.hint, Style(.info))
      }
    case .done:
      writer.add(
        "The lesson is done. The cluster stays as it is: try what you like. R begins again, t "
          + "lists the lessons, X leaves.", Style(.lesson, .bold), mark: glyphs.ok)
    }
    return writer.lines
  }

  private static func addScore(
    _ score: PredictionScore, _ writer: inout LineWriter, _ glyphs: Glyphs
  ) {
    let verdict: (String, Style, Unicode.Scalar) =
      switch score.isRight {
      case true?: ("You were right: ", Style(.good), glyphs.ok)
      case false?: ("You guessed \(score.guessed), measured: ", Style(.warning), glyphs.warning)
      case nil: ("Measured: ", .dim, glyphs.bullet)
      }
    writer.add(verdict.0 + score.measured, verdict.1, mark: verdict.2)
  }

  private static func addQuestion(
    _ prediction: Lesson.Prediction, _ choice: Int, _ writer: inout LineWriter, _ glyphs: Glyphs
  ) {
    writer.add("Your guess first: " + prediction.ask, Style(.prompt, .bold))
    switch prediction.kind {
    case .choices(let choices):
      for (index, option) in choices.enumerated() {
        writer.add(
          "\(index + 1)  \(option.text)", .text, mark: index == choice ? glyphs.pointer : nil,
          hanging: 3, isChosen: index == choice)
      }
    case .number:
      writer.add("Enter, then type the figure.", .dim)
    }
  }

  private static func addGoal(
    _ lesson: LessonRunner, _ now: Instant, _ writer: inout LineWriter, _ glyphs: Glyphs
  ) {
    for clause in lesson.goal?.clauses ?? [] {
      writer.add(
        "\(clause.text)  (now \(clause.measured))", Style(clause.holds ? .good : .text),
        mark: clause.holds ? glyphs.ok : glyphs.unknown)
    }
    if let share = lesson.heldShare(at: now), share > 0 {
      writer.add("held \(Figure.percent(share, decimals: 0))% of the time it must", .dim)
    }
  }
}
