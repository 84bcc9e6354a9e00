import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

@Suite struct OverlayTests {
  @Test func consistency_w_opensAViolation_andEscapeGoesBackOneLevel() {
    var bench = ReducerBench()
    #expect(bench.simulation.judge.linearizable == .no, "the caches of the fixture are stale")
    bench.press("w")
    #expect(bench.state.overlays == [.consistency(row: 0)])
    bench.press(.enter)
    #expect(bench.state.overlays.last == .details(.violation(0), offset: 0))
    bench.press(.escape)
    #expect(bench.state.overlays == [.consistency(row: 0)])
    bench.press(.escape)
    #expect(bench.state.overlays.isEmpty)
  }

  @Test func help_typed_filtersAndEnterRuns() {
    var bench = ReducerBench()
    bench.press("?")
    bench.type("twice the speed")
    let rows = HelpRows.records(focus: .nodes, filter: "twice the speed")
    #expect(rows.map(\.intent) == [.faster])
    bench.press(.enter)
    #expect(bench.state.speed == 2)
    #expect(bench.state.overlays.isEmpty)
  }

  @Test func faultMenu_enter_writesTheActionOnThePrompt() {
    var bench = ReducerBench()
    bench.press("x")
    let row = FaultCatalogue.all.firstIndex { $0.verb == "freeze" } ?? 0
    for _ in 0..<row { bench.press(.down) }
    bench.press(.enter)
    #expect(bench.state.line?.input.text == "freeze n1")
    #expect(bench.press(.enter) == [.inject(.freeze(host: "n1"))])
    #expect(bench.press("x", "K") == [.inject(.kill(host: "n1"))])
  }

  @Test func settings_enter_editsThroughSet() {
    var bench = ReducerBench()
    bench.press(",")
    bench.type("storage.w")
    bench.press(.enter)
    #expect(bench.state.line?.input.text == "set storage.w 2")
    bench.press(.backspace)
    bench.type("3")
    #expect(bench.press(.enter) == [.inject(.set(path: "storage.w", value: "3"))])
    // Back in the list, and out.
    #expect(bench.state.top?.kind == .settings)
    bench.press(.escape)
    #expect(bench.state.overlays.isEmpty)
  }

  @Test func details_enterAndEscape_openAndCloseInEveryPanel() {
    for panel in PanelID.allCases {
      var bench = ReducerBench()
      try? bench.simulation.inject(.kill(host: "n2"))
      bench.state.focus = panel
      bench.press(.enter)
      #expect(bench.state.overlays.count == 1, "\(panel)")
      bench.press(.down, .pageDown, .escape)
      #expect(bench.state.overlays.isEmpty, "\(panel)")
    }
  }

  @Test func mouse_clicks_selectPanelsAndRows() throws {
    var bench = ReducerBench()
    let layout = Layout(
      bench.around.size, focus: .nodes, isZoomed: false, preset: 0, withLesson: false)
    let nodes = try #require(layout.place(of: .nodes))
    bench.state.focus = .ring
    // Below the header the third row is n3.
    bench.press(.mouse(MouseEvent(.click, x: nodes.inner.x + 5, y: nodes.inner.y + 3)))
    #expect(bench.state.focus == .nodes)
    #expect(bench.state.selectedNode == bench.simulation.hostID(named: "n3"))
    bench.press(.mouse(MouseEvent(.wheelDown, x: nodes.inner.x + 5, y: nodes.inner.y + 3)))
    #expect(bench.state.selectedNode == bench.simulation.hostID(named: "n4"))
    // The footer's keys can be clicked.
    #expect(bench.press(.mouse(MouseEvent(.click, x: 7, y: 39))) == [.quit])
    bench.press(.mouse(MouseEvent(.click, x: 30, y: 0)))
    #expect(bench.state.isPaused)
    #expect(bench.press("m") == [.setMouse(false)])
  }

  @Test func lesson_digitsAndEnter_answer() throws {
    let scenario = try #require(try Catalogue.builtIn("partition-cost"))
    var bench = ReducerBench(try Simulation(scenario.configuration))
    var runner = LessonRunner(try #require(scenario.lesson))
    bench.around.lesson = runner
    AppReducer.lessonStarted(&bench.state)
    #expect(bench.state.focus == .lesson)
    bench.press("i")
    #expect(bench.state.hintStep == 0)
    bench.press(.enter)
    bench.type("40%")
    #expect(bench.press(.enter) == [.lesson(.predict(.number(0.4)))])
    runner.predict(.number(0.4))
    bench.around.lesson = runner
    // Nothing is asked any more: digits are panels again.
    bench.press("1")
    #expect(bench.state.focus == .ring)
    bench.press("7")
    #expect(bench.state.focus == .lesson)
    #expect(bench.press("R") == [.lesson(.restart)])
  }
}
