import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

/// The panel of the web tier, and the keys that reach its hosts.
@Suite struct PathPanelTests {
  private static func cluster(
    seconds: Double, actions: [(Double, Action)] = []
  ) throws -> Simulation {
    try Fixture.cluster(seconds: seconds, actions: actions) {
      $0.path.servers = 2
      $0.path.workers = 8
    }
  }

  private func draw(_ simulation: Simulation, focus: PanelID = .nodes) -> String {
    var state = AppState()
    state.isPaused = true
    state.focus = focus
    return Fixture.draw(simulation, state, width: 80, height: 24).grid.text
  }

  /// What the balancer believes stands beside the truth, from the kill to the probes' verdict.
  @Test func killedServer_isShownAsBelievedAndAsItIs() throws {
    var simulation = try Self.cluster(seconds: 5, actions: [(4.9, .kill(host: "web2"))])
    // Narrow: the glyph is the belief, the word what is really the matter.
    #expect(draw(simulation).contains("web2 ● killed"))
    simulation.run(until: .zero + .seconds(8))
    #expect(draw(simulation).contains("web2 ✗ killed"))
    try simulation.inject(.restart(host: "web2"))
    #expect(draw(simulation).contains("web2 ✗ out"))
    simulation.run(until: .zero + .seconds(12))
    #expect(draw(simulation).contains("web2 ● used"))
  }

  /// 9 leads to the panel only where there is a tier; the ring is back under 1.
  @Test func digits_leadToTheTier() throws {
    var bench = ReducerBench(try Self.cluster(seconds: 1))
    bench.press("9")
    #expect(bench.state.focus == .path)
    bench.press("1")
    #expect(bench.state.focus == .ring)
    #expect(draw(bench.simulation, focus: .ring).contains("1 Ring"))
  }

  /// The keys of faults act on the chosen balancer or web server, as they do on cache servers.
  @Test func faultKeys_actOnTheChosenHost() throws {
    var bench = ReducerBench(try Self.cluster(seconds: 1))
    bench.press("9")
    #expect(bench.press("K") == [.inject(.kill(host: "lb1"))])
    bench.press("j")
    bench.press("j")
    #expect(bench.press("K") == [.inject(.kill(host: "web2"))])
    #expect(bench.press("S") == [.inject(.slow(host: "web2", factor: 10))])
    bench.press(.enter)
    #expect(bench.state.top == .details(.path(2), offset: 0))
  }

  /// What Enter and "why?" say names the hosts and the waits.
  @Test func details_nameWhatHappened() throws {
    let simulation = try Self.cluster(seconds: 12, actions: [(4.9, .kill(host: "web2"))])
    var cache = DrawCache()
    let scene = Scene(simulation, AppState(), cache: &cache)
    func text(_ detail: Detail) -> String {
      DetailText.lines(detail, scene, width: 100).map(\.text).joined(separator: "\n")
    }
    #expect(text(.path(0)).contains("round-robin: each server in turn"))
    #expect(text(.path(0)).contains("left out, 0 of 2 probes answered, truly killed"))
    #expect(text(.path(2)).contains("Little's law"))
    let lost = try #require(
      simulation.traces.trouble(limit: 500).first { $0.failure == .noAnswer })
    let why = text(.why(lost.number))
    #expect(
      why.contains("to the balancer lb1") && why.contains("the balancer lb1 sends it to web2"))
  }

  /// Without a tier the panel says how to get one, in any size.
  @Test func noTier_saysSo() throws {
    var canvas = Canvas(width: 40, height: 5)
    var cache = DrawCache()
    let scene = Scene(Fixture.running, AppState(), cache: &cache)
    PathPanel.draw(scene, &canvas)
    #expect(canvas.grid.text.contains("no web tier"))
  }
}
