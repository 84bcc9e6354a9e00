/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014; constants of Vigna's `splitmix64.c`): spreads a
/// seed over the state of the stream.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// One independent stream of random numbers: xoshiro256** 1.0 (Blackman and Vigna 2018).
///
/// Every purpose (network, workload, each node) draws from its own stream, so a message more or
/// less does not shift the others. Own drawing functions throughout: those of the standard library
/// may change between releases, and a run must not.
public struct RandomStream: Hashable, Sendable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  /// The stream of one purpose and, where a purpose has several, one index. For a fixed seed and
  /// purpose no two indices share a state: each step of the seeding is a bijection.
  public init(seed: UInt64, purpose: UInt64, index: UInt64 = 0) {
    var bySeed = SplitMix64(seed: seed)
    var byPurpose = SplitMix64(seed: bySeed.next() ^ purpose)
    var byIndex = SplitMix64(seed: byPurpose.next() ^ index)
    self.init(state: (byIndex.next(), byIndex.next(), byIndex.next(), byIndex.next()))
  }

  /// The generator at a given state, which must not be all zero.
  init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(state.0 | state.1 | state.2 | state.3 != 0, "xoshiro256** needs a state")
    (s0, s1, s2, s3) = state
  }

  /// The next 64 random bits.
  @inline(__always)
  public mutating func next() -> UInt64 {
    let product = s1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// Uniform in 0..<n without bias (Lemire 2019); `n` must be positive.
  @inline(__always)
  public mutating func below(_ n: UInt32) -> UInt32 {
    precondition(n > 0)
    var product = UInt64(UInt32(truncatingIfNeeded: next() >> 32)) &* UInt64(n)
    if UInt32(truncatingIfNeeded: product) < n {
      let threshold = (0 &- n) % n
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(UInt32(truncatingIfNeeded: next() >> 32)) &* UInt64(n)
      }
    }
    return UInt32(truncatingIfNeeded: product >> 32)
  }

  /// Uniform in 0..<n without bias (Lemire 2019); `n` must be positive.
  @inline(__always)
  public mutating func below(_ n: Int) -> Int {
    precondition(n > 0)
    let bound = UInt64(n)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = next().multipliedFullWidth(by: bound)
      }
    }
    return Int(truncatingIfNeeded: product.high)
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  @inline(__always)
  public mutating func unit() -> Double {
    Double(Int64(bitPattern: next() >> 11)) * 0x1p-53
  }

  /// True with probability numerator / denominator, exactly. Ratios below 0 or above 1 are errors
  /// of the caller.
  @inline(__always)
  public mutating func chance(_ numerator: Int, _ denominator: Int) -> Bool {
    precondition(numerator >= 0 && numerator <= denominator)
    return below(denominator) < numerator
  }

  /// One element, each equally likely; the collection must not be empty.
  @inline(__always)
  public mutating func pick<C: RandomAccessCollection>(_ elements: C) -> C.Element {
    elements[elements.index(elements.startIndex, offsetBy: below(elements.count))]
  }

  /// Every order equally likely (Fisher and Yates, from the end).
  @inline(__always)
  public mutating func shuffle<C: RandomAccessCollection & MutableCollection>(_ elements: inout C) {
    var end = elements.count
    while end > 1 {
      let chosen = below(end)
      end -= 1
      elements.swapAt(
        elements.index(elements.startIndex, offsetBy: chosen),
        elements.index(elements.startIndex, offsetBy: end))
    }
  }

  /// Exponential with mean 1, by inversion: one draw, at most 36.8.
  @inline(__always)
  public mutating func exponential() -> Double {
    UnitLogarithm.negative(Int64(bitPattern: next() >> 11) &+ 1)
  }

  /// Standard normal, by Marsaglia's polar method; the second value is given up so that the stream
  /// has no memory beside its state.
  public mutating func gaussian() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square < 1 && square > 0 {
        return x * (-2 * Elementary.log(square) / square).squareRoot()
      }
    }
  }
}
