import ClusterSim
import Testing

@testable import Scenarios

@Suite struct LessonTests {
  private func scenario(_ lesson: String) throws -> Scenario {
    try Scenario.read(Array((Self.cluster + lesson).utf8), file: "l.yaml")
  }

  static let cluster = """
    cluster: {nodes: {east: 2, west: 1}}
    workload: {rate: 0}

    """
  static let twoSteps = """
    lesson:
      title: T
      topic: C
      steps:
        - say: Kill n1.
          predict:
            ask: How many nodes run then?
            number: {figure: nodes.up, near: 0}
          goal: nodes.up < 3 for 1s
          hint: "`kill n1`"
          conclude: "{nodes.up} of 3 run, R is {settings.storage.r}."
        - say: Bring it back.
          predict:
            ask: Who?
            choices:
              - {text: nobody, when: faults = 0}
              - {text: somebody, when: faults > 0}
          goal: nodes.up = 3
          hint: U
          conclude: Back.
      proof:
        for: 5s
        actions:
          - {at: 1s, kill: n1}
          - {at: 3s, restart: n1}
        bypasses:
          - {name: only killing, actions: [{at: 1s, kill: n1}]}
    """

  @Test func runner_asksWatchesScoresAndGoesOn() throws {
    let scenario = try scenario(Self.twoSteps)
    var simulation = try Simulation(scenario.configuration)
    var runner = LessonRunner(try #require(scenario.lesson))
    #expect(runner.waitsForPrediction && runner.stepIndex == 0)
    try simulation.inject(.kill(host: "n1"))
    simulation.run(until: .zero + .seconds(2))
    runner.update(simulation)
    #expect(runner.goal == nil, "the goal is not watched before the guess")
    runner.predict(.choice(0))
    #expect(runner.waitsForPrediction, "a choice is no answer to a number")
    runner.predict(.number(1))
    runner.update(simulation)
    #expect(runner.goal?.clauses.map(\.holds) == [true])
    #expect(runner.stepIndex == 0, "not held for a second yet")
    simulation.run(until: .zero + .milliseconds(2500))
    runner.update(simulation)
    #expect(runner.heldShare(at: simulation.now) == 0.5)
    simulation.run(until: .zero + .seconds(3))
    runner.update(simulation)
    #expect(runner.stepIndex == 1 && runner.waitsForPrediction)
    #expect(
      runner.results == [
        .init(
          at: .zero + .seconds(3), conclusion: "2 of 3 run, R is 2.",
          score: .init(
            ask: "How many nodes run then?", answer: .number(1), guessed: "1", measured: "2",
            isRight: false))
      ])
    runner.predict(.choice(1))
    try simulation.inject(.restart(host: "n1"))
    runner.update(simulation)
    #expect(runner.isComplete && runner.step == nil && !runner.waitsForPrediction)
    #expect(runner.results.last?.score?.isRight == true)
    let done = runner
    runner.update(simulation)
    #expect(runner == done, "a finished lesson stays finished")
    runner.restart()
    #expect(runner == LessonRunner(done.lesson))
  }

  @Test func answers_areReadAsTyped() throws {
    let lesson = try #require(try scenario(Self.twoSteps).lesson)
    let number = try #require(lesson.steps[0].predict)
    #expect(number.answer(from: "2") == .number(2))
    #expect(number.answer(from: "two") == nil)
    let choice = try #require(lesson.steps[1].predict)
    #expect(choice.answer(from: "2") == .choice(1))
    #expect(choice.answer(from: "3") == nil)
    let share = Lesson.Prediction(
      ask: "?", kind: .number(try Figure.parse("availability"), near: 0.1))
    #expect(share.answer(from: "40") == .number(0.4))
    #expect(share.answer(from: "40%") == .number(0.4))
    #expect(share.answer(from: "140") == nil)
  }

  @Test func proof_tellsGoodLessonsFromBadOnes() throws {
    let good = try #require(try LessonProof(try scenario(Self.twoSteps), seeds: [1, 2]))
    #expect(good.holds, "\(good.trials.map(\.text))")
    #expect(
      good.trials.map(\.name) == [
        "taught", "nothing done", "only killing", "taught", "nothing done", "only killing",
      ])

    // A goal that an untouched cluster reaches, one that a bypass reaches, one out of reach, and a
    // question with two true answers.
    func failing(_ old: String, _ new: String) throws -> [String] {
      let text = Self.twoSteps.split(separator: old, omittingEmptySubsequences: false)
        .joined(separator: new)
      #expect(text != Self.twoSteps)
      let proof = try #require(try LessonProof(try scenario(text), seeds: [1]))
      return proof.trials.filter { !$0.holds }.map(\.name)
    }
    #expect(
      try failing("goal: nodes.up < 3 for 1s", "goal: nodes.up > 0") == [
        "nothing done", "only killing",
      ])
    #expect(try failing("goal: nodes.up = 3", "goal: nodes.up < 3") == ["only killing"])
    #expect(try failing("goal: nodes.up = 3", "goal: faults = 9") == ["taught"])
    #expect(try failing("when: faults = 0", "when: faults < 9") == ["taught"])
  }

  @Test func brokenLessons_areReportedWithTheirPlace() throws {
    func complaint(_ old: String, _ new: String) -> String {
      let text = Self.twoSteps.split(separator: old, omittingEmptySubsequences: false)
        .joined(separator: new)
      do throws(ScenarioError) {
        _ = try Scenario.read(Array((Self.cluster + text).utf8), file: "l.yaml")
        return "read"
      } catch { return error.description }
    }
    #expect(
      complaint("nodes.up < 3 for", "nodes.upp < 3 for")
        == "l.yaml:11:13: unknown figure 'nodes.upp'; did you mean 'nodes.up'?")
    #expect(
      complaint("{nodes.up}", "{nodes.op}")
        == "l.yaml:13:19: unknown figure 'nodes.op'; did you mean 'nodes.up'?")
    #expect(complaint("{nodes.up}", "{nodes.up") == "l.yaml:13:28: 'of' is too much; one figure")
    #expect(
      complaint("near: 0", "nere: 0")
        == "l.yaml:10:36: unknown field of `number` 'nere'; did you mean 'near'?")
    #expect(
      complaint("say: Bring it back.", "sya: x")
        == "l.yaml:14:7: unknown field of a step 'sya'; did you mean 'say'?")
    #expect(
      complaint("actions: [{at: 1s, kill: n1}]", "actions: [{at: 1s, kill: n4}]").contains(
        "unknown host 'n4'"))
  }

  /// Every built-in lesson, on several seeds: with the taught action it passes, without it and with
  /// each bypass it does not.
  @Test func builtInLessons_areProven() throws {
    let lessons = try Catalogue.lessons()
    #expect(lessons.map(\.id) == ["partition-cost"])
    for (id, scenario) in lessons {
      let proof = try #require(try LessonProof(scenario, seeds: [1, 2, 3]))
      for trial in proof.trials { #expect(trial.holds, "\(id): \(trial.text)") }
      #expect(scenario.lesson?.proof.bypasses.isEmpty == false)
    }
  }

  /// Text rules of shared/peers.md: short, a goal rather than keystrokes, keys only in the hint.
  @Test func builtInLessons_keepTheTextRules() throws {
    for (id, scenario) in try Catalogue.lessons() {
      for step in try #require(scenario.lesson).steps {
        let sentences = step.say.split(whereSeparator: { ".?!".contains($0) }).count
        #expect((1...3).contains(sentences), "\(id): \(step.say)")
        for word in ["`", "press ", "Press ", " key "] {
          #expect(!step.say.contains(word), "\(id) names keys or commands: \(step.say)")
        }
      }
    }
  }
}
