import Testing

@testable import ClusterSim

/// Election times of shared facts, section 7 (dissertation, chapter 9), through the real state
/// machine. The large version: `clustertop bench elections`.
struct RaftElectionTests {
  @Test func splitFormula_publishedValues() {
    for (n, s, l, share) in [
      (5, 4, 0.01, 0.0006), (5, 4, 0.1, 0.052), (5, 4, 0.2, 0.181), (5, 3, 0.2, 0.488),
      (9, 5, 0.1, 0.410), (9, 5, 0.2, 0.672),
    ] {
      let formula = RaftElectionStudy.splitShare(servers: n, alive: s, latency: l)
      #expect(abs(formula - share) < 0.0005, "\(s) of \(n), latency \(l): \(formula)")
    }
  }

  /// Splits, mean times against the formula, the wide area, and figure 16 of the paper.
  @Test func elections_haveThePublishedFigures() {
    let checks = RaftElectionStudy(trials: 500, seed: 1).checks()
    #expect(checks.count == 15)
    for check in checks {
      #expect(
        check.holds,
        "\(check.name): \(check.measured) instead of \(check.expected), within \(check.within)")
    }
  }

  @Test func election_sameSeed_sameOutcome() {
    let conditions = RaftElection.Conditions()
    let times = (0..<3).map { _ in RaftElection.run(conditions, seed: 9).milliseconds }
    #expect(times[0] != nil && times[0] == times[1] && times[1] == times[2])
    #expect(RaftElection.run(conditions, seed: 10).milliseconds != times[0])
  }
}
