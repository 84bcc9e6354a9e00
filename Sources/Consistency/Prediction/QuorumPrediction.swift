/// Staleness of a quorum by Monte Carlo over the WARS model (Bailis et al., VLDB 2012,
/// sections 4.1 and 5.1).
///
/// The coordinator is no replica and sends every write and every read to all N. A write commits with
/// the W-th acknowledgement. A read begins `t` later and takes the R responses that come first; it
/// is consistent if one of them comes from a replica that the write had reached when the read came.
/// One write, one read, no repair, no hints.
///
/// Latencies need no trials: `QuorumLatency`. Instead of a trial for every `t`, each trial yields the least `t` from which on its read is
/// consistent, so all probabilities come from the same trials.
public struct QuorumPrediction: Sendable {
  /// Replicas, responses a read waits for, acknowledgements a write waits for.
  public let n: Int
  public let r: Int
  public let w: Int
  public let model: LatencyModel
  public private(set) var trials = 0

  public static let maximumReplicas = 64
  /// Each trial keeps 8 bytes, its least time.
  public static let maximumTrials = 50_000_000

  private var draws: Draws
  private var consistentFrom: ContiguousArray<Double> = []

  /// Requires 1 <= r, w <= n <= `maximumReplicas`.
  public init(n: Int, r: Int, w: Int, model: LatencyModel, seed: UInt64) {
    precondition(n >= 1 && n <= Self.maximumReplicas && r >= 1 && r <= n && w >= 1 && w <= n)
    self.n = n
    self.r = r
    self.w = w
    self.model = model
    draws = Draws(seed: seed)
  }

  /// Adds trials; in parts or at once, the result is the same.
  public mutating func run(trials more: Int) {
    trials += more
    var write = ContiguousArray<Double>(repeating: 0, count: n)
    var acknowledged = write
    var request = write
    var response = write
    var order = ContiguousArray<Int>(0..<n)
    for _ in 0..<more {
      let writer = model.remote > 0 ? draws.below(n) : -1
      let reader = model.remote > 0 ? draws.below(n) : -1
      for replica in 0..<n {
        let far = model.remote > 0 && replica != writer ? model.remote : 0
        write[replica] = model.write.sample(&draws) + far
        acknowledged[replica] = write[replica] + model.acknowledgement.sample(&draws) + far
      }
      for replica in 0..<n {
        let far = model.remote > 0 && replica != reader ? model.remote : 0
        request[replica] = model.read.sample(&draws) + far
        response[replica] = request[replica] + model.response.sample(&draws) + far
      }
      Self.sort(&acknowledged)
      Self.sort(&order, by: response)
      let commit = acknowledged[w - 1]
      var least = Double.infinity
      for place in 0..<r {
        least = min(least, write[order[place]] - request[order[place]])
      }
      consistentFrom.append(max(0, least - commit))
    }
  }

  /// Insertion: the arrays are a handful long.
  @inline(__always)
  private static func sort(_ values: inout ContiguousArray<Double>) {
    for end in 1..<max(1, values.count) {
      let value = values[end]
      var place = end
      while place > 0, values[place - 1] > value {
        values[place] = values[place - 1]
        place -= 1
      }
      values[place] = value
    }
  }

  @inline(__always)
  private static func sort(
    _ order: inout ContiguousArray<Int>, by values: ContiguousArray<Double>
  ) {
    for end in 1..<max(1, order.count) {
      let item = order[end]
      var place = end
      while place > 0, values[order[place - 1]] > values[item] {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = item
    }
  }
}

// Results.
extension QuorumPrediction {
  /// The probability that a read that begins `t` milliseconds after the commit is consistent.
  public func consistent(at t: Double) -> Double {
    Double(consistentFrom.reduce(into: 0) { $0 += $1 <= t ? 1 : 0 }) / Double(max(1, trials))
  }

  /// The least time after the commit, in milliseconds, from which on reads are consistent with at
  /// least this probability.
  public mutating func time(for probability: Double) -> Double {
    Self.quantile(&consistentFrom, probability)
  }

  /// The least value that at least this share of all is not above.
  static func quantile(_ values: inout ContiguousArray<Double>, _ share: Double) -> Double {
    precondition(!values.isEmpty)
    let rank = max(0, min(values.count - 1, Int((share * Double(values.count)).rounded(.up)) - 1))
    var low = 0
    var high = values.count - 1
    // Hoare's selection: the element of the rank is between low and high.
    while low < high {
      let pivot = values[(low + high) / 2]
      var left = low
      var right = high
      while left <= right {
        while values[left] < pivot { left += 1 }
        while values[right] > pivot { right -= 1 }
        if left <= right {
          values.swapAt(left, right)
          left += 1
          right -= 1
        }
      }
      if rank <= right {
        high = right
      } else if rank >= left {
        low = left
      } else {
        break
      }
    }
    return values[rank]
  }
}
