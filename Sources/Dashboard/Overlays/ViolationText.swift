import CellUI
import ClusterSim
import Consistency

/// The lines of a violation: its time-line, and the faults on the same axis.
enum ViolationText {
  static func title(_ place: Int, _ simulation: Simulation) -> String {
    guard simulation.judge.violations.indices.contains(place) else { return "Violation" }
    return "Not linearizable: key \(simulation.keyName(simulation.judge.violations[place].key))"
  }

  static func lines(_ place: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let simulation = scene.simulation
    guard simulation.judge.violations.indices.contains(place) else {
      writer.add("There is no such violation at this time of the run.", .dim)
      return
    }
    let violation = simulation.judge.violations[place]
    let count = violation.operations.count
    writer.add(
      violation.isSmallest
        ? "No order explains what these \(count) operations returned:"
        : "What shows it is no longer kept; the last operations of the key:", Style(.title, .bold))
    writer.add("")
    let faults = bars(simulation, violation)
    for row in OverlapChart.rows(violation.operations, width: writer.width) {
      writer.add(row, .text)
    }
    writer.add("Columns are the order of events, not distances in time.", .dim)
    writer.heading("On one axis of time with the faults")
    for (text, style) in timeline(violation, faults, width: writer.width) {
      writer.add(text, style)
    }
    if let last = violation.tags.last, last > 0, simulation.traces.trace(last) != nil {
      writer.heading("Why the last one answered so")
      WhyText.lines(last, scene, &writer)
    }
  }

  private struct Bar {
    var name: String
    var from: Int64
    var to: Int64?
    var style: Style
  }

  private static func bars(_ simulation: Simulation, _ violation: LiveJudge.Violation) -> [Bar] {
    simulation.faults.filter { $0.at.nanoseconds <= violation.at }.suffix(6).map { clock in
      Bar(
        name: clock.action.text, from: clock.at.nanoseconds, to: clock.endedAt?.nanoseconds,
        style: Style(.warning))
    }
  }

  /// Operations and faults as bars over the time from the first operation to the last.
  private static func timeline(
    _ violation: LiveJudge.Violation, _ faults: [Bar], width: Int
  ) -> [(String, Style)] {
    var bars = faults
    for operation in violation.operations {
      guard let begin = operation.invokeTime else { continue }
      bars.append(
        Bar(
          name: "p\(operation.process) \(OverlapChart.what(operation))", from: begin,
          to: operation.completeTime, style: .text))
    }
    let times = violation.operations.flatMap { [$0.invokeTime, $0.completeTime].compactMap { $0 } }
    guard let first = times.min(), let last = times.max(), last > first else { return [] }
    let margin = (last - first) / 10
    let (start, end) = (first - margin, last + margin)
    let head = min(24, max(10, width / 3))
    let room = max(10, width - head - 2)
    func column(_ time: Int64) -> Int {
      let share = Double(time - start) / Double(end - start)
      return Int((min(max(share, 0), 1) * Double(room - 1)).rounded())
    }
    let rows = bars.filter { $0.from <= end && $0.to ?? end >= start }.map { bar in
      let (from, to) = (column(bar.from), max(column(bar.from), column(bar.to ?? end)))
      let line =
        String(repeating: " ", count: from) + String(repeating: "=", count: to - from + 1)
        + (bar.to == nil ? ">" : "")
      return (NumberText.right(String(bar.name.prefix(head - 1)), head) + line, bar.style)
    }
    let axis =
      NumberText.right("", head) + OverlapChart.milliseconds(start) + " to "
      + OverlapChart.milliseconds(end) + " ms"
    return rows + [(axis, .dim)]
  }
}
