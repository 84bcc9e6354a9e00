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

  /// The lesson's present words and, where it asks, numbered choices.
  public static func lesson(_ lesson: LessonRunner, _ scene: Scene) -> [String] {
    LessonPanel.lines(lesson, scene, width: 1000, .ascii).map { line in
      (line.mark == Glyphs.ascii.ok ? "done: " : "") + line.text
    }
  }
}
