import Glibc
import Testing

@testable import ClusterSim

@Suite struct RandomStreamTests {
  @Test func splitMix64_givesTheReferenceOutputs() {
    // Published with Vigna's splitmix64.c for seed 1234567 (Rosetta Code "Pseudo-random
    // numbers/Splitmix64").
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  @Test func xoshiro256StarStar_givesTheReferenceOutputs() {
    // The first outputs of Blackman and Vigna's xoshiro256starstar.c at the state {1, 2, 3, 4},
    // as the tests of Rust's rand_xoshiro record them.
    var stream = RandomStream(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
      607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
      10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
    ]
    #expect(expected.map { _ in stream.next() } == expected)
  }

  @Test func streams_ofOtherSeedsPurposesAndIndices_differ() {
    var first: Set<UInt64> = []
    for seed in 0..<10 as Range<UInt64> {
      for purpose in 0..<10 as Range<UInt64> {
        for index in 0..<10 as Range<UInt64> {
          var stream = RandomStream(seed: seed, purpose: purpose, index: index)
          first.insert(stream.next())
        }
      }
    }
    #expect(first.count == 1000)
  }

  @Test func below_isUniformAndInRange() {
    var stream = RandomStream(seed: 1, purpose: 1)
    for n in [1, 2, 3, 7, 10, 1000] {
      var narrow = [Int](repeating: 0, count: n)
      var wide = narrow
      let draws = 2000 * n
      for _ in 0..<draws {
        narrow[Int(stream.below(UInt32(n)))] += 1
        wide[stream.below(n)] += 1
      }
      // Six standard deviations of a count that is 2000 in the mean.
      for count in narrow + wide { #expect(abs(count - 2000) <= 270) }
    }
  }

  @Test func below_hasNoBiasWhereTheRangeDoesNotDivideTheWord() {
    // 3 x 2^30 of 2^32: without rejection every third value would come twice as often.
    var stream = RandomStream(seed: 2, purpose: 1)
    let n: UInt32 = 3 << 30
    var residues = [0, 0, 0]
    for _ in 0..<30_000 { residues[Int(stream.below(n) % 3)] += 1 }
    for count in residues { #expect(abs(count - 10_000) < 500) }
  }

  @Test func units_keepTheirBounds() {
    var stream = RandomStream(seed: 3, purpose: 1)
    var sum = 0.0
    for _ in 0..<100_000 {
      let unit = stream.unit()
      #expect(unit >= 0 && unit < 1)
      sum += unit
    }
    // A uniform's sd is 0.289, that of the mean of 100 000 draws 0.00091.
    #expect(abs(sum / 100_000 - 0.5) < 0.0046)
  }

  @Test func chance_hitsItsRatioAndIsCertainAtTheEnds() {
    var stream = RandomStream(seed: 4, purpose: 1)
    var hits = 0
    for _ in 0..<100_000 { hits += stream.chance(3, 10) ? 1 : 0 }
    #expect(abs(hits - 30_000) < 5 * 145)
    for _ in 0..<1000 { #expect(!stream.chance(0, 10) && stream.chance(10, 10)) }
  }

  @Test func shuffle_reachesEveryOrderAlike() {
    var stream = RandomStream(seed: 5, purpose: 1)
    var orders: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var items = [0, 1, 2, 3]
      stream.shuffle(&items)
      orders[items, default: 0] += 1
    }
    #expect(orders.count == 24)
    for count in orders.values { #expect(abs(count - 1000) < 160) }
  }

  @Test func pick_choosesEachElementAlike() {
    var stream = RandomStream(seed: 6, purpose: 1)
    var counts = [0, 0, 0]
    for _ in 0..<30_000 { counts[stream.pick([0, 1, 2][...])] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 500) }
  }

  @Test func exponentialAndGaussian_haveTheirMoments() {
    var stream = RandomStream(seed: 7, purpose: 1)
    let draws = 200_000
    var (sum, squares, beyond) = (0.0, 0.0, 0)
    for _ in 0..<draws {
      let value = stream.exponential()
      #expect(value >= 0)
      sum += value
      squares += value * value
      beyond += value > 3 ? 1 : 0
    }
    #expect(abs(sum / Double(draws) - 1) < 0.012)
    #expect(abs(squares / Double(draws) - 2) < 0.06)
    #expect(abs(Double(beyond) / Double(draws) - exp(-3)) < 0.0025)
    (sum, squares, beyond) = (0, 0, 0)
    for _ in 0..<draws {
      let value = stream.gaussian()
      sum += value
      squares += value * value
      beyond += value > 1.959964 ? 1 : 0
    }
    #expect(abs(sum / Double(draws)) < 0.012)
    #expect(abs(squares / Double(draws) - 1) < 0.017)
    #expect(abs(Double(beyond) / Double(draws) - 0.025) < 0.0018)
  }

  @Test func elementary_agreesWithTheLibraryToTheLastPlaces() {
    var stream = RandomStream(seed: 8, purpose: 1)
    for _ in 0..<50_000 {
      let x = Elementary.exp((stream.unit() - 0.5) * 1400)
      let logarithm = Elementary.log(x)
      #expect(abs(logarithm - log(x)) <= 2 * log(x).ulp)
      let power = exp(logarithm)
      #expect(abs(Elementary.exp(logarithm) - power) <= 2 * power.ulp)
    }
    #expect(Elementary.log(1) == 0 && Elementary.exp(0) == 1)
    #expect(Elementary.exp(-1000) == 0 && Elementary.exp(1000) == .infinity)
  }
}
