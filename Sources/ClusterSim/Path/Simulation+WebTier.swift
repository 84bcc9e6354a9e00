// The web tier as a part of the cluster: who is there, and what a start or a kill does to it.
extension Simulation {
  /// `lb1`, `lb2`… one for each location, and `web1`, `web2`… counted over all of them.
  public static func pathNames(
    locations: Int, servers: Int
  ) -> (balancers: [String], servers: [String]) {
    guard servers > 0 else { return ([], []) }
    return (
      (1...locations).map { "lb\($0)" }, (1...locations * servers).map { "web\($0)" }
    )
  }

  /// After everybody else, so that without such a tier nobody's number changes.
  mutating func addWebTier() {
    let count = settings.path.servers
    guard count > 0 else { return }
    let locations = configuration.locations.count
    let names = Self.pathNames(locations: locations, servers: count)
    for location in 0..<locations {
      let balancer = addHost(
        names.balancers[location], .balancer, location: location, weight: 1, role: .none)
      balancerHosts.append(balancer)
      let servers = (0..<count).map { place in
        let number = location * count + place
        let host = addHost(
          names.servers[number], .web, location: location, weight: 1, role: .none)
        hosts[host.index].webIndex = number
        webServers.append(host)
        tier.servers.append(WebServer(host: host, location: location, place: place))
        return host
      }
      tier.balancers.append(Balancer(host: balancer, servers: servers))
    }
  }

  mutating func startWebTier() {
    for balancer in balancerHosts { checkHealth(balancer, epoch: hosts[balancer.index].epoch) }
  }

  /// The process dies with every request in it: nobody is told.
  mutating func stopWebServer(_ id: NodeID) {
    var gone: [UInt64] = []
    tier.calls.visit { handle, call in if call.web == id.rawValue { gone.append(handle) } }
    for handle in gone {
      let open = tier.calls.remove(handle).openAt
      if open != .max { endCacheLoad(at: NodeID(open), location: Int(hosts[id.index].location)) }
    }
    tier.servers[hosts[id.index].webIndex].die(at: now.nanoseconds)
  }

  mutating func stopBalancer(_ id: NodeID) {
    let location = hosts[id.index].location
    var gone: [UInt64] = []
    tier.forwards.visit { handle, forward in
      if forward.location == location { gone.append(handle) }
    }
    for handle in gone { tier.forwards.remove(handle) }
    tier.balancers[Int(location)].die()
  }

  /// Whether every balancer that runs uses every web server that runs.
  var isPathWhole: Bool {
    tier.balancers.allSatisfy { balancer in
      hosts[balancer.host.index].state != .up
        || balancer.servers.allSatisfy { $0.isHealthy || hosts[$0.host.index].state != .up }
    }
  }

  /// Whether no balancer sends to a server any more that the fault keeps from it.
  func pathAvoids(_ fault: ActiveFault) -> Bool {
    tier.balancers.allSatisfy { balancer in
      balancer.servers.allSatisfy {
        !$0.isHealthy || !fault.hides($0.host, from: balancer.host)
      }
    }
  }

  mutating func sampleWebTier() {
    for index in tier.servers.indices { tier.servers[index].sample(Metrics.samplePeriod) }
  }
}
