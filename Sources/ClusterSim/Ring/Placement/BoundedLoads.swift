/// Consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam, arXiv 1608.01350): no
/// node owns more than `ceil(c * m * share)` of m keys; what is too much goes to the next node
/// clockwise that has room. Keys are placed in the order in which they come. The m keys are different
/// ones, each with one place: a key that comes again is not to be placed again but stays where it is.
public struct BoundedLoads {
  public let capacities: [Int]
  public private(set) var loads: [Int]
  private let ring: HashRing

  /// - Parameters:
  ///   - placement: a ring; shares are by weight.
  ///   - factor: c, at least 1.
  ///   - keys: m, how many different keys will be placed.
  public init?(_ placement: Placement, factor: Double, keys: Int) {
    guard let table = placement.table as? RingPlacement, factor >= 1 else { return nil }
    ring = table.ring
    let total = placement.nodes.reduce(0) { $0 + $1.weight }
    capacities = placement.nodes.map {
      // Less a hair: 1.1 * 10 is 11, not the 11.000000000000002 of binary fractions.
      let exact = factor * Double(keys * $0.weight) / Double(total)
      return Int((exact * (1 - 1e-12)).rounded(.up))
    }
    loads = Array(repeating: 0, count: capacities.count)
  }

  /// Places one key and puts its owner first among `owners`, which are those of the ring without
  /// bounds; the others keep their order and number.
  public mutating func place(_ key: KeyBytes, _ owners: inout [Int]) {
    var owner = owners[0]
    if loads[owner] >= capacities[owner] {
      ring.walk(from: ring.index(of: RingToken.token(of: key))) { node in
        owner = node.index
        return loads[owner] >= capacities[owner]
      }
      Self.lead(owner, &owners)
    }
    loads[owner] += 1
  }

  /// Puts the owner that a key has got first among `owners`, those of the ring without bounds.
  public static func lead(_ owner: Int, _ owners: inout [Int]) {
    let last = owners.firstIndex(of: owner) ?? owners.count - 1
    owners.remove(at: last)
    owners.insert(owner, at: 0)
  }
}
