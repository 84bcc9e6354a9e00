import CellUI
import ClusterSim
import Scenarios
import Testing

@testable import Dashboard

@Suite struct FooterTests {
  /// A click on a key that a message has pushed aside means the key that is seen there.
  @Test func click_besideAMessage_meansWhatIsSeen() throws {
    var bench = ReducerBench()
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
