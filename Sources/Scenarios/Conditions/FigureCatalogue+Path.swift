import ClusterSim

extension FigureCatalogue {
  /// Of the balancers and web servers.
  static let path: [FigureDefinition] = [
    cluster("web.used", .count, "web servers that their balancer sends to") { simulation in
      simulation.hasWebTier
        ? Double(simulation.balancerHosts.indices.reduce(0) { $0 + simulation.balancer($1).used })
        : nil
    },
    cluster("web.unanswered", .count, "requests sent to web servers that never answered") {
      sum($0, \.unanswered)
    },
    cluster("web.refused", .count, "requests that web servers with full lines turned away") {
      sum($0, \.refused)
    },
    cluster("web.queued", .count, "requests in the lines of web servers") { sum($0, \.queued) },
    cluster("web.held", .share, "workers of the web tier that a request holds, over the run") {
      mean($0, \.utilisation)
    },
    cluster("web.working", .share, "workers of the web tier that work, not wait, over the run") {
      mean($0, \.workingShare)
    },
  ]

  private static func sum(_ simulation: Simulation, _ part: (WebServerView) -> Int) -> Double? {
    guard simulation.hasWebTier else { return nil }
    return Double(simulation.webServers.indices.reduce(0) { $0 + part(simulation.webServer($1)) })
  }

  private static func mean(
    _ simulation: Simulation, _ part: (WebServerView) -> Double
  ) -> Double? {
    guard simulation.hasWebTier else { return nil }
    return simulation.webServers.indices.reduce(0) { $0 + part(simulation.webServer($1)) }
      / Double(simulation.webServers.count)
  }
}
