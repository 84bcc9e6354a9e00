import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

@Suite struct PromptTests {
  @Test func prompt_action_isInjected() {
    var bench = ReducerBench()
    bench.press(":")
    bench.type("set storage.r 1")
    #expect(bench.press(.enter) == [.inject(.set(path: "storage.r", value: "1"))])
    #expect(bench.state.line == nil)
    #expect(bench.state.history == ["set storage.r 1"])
  }

  /// W under raft: it may be set, and whoever does so is told that nothing happens.
  @Test func prompt_settingThatTheEngineIgnores_saysSo() throws {
    var bench = ReducerBench(try Fixture.cluster(seconds: 1) { $0.storage.engine = .raft })
    bench.press(":")
    bench.type("set storage.w 1")
    #expect(bench.press(.enter) == [.inject(.set(path: "storage.w", value: "1"))])
    #expect(
      bench.state.message?.text
        == "set storage.w 1: no effect, only with leaderless  (u takes it back)")
  }

  @Test func prompt_mistake_saysWhatWouldBeRightAndStays() {
    let cases: [(String, String)] = [
      ("kil n3", "kill"), ("kill n33", "n3"), ("set storage.quorun strict", "storage.quorum"),
      ("set storage.r 99", "1 to 16"), ("paus", "pause"), ("speed 1000", "0.1 to 100"),
      ("select n77", "n7"), ("partition halfs", "halves"),
    ]
    for (text, right) in cases {
      var bench = ReducerBench()
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
    var bench = ReducerBench()
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
    var bench = ReducerBench()
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
    var bench = ReducerBench()
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
    var bench = ReducerBench()
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
