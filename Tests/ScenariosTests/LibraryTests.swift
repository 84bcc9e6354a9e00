import ClusterSim
import Testing

@testable import Scenarios

/// Each built-in scenario as `clustertop run NAME` plays it.
@Suite struct LibraryTests {
  @Test(arguments: Catalogue.names)
  func builtIn_meetsItsObjectives(_ name: String) throws {
    let scenario = try #require(try Catalogue.builtIn(name))
    guard scenario.lesson == nil else { return }
    var run = try ScenarioRun(scenario)
    while !run.isFinished { run.advance() }
    run.finish()
    #expect(run.refused.isEmpty, "actions that were refused: \(run.refused)")
    for objective in run.objectives {
      #expect(objective.isMet == true, "\(name): \(objective.condition.text)")
    }
  }
}
