import ClusterSim
import Consistency

/// The whole simulation under the assumptions of WARS, held against the prediction.
public enum WARSComparison {
  /// What differs by more than it may: P(consistent at t) by `share`, a latency's p50 and p99.9 by
  /// the parts of it. Nil where nothing does.
  public static func difference(
    _ run: WARSRun, _ fit: PublishedFit, r: Int, w: Int, _ times: [Double], share: Double = 0.005,
    median: Double = 0.01, tail: Double = 0.03
  ) -> String? {
    var prediction = QuorumPrediction(n: 3, r: r, w: w, model: fit.model, seed: 1)
    prediction.run(trials: 400_000)
    for (time, found) in zip(times, run.consistent) {
      let right = prediction.consistent(at: time)
      if abs(found - right) > share { return "P at \(time) ms is \(found), predicted \(right)" }
    }
    let read = QuorumLatency(readOf: fit.model, n: 3, r: r)
    let write = QuorumLatency(writeOf: fit.model, n: 3, w: w)
    for (probability, most) in [(0.5, median), (0.999, tail)] {
      for (name, found, right) in [
        ("read", run.readQuantile(probability), read.quantile(probability)),
        ("write", run.writeQuantile(probability), write.quantile(probability)),
      ] where abs(found - right) > most * right {
        return "\(name) p\(probability * 100) is \(found) ms, predicted \(right)"
      }
    }
    return nil
  }
}
