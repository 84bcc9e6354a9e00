import ClusterSim

/// Plays a lesson without a learner: with the taught actions it must complete, without them and with
/// each bypass it must not. A goal that holds anyway, or that any change reaches, teaches nothing.
public struct LessonProof: Equatable, Sendable {
  public struct Trial: Equatable, Sendable {
    /// `taught`, `nothing done` or the bypass's name.
    public let name: String
    public let seed: UInt64
    public let mustComplete: Bool
    public let stepsDone: Int
    public let steps: Int
    /// What is wrong beside the goals, such as a question with two true answers.
    public let problem: String?

    public var isComplete: Bool { stepsDone == steps }
    public var holds: Bool { isComplete == mustComplete && problem == nil }

    /// One line for a report.
    public var text: String {
      let outcome = isComplete ? "completed" : "stopped at step \(stepsDone + 1) of \(steps)"
      let wanted = mustComplete ? "must complete" : "must not complete"
      return "\(holds ? "ok  " : "FAIL") \(name), seed \(seed): \(outcome), \(wanted)"
        + (problem.map { "; \($0)" } ?? "")
    }
  }
  public let trials: [Trial]
  public var holds: Bool { !trials.isEmpty && trials.allSatisfy(\.holds) }

  /// How often the runner looks, as a dashboard at ten frames a second does.
  static let frame = Span.milliseconds(100)
  public static let usualSeeds: [UInt64] = [1, 2, 3, 4, 5]

  /// Plays all trials of a scenario's lesson on each seed; nil where it has none.
  ///
  /// Throws `ActionError` where an action of the proof cannot be done.
  public init?(_ scenario: Scenario, seeds: [UInt64] = usualSeeds) throws(ActionError) {
    guard let lesson = scenario.lesson else { return nil }
    var trials: [Trial] = []
    for seed in seeds {
      trials.append(try Self.play(scenario, lesson, seed, "taught", lesson.proof.actions, true))
      trials.append(try Self.play(scenario, lesson, seed, "nothing done", [], false))
      for bypass in lesson.proof.bypasses {
        trials.append(try Self.play(scenario, lesson, seed, bypass.name, bypass.actions, false))
      }
    }
    self.trials = trials
  }

  private static func play(
    _ scenario: Scenario, _ lesson: Lesson, _ seed: UInt64, _ name: String,
    _ actions: [TimedAction], _ mustComplete: Bool
  ) throws(ActionError) -> Trial {
    var configuration = scenario.configuration
    configuration.seed = seed
    var simulation = try Simulation(configuration)
    var runner = LessonRunner(lesson)
    var waiting = actions[...]
    var problem: String?
    let end = Instant.zero + lesson.proof.length
    while simulation.now < end, !runner.isComplete {
      while let next = waiting.first, next.at <= simulation.now {
        waiting.removeFirst()
        try simulation.inject(next.action)
      }
      runner.predict(.skipped)
      let step = runner.stepIndex
      runner.update(simulation)
      if runner.stepIndex > step {
        problem = problem ?? flaw(of: lesson.steps[step].predict, step, simulation)
      }
      simulation.run(until: min(end, simulation.now + frame))
    }
    runner.update(simulation)
    return Trial(
      name: name, seed: seed, mustComplete: mustComplete, stepsDone: runner.stepIndex,
      steps: lesson.steps.count, problem: problem)
  }

  /// A question whose answer is not settled by what was measured.
  private static func flaw(
    of prediction: Lesson.Prediction?, _ step: Int, _ simulation: Simulation
  ) -> String? {
    switch prediction?.kind {
    case nil: return nil
    case .choices(let choices):
      let right = choices.count { $0.when.status(in: simulation).holdsNow }
      return right == 1 ? nil : "step \(step + 1): \(right) choices are true, not one"
    case .number(let figure, _):
      return figure.value(in: simulation) == nil
        ? "step \(step + 1): \(figure.text) is not measured" : nil
    }
  }
}
