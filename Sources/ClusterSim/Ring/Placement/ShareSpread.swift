/// How unevenly nodes share, relative to what their weights ask for.
public struct ShareSpread: Equatable, Sendable {
  /// The standard deviation of share / wanted share: 0 is even.
  public let deviation: Double
  /// The largest share / wanted share.
  public let largest: Double

  /// - Parameters:
  ///   - amounts: what each node has, in any unit; not all zero.
  ///   - weights: what each should have, in any unit.
  public init(_ amounts: [Double], weights: [Int]) {
    let total = amounts.reduce(0, +)
    let weight = Double(weights.reduce(0, +))
    let ratios = zip(amounts, weights).map { $0 / total * weight / Double($1) }
    let squares = ratios.reduce(0) { $0 + ($1 - 1) * ($1 - 1) }
    deviation = (squares / Double(ratios.count)).squareRoot()
    largest = ratios.max() ?? 1
  }
}

extension ShareSpread {
  /// The deviation that chance gives nodes of these weights with `virtualNodes` random tokens for
  /// each unit of weight: of Beta(v, T - v), `sqrt((n - 1) / (n V + 1))` where they are equal.
  public static func expected(weights: [Int], virtualNodes: Int) -> Double {
    let weight = Double(weights.reduce(0, +))
    let tokens = weight * Double(virtualNodes)
    let sum = weights.reduce(0.0) { sum, own in
      let part = Double(own) / weight
      return sum + (1 - part) / part / (tokens + 1)
    }
    return (sum / Double(weights.count)).squareRoot()
  }
}

extension Placement {
  /// The deviation that chance gives, in the units of `ShareSpread`.
  ///
  /// A node with v of T random tokens owns a share of Beta(v, T - v): of variance p (1 - p) / (T + 1)
  /// with p = v / T, which for n equal nodes is the relative deviation
  /// `sqrt((n - 1) / (n V + 1))`. Different keys that fall by chance add the binomial's.
  ///
  /// - Parameters:
  ///   - virtualNodes: tokens per unit of weight on the ring.
  ///   - keys: how many keys are counted; nil where the shares themselves are.
  public func expectedDeviation(virtualNodes: Int, keys: Int?) -> Double? {
    let weight = Double(nodes.reduce(0) { $0 + $1.weight })
    let tokens: Double?
    switch scheme {
    case .ring: tokens = weight * Double(virtualNodes)
    case .ketama: tokens = Double((table as? KetamaPlacement)?.pointCount ?? 0)
    case .modulo, .jump, .rendezvous, .maglev: tokens = nil
    // The given keys are divided, not scattered.
    case .range: return 0
    }
    var sum = 0.0
    for node in nodes {
      let part = Double(node.weight) / weight
      let odds = (1 - part) / part
      if let tokens { sum += odds / (tokens + 1) }
      if let keys { sum += odds / Double(keys) * (tokens.map { $0 / ($0 + 1) } ?? 1) }
    }
    return (sum / Double(nodes.count)).squareRoot()
  }
}
