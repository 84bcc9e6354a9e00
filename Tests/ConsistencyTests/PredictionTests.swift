import Glibc
import Testing

@testable import Consistency

/// Against shared/facts.md section 1: the tables of Bailis et al. (VLDB 2012) and an independent
/// Monte Carlo.
struct PredictionTests {
  private static let trials = 100_000

  private func predict(
    _ model: LatencyModel, _ r: Int, _ w: Int, n: Int = 3, trials: Int = trials, seed: UInt64 = 1
  ) -> QuorumPrediction {
    var prediction = QuorumPrediction(n: n, r: r, w: w, model: model, seed: seed)
    prediction.run(trials: trials)
    return prediction
  }

  private func isWithin(_ percent: Double, _ value: Double, of right: Double) -> Bool {
    abs(value - right) <= right * percent / 100
  }

  @Test func latency_allFitsAndQuorums_isTable4Within3Percent() {
    // 99.9 % latency of reads by R and of writes by W. The table has most of them several times,
    // as a read does not depend on W; these are all the different ones.
    let table: [(PublishedFit, reads: [[Double]], writes: [[Double]])] = [
      (
        .linkedInSSD, [[0.66, 0.65], [1.63, 1.62], [4.14]], [[0.66, 0.65], [1.63, 1.64], [4.09]]
      ),
      (
        .linkedInDisk, [[0.66, 0.65], [1.63, 1.64], [4.12]],
        [[10.99, 10.9, 10.89], [20.97, 20.96], [112.65]]
      ),
      (
        .yammer, [[5.58, 5.61, 5.63], [32.6, 33.18], [219.27]],
        [[10.83, 10.73, 10.79], [427.12, 428.11], [1870.86]]
      ),
      (
        .wideArea, [[3.4, 3.44], [151.3, 151.31], [153.86]],
        [[55.12, 56.36, 55.19], [167.64, 167.72], [241.55]]
      ),
    ]
    for (fit, reads, writes) in table {
      for quorum in 1...3 {
        let read = QuorumLatency(readOf: fit.model, n: 3, r: quorum).quantile(0.999)
        let write = QuorumLatency(writeOf: fit.model, n: 3, w: quorum).quantile(0.999)
        for right in reads[quorum - 1] {
          #expect(isWithin(3, read, of: right), "\(fit) R=\(quorum): \(read), not \(right)")
        }
        for right in writes[quorum - 1] {
          #expect(isWithin(3, write, of: right), "\(fit) W=\(quorum): \(write), not \(right)")
        }
      }
    }
  }

  @Test func yammer_asPrinted_hasTheOtherTail() {
    let model = PublishedFit.yammerAsPrinted.model
    #expect(isWithin(0.5, QuorumLatency(writeOf: model, n: 3, w: 1).quantile(0.999), of: 11.10))
    #expect(abs(predict(model, 1, 1).consistent(at: 0) - 0.887) < 0.003)
  }

  @Test func medians_areThePublishedOnes() {
    let ssd = QuorumLatency(readOf: PublishedFit.linkedInSSD.model, n: 3, r: 1)
    #expect(isWithin(0.5, ssd.quantile(0.5), of: 0.489))
    let disk = QuorumLatency(writeOf: PublishedFit.linkedInDisk.model, n: 3, w: 1)
    #expect(isWithin(0.5, disk.quantile(0.5), of: 1.50))
  }

  /// Draws round trips and sorts them: the definition, without the integral.
  @Test func latency_everyShape_agreesWithDrawing() {
    let shapes: [DelayModel.Shape] = [
      .constant(2), .uniform(1, 3), .exponential(mean: 1.5), .normal(mean: 2, deviation: 1),
      .lognormal(median: 1, sigma: 0.7), .pareto(lowest: 1, alpha: 3),
    ]
    for (place, shape) in shapes.enumerated() {
      let mixed = DelayModel(0.7, shape, else: .exponential(mean: 0.5))
      for (n, quorum, remote) in [(3, 2, 0.0), (5, 1, 0), (3, 1, 4), (3, 3, 4)] {
        let model = LatencyModel(
          write: DelayModel(shape), acknowledgement: mixed, read: mixed,
          response: DelayModel(shape), remote: remote)
        let write = QuorumLatency(writeOf: model, n: n, w: quorum)
        let read = QuorumLatency(readOf: model, n: n, r: quorum)
        var draws = Draws(seed: UInt64(place))
        let count = 20_000
        let drawn = (0..<count).map { _ -> Double in
          (0..<n).map { replica in
            model.write.sample(&draws) + model.acknowledgement.sample(&draws)
              + (replica == 0 ? 0 : 2 * remote)
          }.sorted()[quorum - 1]
        }
        for t in [write.quantile(0.1), write.quantile(0.5), write.quantile(0.99)] {
          let share = Double(drawn.count { $0 <= t }) / Double(count)
          // Three and a half standard errors at most.
          #expect(abs(write.probability(within: t) - share) < 0.0125, "\(shape) \(n) \(quorum)")
        }
        // The legs change places, the sum does not.
        #expect(isWithin(0.2, read.quantile(0.9), of: write.quantile(0.9)), "\(shape)")
      }
    }
  }

  @Test func consistent_atTimes_agreesWithAnIndependentMonteCarlo() {
    let times: [Double] = [0, 5, 10, 50, 100]
    let rows: [(PublishedFit, [Double])] = [
      (.linkedInSSD, [0.9735, 0.99999, 1, 1, 1]),
      (.linkedInDisk, [0.4368, 0.8182, 0.9263, 0.9989, 0.9996]),
      (.yammer, [0.8928, 0.9339, 0.9397, 0.9480, 0.9548]),
      (.wideArea, [0.3338, 0.3338, 0.3339, 0.3379, 0.9961]),
    ]
    for (fit, row) in rows {
      let prediction = predict(fit.model, 1, 1)
      for (time, right) in zip(times, row) {
        let found = prediction.consistent(at: time)
        #expect(abs(found - right) < 0.005, "\(fit) at \(time): \(found), not \(right)")
      }
    }
    let otherQuorums: [(PublishedFit, Int, Int, Double)] = [
      (.linkedInSSD, 1, 2, 0.978), (.linkedInDisk, 1, 2, 0.713), (.yammer, 1, 2, 0.919),
      (.wideArea, 1, 2, 0.9996), (.linkedInSSD, 2, 1, 0.9994), (.linkedInDisk, 2, 1, 0.763),
      (.yammer, 2, 1, 0.991), (.wideArea, 2, 1, 0.859),
    ]
    for (fit, r, w, right) in otherQuorums {
      let found = predict(fit.model, r, w).consistent(at: 0)
      #expect(abs(found - right) < 0.005, "\(fit) R=\(r) W=\(w): \(found), not \(right)")
    }
  }

  @Test func overlappingQuorums_areAlwaysConsistent() {
    for fit in PublishedFit.allCases {
      for (r, w) in [(2, 2), (3, 1), (1, 3)] {
        #expect(predict(fit.model, r, w, trials: 50_000).consistent(at: 0) == 1)
      }
    }
  }

  @Test func timeFor_isWhereTheProbabilityIsReached() {
    // The independent Monte Carlo's t for 99.9 %, R=W=1.
    for (fit, right) in [
      (PublishedFit.linkedInSSD, 1.97), (.linkedInDisk, 52.6), (.wideArea, 115.9),
    ] {
      var prediction = predict(fit.model, 1, 1, trials: 400_000)
      let time = prediction.time(for: 0.999)
      // The standard error of the 1 in 1000 is 5 % of it, of its time less.
      #expect(isWithin(7, time, of: right), "\(fit): \(time), not \(right)")
      #expect(prediction.consistent(at: time) >= 0.999)
      #expect(prediction.consistent(at: time * 0.999) < 0.999)
    }
  }

  @Test func replicas_sweepOnDisk_isThePublishedOne() {
    #expect(
      abs(predict(PublishedFit.linkedInDisk.model, 1, 1, n: 2).consistent(at: 0) - 0.576) < 0.005)
    #expect(
      abs(predict(PublishedFit.linkedInDisk.model, 1, 1, n: 10).consistent(at: 0) - 0.211) < 0.005)
  }

  @Test func exponentialSweep_isFigure5() {
    for (rate, atZero, time) in [(4.0, 0.943, 1.01), (0.1, 0.420, 63.4)] {
      let one = DelayModel(.exponential(mean: 1))
      let model = LatencyModel(write: DelayModel(.exponential(mean: 1 / rate)), others: one)
      var prediction = predict(model, 1, 1, trials: 200_000)
      #expect(abs(prediction.consistent(at: 0) - atZero) < 0.005)
      #expect(isWithin(4, prediction.time(for: 0.999), of: time))
    }
  }

  @Test func twoReplicas_instantOtherLegs_isTheClosedForm() {
    for rate in [0.2, 1, 5] {
      let none = DelayModel(.constant(0))
      let model = LatencyModel(write: DelayModel(.exponential(mean: 1 / rate)), others: none)
      let prediction = predict(model, 1, 1, n: 2)
      // With equal response times the first replica answers; which one is no matter, both are alike.
      for t in [0, 0.3, 1, 4] {
        let right = 1 - exp(-rate * t) / 2
        #expect(abs(prediction.consistent(at: t) - right) < 0.005, "rate \(rate) at \(t)")
      }
    }
  }

  @Test func versionStaleness_isEquation2() {
    for (k, within) in [(1, 1.0 / 3), (2, 5.0 / 9), (3, 19.0 / 27)] {
      #expect(abs(1 - VersionStaleness.stale(n: 3, r: 1, w: 1, k: k) - within) < 1e-12)
    }
    #expect(VersionStaleness.stale(n: 3, r: 1, w: 1, k: 5) < 1 - 0.868)
    #expect(VersionStaleness.stale(n: 3, r: 1, w: 1, k: 10) < 1 - 0.98)
    for (r, w) in [(1, 2), (2, 1)] {
      #expect(abs(VersionStaleness.stale(n: 3, r: r, w: w, k: 1) - 1.0 / 3) < 1e-12)
      #expect(abs(VersionStaleness.stale(n: 3, r: r, w: w, k: 2) - 1.0 / 9) < 1e-12)
      #expect(VersionStaleness.stale(n: 3, r: r, w: w, k: 5) < 0.005)
    }
    #expect(VersionStaleness.stale(n: 3, r: 2, w: 2, k: 1) == 0)
    // C(40,20) / C(60,20): beyond what 64-bit binomials of the naive form hold.
    #expect(isWithin(0.01, VersionStaleness.stale(n: 60, r: 20, w: 20, k: 1), of: 3.2885e-5))
  }

  @Test func trials_inPartsOrAtOnce_areTheSame() {
    let whole = predict(PublishedFit.linkedInDisk.model, 2, 1, trials: 5000, seed: 9)
    var parts = QuorumPrediction(
      n: 3, r: 2, w: 1, model: PublishedFit.linkedInDisk.model, seed: 9)
    for _ in 0..<5 { parts.run(trials: 1000) }
    #expect(whole.consistent(at: 0) == parts.consistent(at: 0))
    var (first, second) = (whole, parts)
    #expect(first.time(for: 0.9) == second.time(for: 0.9))
  }

  @Test func quantile_isTheSortedElement() {
    for seed in 0..<200 {
      var random = Seeded(seed)
      let values = ContiguousArray(
        (0..<(1 + random.below(50))).map { _ in Double(random.below(20)) })
      let sorted = values.sorted()
      for percent in [1, 50, 99, 100] {
        var scratch = values
        let rank = (percent * values.count + 99) / 100 - 1
        #expect(
          QuorumPrediction.quantile(&scratch, Double(percent) / 100) == sorted[rank],
          "seed \(seed)")
      }
    }
  }
}
