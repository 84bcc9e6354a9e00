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
    return lesson.isComplete ? "done" : "step \(lesson.stepIndex + 1)/\(count)"
  }

  static func detail(_ scene: Scene) -> Overlay { .lessons(row: 0) }

  static func move(_ move: Move, _ state: inout AppState, _ scene: Scene) {
    guard let lesson = scene.lesson, lesson.waitsForPrediction,
      case .choices(let choices)? = lesson.step?.predict?.kind
    else { return }
    state.lessonChoice = moved(state.lessonChoice, move, count: choices.count)
  }

  static func draw(_ scene: Scene, _ canvas: inout Canvas) {
    guard let lesson = scene.lesson else {
      canvas.text(1, 0, "No lesson runs. t lists the lessons.", .dim, width: canvas.width - 1)
      return
    }
    var writer = LineWriter(width: canvas.width - 2)
    if let last = lesson.results.last {
      writer.add(last.conclusion, Style(.good), mark: canvas.glyphs.ok)
      if let score = last.score { addScore(score, &writer, canvas.glyphs) }
    }
    if let step = lesson.step {
      writer.add(step.say, Style(.lesson, .bold))
      if lesson.waitsForPrediction, let prediction = step.predict {
        addQuestion(prediction, scene.state.lessonChoice, &writer, canvas.glyphs)
      } else {
        addGoal(lesson, scene.now, &writer, canvas.glyphs)
      }
      if scene.state.hintStep == lesson.stepIndex {
        writer.add("Hint: " + step.hint, Style(.info))
      } else {
        writer.add("i shows a hint", .dim)
      }
    } else {
      writer.add(
        "Lesson done. The cluster stays as it is: try what you like. R begins again, t lists the "
          + "lessons, X leaves.", Style(.lesson, .bold))
    }
    // What is to be done now stands at the end; older lines give way.
    let skip = max(0, writer.lines.count - canvas.height)
    for (y, line) in writer.lines.dropFirst(skip).enumerated() {
      if let mark = line.mark { canvas.put(0, y, mark, line.style.with(.bold)) }
      canvas.text(2, y, line.text, line.style)
      if line.isChosen { canvas.park(0, y) }
    }
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
    writer.add("First your guess. " + prediction.ask, Style(.prompt, .bold))
    switch prediction.kind {
    case .choices(let choices):
      for (index, option) in choices.enumerated() {
        writer.add(
          "\(index + 1)  \(option.text)", .text, mark: index == choice ? glyphs.pointer : nil,
          hanging: 3, isChosen: index == choice)
      }
      writer.add("its digit, or arrows and Enter, in this panel", .dim)
    case .number:
      writer.add("Enter, then type the figure", .dim)
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
