import Glibc
import Testing

@testable import ClusterSim

@Suite struct DistributionTests {
  private static let all: [Distribution] = [
    .constant(.milliseconds(3)), .uniform(.microseconds(500), .microseconds(1500)),
    .exponential(.milliseconds(2)), .normal(.milliseconds(5), .milliseconds(1)),
    .normal(.milliseconds(1), .milliseconds(1)), .lognormal(.milliseconds(1), sigma: 0.5),
    .pareto(.milliseconds(1), alpha: 3.5),
    Distribution(0.25, .exponential(.milliseconds(1)), else: .pareto(.milliseconds(3), alpha: 3.5)),
  ]

  @Test func samples_haveTheMeanThatIsStated() {
    var stream = RandomStream(seed: 1, purpose: 1)
    for distribution in Self.all {
      let draws = 100_000
      let sum = (0..<draws).reduce(0.0) { sum, _ in sum + Double(distribution.sample(&stream)) }
      // The widest relative deviation here is 1 (exponential): five of them over sqrt(draws).
      #expect(abs(sum / Double(draws) / distribution.mean - 1) < 0.016, "\(distribution)")
    }
  }

  @Test func mean_isThatOfTheTextbook() {
    let millisecond = 1e6
    #expect(Distribution.lognormal(.milliseconds(1), sigma: 0.5).mean == millisecond * exp(0.125))
    #expect(Distribution.pareto(.milliseconds(1), alpha: 3).mean == millisecond * 1.5)
    #expect(Distribution.pareto(.milliseconds(1), alpha: 1).mean == .infinity)
    #expect(Distribution.uniform(.zero, .milliseconds(4)).mean == millisecond * 2)
    // A normal cut at 0 whose mean is 0: the half normal, sqrt(1 / (2 pi)).
    let half = Distribution.normal(.zero, .milliseconds(1)).mean / millisecond
    #expect(abs(half - 0.398942280401) < 1e-9)
  }

  @Test func quantiles_areThoseOfTheFormulas() {
    var stream = RandomStream(seed: 2, purpose: 1)
    // (distribution, bound in ms, probability of a draw at or below it)
    let cases: [(Distribution, Double, Double)] = [
      (.uniform(.milliseconds(1), .milliseconds(3)), 1.5, 0.25),
      (.exponential(.milliseconds(2)), 4, 1 - exp(-2)),
      (.normal(.milliseconds(5), .milliseconds(1)), 6, 0.841345),
      (.normal(.milliseconds(1), .milliseconds(1)), 0, 0.158655),
      (.lognormal(.milliseconds(1), sigma: 0.5), 1, 0.5),
      (.lognormal(.milliseconds(1), sigma: 0.5), exp(0.5), 0.841345),
      (.pareto(.milliseconds(1), alpha: 2.5), 2, 1 - pow(0.5, 2.5)),
      (
        Distribution(
          0.25, .exponential(.milliseconds(2)), else: .uniform(.milliseconds(1), .milliseconds(3))),
        2, 0.25 * (1 - exp(-1)) + 0.75 / 2
      ),
    ]
    for (distribution, bound, probability) in cases {
      var hits = 0
      for _ in 0..<100_000 where Double(distribution.sample(&stream)) <= bound * 1e6 { hits += 1 }
      #expect(abs(Double(hits) / 1e5 - probability) < 0.008, "\(distribution)")
    }
  }

  @Test func samples_areNeverNegativeNorBeyondTheRange() {
    var stream = RandomStream(seed: 3, purpose: 1)
    let wild: [Distribution] = [
      .pareto(.milliseconds(1), alpha: 0.01), .lognormal(.seconds(100), sigma: 50),
      .normal(.milliseconds(1), .seconds(10)),
    ]
    for distribution in wild {
      for _ in 0..<10_000 {
        let sample = distribution.sample(&stream)
        #expect(sample >= 0 && sample <= 1 << 48)
      }
    }
  }

  @Test func uniform_reachesBothEndsAndNothingBeyond() {
    var stream = RandomStream(seed: 4, purpose: 1)
    let die = Distribution.uniform(.nanoseconds(1), .nanoseconds(6))
    let seen = Set((0..<1000).map { _ in die.sample(&stream) })
    #expect(seen == [1, 2, 3, 4, 5, 6])
    #expect(Distribution.uniform(.zero, .zero).sample(&stream) == 0)
  }

  @Test func textForm_isReadBackAsTheSameValue() throws {
    for distribution in Self.all {
      #expect(try Distribution.parse(distribution.description).get() == distribution)
    }
    #expect(
      Distribution.normal(.milliseconds(5), .microseconds(1500)).description == "normal 5ms 1.5ms")
  }

  @Test func parse_readsEveryForm() throws {
    let cases: [(String, Distribution)] = [
      ("constant 1ms", .constant(.milliseconds(1))), ("2ms", .constant(.milliseconds(2))),
      ("uniform 0.5ms 1.5ms", .uniform(.microseconds(500), .microseconds(1500))),
      ("exponential 2us", .exponential(.microseconds(2))),
      ("  normal  5s 1m ", .normal(.seconds(5), .seconds(60))),
      ("lognormal 1ms 0.5", .lognormal(.milliseconds(1), sigma: 0.5)),
      ("pareto 7ns 2.5", .pareto(.nanoseconds(7), alpha: 2.5)),
      (
        "mix 90% 1ms else pareto 5ms 2",
        Distribution(0.9, .constant(.milliseconds(1)), else: .pareto(.milliseconds(5), alpha: 2))
      ),
    ]
    for (text, expected) in cases { #expect(try Distribution.parse(text).get() == expected) }
  }

  @Test func parse_saysWhatIsWrongAndWhatWouldBeRight() {
    let cases = [
      ("", "no distribution given", "exponential MEAN"),
      ("gamma 1ms", "`gamma` is no distribution", "uniform LOW HIGH"),
      ("uniform 1ms", "`uniform 1ms` is incomplete", "`uniform LOW HIGH`"),
      ("uniform 2ms 1ms", "ends before it begins", "`uniform LOW HIGH`"),
      ("constant 1ms 2ms", "`2ms` is one word too many", "`constant SPAN`"),
      ("exponential 5", "`5` is no length of time", "ns, us, ms, s or m"),
      ("pareto 1ms 0", "`0` does not fit", "alpha from 0.5 to 1000.0"),
      ("pareto 1ms 1e-9", "`1e-9` does not fit", "alpha from 0.5 to 1000.0"),
      ("pareto 1ms inf", "`inf` does not fit", "alpha from 0.5 to 1000.0"),
      ("lognormal 1ms -1", "`-1` does not fit", "sigma from 0.0 to 5.0"),
      ("lognormal 1ms nan", "`nan` does not fit", "sigma from 0.0 to 5.0"),
      ("lognormal 1ms 5.1", "`5.1` does not fit", "sigma from 0.0 to 5.0"),
      ("61s", "`61s` is out of range", "0s to 60s"),
      ("exponential 1e300s", "`1e300s` is no length of time", "ns, us, ms, s or m"),
      ("exponential 99999999999999999999s", "is too long", "less than 292 years"),
      ("normal 1ms 61s", "`61s` is out of range", "0s to 60s"),
      ("uniform 1ms 2m", "`2m` is out of range", "0s to 60s"),
      ("lognormal 2m 1", "`2m` is out of range", "0s to 60s"),
      ("pareto 2m 2", "`2m` is out of range", "0s to 60s"),
      ("mix 0.5 1ms else exponential 2m", "`2m` is out of range", "0s to 60s"),
      ("mix 90% 1ms", "`mix 90% 1ms` is incomplete", "else FORM"),
      ("mix 2 1ms else 2ms", "`2` is no share", "else FORM"),
      ("mix 0.5 1ms else", "no distribution given", "uniform LOW HIGH"),
      ("mix else", "`else` is no share", "else FORM"),
    ]
    for (text, problem, expected) in cases {
      guard case .failure(let found) = Distribution.parse(text) else {
        Issue.record("`\(text)` was read")
        continue
      }
      #expect(found.problem.contains(problem), "\(found)")
      #expect(found.expected.contains(expected), "\(found)")
    }
  }
}
