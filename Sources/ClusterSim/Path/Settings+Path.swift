extension Settings {
  /// The tiers in front of cache and store: in each location a load balancer and web servers.
  public struct Path: Equatable, Sendable {
    /// Web servers of each location; 0: no balancer and no tier, clients ask cache and store themselves.
    public var servers = 0
    /// Requests a web server holds at once: each keeps its worker until cache or store has answered.
    public var workers = 32
    /// Requests that may wait for a worker; one more is refused as overloaded.
    public var queue = 128
    /// Time a worker works on a request before it goes on.
    public var service = Distribution.exponential(.milliseconds(2))
    /// How long a web server waits for cache or store.
    public var timeout = Span.milliseconds(800)
    public var policy = BalancerPolicy.roundRobin
    /// Thresholds as HAProxy has them (`fall` 3, `rise` 2); its interval is 2 s.
    public var checks = true
    public var probe = HealthProbe.process
    public var checkInterval = Span.milliseconds(1000)
    public var checkTimeout = Span.milliseconds(500)
    /// Checks in a row that must fail until a server is left out, and pass until it is used again.
    public var unhealthy = 3
    public var healthy = 2

    /// There is a web tier.
    public var isThere: Bool { servers > 0 }
  }

  /// What a web server needs to answer a probe: to run, or a free worker as well.
  public enum HealthProbe: String, CaseIterable, Sendable { case process, worker }
}

// The load balancer and the web servers.
extension SettingCatalogue {
  static let path: [SettingDefinition] = [
    integer(
      "path.web.servers", \.path.servers, 0...256,
      "web servers of a location behind its load balancer; 0: no such tier", live: false),
    integer(
      "path.web.workers", \.path.workers, 1...10_000,
      "requests a web server holds at once, each until cache or store has answered it"),
    integer(
      "path.web.queue", \.path.queue, 0...1_000_000,
      "requests that may wait at a web server; more are refused"),
    distribution(
      "path.web.service", \.path.service, "time a web server works on a request before it goes on"),
    span(
      "path.web.timeout", \.path.timeout, "how long a web server waits for cache or store"),
    choice(
      "path.balancer.policy", \.path.policy,
      "which web server gets the next request; hash: by client, always the same"),
    flag(
      "path.health.checks", \.path.checks,
      "the balancer probes its web servers and leaves out who does not answer"),
    choice(
      "path.health.probe", \.path.probe,
      "process: whoever runs answers; worker: the probe waits in the line as a request does"),
    span("path.health.interval", \.path.checkInterval, "time between two probes of a web server"),
    span(
      "path.health.timeout", \.path.checkTimeout, "a probe unanswered for so long has failed"),
    integer(
      "path.health.unhealthy", \.path.unhealthy, 1...100,
      "probes in a row that must fail until the balancer leaves a web server out"),
    integer(
      "path.health.healthy", \.path.healthy, 1...100,
      "probes in a row that must be answered until it is used again"),
  ]
}
