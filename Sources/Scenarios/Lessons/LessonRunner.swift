import ClusterSim

/// A learner's guess.
public enum PredictionAnswer: Equatable, Sendable {
  /// Index into the choices.
  case choice(Int)
  /// In the unit of the figure: shares from 0 to 1, times in milliseconds.
  case number(Double)
  case skipped
}

/// A guess beside what was measured when the goal was reached.
public struct PredictionScore: Equatable, Sendable {
  public let ask: String
  public let answer: PredictionAnswer
  /// As shown: the guess, and the truth.
  public let guessed: String
  public let measured: String
  /// Nil where no guess was made, or where nothing could be measured.
  public let isRight: Bool?
}

/// A lesson under way. Fed with the simulation after every frame; looks only at the state, never at
/// how it came about.
public struct LessonRunner: Equatable, Sendable {
  public let lesson: Lesson
  /// The step under way; the number of steps once all are done.
  public private(set) var stepIndex = 0
  /// A result for each step that is done.
  public private(set) var results: [StepResult] = []
  /// The guess for the step under way.
  public private(set) var answer: PredictionAnswer?
  private var watch: ConditionWatch?

  public struct StepResult: Equatable, Sendable {
    public let at: Instant
    /// What was seen, with figures as measured then.
    public let conclusion: String
    public let score: PredictionScore?
  }

  public init(_ lesson: Lesson) {
    self.lesson = lesson
    watch = lesson.steps.first.map { ConditionWatch($0.goal) }
  }

  public var isComplete: Bool { stepIndex == lesson.steps.count }
  public var step: Lesson.Step? { isComplete ? nil : lesson.steps[stepIndex] }
  /// The step asks for a guess first; its goal is not watched before that.
  public var waitsForPrediction: Bool { step?.predict != nil && answer == nil }
  /// The goal's clauses with their measured figures, each ticked or not; nil before the first look.
  public var goal: ConditionStatus? { watch?.status }

  /// How far a goal that must hold for a time has come, 0 to 1; nil where a moment is enough.
  public func heldShare(at now: Instant) -> Double? { watch?.heldShare(at: now) }

  /// Takes the learner's guess; ignored where none is asked for, or where it does not fit the
  /// question.
  public mutating func predict(_ answer: PredictionAnswer) {
    guard waitsForPrediction, let kind = step?.predict?.kind else { return }
    switch (kind, answer) {
    case (.choices(let choices), .choice(let index)) where choices.indices.contains(index):
      self.answer = answer
    case (.number, .number(let value)) where value.isFinite: self.answer = answer
    case (_, .skipped): self.answer = answer
    case (.choices, _), (.number, _): return
    }
  }

  /// Looks at the simulation as it is now; goes on to the next step where the goal is reached.
  public mutating func update(_ simulation: Simulation) {
    guard let step, !waitsForPrediction else { return }
    var watch = self.watch ?? ConditionWatch(step.goal)
    let isReached = watch.update(simulation)
    self.watch = watch
    guard isReached else { return }
    results.append(
      StepResult(
        at: simulation.now, conclusion: step.conclude.text(in: simulation),
        score: step.predict.map { $0.score(answer ?? .skipped, in: simulation) }))
    stepIndex += 1
    answer = nil
    self.watch = self.step.map { ConditionWatch($0.goal) }
  }

  /// Begins again with the first step.
  public mutating func restart() { self = LessonRunner(lesson) }
}

extension Lesson.Prediction {
  /// Reads a guess as typed: the number of a choice from 1, or a value in the figure's unit (`40%`,
  /// or `40` where a share is asked). Nil where it is neither.
  public func answer(from text: String) -> PredictionAnswer? {
    switch kind {
    case .choices(let choices):
      guard let number = Int(text), choices.indices.contains(number - 1) else { return nil }
      return .choice(number - 1)
    case .number(let figure, _):
      if figure.unit == .share, let percent = Double(text) {
        return (0...100).contains(percent) ? .number(percent / 100) : nil
      }
      return figure.unit.parse(text).map { .number($0) }
    }
  }

  /// Compares a guess with what is measured now.
  func score(_ answer: PredictionAnswer, in simulation: Simulation) -> PredictionScore {
    let truth: String
    var guessed = "-"
    var isRight: Bool?
    switch kind {
    case .choices(let choices):
      let right = choices.indices.filter { choices[$0].when.status(in: simulation).holdsNow }
      truth = right.first.map { choices[$0].text } ?? "-"
      if case .choice(let index) = answer {
        guessed = choices[index].text
        isRight = right.isEmpty ? nil : right.contains(index)
      }
    case .number(let figure, let near):
      let value = figure.value(in: simulation)
      truth = figure.unit.text(value)
      if case .number(let guess) = answer {
        guessed = figure.unit.text(guess)
        isRight = value.map { abs($0 - guess) <= near }
      }
    }
    return PredictionScore(
      ask: ask, answer: answer, guessed: guessed, measured: truth, isRight: isRight)
  }
}
