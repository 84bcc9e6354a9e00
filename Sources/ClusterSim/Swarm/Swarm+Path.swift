extension Swarm {
  /// A fourth of all runs have a web tier, small enough to be overloaded. From a stream of its own, so
  /// that the other runs are what they were.
  static func pathChoices(_ stream: inout RandomStream) -> [(String, String)] {
    guard stream.below(4) == 0 else { return [] }
    let interval = Span.milliseconds(100 + Int64(stream.below(900)))
    return [
      ("path.web.servers", "\(1 + stream.below(3))"),
      ("path.web.workers", "\(1 + stream.below(8))"), ("path.web.queue", "\(stream.below(20))"),
      ("path.web.service", stream.pick(["exponential 2ms", "constant 0ms", "exponential 20ms"])),
      ("path.web.timeout", stream.pick(["100ms", "800ms"])),
      ("path.balancer.policy", stream.pick(BalancerPolicy.allCases).rawValue),
      ("path.health.checks", stream.pick(["true", "true", "false"])),
      ("path.health.probe", stream.pick(["process", "worker"])),
      ("path.health.interval", "\(interval)"),
    ]
  }

  /// Half the faults on a host hit a balancer or a web server, where there are some.
  static func pathHost(_ stream: inout RandomStream, _ sim: Simulation) -> String? {
    guard sim.hasWebTier, stream.below(2) == 0 else { return nil }
    return sim.host(stream.pick(sim.balancerHosts + sim.webServers)).name
  }
}
