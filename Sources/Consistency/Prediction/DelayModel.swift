import Glibc

/// A one-way delay as a mixture of simple distributions, in milliseconds.
public struct DelayModel: Equatable, Sendable {
  public enum Shape: Equatable, Sendable {
    case constant(Double)
    case uniform(Double, Double)
    case exponential(mean: Double)
    /// Draws below 0 are cut to 0.
    case normal(mean: Double, deviation: Double)
    case lognormal(median: Double, sigma: Double)
    /// P(X > x) = (lowest / x)^alpha.
    case pareto(lowest: Double, alpha: Double)
  }

  /// Shapes with the sum of the weights up to and with each; the last is 1.
  let parts: [(upTo: Double, shape: Shape)]

  public init(_ shape: Shape) { parts = [(1, shape)] }

  /// `share` of the delays follow the first shape, the rest the second.
  public init(_ share: Double, _ first: Shape, else second: Shape) {
    parts = [(share, first), (1, second)]
  }

  public static func == (left: DelayModel, right: DelayModel) -> Bool {
    left.parts.elementsEqual(right.parts) { $0.upTo == $1.upTo && $0.shape == $1.shape }
  }

  @inline(__always)
  func sample(_ draws: inout Draws) -> Double {
    if parts.count == 1 { return Self.sample(parts[0].shape, &draws) }
    let chosen = draws.unit()
    for part in parts where chosen < part.upTo { return Self.sample(part.shape, &draws) }
    return Self.sample(parts[parts.count - 1].shape, &draws)
  }

  @inline(__always)
  private static func sample(_ shape: Shape, _ draws: inout Draws) -> Double {
    switch shape {
    case .constant(let value): value
    case .uniform(let low, let high): low + (high - low) * draws.unit()
    case .exponential(let mean): mean * draws.exponential()
    case .normal(let mean, let deviation): max(0, mean + deviation * draws.gaussian())
    case .lognormal(let median, let sigma): median * exp(sigma * draws.gaussian())
    case .pareto(let lowest, let alpha): lowest * exp(draws.exponential() / alpha)
    }
  }
}

/// xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64: predictions repeat with a seed.
struct Draws: Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64) {
    var seeding = seed
    func next() -> UInt64 {
      seeding &+= 0x9e37_79b9_7f4a_7c15
      var z = seeding
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    state = (next(), next(), next(), next())
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// Uniform in [0, 1).
  @inline(__always)
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Exponential with mean 1.
  @inline(__always)
  mutating func exponential() -> Double { -log(Double((next() >> 11) + 1) * 0x1p-53) }

  /// Standard normal (Marsaglia's polar method).
  mutating func gaussian() -> Double {
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      if square < 1, square > 0 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Uniform in 0..<bound; the bias is below bound / 2^64.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
