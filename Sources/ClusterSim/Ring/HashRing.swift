/// Consistent hashing (Karger et al. 1997) with virtual nodes, as Dynamo uses it: a key belongs to
/// the first token at or after its own, clockwise; its replicas are the next distinct nodes.
///
/// A value: changes give a new ring, and old and new can be compared (`DataMovement`).
public struct HashRing: Equatable, Sendable {
  /// A node on the ring. Its virtual nodes are its weight times the ring's `vnodes`.
  public struct Member: Equatable, Sendable {
    var node: NodeID
    /// The name its tokens are made of.
    var name: String
    var virtualNodes: Int
    /// What it fails together with.
    var domain = FailureDomain()
  }

  /// In the order they were given.
  private(set) var members: [Member]
  /// All tokens, ascending; equal ones by node.
  public private(set) var tokens: ContiguousArray<UInt64>
  /// The node of each token.
  public private(set) var owners: ContiguousArray<UInt16>
  /// How many homes are kept ready for each token: the depth asked for, or all nodes.
  let depth: Int

  private let wantedDepth: Int
  /// Which domains the homes are spread over.
  private let spread: Spread
  /// By node number.
  let domains: ContiguousArray<FailureDomain>
  /// For each token the first `depth` distinct nodes clockwise, one after the other.
  private var homes: ContiguousArray<UInt16>
  /// For each value of the top bits of a token the first position that is not before it.
  private var guide: ContiguousArray<UInt32>
  private let guideShift: UInt64
  /// By node number, how many of the 2^64 points of the circle are its own.
  private var points: ContiguousArray<UInt128>

  /// - Parameters:
  ///   - members: distinct nodes; those without virtual nodes take no place.
  ///   - depth: how many distinct nodes per key are looked up often; longer lists walk the ring.
  ///   - spread: which failure domains the homes are dealt out over.
  init(_ members: [Member], depth: Int = 5, spread: Spread = .none) {
    var points: [(token: UInt64, node: UInt16)] = []
    for member in members {
      for index in 0..<max(0, member.virtualNodes) {
        let token = RingToken.token(node: member.name, virtual: index)
        points.append((token, member.node.rawValue))
      }
    }
    points.sort { $0 < $1 }
    self.init(members, depth, spread, sorted: points)
  }

  private init(
    _ members: [Member], _ wantedDepth: Int, _ spread: Spread,
    sorted points: [(token: UInt64, node: UInt16)]
  ) {
    self.members = members
    self.wantedDepth = wantedDepth
    self.spread = spread
    var domains = ContiguousArray(
      repeating: FailureDomain(), count: 1 + members.reduce(-1) { max($0, $1.node.index) })
    for member in members { domains[member.node.index] = member.domain }
    self.domains = domains
    tokens = ContiguousArray(points.map(\.token))
    owners = ContiguousArray(points.map(\.node))
    depth = min(wantedDepth, members.count { $0.virtualNodes > 0 })
    var bits: UInt64 = 1
    while 1 << bits < points.count { bits += 1 }
    guideShift = 64 - bits
    guide = []
    homes = []
    self.points = ContiguousArray(repeating: 0, count: domains.count)
    buildGuide()
    buildHomes()
    countPoints()
  }

  /// Whether no node has a token; then no key has a home.
  var isEmpty: Bool { tokens.isEmpty }

  /// The position of the first token at or after this one, clockwise. The ring must not be empty.
  @inline(__always)
  func index(of token: UInt64) -> Int {
    var index = Int(guide[Int(truncatingIfNeeded: token >> guideShift)])
    while index < tokens.count && tokens[index] < token { index += 1 }
    return index == tokens.count ? 0 : index
  }

  /// The node a key belongs to. The ring must not be empty.
  @inline(__always)
  func owner(_ token: UInt64) -> NodeID { NodeID(owners[index(of: token)]) }

  /// The `rank`-th home (from 0) of the keys of a position; `rank` below `depth`.
  @inline(__always)
  func home(at index: Int, rank: Int) -> NodeID {
    precondition(rank < depth)
    return NodeID(homes[index * depth + rank])
  }

  /// The first `count` distinct nodes clockwise from a key's token; fewer where the ring has fewer.
  func preferenceList(_ token: UInt64, count: Int) -> [NodeID] {
    guard !isEmpty, count > 0 else { return [] }
    let index = index(of: token)
    if count <= depth { return (0..<count).map { home(at: index, rank: $0) } }
    var list: [NodeID] = []
    walk(from: index) { node in
      list.append(node)
      return list.count < count
    }
    return list
  }

  /// Visits each distinct node once, from a position on until the visitor returns false: clockwise,
  /// or as the spread deals them out.
  func walk(from index: Int, into visit: (NodeID) -> Bool) {
    if spread == .none {
      walkClockwise(from: index, into: visit)
      return
    }
    for node in dealt(from: index, count: members.count) {
      if !visit(NodeID(node)) { return }
    }
  }

  /// The first `count` nodes from a position on as the spread deals them out.
  private func dealt(from index: Int, count: Int) -> [UInt16] {
    var clockwise: [UInt16] = []
    walkClockwise(from: index) { node in
      clockwise.append(node.rawValue)
      return true
    }
    return spread.order(clockwise, domains, count: count)
  }

  private func walkClockwise(from index: Int, into visit: (NodeID) -> Bool) {
    var seen = NodeSet()
    var position = index
    for _ in 0..<tokens.count {
      let node = NodeID(owners[position])
      if seen.insert(node) {
        if !visit(node) || seen.count == members.count { return }
      }
      position = position + 1 == tokens.count ? 0 : position + 1
    }
  }

  private mutating func buildGuide() {
    let size = 1 << Int(64 - guideShift)
    guide.reserveCapacity(size)
    var position = 0
    for bucket in 0..<size {
      let start = UInt64(bucket) << guideShift
      while position < tokens.count && tokens[position] < start { position += 1 }
      guide.append(UInt32(position))
    }
  }

  private mutating func buildHomes() {
    homes.reserveCapacity(tokens.count * depth)
    if spread != .none {
      for start in tokens.indices { homes += dealt(from: start, count: depth) }
      return
    }
    for start in tokens.indices {
      let base = homes.count
      var position = start
      while homes.count < base + depth {
        let node = owners[position]
        if !homes[base...].contains(node) { homes.append(node) }
        position = position + 1 == tokens.count ? 0 : position + 1
      }
    }
  }
}

// Change.
extension HashRing {
  /// The ring with one more node; its tokens are merged in, the others stay where they are.
  func adding(_ member: Member) -> HashRing {
    precondition(!members.contains { $0.node == member.node }, "the node is on the ring already")
    var added = (0..<max(0, member.virtualNodes)).map {
      (token: RingToken.token(node: member.name, virtual: $0), node: member.node.rawValue)
    }
    added.sort { $0 < $1 }
    var points: [(token: UInt64, node: UInt16)] = []
    points.reserveCapacity(tokens.count + added.count)
    var next = 0
    for index in tokens.indices {
      let point = (token: tokens[index], node: owners[index])
      while next < added.count && added[next] < point {
        points.append(added[next])
        next += 1
      }
      points.append(point)
    }
    points.append(contentsOf: added[next...])
    return HashRing(members + [member], wantedDepth, spread, sorted: points)
  }

  /// The ring without a node; the same ring where the node is not on it.
  func removing(_ node: NodeID) -> HashRing {
    let points = tokens.indices.filter { owners[$0] != node.rawValue }.map {
      (token: tokens[$0], node: owners[$0])
    }
    return HashRing(members.filter { $0.node != node }, wantedDepth, spread, sorted: points)
  }
}

// Shares of the circle.
extension HashRing {
  /// How many of the 2^64 points of the circle belong to a node.
  func points(of node: NodeID) -> UInt128 {
    node.index < points.count ? points[node.index] : 0
  }

  /// All nodes' points in one pass.
  private mutating func countPoints() {
    if tokens.count == 1 {
      points[Int(owners[0])] = 1 << 64
      return
    }
    for index in tokens.indices { points[Int(owners[index])] += UInt128(arc(at: index)) }
  }

  /// The part of the circle that belongs to a node, 0 to 1: exact but for the last rounding.
  func share(of node: NodeID) -> Double { Double(points(of: node)) * 0x1p-64 }

  /// The points from the token before (excluded) to this one, on a ring of two tokens or more.
  func arc(at index: Int) -> UInt64 {
    tokens[index] &- tokens[index == 0 ? tokens.count - 1 : index - 1]
  }
}
