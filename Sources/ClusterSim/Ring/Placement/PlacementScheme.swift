/// Where keys live: each scheme is a file that implements `PlacementTable`, a case, and its line in
/// `Placement.init`.
public enum PlacementScheme: String, CaseIterable, Sendable {
  case ring, ketama, modulo, range, jump, rendezvous, maglev

  /// One line for the screen.
  public var meaning: String {
    switch self {
    case .ring: "the first virtual node clockwise, by SHA-1 (Karger et al. 1997, Dynamo)"
    case .ketama: "the continuum of libketama, by MD5: 160 points a node at equal weights"
    case .modulo: "the hash modulo the number of nodes"
    case .range: "sorted ranges of equal size, of the keys given or of all names"
    case .jump: "jump consistent hash (Lamping and Veach 2014)"
    case .rendezvous: "the node that scores highest with the key (Thaler and Ravishankar 1998)"
    case .maglev: "a look-up table filled in turns (Eisenbud et al. 2016), 65537 entries"
    }
  }
}

/// A node that keys are placed on.
public struct PlacementNode: Equatable, Sendable {
  public let name: String
  /// Its share of the keys, relative to the other nodes: 1...64.
  public let weight: Int

  public init(_ name: String, weight: Int = 1) {
    self.name = name
    self.weight = weight
  }
}

/// A key's bytes, UTF-8 as a rule.
public typealias KeyBytes = UnsafeRawBufferPointer

/// What a scheme makes of its nodes; they are known by their index in the list it was made from.
protocol PlacementTable: Sendable {
  /// The part of all keys, 0 to 1, that each node is to own.
  var shares: [Double] { get }

  /// Appends the first `count` distinct nodes for a key, the owner first; `count` is at most the
  /// number of nodes, and `list` is empty.
  func appendOwners(of key: KeyBytes, _ count: Int, to list: inout [Int])
}

/// A scheme at work over a list of nodes.
public struct Placement: Sendable {
  public let scheme: PlacementScheme
  public let nodes: [PlacementNode]
  /// The part of all keys, 0 to 1, that each node is to own, exactly by the scheme's own space
  /// where it has one.
  public let shares: [Double]
  let table: any PlacementTable

  public static let nodeLimit = 10_000
  public static let virtualNodeLimit = 4_000_000

  /// - Parameters:
  ///   - nodes: 1 to 10000, in the order that `modulo`, `range` and `jump` number them by.
  ///   - virtualNodes: tokens per unit of weight on the ring, 1...4096; other schemes have none.
  ///   - keys: the keys that `range` divides evenly; nil divides the space of names.
  /// - Throws: `TextProblem` for no nodes, too many, the same name twice, or a weight out of range.
  public init(
    _ scheme: PlacementScheme, nodes: [PlacementNode], virtualNodes: Int = 64,
    keys: KeyInterner? = nil
  ) throws(TextProblem) {
    try Self.check(nodes)
    self.scheme = scheme
    self.nodes = nodes
    switch scheme {
    case .ring:
      let total = nodes.reduce(0) { $0 + $1.weight } * virtualNodes
      guard total <= Self.virtualNodeLimit else {
        throw TextProblem(
          "\(total) virtual nodes", expected: "no more than \(Self.virtualNodeLimit)")
      }
      table = RingPlacement(nodes, virtualNodes: virtualNodes)
    case .ketama: table = KetamaPlacement(nodes)
    case .modulo: table = ModuloPlacement(nodes)
    case .range:
      if let keys, keys.count > 0 {
        table = RangePlacement(nodes, keys: keys)
      } else {
        table = RangePlacement(nodes)
      }
    case .jump: table = JumpPlacement(nodes)
    case .rendezvous: table = RendezvousPlacement(nodes)
    case .maglev:
      guard nodes.count <= 5000 else {
        throw TextProblem("\(nodes.count) nodes for maglev", expected: "no more than 5000")
      }
      table = MaglevPlacement(nodes)
    }
    shares = table.shares
  }

  /// The first `count` distinct nodes for a key, the owner first; all of them where there are fewer.
  @inline(__always)
  public func owners(of key: KeyBytes, count: Int, into list: inout [Int]) {
    list.removeAll(keepingCapacity: true)
    table.appendOwners(of: key, min(count, nodes.count), to: &list)
  }

  /// As above, for a text.
  public func owners(of key: String, count: Int) -> [Int] {
    var key = key
    var list: [Int] = []
    key.withUTF8 { owners(of: KeyBytes($0), count: count, into: &list) }
    return list
  }

  private static func check(_ nodes: [PlacementNode]) throws(TextProblem) {
    guard !nodes.isEmpty else { throw TextProblem("no nodes", expected: "at least one") }
    guard nodes.count <= nodeLimit else {
      throw TextProblem("\(nodes.count) nodes", expected: "no more than \(nodeLimit)")
    }
    for node in nodes where !(1...64).contains(node.weight) {
      throw TextProblem(
        "node \(node.name) has weight \(node.weight)", expected: "a whole number from 1 to 64")
    }
    let names = nodes.map(\.name).sorted()
    for index in names.indices.dropFirst() where names[index] == names[index - 1] {
      throw TextProblem("node \(names[index]) is there twice", expected: "different names")
    }
  }
}

/// Nodes that own as many slots each as they weigh, in order: how `modulo` and `jump` know weights.
struct WeightedSlots: Sendable {
  let nodes: [Int]
  let nodeCount: Int

  init(_ nodes: [PlacementNode]) {
    self.nodes = nodes.indices.flatMap { Array(repeating: $0, count: nodes[$0].weight) }
    nodeCount = nodes.count
  }

  var shares: [Double] {
    var shares = Array(repeating: 0.0, count: nodeCount)
    for node in nodes { shares[node] += 1 }
    return shares.map { $0 / Double(nodes.count) }
  }
}
