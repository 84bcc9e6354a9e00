import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

/// A state, a cluster and keys pressed on them; injected actions take effect at once.
private struct Bench {
  var state = AppState()
  var simulation: Simulation
  var around = Surroundings(size: Size(width: 120, height: 40))
  var commands: [AppCommand] = []

  init(_ simulation: Simulation = Fixture.running) { self.simulation = simulation }

  @discardableResult
  mutating func press(_ keys: Key...) -> [AppCommand] {
    commands = []
    for key in keys {
      let new = AppReducer.reduce(&state, key, simulation, around)
      commands += new
      for case .inject(let action) in new {
        do { try simulation.inject(action) } catch {
          AppReducer.refused(&state, action, error)
        }
      }
    }
    return commands
  }

  mutating func type(_ text: String) {
    for scalar in text.unicodeScalars { press(.character(scalar)) }
  }

  func host(_ name: String) -> HostView? {
    simulation.hostID(named: name).map { simulation.host($0) }
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {
  public init(unicodeScalarLiteral value: Unicode.Scalar) { self = .character(value) }
}

@Suite struct ReducerTests {
  @Test func quit_everyKeyOfIt_quitsFromAnywhere() {
    for key: Key in ["q", .function(10), .control("c")] {
      var bench = Bench()
      #expect(bench.press(key) == [.quit])
    }
    // While a line is typed q is a letter; ^C and F10 still quit.
    var bench = Bench()
    #expect(bench.press(":", "q") == [])
    #expect(bench.state.line?.input.text == "q")
    #expect(bench.press(.control("c")) == [.quit])
  }

  @Test func time_keys_pauseStepSeekAndSpeed() {
    var bench = Bench()
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
    var bench = Bench()
    for (digit, panel) in zip("12345678".unicodeScalars, PanelCatalogue.order(withLesson: false)) {
      bench.press(.character(digit))
      #expect(bench.state.focus == panel)
    }
    bench.press(.tab)
    #expect(bench.state.focus == .ring)
    bench.press(.backTab)
    #expect(bench.state.focus == .load)
    bench.press("9")
    #expect(bench.state.focus == .load)
    #expect(bench.state.message?.kind == .error)
    bench.press("z")
    #expect(bench.state.isZoomed)
    bench.press(.escape)
    #expect(!bench.state.isZoomed)
  }

  @Test func nodes_moves_selectAndSort() {
    var bench = Bench()
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
    var bench = Bench()
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
      var bench = Bench()
      bench.press("j", "j")
      #expect(bench.press(key) == [.inject(action)], "\(key)")
      #expect(bench.simulation.actionLog.last?.action == action)
    }
  }

  @Test func kill_again_restarts_andUndoTakesBack() {
    var bench = Bench()
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
    var bench = Bench()
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
    var bench = Bench()
    bench.press("P", "2")
    bench.press("j", "K", "j", "S", "j", "Y", "L")
    bench.press("U")
    #expect(bench.simulation.activeFaultClocks.isEmpty)
    #expect(bench.simulation.storageNodes.allSatisfy { !bench.simulation.host($0).isFaulty })
    #expect(bench.press("U") == [])
  }

  @Test func recover_r_endsTheFaultsOfTheSelectedHost() {
    var bench = Bench()
    bench.press("K")
    #expect(bench.press("r") == [.inject(.recover(host: "n1"))])
    #expect(bench.host("n1")?.state == .up)
  }

  @Test func cache_focused_faultsAimAtTheCacheServer() {
    var bench = Bench()
    bench.press("5", "j")
    #expect(bench.press("K") == [.inject(.kill(host: "c-west"))])
    #expect(bench.press("K") == [.inject(.restart(host: "c-west"))])
  }

  @Test func partition_P_asksForTheCut() {
    var bench = Bench()
    #expect(bench.press("P") == [])
    #expect(bench.state.overlays == [.cut(row: 0)])
    #expect(bench.press(.down, .down, .enter) == [.inject(.partition(.isolate(node: "n1")))])
    #expect(bench.state.overlays.isEmpty)
    bench.press("P", .escape)
    #expect(bench.state.overlays.isEmpty)
    #expect(bench.press("P", "6") == [.inject(.partition(.oneWay))])
  }

  @Test func quorum_panel_plusAndMinusChangeTheChosenNumber() {
    var bench = Bench()
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

@Suite struct PromptTests {
  @Test func prompt_action_isInjected() {
    var bench = Bench()
    bench.press(":")
    bench.type("set storage.r 1")
    #expect(bench.press(.enter) == [.inject(.set(path: "storage.r", value: "1"))])
    #expect(bench.state.line == nil)
    #expect(bench.state.history == ["set storage.r 1"])
  }

  @Test func prompt_mistake_saysWhatWouldBeRightAndStays() {
    let cases: [(String, String)] = [
      ("kil n3", "kill"), ("kill n33", "n3"), ("set storage.quorun strict", "storage.quorum"),
      ("set storage.r 99", "1 to 16"), ("paus", "pause"), ("speed 1000", "0.1 to 100"),
      ("select n77", "n7"), ("partition halfs", "halves"),
    ]
    for (text, right) in cases {
      var bench = Bench()
      bench.press(":")
      bench.type(text)
      #expect(bench.press(.enter) == [], "\(text)")
      #expect(
        bench.state.line?.error?.contains(right) == true,
        "\(text): \(bench.state.line?.error ?? "")")
      #expect(bench.state.line?.input.text == text)
    }
  }

  @Test func prompt_tab_completes() {
    var bench = Bench()
    bench.press(.control("p"))
    bench.type("ki")
    bench.press(.tab)
    #expect(bench.state.line?.input.text == "kill ")
    bench.type("c-w")
    bench.press(.tab)
    #expect(bench.state.line?.input.text == "kill c-west ")
    #expect(bench.press(.enter) == [.inject(.kill(host: "c-west"))])
    bench.press(":", .up)
    #expect(bench.state.line?.input.text == "kill c-west")
  }

  @Test func prompt_chosenCompletion_runsWhenWhole() {
    var bench = Bench()
    bench.press(":")
    bench.type("kill n")
    bench.press(.down, .down)
    #expect(bench.press(.enter) == [.inject(.kill(host: "n2"))])
    bench.press(":")
    bench.type("set")
    bench.press(.down, .enter)
    #expect(bench.state.line?.input.text == "set ")
  }

  @Test func prompt_words_doWhatTheKeysDo() {
    var bench = Bench()
    bench.press(":")
    bench.type("pause")
    bench.press(.enter)
    #expect(bench.state.isPaused)
    bench.press(":")
    bench.type("speed 0.5")
    bench.press(.enter)
    #expect(bench.state.speed == 0.5)
    bench.press(":")
    bench.type("follow user:7")
    bench.press(.enter)
    #expect(bench.state.followedKey == "user:7")
    bench.press(":", .escape)
    #expect(bench.state.line == nil)
  }

  @Test func search_slash_findsNodesAndKeys() {
    var bench = Bench()
    bench.press("/")
    bench.type("n5")
    bench.press(.enter)
    #expect(bench.state.selectedNode == bench.simulation.hostID(named: "n5"))
    bench.press("/")
    bench.type("user:42")
    bench.press(.enter)
    #expect(bench.state.followedKey == "user:42")
  }
}

@Suite struct OverlayTests {
  @Test func help_typed_filtersAndEnterRuns() {
    var bench = Bench()
    bench.press("?")
    bench.type("twice the speed")
    let rows = HelpRows.records(focus: .nodes, filter: "twice the speed")
    #expect(rows.map(\.intent) == [.faster])
    bench.press(.enter)
    #expect(bench.state.speed == 2)
    #expect(bench.state.overlays.isEmpty)
  }

  @Test func faultMenu_enter_writesTheActionOnThePrompt() {
    var bench = Bench()
    bench.press("x")
    let row = FaultCatalogue.all.firstIndex { $0.verb == "freeze" } ?? 0
    for _ in 0..<row { bench.press(.down) }
    bench.press(.enter)
    #expect(bench.state.line?.input.text == "freeze n1")
    #expect(bench.press(.enter) == [.inject(.freeze(host: "n1"))])
    #expect(bench.press("x", "K") == [.inject(.kill(host: "n1"))])
  }

  @Test func settings_enter_editsThroughSet() {
    var bench = Bench()
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
      var bench = Bench()
      try? bench.simulation.inject(.kill(host: "n2"))
      bench.state.focus = panel
      bench.press(.enter)
      #expect(bench.state.overlays.count == 1, "\(panel)")
      bench.press(.down, .pageDown, .escape)
      #expect(bench.state.overlays.isEmpty, "\(panel)")
    }
  }

  @Test func mouse_clicks_selectPanelsAndRows() throws {
    var bench = Bench()
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
    var bench = Bench(try Simulation(scenario.configuration))
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

@Suite struct FooterTests {
  /// A click on a key that a message has pushed aside means the key that is seen there.
  @Test func click_besideAMessage_meansWhatIsSeen() throws {
    var bench = Bench()
    bench.press("K")
    #expect(bench.state.message != nil)
    let line = Fixture.draw(bench.simulation, bench.state, width: 120, height: 40).grid.line(39)
    let pause = try #require(line.firstRange(of: "SPCPause"))
    let x = line[..<pause.lowerBound].columns
    #expect(x > 20)
    bench.press(.mouse(MouseEvent(.click, x: x + 1, y: 39)))
    #expect(bench.state.isPaused)
  }
}
