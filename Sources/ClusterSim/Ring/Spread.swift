/// Which failure domains the replicas of a key are spread over.
public enum Spread: String, CaseIterable, Sendable {
  /// The nodes as the scheme lists them.
  case none
  /// Different zones as far as there are any.
  case zone
  /// Different locations as far as there are any, and different zones inside each.
  case location
}

/// Where a node stands: what fails together.
struct FailureDomain: Equatable, Sendable {
  var location: UInt16 = 0
  /// Counted from 1 over all locations; 0 for a node without a zone, which then shares one with
  /// the others of its location that have none.
  var zone: UInt16 = 0

  var zoneKey: Int { zone == 0 ? Int(location) * 2 : Int(zone) * 2 + 1 }
}

extension Spread {
  /// The first `count` nodes in the order in which they become homes.
  ///
  /// The list is walked from its start, and a node whose domain is used more than another that still
  /// has nodes is put off: so each domain gives one, then each a second. Cassandra's
  /// NetworkTopologyStrategy walks the ring so for the racks of a data centre, and Dynamo (section
  /// 4.6) skips positions until the list spans data centres; neither is told how many copies each
  /// location is to hold, as Cassandra is: the copies are dealt out evenly.
  ///
  /// - Parameters:
  ///   - nodes: distinct, in the scheme's order.
  ///   - domains: by node number.
  func order(
    _ nodes: [UInt16], _ domains: ContiguousArray<FailureDomain>, count: Int
  ) -> [UInt16] {
    if self == .none { return Array(nodes.prefix(count)) }
    var left = nodes
    var chosen: [UInt16] = []
    var locations = [Int](repeating: 0, count: 1 + domains.reduce(0) { max($0, Int($1.location)) })
    var zones = [Int](repeating: 0, count: 1 + domains.reduce(0) { max($0, $1.zoneKey) })
    while chosen.count < count, !left.isEmpty {
      var best = (index: 0, use: Int.max)
      for index in left.indices {
        let domain = domains[Int(left[index])]
        let inZone = zones[domain.zoneKey]
        let use = self == .zone ? inZone : locations[Int(domain.location)] << 32 + inZone
        if use < best.use { best = (index, use) }
        if use == 0 { break }
      }
      let node = left.remove(at: best.index)
      locations[Int(domains[Int(node)].location)] += 1
      zones[domains[Int(node)].zoneKey] += 1
      chosen.append(node)
    }
    return chosen
  }
}
