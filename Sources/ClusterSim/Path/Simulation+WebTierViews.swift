// What screens and reports read of the web tier.

/// A web server as it is, and as its balancer sees it.
public struct WebServerView: Sendable {
  public let host: NodeID
  public let location: Int
  public let workers: Int
  /// Requests with a worker, of those the ones being worked on, and requests in the line.
  public let inService: Int
  public let working: Int
  public let queued: Int
  /// Mean share of the workers that were held, and that worked rather than waited, over the run.
  public let utilisation: Double
  public let workingShare: Double
  // Since the start.
  public let requests: Int
  public let refused: Int
  public let answered: Int
  public let failed: Int
  public let lost: Int
  /// In the line, and from coming to answering.
  public let waits: LatencyHistogram
  public let responses: LatencyHistogram
  /// Answers a second and their 99th percentile, ms, of the last sample.
  public let rate: Double
  public let p99: Double?
  /// Mean number of requests present, over the run.
  public let present: Double
  // As the balancer sees it.
  public let isUsed: Bool
  /// Probes in a row that failed (used) or passed (left out), and the threshold.
  public let probes: Int
  public let threshold: Int
  public let open: Int
  public let forwarded: Int
  /// Sent there and never answered.
  public let unanswered: Int
  public let checksFailed: Int
  public let leftOut: Int
}

/// A location's balancer.
public struct BalancerView: Sendable {
  public let host: NodeID
  public let location: Int
  public let forwarded: Int
  public let answered: Int
  public let unanswered: Int
  /// Turned away because it held no server healthy.
  public let turnedAway: Int
  /// Requests that are with web servers now.
  public let open: Int
  public let used: Int
  public let servers: Int
}

/// A tier against Little's law: L = lambda W, of the requests that it let in.
public struct TierView: Sendable, Equatable {
  /// Mean number present (time average), requests that ended per second, their mean stay, s.
  public let present: Double
  public let rate: Double
  public let stay: Double
  public var product: Double { rate * stay }
}

extension Simulation {
  public var hasWebTier: Bool { !webServers.isEmpty }

  /// Who serves without being a storage node.
  public var serversBesideNodes: [NodeID] { cacheServers + balancerHosts + webServers }

  /// By the place in `webServers`.
  public func webServer(_ index: Int) -> WebServerView {
    let server = tier.servers[index]
    let balancer = tier.balancers[Int(server.location)]
    let believed = balancer.servers[server.place]
    let means = server.means(until: now.nanoseconds)
    let workers = settings.path.workers
    return WebServerView(
      host: server.host, location: Int(server.location), workers: workers,
      inService: server.held, working: server.working, queued: server.present - server.held,
      utilisation: means.held / Double(workers), workingShare: means.working / Double(workers),
      requests: server.requests, refused: server.refused, answered: server.answered,
      failed: server.failed, lost: server.lost, waits: server.waits, responses: server.responses,
      rate: server.lastRate, p99: server.lastP99.map { Double($0) / 1e6 }, present: means.present,
      isUsed: believed.isHealthy,
      probes: believed.isHealthy ? believed.failures : believed.passes,
      threshold: believed.isHealthy ? settings.path.unhealthy : settings.path.healthy,
      open: balancer.pool.open[server.place], forwarded: believed.forwarded,
      unanswered: believed.unanswered, checksFailed: believed.checksFailed,
      leftOut: believed.leftOut)
  }

  /// By location.
  public func balancer(_ location: Int) -> BalancerView {
    let balancer = tier.balancers[location]
    return BalancerView(
      host: balancer.host, location: location, forwarded: balancer.forwarded,
      answered: balancer.answered, unanswered: balancer.unanswered,
      turnedAway: balancer.turnedAway, open: balancer.pool.open.reduce(0, +),
      used: balancer.pool.healthy.count, servers: balancer.servers.count)
  }

  /// The places in `webServers` of a location's servers.
  public func webServers(ofLocation location: Int) -> Range<Int> {
    let count = settings.path.servers
    return location * count..<(location + 1) * count
  }

  /// All web servers together over the whole run; nil without a tier or before the first answer.
  public var webTierView: TierView? {
    let seconds = now.seconds
    var (present, ended, stay) = (0.0, 0, 0.0)
    for server in tier.servers {
      present += server.means(until: now.nanoseconds).present
      ended += server.responses.count
      stay += (server.responses.mean ?? 0) * Double(server.responses.count)
    }
    guard ended > 0, seconds > 0 else { return nil }
    return TierView(
      present: present, rate: Double(ended) / seconds, stay: stay / Double(ended) / 1e9)
  }

  /// The line in front of a web server's workers in the present stretch; nil where nothing began.
  public func line(ofWeb index: Int) -> LineView? {
    tier.servers[index].line(until: now.nanoseconds, servers: settings.path.workers)
  }
}
