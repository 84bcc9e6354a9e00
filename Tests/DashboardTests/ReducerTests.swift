import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

@Suite struct ReducerTests {
  @Test func quit_everyKeyOfIt_quitsFromAnywhere() {
    for key: Key in ["q", .function(10), .control("c")] {
      var bench = ReducerBench()
      #expect(bench.press(key) == [.quit])
    }
    // While a line is typed q is a letter; ^C and F10 still quit.
    var bench = ReducerBench()
    #expect(bench.press(":", "q") == [])
    #expect(bench.state.line?.input.text == "q")
    #expect(bench.press(.control("c")) == [.quit])
  }

  @Test func time_keys_pauseStepSeekAndSpeed() {
    var bench = ReducerBench()
    #expect(bench.press(".") == [])
    #expect(bench.state.message != nil)
    bench.press(" ")
    #expect(bench.state.isPaused)
    #expect(bench.press(".") == [.step])
    bench.press(" ")
    #expect(!bench.state.isPaused)
    #expect(bench.press("[") == [.seek(.seconds(-1))])
    #expect(bench.state.isPaused)
    #expect(
      bench.press("]", "{", "}") == [
        .seek(.seconds(1)), .seek(.seconds(-10)), .seek(.seconds(10)),
      ])
    #expect(bench.press(.end) == [.seekLive])
    bench.press("+", "+")
    #expect(bench.state.speed == 4)
    bench.press("0")
    #expect(bench.state.speed == 1)
    for _ in 0..<20 { bench.press("+") }
    #expect(bench.state.speed == 100)
    for _ in 0..<30 { bench.press("-") }
    #expect(bench.state.speed == 0.1)
    bench.press("+")
    #expect(bench.state.speed == 0.125)
  }

  @Test func focus_digitsAndTab_walkThePanels() {
    var bench = ReducerBench()
    for (digit, panel) in zip("123456789".unicodeScalars, PanelCatalogue.order(withLesson: false)) {
      bench.press(.character(digit))
      #expect(bench.state.focus == panel)
    }
    bench.press(.tab)
    #expect(bench.state.focus == .ring)
    bench.press(.backTab)
    #expect(bench.state.focus == .topology)
    bench.press("8")
    #expect(bench.state.focus == .load)
    // Where other panels have all the digits it still has a key.
    bench.press("c")
    #expect(bench.state.focus == .topology)
    bench.press("8")
    #expect(bench.state.message == nil)
    bench.press("z")
    #expect(bench.state.isZoomed)
    bench.press(.escape)
    #expect(!bench.state.isZoomed)
  }

  @Test func nodes_moves_selectAndSort() {
    var bench = ReducerBench()
    bench.press("j", .down)
    #expect(bench.state.selectedNode == bench.simulation.storageNodes[2])
    bench.press("k")
    #expect(bench.state.selectedNode == bench.simulation.storageNodes[1])
    bench.press("G")
    #expect(bench.state.selectedNode == bench.simulation.storageNodes[7])
    bench.press("g")
    #expect(bench.state.selectedNode == bench.simulation.storageNodes[0])
    bench.press(">")
    #expect(bench.state.sort.column == .state)
    bench.press("<")
    #expect(bench.state.sort.column == .node)
    bench.press("s")
    #expect(bench.state.sort.isDescending)
    // Turned round, down means towards n1.
    bench.press("G")
    #expect(bench.state.selectedNode == bench.simulation.storageNodes[0])
    bench.press("f")
    bench.type("8")
    bench.press(.enter)
    #expect(bench.state.nodeFilter == "8")
    bench.press(.escape)
    #expect(bench.state.nodeFilter == "")
  }

  @Test func observer_o_seesThroughTheSelectedNode() {
    var bench = ReducerBench()
    bench.press("G", "o")
    #expect(bench.state.observer == bench.simulation.storageNodes[7])
    bench.press("o")
    #expect(bench.state.observer == nil)
  }

  @Test func faults_eachKey_injectsItsActionOnTheSelectedNode() {
    let expected: [(Key, Action)] = [
      ("K", .kill(host: "n3")), ("S", .slow(host: "n3", factor: 10)),
      ("L", .lossy(host: "n3", share: 0.2)), ("Y", .gray(host: "n3")),
      ("C", .coldCache(location: nil)), ("B", .burst(factor: 5, length: .seconds(10))),
      ("H", .hotKey(share: 0.5, length: .seconds(10))),
      ("A", .join(node: "n9", location: nil, weight: 1)), ("D", .decommission(node: "n3")),
    ]
    for (key, action) in expected {
      var bench = ReducerBench()
      bench.press("j", "j")
      #expect(bench.press(key) == [.inject(action)], "\(key)")
      #expect(bench.simulation.actionLog.last?.action == action)
    }
  }

  @Test func kill_again_restarts_andUndoTakesBack() {
    var bench = ReducerBench()
    bench.press("K")
    #expect(bench.host("n1")?.state == .killed)
    bench.press("K")
    #expect(bench.host("n1")?.state == .up)
    bench.press("K")
    #expect(bench.press("u") == [.inject(.restart(host: "n1"))])
    #expect(bench.host("n1")?.state == .up)
    // Both kills are over: nothing is left to take back.
    #expect(bench.press("u") == [])
    #expect(bench.state.message?.kind == .note)
  }

  @Test func undo_everyKindOfChange_restoresWhatWas() {
    var bench = ReducerBench()
    bench.press("P", .enter)
    #expect(
      !bench.simulation.reachable(
        bench.simulation.storageNodes[0], bench.simulation.storageNodes[7]))
    bench.press("L")
    bench.press("u")
    // The lossy link is gone, the partition stands.
    #expect(bench.simulation.activeFaultClocks.map(\.action) == [.partition(.halves)])
    bench.press("u")
    #expect(bench.simulation.activeFaultClocks.isEmpty)
    bench.press("S", "u")
    #expect(bench.host("n1")?.slowFactor == 1)
    bench.press("Y", "u")
    #expect(bench.host("n1")?.gray == false)
    bench.press("3", .right, "-")
    let storage = bench.simulation.settings.storage
    bench.press("u")
    #expect(storage != bench.simulation.settings.storage)
    #expect(bench.simulation.settings == Fixture.running.settings)
  }

  @Test func healAll_manyFaults_endsThemAll() {
    var bench = ReducerBench()
    bench.press("P", "2")
    bench.press("j", "K", "j", "S", "j", "Y", "L")
    bench.press("U")
    #expect(bench.simulation.activeFaultClocks.isEmpty)
    #expect(bench.simulation.storageNodes.allSatisfy { !bench.simulation.host($0).isFaulty })
    #expect(bench.press("U") == [])
  }

  @Test func recover_r_endsTheFaultsOfTheSelectedHost() {
    var bench = ReducerBench()
    bench.press("K")
    #expect(bench.press("r") == [.inject(.recover(host: "n1"))])
    #expect(bench.host("n1")?.state == .up)
  }

  @Test func cache_focused_faultsAimAtTheCacheServer() {
    var bench = ReducerBench()
    bench.press("5", "j")
    #expect(bench.press("K") == [.inject(.kill(host: "c-west"))])
    #expect(bench.press("K") == [.inject(.restart(host: "c-west"))])
  }

  @Test func partition_P_asksForTheCut() {
    var bench = ReducerBench()
    #expect(bench.press("P") == [])
    #expect(bench.state.overlays == [.cut(row: 0)])
    #expect(bench.press(.down, .down, .enter) == [.inject(.partition(.isolate(node: "n1")))])
    #expect(bench.state.overlays.isEmpty)
    bench.press("P", .escape)
    #expect(bench.state.overlays.isEmpty)
    #expect(bench.press("P", "6") == [.inject(.partition(.oneWay))])
  }

  @Test func quorum_panel_plusAndMinusChangeTheChosenNumber() {
    var bench = ReducerBench()
    bench.press("3")
    #expect(bench.state.quorumField == .r)
    #expect(bench.press("-") == [.inject(.set(path: "storage.r", value: "1"))])
    bench.press("-")
    #expect(bench.simulation.settings.storage.r == 1)
    #expect(bench.state.message?.kind == .error)
    bench.press(.right)
    #expect(bench.press("+") == [.inject(.set(path: "storage.w", value: "3"))])
    bench.press(.right)
    #expect(bench.press("+") == [.inject(.set(path: "storage.n", value: "4"))])
    // Elsewhere the same keys are the speed.
    bench.press("2", "+")
    #expect(bench.state.speed == 2)
  }
}
