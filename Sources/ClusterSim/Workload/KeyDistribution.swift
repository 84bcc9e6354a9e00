/// Which keys the workload asks for. Key 0 is the most popular.
public enum KeyDistribution: Hashable, Sendable {
  /// Every key alike.
  case uniform
  /// Key i with probability proportional to 1 / (i + 1)^theta; YCSB's default theta is 0.99.
  case zipf(theta: Double)
  /// Key 0 takes this share (0...1) of all requests, the others share the rest alike.
  case hot(share: Double)
  /// As often as in a trace; such a sampler is made of the trace's weights.
  case trace
}

/// Draws keys 0..<count by a `KeyDistribution`, one random word and one table look-up each.
///
/// Zipf is exact (Walker's alias method, Vose 1991). YCSB's generator (Gray et al., SIGMOD 1994)
/// approximates it: the first two keys exactly, the others by a continuous power law. Theta may
/// be 1 or more here.
public struct KeySampler: Sendable {
  /// A column of the alias table: the key itself below the threshold, the alias from it on.
  private struct Column {
    var threshold: UInt64
    var alias: UInt32
  }

  public let distribution: KeyDistribution
  /// How many keys there are.
  public let count: Int
  private var columns: ContiguousArray<Column> = []
  /// The sum of all weights (Zipf, trace).
  private var total = 0.0
  /// By key (trace).
  private var weights: ContiguousArray<Double> = []

  /// - Parameters:
  ///   - count: at least 1 and below 2^32.
  ///   - distribution: theta at least 0, share within 0...1.
  public init(_ distribution: KeyDistribution, count: Int) {
    precondition(count > 0 && count < 1 << 32)
    self.distribution = distribution
    self.count = count
    switch distribution {
    case .uniform: break
    case .zipf(let theta):
      precondition(theta >= 0)
      let weights = (0..<count).map { Elementary.power(Double($0 + 1), -theta) }
      // Smallest first, so that the sum keeps what the tail adds.
      total = weights.reversed().reduce(0, +)
      columns = Self.aliasTable(weights, total: total)
    case .hot(let share):
      precondition(share >= 0 && share <= 1)
    case .trace: preconditionFailure("a trace's weights are needed")
    }
  }

  /// Keys with probabilities in proportion to `weights`, none below 0, not all 0.
  init(weights: [Double]) {
    precondition(weights.count > 0 && weights.count < 1 << 32)
    distribution = .trace
    count = weights.count
    total = weights.reduce(0, +)
    self.weights = ContiguousArray(weights)
    columns = Self.aliasTable(weights, total: total)
  }

  /// The next key.
  @inline(__always)
  public func draw(_ stream: inout RandomStream) -> Int {
    switch distribution {
    case .uniform: return stream.below(count)
    case .zipf, .trace:
      // The high word chooses the column, the low word is the coin within it.
      let product = stream.next().multipliedFullWidth(by: UInt64(count))
      let index = Int(truncatingIfNeeded: product.high)
      let column = columns[index]
      return product.low < column.threshold ? index : Int(column.alias)
    case .hot(let share):
      if count == 1 || stream.unit() < share { return 0 }
      return 1 + stream.below(count - 1)
    }
  }

  /// The probability of a key.
  public func probability(of key: Int) -> Double {
    precondition(key >= 0 && key < count)
    switch distribution {
    case .uniform: return 1 / Double(count)
    case .zipf(let theta): return Elementary.power(Double(key + 1), -theta) / total
    case .trace: return weights[key] / total
    case .hot(let share):
      if count == 1 { return 1 }
      return key == 0 ? share : (1 - share) / Double(count - 1)
    }
  }

  private static func aliasTable(_ weights: [Double], total: Double) -> ContiguousArray<Column> {
    let count = weights.count
    var scaled = weights.map { $0 / total * Double(count) }
    var columns = ContiguousArray((0..<count).map { Column(threshold: .max, alias: UInt32($0)) })
    var poor: [Int] = []
    var rich: [Int] = []
    for key in scaled.indices {
      if scaled[key] < 1 { poor.append(key) } else { rich.append(key) }
    }
    while let low = poor.last, let high = rich.last {
      poor.removeLast()
      columns[low] = Column(threshold: UInt64(scaled[low] * 0x1p64), alias: UInt32(high))
      scaled[high] -= 1 - scaled[low]
      if scaled[high] < 1 {
        rich.removeLast()
        poor.append(high)
      }
    }
    // What is left is full but for rounding, and keeps its own key.
    return columns
  }
}

extension Settings {
  /// The distributions as they are set.
  public enum KeyChoice: String, CaseIterable, Sendable { case zipf, uniform, hot }
}
