/// What a random stream is for; a new purpose never shifts the others.
enum StreamPurpose: UInt64 {
  case network = 1
  case workload, arrivals, host
  /// Which replicas are asked, where not all are.
  case targets = 301
  /// Which copy of a split key is read.
  case split = 601
  /// Which keys queries read, and when there is one.
  case queries = 602
  /// Election time-outs of the servers of Raft groups, and the random trials of Raft alone.
  case raft = 401
  case raftTrial = 33
  case raftElection = 402
  /// Whom SWIM pings and asks, one stream a node.
  case membership = 501
  case cacheLifetimes = 40
  /// How long clients wait before they try again.
  case retries = 701
  case replicaDelays = 41
  /// Which web server gets a request, and between which two a balancer chooses.
  case balancing = 801
  /// Trials of predictions; nothing in the cluster hangs on them.
  case forecast = 42
}

extension Simulation {
  /// A cluster as configured, at time zero, every key at its initial version on its homes.
  ///
  /// Throws where the configuration contradicts itself (unknown location, name used twice); planned
  /// actions are checked when they are due, because their targets may join before.
  public init(_ configuration: ClusterConfiguration) throws(ActionError) {
    try Self.check(configuration)
    let settings = configuration.settings
    let seed = configuration.seed
    self.configuration = configuration
    self.settings = settings
    networkStream = RandomStream(seed: seed, purpose: StreamPurpose.network.rawValue)
    splitStream = RandomStream(seed: seed, purpose: StreamPurpose.split.rawValue)
    workloadStream = RandomStream(seed: seed, purpose: StreamPurpose.workload.rawValue)
    targetStream = RandomStream(seed: seed, purpose: StreamPurpose.targets.rawValue)
    cacheStream = RandomStream(seed: seed, purpose: StreamPurpose.cacheLifetimes.rawValue)
    replicaDelayStream = RandomStream(
      seed: seed, purpose: StreamPurpose.replicaDelays.rawValue)
    queries = Queries(seed: seed)
    retries = ClientRetries(seed: seed, locations: configuration.locations.count)
    metrics = Metrics(locations: configuration.locations.count)
    traces = TraceRing(settings.observe)
    keys =
      configuration.trace.map { KeyTable(names: $0.names) }
      ?? KeyTable(settings.workload)
    sampler = Self.sampler(for: settings, configuration.trace)
    placement = ClusterPlacement(
      Self.members(of: configuration), ClusterPlacement.Rules(settings), keys: keys)
    tier = WebTier(seed: seed)
    prepareQueries()
    addHosts()
    startSharding()
    startRaft()
    startReplication()
    startMultiPrimary()
    preloadKeys()
    startTimers()
    armRaft()
    armReplication()
    armMultiPrimary()
    topologyChanged()
  }

  private static func members(of configuration: ClusterConfiguration) -> [HashRing.Member] {
    let zones = configuration.zones
    return configuration.nodes.enumerated().map { index, node in
      HashRing.Member(
        node: NodeID(UInt16(index)), name: node.name,
        virtualNodes: node.weight * configuration.settings.ring.vnodes,
        domain: FailureDomain(
          location: UInt16(configuration.locations.firstIndex { $0.name == node.location }!),
          zone: UInt16(zones.firstIndex { $0.name == node.zone }.map { $0 + 1 } ?? 0)))
    }
  }

  private static func check(_ configuration: ClusterConfiguration) throws(ActionError) {
    if let problem = configuration.settings.engineContradiction { throw ActionError(problem) }
    if configuration.locations.isEmpty { throw ActionError("a cluster needs a location") }
    if configuration.nodes.isEmpty { throw ActionError("a cluster needs a node") }
    if let trace = configuration.trace, trace.names.count != configuration.settings.workload.keys {
      throw ActionError(
        "workload.keys: the trace has \(trace.names.count) keys; leave the setting out")
    }
    let locations = configuration.locations.map(\.name)
    var names: [String] = locations.flatMap {
      ["clients-\($0)"] + cacheNames(of: $0, servers: configuration.settings.cache.servers)
    }
    if Set(locations).count < locations.count {
      throw ActionError("two locations have the same name")
    }
    let path = pathNames(
      locations: locations.count, servers: configuration.settings.path.servers)
    names += path.balancers + path.servers
    for node in configuration.nodes {
      guard locations.contains(node.location) else {
        throw ActionError(
          "node \(node.name): "
            + Nearest.message("location", node.location, among: locations))
      }
      if node.weight < 1 || node.weight > 64 {
        throw ActionError("node \(node.name): weight \(node.weight) is not in 1 to 64")
      }
      if let zone = node.zone, locations.contains(zone) {
        throw ActionError("node \(node.name): '\(zone)' is a location; call the zone otherwise")
      }
      let twin = configuration.nodes.first { $0.zone == node.zone && $0.location != node.location }
      if let zone = node.zone, let twin {
        throw ActionError(
          "zone \(zone) is in \(twin.location) and in \(node.location); a zone is in one location")
      }
      names.append(node.name)
    }
    if configuration.settings.ring.scheme == .maglev, configuration.nodes.count > 5000 {
      throw ActionError("maglev: no more than 5000 nodes")
    }
    if Set(names).count < names.count { throw ActionError("two hosts have the same name") }
    if names.count > 20_000 {
      throw ActionError("more than 20000 hosts")
    }
  }

  static func sampler(for settings: Settings, _ trace: KeyTrace?) -> KeySampler {
    if let trace { return KeySampler(weights: trace.weights) }
    let workload = settings.workload
    if workload.families { return KeySampler(weights: workload.familyWeights) }
    return KeySampler(workload.ownDistribution, count: workload.keys)
  }

  /// Storage nodes first, then each location's cache server and clients.
  private mutating func addHosts() {
    let locations = configuration.locations
    for node in configuration.nodes {
      let location = locations.firstIndex { $0.name == node.location }!
      storageNodes.append(
        addHost(node.name, .storage, location: location, weight: node.weight, role: .member))
      hosts[hosts.count - 1].zone = UInt16(
        configuration.zones.firstIndex { $0.name == node.zone }.map { $0 + 1 } ?? 0)
    }
    for (index, location) in locations.enumerated() {
      let names = Self.cacheNames(of: location.name, servers: settings.cache.servers)
      let servers = names.map { name in
        let cache = addHost(name, .cache, location: index, weight: 1, role: .none)
        hosts[cache.index].cacheIndex = caches.count
        cacheServers.append(cache)
        caches.append(CacheServer(host: cache))
        return cache
      }
      let host = addHost(
        "clients-\(location.name)", .clients, location: index, weight: 1, role: .none)
      clientHosts.append(host)
      clients.append(
        ClientGroup(
          host: host, caches: servers, ring: cacheRing(of: servers), weight: location.weight,
          arrivals: RandomStream(
            seed: configuration.seed, purpose: StreamPurpose.arrivals.rawValue,
            index: UInt64(index))))
    }
    addWebTier()
    roster = Roster(storageNodes, now: 0)
    let table = MembershipTable(me: storageNodes[0], roster: roster, incarnation: 1, now: 0)
    for (place, node) in storageNodes.enumerated() {
      addMember(node, table.owned(by: node, place: place))
    }
    for location in clients.indices {
      for host in hosts.indices { learnServer(NodeID(UInt16(host)), location: location) }
      chooseCoordinators(location: location)
    }
  }

  /// Adds a host and gives its number.
  mutating func addHost(
    _ name: String, _ kind: HostKind, location: Int, weight: Int, role: RingRole
  ) -> NodeID {
    let id = NodeID(UInt16(hosts.count))
    hosts.append(
      Host(
        name: name, kind: kind, location: location, weight: weight, ringRole: role,
        stream: RandomStream(
          seed: configuration.seed, purpose: StreamPurpose.host.rawValue, index: UInt64(id.index))))
    members.append(nil)
    streams.grow(to: hosts.count)
    return id
  }

  private mutating func preloadKeys() {
    for key in 0..<UInt32(keys.count) { preload(key) }
  }

  /// Puts the initial version of a key on its homes.
  mutating func preload(_ key: UInt32) {
    for home in homeNodes(of: key) { hosts[home.index].store.apply(.initial, to: key) }
  }

  private mutating func startTimers() {
    for index in configuration.actions.indices {
      queue.push(
        time: configuration.actions[index].at.nanoseconds, kind: .actionDue, a: UInt32(index))
    }
    for node in storageNodes { startDetector(node, announce: false) }
    for location in clients.indices {
      pingServers(location: location)
      scheduleArrival(location: location)
    }
    startWebTier()
    queue.push(time: Metrics.samplePeriod.nanoseconds, kind: .sample)
  }
}
