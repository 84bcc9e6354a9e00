import CellUI
import ClusterSim

/// The web tier in words.
enum PathText {
  /// A step of an operation on its way through balancer and web server.
  static func step(_ step: TraceStep, by: String, to: String) -> (String, Style) {
    switch step.what {
    case .balanced: ("the balancer \(by) sends it to \(to)", .text)
    case .noWebServer: ("\(by) holds no web server healthy", Style(.bad))
    case .lineFull: ("\(by) turns it away: its line is full", Style(.bad))
    case .begun(let waited):
      (
        "a worker of \(by) takes it up after \(Figure.milliseconds(nanoseconds: waited)) ms in line",
        waited > 0 ? Style(.warning) : .text
      )
    case .passedOn(let worked):
      (
        (worked > 0
          ? "\(by) worked on it for \(Figure.milliseconds(nanoseconds: worked)) ms and" : by)
          + " asks \(to); its worker waits", .text
      )
    case .answered: ("\(by) answers the balancer", .text)
    case .failed, .again, .overBudget, .notLeader, .shardMoves, .asked, .noLeader: ("", .text)
    }
  }

  /// The named cause where it lies with balancer or web server; nil where it lies elsewhere.
  static func cause(_ trace: OperationTrace, _ simulation: Simulation) -> String? {
    guard let server = trace.server, simulation.host(server).kind == .balancer else { return nil }
    let steps = simulation.traces.steps(of: trace)
    func name(_ id: NodeID?) -> String { id.map { simulation.host($0).name } ?? "nobody" }
    switch (trace.failure, steps.last?.what) {
    case (.overloaded?, .lineFull?):
      return "\(name(steps.last!.by)) turned it away: its line was full"
    case (.noAnswer?, nil): return "the balancer \(name(server)) never took it"
    case (.noAnswer?, .balanced?):
      return "\(name(steps.last!.to)) never answered the balancer \(name(steps.last!.by))"
    case (.noAnswer?, .begun?):
      return "\(name(steps.last!.by)) was still working on it when the client gave up"
    case (.noAnswer?, .passedOn?):
      return "\(name(steps.last!.by)) still waited for \(name(steps.last!.to)) when the client "
        + "gave up"
    case (.timeout?, .answered?) where trace.repliedAt == 0:
      let asked = steps.last { if case .passedOn = $0.what { true } else { false } }
      return "\(name(asked?.to)) did not answer \(name(asked?.by)) within path.web.timeout"
    case (nil, _):
      for step in steps {
        if case .begun(let waited) = step.what, waited * 2 > trace.ended - trace.invoked {
          return "it waited \(Figure.milliseconds(nanoseconds: waited)) ms in the line of "
            + name(step.by)
        }
      }
      return nil
    default: return nil
    }
  }

  // MARK: Details

  static func title(_ row: Int, _ scene: Scene) -> String {
    let rows = PathPanel.rows(scene.simulation)
    guard rows.indices.contains(row) else { return "Web tier" }
    let name = PathPanel.host(rows[row], scene.simulation).name
    return switch rows[row] {
    case .balancer: "Balancer \(name)"
    case .server: "Web server \(name)"
    }
  }

  static func lines(_ row: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let rows = PathPanel.rows(scene.simulation)
    guard rows.indices.contains(row) else {
      writer.add("There is no web tier: path.web.servers is 0 (--set path.web.servers=3).")
      return
    }
    let truth = Words.truth(PathPanel.host(rows[row], scene.simulation), .ascii)
    writer.pair("truly", truth.word, truth.style)
    switch rows[row] {
    case .balancer(let location): balancer(location, scene, &writer)
    case .server(let index): server(index, scene, &writer)
    }
    if let tier = scene.simulation.webTierView {
      writer.heading("The whole tier, since the start (Little's law: L = lambda W)")
      writer.pair("L", "\(NumberText.fixed(tier.present, 3)) requests present on average")
      writer.pair(
        "lambda W",
        "\(NumberText.fixed(tier.rate, 2))/s x \(NumberText.fixed(tier.stay * 1e3, 2)) ms = "
          + NumberText.fixed(tier.product, 3))
    }
    writer.add("")
    writer.add(
      "With this panel focused K, S and L act on the chosen host. A dead web server gets its share of "
        + "the requests until its balancer's probes have failed.", .dim)
  }

  private static func balancer(_ location: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let view = scene.simulation.balancer(location)
    let path = scene.settings.path
    writer.pair("location", scene.simulation.locationNames[location])
    writer.pair("policy", "\(path.policy.rawValue): \(path.policy.meaning)")
    writer.pair("sends to", "\(view.used) of \(view.servers) web servers")
    writer.pair(
      "probes",
      path.checks
        ? "every \(path.checkInterval), answer within \(path.checkTimeout); out after "
          + "\(path.unhealthy), back after \(path.healthy)" : "off (path.health.checks)")
    writer.pair("sent on", "\(view.forwarded), \(view.open) of them open now")
    writer.pair(
      "never answered", "\(view.unanswered)", view.unanswered > 0 ? Style(.bad) : .text)
    writer.pair("turned away", "\(view.turnedAway), no web server was held healthy")
    writer.heading("What it believes of them")
    for index in scene.simulation.webServers(ofLocation: location) {
      let server = scene.simulation.webServer(index)
      let truth = Words.truth(scene.simulation.host(server.host), .ascii)
      writer.pair(
        scene.simulation.host(server.host).name, belief(server) + ", truly \(truth.word)",
        server.isUsed && truth.word == "up" ? .text : Style(.warning))
    }
  }

  private static func belief(_ server: WebServerView) -> String {
    if server.isUsed {
      return server.probes == 0
        ? "used" : "used, \(server.probes) of \(server.threshold) probes failed"
    }
    return "left out, \(server.probes) of \(server.threshold) probes answered"
  }

  private static func server(_ index: Int, _ scene: Scene, _ writer: inout LineWriter) {
    let view = scene.simulation.webServer(index)
    func time(_ nanoseconds: Double?) -> String {
      Figure.milliseconds(nanoseconds.map { $0 / 1e6 })
    }
    func times(_ histogram: LatencyHistogram) -> String {
      "mean \(time(histogram.mean))  p50 \(time(histogram.quantile(0.5).map(Double.init)))  "
        + "p99 \(time(histogram.quantile(0.99).map(Double.init))) ms"
    }
    writer.pair("its balancer", belief(view))
    writer.pair("left out", "\(view.leftOut)x; \(view.checksFailed) probes failed")
    writer.pair(
      "now",
      "\(view.inService) of \(view.workers) workers held, \(view.working) of them work, "
        + "\(view.queued) requests in line")
    writer.pair(
      "since the start",
      "\(Figure.percent(view.utilisation))% of the workers held, "
        + "\(Figure.percent(view.workingShare))% working: the rest waits for cache or store")
    writer.pair("requests", "\(view.requests): \(view.answered) answered, \(view.failed) failed")
    writer.pair("refused", "\(view.refused) turned away by a full line", style(view.refused))
    writer.pair(
      "never answered",
      "\(view.unanswered) of \(view.forwarded) sent to it; \(view.lost) died with it",
      style(view.unanswered))
    writer.pair("in line", times(view.waits))
    writer.pair("response", times(view.responses))
    writer.pair(
      "last sample", "\(Figure.rate(view.rate)) op/s, p99 \(Figure.milliseconds(view.p99)) ms")
    guard let line = scene.simulation.line(ofWeb: index) else { return }
    writer.pair(
      "M/M/c",
      "p: what Erlang's formula predicts for \(NumberText.fixed(line.rate, 1))/s and "
        + "\(line.servers) workers")
  }

  private static func style(_ count: Int) -> Style { count > 0 ? Style(.bad) : .text }
}
