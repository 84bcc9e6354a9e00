import ClusterSim

/// Reads the `cluster` section: which locations there are, and which nodes stand in them.
struct ClusterReader {
  let reader: FieldReader

  static let locationLimit = 8
  static let nodeLimit = 10_000

  /// The cluster of a file without `cluster`: eight nodes, five in the east and three in the west.
  static let usual: [(location: String, nodes: Int)] = [("east", 5), ("west", 3)]

  /// Name, seed, settings and actions are left for the caller.
  func cluster(_ node: YAMLNode?) throws(ScenarioError) -> ClusterConfiguration {
    var cluster = ClusterConfiguration(name: "", locations: [], nodes: [])
    guard let node else {
      for (location, count) in Self.usual { Self.add(count, in: location, to: &cluster) }
      cluster.locations = Self.usual.map { .init(name: $0.location) }
      return cluster
    }
    let fields = try reader.fields(node, "`cluster`", known: ["locations", "nodes", "zones"])
    guard let nodes = fields.node("nodes") else {
      throw reader.fail(node.position, "`cluster` needs `nodes`, such as `nodes: {east: 3}`")
    }
    if let list = fields.node("locations") { cluster.locations = try locations(list) }
    let mayAddLocations = cluster.locations.isEmpty
    switch nodes.content {
    case .mapping(let entries):
      for entry in entries {
        try check(entry.key, at: entry.keyPosition, &cluster, mayAdd: mayAddLocations)
        let count = try reader.integer(entry.value, "nodes in \(entry.key)", 0...Self.nodeLimit)
        Self.add(count, in: entry.key, to: &cluster)
      }
      if let zones = fields.node("zones") { try self.zones(zones, &cluster) }
    case .sequence:
      if let zones = fields.node("zones") {
        throw reader.fail(
          zones.position, "`zones` goes with counts of nodes; in a list each node names its `zone`")
      }
      for item in try reader.list(nodes, "nodes", limit: Self.nodeLimit) {
        try add(item, to: &cluster, mayAddLocations: mayAddLocations)
      }
    case .scalar:
      throw reader.fail(
        nodes.position,
        "nodes are counts by location, such as `{east: 3}`, or a list of nodes")
    }
    guard (1...Self.nodeLimit).contains(cluster.nodes.count) else {
      throw reader.fail(
        nodes.position, "\(cluster.nodes.count) nodes; 1 to \(Self.nodeLimit) are possible")
    }
    return cluster
  }

  /// Names go on from the nodes that are there: n1, n2, …
  private static func add(_ count: Int, in location: String, to cluster: inout ClusterConfiguration)
  {
    for _ in 0..<count {
      cluster.nodes.append(.init(name: "n\(cluster.nodes.count + 1)", location: location))
    }
  }

  private func locations(
    _ node: YAMLNode
  ) throws(ScenarioError) -> [ClusterConfiguration.Location] {
    var locations: [ClusterConfiguration.Location] = []
    for item in try reader.list(node, "locations", limit: Self.locationLimit) {
      var weight = 1.0
      var nameNode = item
      if case .mapping = item.content {
        let fields = try reader.fields(item, "a location", known: ["name", "weight"])
        guard let name = fields.node("name") else {
          throw reader.fail(item.position, "a location needs a `name`")
        }
        nameNode = name
        if let node = fields.node("weight") { weight = try reader.number(node, "weight", 0...1000) }
      }
      let name = try reader.name(nameNode, "a location")
      guard !locations.contains(where: { $0.name == name }) else {
        throw reader.fail(nameNode.position, "there is a location '\(name)' already")
      }
      guard FigureWindow(rawValue: name) == nil else {
        throw reader.fail(
          nameNode.position, "'\(name)' is a word of conditions; call the location otherwise")
      }
      locations.append(.init(name: name, weight: weight))
    }
    guard locations.contains(where: { $0.weight > 0 }) else {
      throw reader.fail(node.position, "at least one location with a weight above 0 is needed")
    }
    return locations
  }

  private func add(
    _ item: YAMLNode, to cluster: inout ClusterConfiguration, mayAddLocations: Bool
  ) throws(ScenarioError) {
    let fields = try reader.fields(item, "a node", known: ["name", "location", "zone", "weight"])
    guard let nameNode = fields.node("name"), let locationNode = fields.node("location") else {
      throw reader.fail(item.position, "a node needs a `name` and a `location`")
    }
    let name = try reader.name(nameNode, "a node")
    guard !cluster.nodes.contains(where: { $0.name == name }) else {
      throw reader.fail(nameNode.position, "there is a node '\(name)' already")
    }
    guard !name.hasPrefix("c-") else {
      throw reader.fail(nameNode.position, "'\(name)': names beginning with c- are cache servers'")
    }
    let location = try reader.name(locationNode, "a location")
    try check(location, at: locationNode.position, &cluster, mayAdd: mayAddLocations)
    var weight = 1
    if let node = fields.node("weight") { weight = try reader.integer(node, "weight", 1...16) }
    var zone: String?
    if let node = fields.node("zone") { zone = try self.zone(node, in: location, cluster) }
    cluster.nodes.append(.init(name: name, location: location, zone: zone, weight: weight))
  }

  /// `zones: {east: [a, b]}`: the nodes of a location stand in its zones in turn.
  private func zones(
    _ node: YAMLNode, _ cluster: inout ClusterConfiguration
  ) throws(ScenarioError) {
    guard case .mapping(let entries) = node.content else {
      throw reader.fail(node.position, "`zones` are lists by location, such as `{east: [e1, e2]}`")
    }
    for entry in entries {
      try check(entry.key, at: entry.keyPosition, &cluster, mayAdd: false)
      let places = cluster.nodes.indices.filter { cluster.nodes[$0].location == entry.key }
      let names = try reader.list(entry.value, "zones", limit: Self.nodeLimit)
      var seen: [String] = []
      for (turn, name) in names.enumerated() {
        let zone = try self.zone(name, in: entry.key, cluster)
        guard !seen.contains(zone) else {
          throw reader.fail(name.position, "zone '\(zone)' is named twice")
        }
        seen.append(zone)
        for place in places.indices where place % names.count == turn {
          cluster.nodes[places[place]].zone = zone
        }
      }
    }
  }

  /// A zone is in one location, and no location has its name: `outage` takes either.
  private func zone(
    _ node: YAMLNode, in location: String, _ cluster: ClusterConfiguration
  ) throws(ScenarioError) -> String {
    let zone = try reader.name(node, "a zone")
    if let other = cluster.zones.first(where: { $0.name == zone && $0.location != location }) {
      throw reader.fail(
        node.position, "zone '\(zone)' is in \(other.location) already; a zone is in one location")
    }
    guard !cluster.locations.contains(where: { $0.name == zone }) else {
      throw reader.fail(node.position, "'\(zone)' is a location; call the zone otherwise")
    }
    return zone
  }

  /// A location that nodes name: listed, or added where the file lists none.
  private func check(
    _ location: String, at position: TextPosition, _ cluster: inout ClusterConfiguration,
    mayAdd: Bool
  ) throws(ScenarioError) {
    if cluster.locations.contains(where: { $0.name == location }) { return }
    guard mayAdd else {
      throw reader.fail(
        position,
        Nearest.message(
          "location", Visible.line(location), among: cluster.locations.map(\.name)))
    }
    guard Name.isName(location), FigureWindow(rawValue: location) == nil else {
      throw reader.fail(
        position, "'\(Visible.line(location))' is no name of a location; \(Name.rule)")
    }
    guard cluster.locations.count < Self.locationLimit else {
      throw reader.fail(position, "more than \(Self.locationLimit) locations, the limit")
    }
    cluster.locations.append(.init(name: location))
  }
}
