import ClusterSim

extension RunReport {
  /// The tiers in front of cache and store; `null` where there are none.
  static func path(_ simulation: Simulation) -> JSONValue {
    guard simulation.hasWebTier else { return .null }
    let tier = simulation.webTierView
    let servers = simulation.webServers.indices.map { simulation.webServer($0) }
    func sum(_ part: (WebServerView) -> Int) -> JSONValue {
      .integer(servers.reduce(0) { $0 + part($1) })
    }
    return .object([
      ("policy", .string(simulation.settings.path.policy.rawValue)),
      ("refused", sum(\.refused)),
      ("unanswered", sum(\.unanswered)),
      (
        "turned_away",
        .integer(
          simulation.balancerHosts.indices.reduce(0) {
            $0 + simulation.balancer($1).turnedAway
          })
      ),
      ("wait_ms", times(merged(servers, \.waits))),
      ("response_ms", times(merged(servers, \.responses))),
      ("balancers", .array(simulation.balancerHosts.indices.map { balancer(simulation, $0) })),
      ("web", .array(simulation.webServers.indices.map { webServer(simulation, $0) })),
      (
        "little",
        .object([
          ("in_system", .number(tier?.present)), ("per_second", .number(tier?.rate)),
          ("stay_ms", .number(tier.map { $0.stay * 1e3 })),
          ("rate_times_stay", .number(tier?.product)),
        ])
      ),
    ])
  }

  private static func merged(
    _ servers: [WebServerView], _ part: (WebServerView) -> LatencyHistogram
  ) -> LatencyHistogram {
    servers.reduce(into: LatencyHistogram()) { $0.merge(part($1)) }
  }

  private static func times(_ histogram: LatencyHistogram) -> JSONValue {
    func milliseconds(_ nanoseconds: Double?) -> JSONValue {
      .number(nanoseconds.map { $0 / 1e6 })
    }
    return .object([
      ("mean", milliseconds(histogram.mean)),
      ("p50", milliseconds(histogram.quantile(0.5).map(Double.init))),
      ("p99", milliseconds(histogram.quantile(0.99).map(Double.init))),
    ])
  }

  private static func balancer(_ simulation: Simulation, _ location: Int) -> JSONValue {
    let balancer = simulation.balancer(location)
    return .object([
      ("name", .string(simulation.host(balancer.host).name)),
      ("location", .string(simulation.locationNames[location])),
      ("state", .string(state(simulation.host(balancer.host)))),
      ("servers_used", .integer(balancer.used)),
      ("forwarded", .integer(balancer.forwarded)),
      ("answered", .integer(balancer.answered)),
      ("unanswered", .integer(balancer.unanswered)),
      ("turned_away", .integer(balancer.turnedAway)),
      ("open", .integer(balancer.open)),
    ])
  }

  private static func webServer(_ simulation: Simulation, _ index: Int) -> JSONValue {
    let server = simulation.webServer(index)
    return .object([
      ("name", .string(simulation.host(server.host).name)),
      ("location", .string(simulation.locationNames[server.location])),
      ("state", .string(state(simulation.host(server.host)))),
      ("used_by_balancer", .bool(server.isUsed)),
      ("in_service", .integer(server.inService)),
      ("working", .integer(server.working)),
      ("queued", .integer(server.queued)),
      ("utilisation", .number(server.utilisation)),
      ("working_share", .number(server.workingShare)),
      ("requests", .integer(server.requests)),
      ("refused", .integer(server.refused)),
      ("answered", .integer(server.answered)),
      ("failed", .integer(server.failed)),
      ("lost", .integer(server.lost)),
      ("wait_ms", times(server.waits)),
      ("response_ms", times(server.responses)),
      ("forwarded", .integer(server.forwarded)),
      ("unanswered", .integer(server.unanswered)),
      ("checks_failed", .integer(server.checksFailed)),
      ("left_out", .integer(server.leftOut)),
    ])
  }

  /// The same for reading; nothing without such a tier.
  static func pathText(_ simulation: Simulation) -> [String] {
    guard simulation.hasWebTier else { return [] }
    func time(_ nanoseconds: Double?) -> String {
      FigureUnit.milliseconds.text(nanoseconds.map { $0 / 1e6 })
    }
    var table = TextTable([
      "", "state", "balancer", "requests", "refused", "unanswered", "held", "working", "wait",
      "response p50", "p99",
    ])
    for index in simulation.webServers.indices {
      let server = simulation.webServer(index)
      let host = simulation.host(server.host)
      table.add([
        host.name, state(host), server.isUsed ? "uses it" : "left out", "\(server.requests)",
        "\(server.refused)", "\(server.unanswered)", FigureUnit.share.text(server.utilisation),
        FigureUnit.share.text(server.workingShare), time(server.waits.mean),
        time(server.responses.quantile(0.5).map(Double.init)),
        time(server.responses.quantile(0.99).map(Double.init)),
      ])
    }
    var lines =
      [
        "",
        "Web tier (\(simulation.settings.path.policy.rawValue); held: by a request, which may wait "
          + "for cache or store)",
      ] + table.lines
    for location in simulation.balancerHosts.indices {
      let balancer = simulation.balancer(location)
      lines.append(
        "  \(simulation.host(balancer.host).name): \(balancer.forwarded) sent on, "
          + "\(balancer.unanswered) never answered, \(balancer.turnedAway) turned away")
    }
    if let tier = simulation.webTierView {
      func two(_ value: Double) -> String { Decimal.text(value, places: 2) }
      lines.append(
        "  Little's law: L = \(two(tier.present)) present, lambda W = \(two(tier.rate))/s x "
          + "\(time(tier.stay * 1e9)) = \(two(tier.product))")
    }
    return lines
  }
}

extension OpenMetrics {
  /// Families of the web tier; none without one.
  static func path(_ simulation: Simulation, _ text: inout MetricText) {
    guard simulation.hasWebTier else { return }
    let servers = simulation.webServers.indices.map { index in
      (simulation.host(simulation.webServers[index]).name, simulation.webServer(index))
    }
    func gauge(_ name: String, _ meaning: String, _ part: (WebServerView) -> Double) {
      text.family(name, .gauge, meaning)
      for (name, server) in servers { text.sample("", [("server", name)], part(server)) }
    }
    text.family("web_requests", .counter, "Requests at a web server by what became of them")
    for (name, server) in servers {
      for (outcome, count) in [
        ("answered", server.answered), ("failed", server.failed), ("refused", server.refused),
        ("lost", server.lost),
      ] {
        text.sample("_total", [("server", name), ("outcome", outcome)], Double(count))
      }
    }
    text.family("web_unanswered", .counter, "Requests that a balancer sent and nobody answered")
    for (name, server) in servers {
      text.sample("_total", [("server", name)], Double(server.unanswered))
    }
    gauge("web_in_service", "Requests that hold a worker") { Double($0.inService) }
    gauge("web_queue", "Requests in the line of a web server") { Double($0.queued) }
    gauge("web_utilisation_ratio", "Mean share of the workers that were held", \.utilisation)
    gauge("web_working_ratio", "Mean share of the workers that did not wait", \.workingShare)
    gauge("web_used", "1 where the balancer sends to the server") { $0.isUsed ? 1 : 0 }
    text.family(
      "web_response_seconds", .summary, unit: "seconds",
      "From a request's coming to its answer at a web server")
    for (name, server) in servers { text.summary([("server", name)], server.responses) }
    text.family(
      "web_wait_seconds", .summary, unit: "seconds", "In the line of a web server")
    for (name, server) in servers { text.summary([("server", name)], server.waits) }
    text.family("balancer_turned_away", .counter, "Requests for which no web server was healthy")
    for location in simulation.balancerHosts.indices {
      let balancer = simulation.balancer(location)
      text.sample(
        "_total", [("balancer", simulation.host(balancer.host).name)], Double(balancer.turnedAway))
    }
  }
}
