import ClusterSim
import Consistency

/// The whole simulation under the assumptions of WARS, held against the prediction.
public enum WARSComparison {
  /// Standard errors that chance may add to what is allowed: of some hundred comparisons in a bench
  /// one in a thousand would go beyond.
  private static let errors = 4.5

  /// What differs by more than it may: P(consistent at t) by `share`, a latency's p50 and p99.9 by
  /// the parts of it, and by what so many operations leave to chance. Nil where nothing does.
  public static func difference(
    _ run: WARSRun, _ fit: PublishedFit, r: Int, w: Int, _ times: [Double], share: Double = 0.003,
    median: Double = 0.01, tail: Double = 0.03
  ) -> String? {
    var prediction = QuorumPrediction(n: 3, r: r, w: w, model: fit.model, seed: 1)
    let trials = 400_000
    prediction.run(trials: trials)
    for (place, (time, found)) in zip(times, run.consistent).enumerated() {
      let right = prediction.consistent(at: time)
      let variance = right * (1 - right) * (1 / Double(run.reads[place]) + 1 / Double(trials))
      if abs(found - right) > share + errors * variance.squareRoot() {
        return "P at \(time) ms is \(found), predicted \(right)"
      }
    }
    let read = QuorumLatency(readOf: fit.model, n: 3, r: r)
    let write = QuorumLatency(writeOf: fit.model, n: 3, w: w)
    let count = Double(run.reads.reduce(0, +))
    for (probability, most) in [(0.5, median), (0.999, tail)] {
      // Between these shares of the operations found the true quantile lies.
      let chance = errors * (probability * (1 - probability) / count).squareRoot()
      for (name, found, right) in [
        ("read", run.readQuantile, read.quantile(probability)),
        ("write", run.writeQuantile, write.quantile(probability)),
      ] {
        let low = found(max(0, probability - chance))
        let high = found(min(1, probability + chance))
        if right * (1 + most) < low || right * (1 - most) > high {
          return "\(name) p\(probability * 100) is \(found(probability)) ms, predicted \(right)"
        }
      }
    }
    return nil
  }
}
