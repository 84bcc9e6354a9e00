import Glibc

/// How long a quorum takes: the q-th smallest of N independent round trips of two delays each.
///
/// Computed rather than drawn: one in a thousand of heavy-tailed delays needs many millions of
/// trials for two digits. The distribution of a round trip is an integral over the second delay,
/// taken at points that get denser towards its tail; the quorum follows by the binomial.
public struct QuorumLatency: Sendable {
  private let n: Int
  private let quorum: Int
  /// For every shape of the one delay with every shape of the other: the first as it is, values of
  /// the second, and the probability that each stands for.
  private let pairs: [(shape: DelayModel.Shape, points: [(value: Double, weight: Double)])]
  /// Milliseconds that a round trip to another data centre takes more; 0 where there is one only.
  private let far: Double

  /// Of a read: request and response, the R-th that comes.
  public init(readOf model: LatencyModel, n: Int, r: Int) {
    self.init(n, r, model.read, model.response, model.remote)
  }

  /// Of a write: request and acknowledgement, the W-th that comes.
  public init(writeOf model: LatencyModel, n: Int, w: Int) {
    self.init(n, w, model.write, model.acknowledgement, model.remote)
  }

  private init(
    _ n: Int, _ quorum: Int, _ first: DelayModel, _ second: DelayModel, _ remote: Double
  ) {
    precondition(quorum >= 1 && quorum <= n)
    self.n = n
    self.quorum = quorum
    pairs = first.weighted.flatMap { one in
      second.weighted.map { other in
        // A constant is one point, and exact.
        let (shape, points) =
          one.shape.isConstant ? (other.shape, one.shape) : (one.shape, other.shape)
        return (shape, points.points(weight: one.weight * other.weight))
      }
    }
    far = 2 * remote
  }

  /// The probability that the quorum is complete within `t` milliseconds.
  public func probability(within t: Double) -> Double {
    if far == 0 { return Self.atLeast(quorum, of: n, roundTrip(t)) }
    // One replica is at hand, the others are far.
    let near = roundTrip(t)
    let others = roundTrip(t - far)
    let rest = Self.atLeast(quorum, of: n - 1, others)
    return near * Self.atLeast(quorum - 1, of: n - 1, others) + (1 - near) * rest
  }

  /// The least time in milliseconds by which the quorum is complete with this probability, below 1.
  public func quantile(_ probability: Double) -> Double {
    precondition(probability < 1)
    var low = 0.0
    var high = 1.0
    while self.probability(within: high) < probability, high < 1e15 {
      low = high
      high *= 2
    }
    // Halving 36 times leaves ten digits.
    for _ in 0..<36 {
      let middle = (low + high) / 2
      if self.probability(within: middle) < probability { low = middle } else { high = middle }
    }
    return high
  }

  private func roundTrip(_ t: Double) -> Double {
    var sum = 0.0
    for pair in pairs {
      for point in pair.points where point.value <= t {
        sum += point.weight * (1 - pair.shape.survival(t - point.value))
      }
    }
    return sum
  }

  /// The probability of at least `count` successes in `n` trials of probability `p`.
  static func atLeast(_ count: Int, of n: Int, _ p: Double) -> Double {
    if count <= 0 { return 1 }
    if count > n { return 0 }
    // Row by row of Pascal's triangle with its weights; terms add up without cancelling.
    var row = [Double](repeating: 0, count: n + 1)
    row[0] = 1
    for trial in 1...n {
      for successes in stride(from: trial, through: 1, by: -1) {
        row[successes] = row[successes] * (1 - p) + row[successes - 1] * p
      }
      row[0] *= 1 - p
    }
    return row[count...].reduce(0, +)
  }
}

extension DelayModel {
  /// The shapes with their shares.
  fileprivate var weighted: [(shape: Shape, weight: Double)] {
    var before = 0.0
    return parts.map { part in
      defer { before = part.upTo }
      return (part.shape, part.upTo - before)
    }
  }
}

extension DelayModel.Shape {
  fileprivate var isConstant: Bool {
    if case .constant = self { return true }
    return false
  }

  /// Points that stand for the whole distribution and share `weight`: 24 in every halving of what is
  /// left of the tail, down to 2^-34.
  fileprivate func points(weight: Double) -> [(value: Double, weight: Double)] {
    if case .constant(let value) = self { return [(value, weight)] }
    var points: [(value: Double, weight: Double)] = []
    var top = 1.0
    for level in 0...33 {
      let bottom = level == 33 ? 0 : top / 2
      for step in 0..<24 {
        let tail = bottom + (top - bottom) * (Double(step) + 0.5) / 24
        points.append((value(tail: tail), weight * (top - bottom) / 24))
      }
      top = bottom
    }
    return points
  }

  /// P(X > x) for x >= 0.
  fileprivate func survival(_ x: Double) -> Double {
    switch self {
    case .constant(let value): return x >= value ? 0 : 1
    case .uniform(let low, let high):
      if x >= high { return 0 }
      return x <= low ? 1 : (high - x) / (high - low)
    case .exponential(let mean): return mean > 0 ? exp(-x / mean) : 0
    case .normal(let mean, let deviation):
      if deviation <= 0 { return x >= mean ? 0 : 1 }
      return erfc((x - mean) / deviation / 2.0.squareRoot()) / 2
    case .lognormal(let median, let sigma):
      if sigma <= 0 || median <= 0 || x <= 0 { return x >= median ? 0 : 1 }
      return erfc(log(x / median) / sigma / 2.0.squareRoot()) / 2
    case .pareto(let lowest, let alpha): return x <= lowest ? 1 : exp(alpha * log(lowest / x))
    }
  }

  /// The value that is exceeded with probability `tail`, above 0.
  fileprivate func value(tail: Double) -> Double {
    switch self {
    case .constant(let value): return value
    case .uniform(let low, let high): return high - (high - low) * tail
    case .exponential(let mean): return -mean * log(tail)
    case .pareto(let lowest, let alpha): return lowest * exp(-log(tail) / alpha)
    case .normal, .lognormal: break
    }
    var low = 0.0
    var high = 1.0
    while survival(high) > tail, high < 1e15 { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if survival(middle) > tail { low = middle } else { high = middle }
    }
    return high
  }
}
