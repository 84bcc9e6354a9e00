/// The families that a federation keeps apart by what they are for, each in groups of its own.
public enum KeyFamily: Int, CaseIterable, Sendable {
  case users, orders, products

  /// What its keys begin with.
  public var prefix: String {
    switch self {
    case .users: "users:"
    case .orders: "orders:"
    case .products: "products:"
    }
  }

  /// The family that a key's name says it is of; nil for any other key.
  public init?(of name: String) {
    guard let family = Self.allCases.first(where: { name.hasPrefix($0.prefix) }) else { return nil }
    self = family
  }

  /// Its groups of `count`, which are at least as many as there are families.
  func groups(of count: Int) -> [Int] {
    Array(stride(from: rawValue, to: count, by: Self.allCases.count))
  }
}

extension Settings.Workload {
  /// How often each key is asked for where keys are of families, by key number: a family's share,
  /// spread over its keys as the distribution says.
  var familyWeights: [Double] {
    let families = KeyFamily.allCases.count
    let shares = [usersShare, ordersShare, max(0, 1 - usersShare - ordersShare)]
    let samplers = (0..<families).map {
      KeySampler(ownDistribution, count: (keys - $0 + families - 1) / families)
    }
    return (0..<keys).map {
      shares[$0 % families] * samplers[$0 % families].probability(of: $0 / families)
    }
  }

  /// The distribution that is set.
  var ownDistribution: KeyDistribution {
    switch distribution {
    case .zipf: .zipf(theta: zipfTheta)
    case .uniform: .uniform
    case .hot: .hot(share: hotShare)
    }
  }
}
