/// Where the keys of the running cluster live: a scheme at work over the members, with the replicas
/// spread over failure domains where that is asked for.
///
/// The engine asks for a key's place and then for the homes at that place. On the ring a place is a
/// token; the other schemes have one place a key, filled in beforehand, so that every scheme costs a
/// request one look-up.
public struct ClusterPlacement: Equatable, Sendable {
  public let scheme: PlacementScheme
  /// The members, and their tokens.
  let ring: HashRing
  /// The ranges, where the scheme is `range`.
  let ranges: KeyRanges?
  private let rules: Rules
  /// By place, then rank; empty on the ring, which keeps its own.
  private var homes: ContiguousArray<UInt16> = []
  private var places = 0
  /// By member; empty on the ring.
  private var shares: [Double] = []
  /// How many homes each place has ready.
  let depth: Int
  /// What the picture of the circle shows: tokens ascending, each with its node. On the ring the
  /// virtual nodes; else the keys themselves, at their hashes.
  public private(set) var tokens: ContiguousArray<UInt64> = []
  public private(set) var owners: ContiguousArray<UInt16> = []

  /// What makes a placement out of members and keys.
  struct Rules: Equatable, Sendable {
    var scheme: PlacementScheme
    var spread: Spread
    var virtualNodes: Int
    /// Homes that are looked up often: N.
    var depth: Int
    /// Whether ranges begin as one.
    var oneRange: Bool

    init(_ settings: Settings) {
      scheme = settings.ring.scheme
      spread = settings.ring.spread
      virtualNodes = settings.ring.vnodes
      depth = max(5, settings.storage.n)
      oneRange = settings.ring.ranges == .one
    }
  }

  /// - Parameter ranges: those to go on with; nil divides the keys anew.
  init(
    _ members: [HashRing.Member], _ rules: Rules, keys: KeyTable, ranges: KeyRanges? = nil
  ) {
    let ring = HashRing(members, depth: rules.depth, spread: rules.spread)
    self.init(ring, rules, keys: keys, ranges: ranges)
  }

  /// As above over a ring of these members that is there already.
  init(_ ring: HashRing, _ rules: Rules, keys: KeyTable, ranges: KeyRanges? = nil) {
    self.rules = rules
    self.ring = ring
    scheme = rules.scheme
    depth = min(rules.depth, ring.members.count)
    switch rules.scheme {
    case .range:
      let nodes = ring.members.map {
        (node: $0.node.rawValue, weight: $0.virtualNodes / rules.virtualNodes)
      }
      self.ranges =
        ranges
        ?? (rules.oneRange
          ? KeyRanges.one(over: nodes.map(\.node)) : KeyRanges.divided(keys.names, over: nodes))
    case .ring, .ketama, .modulo, .jump, .rendezvous, .maglev: self.ranges = nil
    }
    if scheme == .ring {
      tokens = ring.tokens
      owners = ring.owners
    } else {
      learn(keys)
    }
  }

  /// Fills in the homes of keys that are new.
  mutating func learn(_ keys: KeyTable) {
    guard scheme != .ring, places < keys.count, memberCount > 0 else { return }
    let table = self.table
    for key in places..<keys.count {
      homes += list(for: keys.names[key], count: depth, table)
    }
    places = keys.count
    shares = shares(by: table)
    let order = (0..<keys.count).sorted { (keys.tokens[$0], $0) < (keys.tokens[$1], $1) }
    tokens = ContiguousArray(order.map { keys.tokens[$0] })
    owners = ContiguousArray(order.map { homes[$0 * depth] })
  }

  var memberCount: Int { ring.members.count }

  /// The key's place; of use until the placement changes.
  @inline(__always)
  func place(of key: UInt32, token: UInt64) -> Int {
    scheme == .ring ? ring.index(of: token) : Int(key)
  }

  /// The `rank`-th home (from 0) of the keys of a place; `rank` below `depth`.
  @inline(__always)
  func home(at place: Int, rank: Int) -> NodeID {
    if scheme == .ring { return ring.home(at: place, rank: rank) }
    precondition(rank < depth)
    return NodeID(homes[place * depth + rank])
  }

  /// The first `count` nodes for a name, whether such a key is there or not.
  func list(for name: String, token: UInt64, count: Int) -> [NodeID] {
    if scheme == .ring { return ring.preferenceList(token, count: count) }
    guard memberCount > 0 else { return [] }
    return list(for: name, count: count, table).map { NodeID($0) }
  }

  /// The part of the key space a node owns, 0 to 1: of the circle on the ring, of the keys there are
  /// with `range`, of the scheme's own space with the others.
  func share(of node: NodeID) -> Double {
    switch scheme {
    case .ring: return ring.share(of: node)
    case .range, .ketama, .modulo, .jump, .rendezvous, .maglev:
      guard let index = ring.members.firstIndex(where: { $0.node == node }) else { return 0 }
      return shares[index]
    }
  }

  private func shares(by table: Placement?) -> [Double] {
    if let table { return table.shares }
    var owned = [Double](repeating: 0, count: ring.domains.count)
    for key in 0..<places { owned[Int(homes[key * depth])] += 1 }
    return ring.members.map { owned[$0.node.index] / Double(places) }
  }

  /// The scheme over the members; nil for those that need none.
  private var table: Placement? {
    switch scheme {
    case .ring, .range: return nil
    case .ketama, .modulo, .jump, .rendezvous, .maglev:
      let nodes = ring.members.map {
        PlacementNode($0.name, weight: $0.virtualNodes / rules.virtualNodes)
      }
      do { return try Placement(scheme, nodes: nodes) } catch {
        preconditionFailure("\(scheme) over \(nodes.count) members: \(error)")
      }
    }
  }

  private func list(for name: String, count: Int, _ table: Placement?) -> [UInt16] {
    // To spread, all have to be looked at.
    let wanted = min(rules.spread == .none ? count : memberCount, memberCount)
    let nodes =
      ranges?.list(for: name, count: wanted)
      ?? table!.owners(of: name, count: wanted).map { ring.members[$0].node.rawValue }
    return rules.spread.order(nodes, ring.domains, count: count)
  }
}

// Change.
extension ClusterPlacement {
  func adding(_ member: HashRing.Member, _ rules: Rules, keys: KeyTable) -> ClusterPlacement {
    changed(rules, keys: keys, ring: ring.adding(member)) { $0.adding(member.node.rawValue) }
  }

  func removing(_ node: NodeID, _ rules: Rules, keys: KeyTable) -> ClusterPlacement {
    changed(rules, keys: keys, ring: ring.removing(node)) { $0.removing(node.rawValue) }
  }

  /// The same members under other rules.
  func under(_ rules: Rules, keys: KeyTable) -> ClusterPlacement {
    changed(rules, keys: keys, ring: ring) { $0 }
  }

  /// The same with this many homes of each key ready; where there are as many, the same.
  func deepened(to depth: Int, keys: KeyTable) -> ClusterPlacement {
    guard depth > rules.depth else { return self }
    var rules = rules
    rules.depth = depth
    return ClusterPlacement(ring.members, rules, keys: keys, ranges: ranges)
  }

  /// The same members with other ranges.
  func with(_ ranges: KeyRanges, keys: KeyTable) -> ClusterPlacement {
    ClusterPlacement(ring, rules, keys: keys, ranges: ranges)
  }

  private func changed(
    _ rules: Rules, keys: KeyTable, ring: HashRing, _ change: (KeyRanges) -> KeyRanges
  ) -> ClusterPlacement {
    // Divided ranges are divided anew; those that were split are the cluster's own and stay.
    let kept = ranges.flatMap { $0.isDivided ? nil : change($0) }
    if rules.depth == self.rules.depth && rules.spread == self.rules.spread {
      return ClusterPlacement(ring, rules, keys: keys, ranges: kept)
    }
    return ClusterPlacement(ring.members, rules, keys: keys, ranges: kept)
  }
}
