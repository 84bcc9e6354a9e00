import ClusterSim
import Consistency
import Testing

@testable import Scenarios

/// facts.md section 10: the full simulation with the delays of a fit agrees with `predict`.
@Suite struct WARSTests {
  /// The large one, with .005, 1 % and 3 %: `clustertop bench wars --operations 3000000` (release).
  @Test func fullSimulation_twoFits_agreesWithPrediction() {
    for (delays, fit) in [
      (ReplicaDelays.linkedInSSD, PublishedFit.linkedInSSD), (.linkedInDisk, .linkedInDisk),
    ] {
      let run = WARSRun(
        delays, n: 3, r: 1, w: 1, after: [.zero, .milliseconds(10)], trials: 20_000, seed: 1)
      // Four standard errors of 20 000 reads; a latency's tail of one in a thousand is 40 of them.
      let difference = WARSComparison.difference(
        run, fit, r: 1, w: 1, [0, 10], share: 4 * (0.25 / 20_000).squareRoot(), median: 0.02,
        tail: 0.25)
      #expect(difference == nil, "\(fit.rawValue): \(difference ?? "")")
    }
  }
}
