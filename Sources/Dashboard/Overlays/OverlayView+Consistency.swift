import CellUI
import ClusterSim
import Consistency

// What consistency the clients got: the answers on top, what went wrong below as a list.
extension OverlayView {
  /// Lines above the list on a box of this width.
  static func drawConsistency(_ scene: Scene, _ row: Int, _ box: inout Canvas) {
    let simulation = scene.simulation
    var y = 0
    func answer(_ name: String, _ answer: Answer, _ note: String, _ box: inout Canvas) {
      let mark = VerdictWords.mark(answer, box.glyphs)
      box.text(1, y, name, .text, width: 20)
      box.put(22, y, mark.glyph, mark.style)
      box.text(24, y, mark.word, mark.style)
      box.text(33, y, note, .dim, width: max(0, box.width - 34))
      y += 1
    }
    let judge = simulation.judge
    let note =
      judge.keysViolated > 0
      ? "\(judge.keysViolated) of \(judge.keysJudged) keys, "
        + "since \(judge.violatedSince.map { Figure.clock(Instant(nanoseconds: $0)) } ?? "-")"
      : "so far, on \(judge.keysJudged) keys"
        + (judge.keysWithSiblings > 0
          ? "; reads found several values on \(judge.keysWithSiblings)" : "")
        + (judge.keysBehind > 0 ? "; \(judge.keysBehind) still to be searched" : "")
    answer("linearizable", judge.linearizable, note, &box)
    for guarantee in SessionGuarantee.allCases {
      let breaches = judge.breaches(guarantee)
      answer(
        guarantee.title, judge.answer(guarantee),
        breaches == 0 ? "so far, every client" : "\(breaches) times", &box)
    }
    answer("causal", judge.causal, causalNote(judge), &box)
    for (index, name) in simulation.locationNames.enumerated() where y < box.height - 4 {
      let figures = simulation.metrics.figures(of: index)
      let most = Figure.milliseconds(nanoseconds: figures.staleness.max)
      box.text(1, y, "stale reads in \(name)", .text, width: 21)
      box.text(
        22, y,
        figures.stale == 0
          ? "none of \(figures.readLatency.count)"
          : "\(figures.stale) of \(figures.readLatency.count), up to \(most) ms and "
            + "\(figures.versionsBehind) versions behind",
        figures.stale == 0 ? .dim : Style(.stale), width: max(0, box.width - 23))
      y += 1
    }
    let total = simulation.metrics.total
    box.text(
      1, y,
      "acknowledged writes lost \(simulation.lostAcknowledgedWrites()), discarded for a concurrent "
        + "one \(total.conflicts)", .dim, width: max(0, box.width - 2))
    y += 1
    let rows = TroubleRow.all(simulation)
    if rows.isEmpty {
      box.text(1, y + 1, "nothing failed, was slow or stale so far", .dim)
      return
    }
    box.inside(box.bounds.inset(top: y)) { list in
      table(["at", "what", "key", "why"], [8, 19, 10, 24], rows.count, row, &list) {
        index, column in
        let cells = VerdictWords.cells(rows[index], simulation)
        return column < cells.count ? .text(cells[column].0, cells[column].1) : .text("", .dim)
      }
    }
  }

  private static func causalNote(_ judge: LiveJudge) -> String {
    if let doubt = judge.causalDoubt { return doubt.text }
    return judge.causalPattern ?? "so far, every client"
  }
}
