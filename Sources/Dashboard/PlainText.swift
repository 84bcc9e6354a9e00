import CellUI
import ClusterSim
import Scenarios

/// The screen as sentences, for screen readers and pipes (`--plain`): lines instead of panels.
public enum PlainText {
  /// How the cluster is, in a few lines; the first says most.
  public static func status(_ scene: Scene) -> [String] {
    let simulation = scene.simulation
    let recent = simulation.metrics.recentTotal
    let time =
      scene.state.isPaused ? "Paused" : "Running at speed \(AppReducer.short(scene.state.speed))"
    var lines = [
      "\(time), time \(Figure.clock(scene.now)), seed \(simulation.configuration.seed). "
        + "\(scene.up) of \(scene.present) nodes up.",
      "\(Figure.rate(recent.operations.newest)) operations per second, "
        + "\(Figure.percent(recent.availability.newest)) percent answered, "
        + "99th percentile \(Figure.milliseconds(recent.p99.newest)) ms.",
    ]
    for (index, name) in simulation.locationNames.enumerated() {
      let figures = simulation.metrics.recent[index]
      let (verdict, _) = StatusLine.verdict(scene.answerable[index])
      lines.append(
        "\(name): quorum \(verdict), \(Figure.percent(figures.availability.newest)) percent answered, "
          + "\(Figure.percent(figures.stale.newest, decimals: 2)) percent of reads stale.")
    }
    lines.append(Words.overlap(scene.settings.storage).text + ".")
    return lines
  }

  /// One sentence a node.
  public static func nodes(_ scene: Scene) -> [String] {
    let observer = scene.observer.map { scene.nodes[$0].name } ?? "nobody"
    return scene.nodes.indices.map { index in
      let node = scene.nodes[index]
      let belief = Words.belief(scene.belief(index), .ascii).word
      let truth = Words.truth(node, .ascii).word
      return "\(node.name) in \(scene.simulation.locationNames[node.location]): \(belief) to "
        + "\(observer), really \(truth), owns \(Figure.percent(node.ringShare)) percent, "
        + "\(Figure.count(node.hintsHeld)) hints kept, queue \(node.queue)."
    }
  }

  /// Events since the event with this number, oldest first, as sentences.
  public static func events(_ log: EventLog, since number: Int) -> [String] {
    let fresh = min(max(0, log.total - number), log.count)
    return (0..<fresh).reversed().map { age in
      let entry = log.newest(age)
      let who = entry.kind == .you ? "You: " : ""
      return "\(Figure.clock(entry.at)) \(who)\(entry.text)."
    }
  }

  /// Ended by a full stop, unless it ends otherwise.
  public static func sentence(_ text: String) -> String {
    text.last.map { ".!?:".contains($0) } == true ? text : text + "."
  }

  /// Where the cluster stands, in one sentence: said after every command.
  public static func brief(_ scene: Scene) -> String {
    let recent = scene.simulation.metrics.recentTotal
    let up = "\(Figure.clock(scene.now)): \(scene.up) of \(scene.present) nodes up"
    guard recent.operations.newest.isFinite else { return up + ", nothing measured yet." }
    return up + ", \(Figure.rate(recent.operations.newest)) operations per second, "
      + "\(Figure.percent(recent.availability.newest)) percent answered, "
      + "99th percentile \(Figure.milliseconds(recent.p99.newest)) ms."
  }

  /// What the lesson asks for now: the question with numbered choices, or the goal.
  public static func lesson(_ lesson: LessonRunner) -> [String] {
    guard let step = lesson.step else {
      return ["The lesson is done. The cluster stays as it is: try what you like."]
    }
    var lines = ["Step \(lesson.stepIndex + 1) of \(lesson.lesson.steps.count). \(step.say)"]
    if lesson.waitsForPrediction, let prediction = step.predict {
      lines.append("Your guess first: \(prediction.ask)")
      switch prediction.kind {
      case .choices(let choices):
        lines += choices.enumerated().map { "\($0 + 1): \($1.text)" }
        lines.append("Type a number, or skip.")
      case .number(let figure, _):
        let what = figure.unit == .share ? "a percentage" : "a figure"
        lines.append("Type answer and \(what), or skip.")
      }
    } else {
      let status = lesson.goal?.clauses ?? []
      lines += status.map {
        "Goal: \($0.text), \($0.holds ? "reached" : "not yet"), now \($0.measured)."
      }
      if status.isEmpty { lines.append("Goal: \(step.goal.text).") }
    }
    return lines
  }

  /// What a step that is done has shown.
  public static func result(_ result: LessonRunner.StepResult) -> [String] {
    var lines = ["Done at \(Figure.clock(result.at))."]
    if let score = result.score {
      switch score.isRight {
      case true?: lines.append("You were right: \(score.measured).")
      case false?: lines.append("You guessed \(score.guessed), measured: \(score.measured).")
      case nil: lines.append("Measured: \(score.measured).")
      }
    }
    return lines + [result.conclusion]
  }
}
