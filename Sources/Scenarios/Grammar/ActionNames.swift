import ClusterSim

/// The names that actions are aimed at.
public struct ActionNames: Equatable, Sendable {
  /// Storage nodes, in order.
  public var nodes: [String]
  /// Storage nodes, cache servers, balancers and web servers.
  public var hosts: [String]
  public var locations: [String]
  public var zones: [String]

  public init(nodes: [String], hosts: [String], locations: [String], zones: [String] = []) {
    self.zones = zones
    self.nodes = nodes
    self.hosts = hosts
    self.locations = locations
  }
}

extension ActionNames {
  /// The names in a running cluster; nodes that have left for good are left out.
  public init(of simulation: Simulation) {
    let nodes = simulation.storageNodes.map(simulation.host)
      .filter { $0.state != .left }.map(\.name)
    let others = simulation.serversBesideNodes.map { simulation.host($0).name }
    self.init(
      nodes: nodes, hosts: nodes + others, locations: simulation.locationNames,
      zones: simulation.zoneNames)
  }

  /// The names that a cluster begins with.
  public init(of configuration: ClusterConfiguration) {
    let nodes = configuration.nodes.map(\.name)
    let locations = configuration.locations.map(\.name)
    let caches = locations.flatMap {
      Simulation.cacheNames(of: $0, servers: configuration.settings.cache.servers)
    }
    let path = Simulation.pathNames(
      locations: locations.count, servers: configuration.settings.path.servers)
    self.init(
      nodes: nodes, hosts: nodes + caches + path.balancers + path.servers, locations: locations,
      zones: configuration.zones.map(\.name))
  }
}
