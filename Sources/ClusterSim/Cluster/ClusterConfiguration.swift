/// What a simulation starts from; with the log of actions it determines the whole run.
public struct ClusterConfiguration: Equatable, Sendable {
  public var name: String
  public var seed: UInt64
  public var locations: [Location]
  public var nodes: [Node]
  public var settings: Settings
  /// Planned actions, in order of time.
  public var actions: [TimedAction]

  /// A place with clients and a cache server of its own.
  public struct Location: Equatable, Sendable {
    public var name: String
    /// Its part of `workload.rate`, against the other locations' weights.
    public var weight: Double
    public init(name: String, weight: Double = 1) {
      self.name = name
      self.weight = weight
    }
  }

  /// A storage node.
  public struct Node: Equatable, Sendable {
    public var name: String
    /// Name of its location.
    public var location: String
    /// Its zone inside the location, where it has one; a zone is in one location.
    public var zone: String?
    /// Multiplies `ring.vnodes`.
    public var weight: Int
    public init(name: String, location: String, zone: String? = nil, weight: Int = 1) {
      self.name = name
      self.location = location
      self.zone = zone
      self.weight = weight
    }
  }

  public init(
    name: String, seed: UInt64 = 1, locations: [Location], nodes: [Node],
    settings: Settings = Settings(), actions: [TimedAction] = []
  ) {
    self.name = name
    self.seed = seed
    self.locations = locations
    self.nodes = nodes
    self.settings = settings
    self.actions = actions
  }
}

extension ClusterConfiguration {
  /// The zones that nodes stand in, with their locations, in the order in which they are named.
  public var zones: [(name: String, location: String)] {
    var zones: [(name: String, location: String)] = []
    for node in nodes {
      guard let zone = node.zone, !zones.contains(where: { $0.name == zone }) else { continue }
      zones.append((zone, node.location))
    }
    return zones
  }
}

/// An action and the virtual time at which it happens.
public struct TimedAction: Equatable, Sendable {
  public var at: Instant
  public var action: Action
  public init(at: Instant, action: Action) {
    self.at = at
    self.action = action
  }
}

/// Why an action cannot be done now; `message` says what would be right. Nothing was changed.
public struct ActionError: Error, Equatable, Sendable {
  public let message: String
  public init(_ message: String) { self.message = message }
}
