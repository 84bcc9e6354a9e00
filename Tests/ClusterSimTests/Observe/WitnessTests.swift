import Consistency
import Testing

@testable import ClusterSim

@Suite struct WitnessTests {
  /// `clustertop run … --history FILE`: what a violation names is found in that line of the file.
  @Test func violations_nameTheLinesOfTheExportedHistory() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, seed: 7,
      [
        ("cache.enabled", "false"), ("storage.r", "1"), ("storage.w", "1"),
        ("workload.keys", "20"), ("workload.read_share", "60%"),
      ])
    sim.recordHistory(limit: 100_000)
    sim.run(seconds: 4)
    let history = sim.takeHistory()
    let violations = sim.judge.violations
    #expect(violations.count > 3)
    for violation in violations {
      for operation in violation.operations {
        let line = try #require(history.indices.contains(operation.line - 1) ? operation.line : nil)
        let event = history[line - 1]
        #expect(event.kind == .invoke && event.function == operation.function)
        #expect(event.process == operation.process && event.time == operation.invokeTime)
        #expect(event.key == sim.keyName(violation.key))
      }
    }
  }
}
