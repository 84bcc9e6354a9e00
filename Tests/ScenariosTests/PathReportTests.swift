import ClusterSim
import Testing

@testable import Scenarios

/// The web tier in scenario files, reports, metrics and predictions.
@Suite struct PathReportTests {
  private func read(_ path: String) throws(ScenarioError) -> Scenario {
    try Scenario.read(
      Array(("name: x\nfor: 20s\ncluster: {nodes: {here: 3}}\n" + path).utf8), file: "x.yaml")
  }

  /// `path:` in its three parts, or with the paths in full, as recordings write them.
  @Test func section_isReadNestedAndFlat() throws {
    let nested = try read(
      """
      path:
        web: {servers: 4, workers: 7, queue: 9, service: exponential 3ms, timeout: 2s}
        balancer: {policy: two-choices}
        health: {checks: true, interval: 2s, timeout: 1s, unhealthy: 5, healthy: 4}
      """)
    let flat = try read(
      """
      path: {web.servers: 4, web.workers: 7, web.queue: 9, web.service: exponential 3ms,
        web.timeout: 2s, balancer.policy: two-choices, health.interval: 2s, health.timeout: 1s,
        health.unhealthy: 5, health.healthy: 4}
      """)
    let path = nested.configuration.settings.path
    #expect(path == flat.configuration.settings.path)
    #expect(path.servers == 4 && path.policy == .twoChoices && path.unhealthy == 5)
    let text = try RecordingText.text(nested.configuration, Recording(), end: .zero + .seconds(1))
    let again = try Scenario.read(Array(text.utf8), file: "again")
    #expect(again.configuration.settings == nested.configuration.settings)
  }

  @Test func section_wrongFields_areNamedWithTheirPlace() {
    for (text, complaint) in [
      (
        "path: {web: {serverz: 3}}",
        "x.yaml:4:14: unknown field of `path.web` 'serverz'; did you mean 'servers'?"
      ),
      ("path: {web: 3}", "x.yaml:4:13: `path.web` is a mapping"),
      (
        "path: {balancer: {policy: fastest}}", "path.balancer.policy: 'fastest' is not in its range"
      ),
      ("path: {web: {servers: 3}}\nactions: [{at: 1s, kill: web4}]", "unknown host 'web4'"),
    ] {
      do {
        _ = try read(text)
        Issue.record("\(text) was read")
      } catch { #expect(error.description.contains(complaint), "\(error.description)") }
    }
  }

  private func run(_ name: String, _ overrides: [String]) throws -> ScenarioRun {
    var run = try ScenarioRun(
      try #require(try Catalogue.builtIn(name)).applying(overrides: overrides))
    run.finish()
    return run
  }

  /// The object `path` is the tier's own figures; without a tier it is null.
  @Test func json_isWhatTheTierCounted() throws {
    let run = try run("web-tier", ["path.balancer.policy=random"])
    let report = RunReport.value(run, build: "test")
    guard let path = report["path"], case .array(let web)? = path["web"] else {
      Issue.record("no path")
      return
    }
    #expect(path["policy"] == .string("random") && web.count == 4)
    let unanswered = run.simulation.webServer(1).unanswered
    #expect(path["unanswered"] == .integer(unanswered) && unanswered > 500)
    #expect(web[1]["name"] == .string("web2") && web[1]["left_out"] == .integer(1))
    guard case .number(let present)? = path["little"]?["in_system"],
      case .number(let product)? = path["little"]?["rate_times_stay"]
    else {
      Issue.record("no law")
      return
    }
    #expect(abs(present / product - 1) < 0.01)
    let text = RunReport.text(run, build: "test")
    #expect(text.contains("Web tier (random") && text.contains("  Little's law: L = "))
    let metrics = OpenMetrics.text(run.simulation)
    #expect(metrics.contains("clustertop_web_unanswered_total{server=\"web2\"} \(unanswered)\n"))
    #expect(metrics.contains("# TYPE clustertop_web_response_seconds summary\n"))
    let plain = try self.run("kill-one", [])
    #expect(RunReport.value(plain, build: "test")["path"] == .null)
    #expect(!OpenMetrics.text(plain.simulation).contains("_web_"))
  }

  /// M/M/c beside the measured wait, where all that it takes for granted holds: 60 s at rho .75, c = 2.
  @Test func prediction_ofTheLine_isMeasured() throws {
    var scenario = try read(
      """
      path: {web: {servers: 1, workers: 2, queue: 10000, service: exponential 10ms}}
      workload: {rate: 150, read_share: 100%}
      storage: {n: 1, r: 1, w: 1}
      cache: {enabled: false}
      network: {local: 0ms, local_jitter: constant 0ms}
      host: {read_service: constant 0ms}
      observe: {verdict: false}
      """)
    scenario.configuration.seed = 4
    var simulation = try Simulation(scenario.configuration)
    simulation.run(until: .zero + .seconds(600))
    let row = try #require(
      PredictionCatalogue.all(simulation).first { $0.name == "web_queue_wait" })
    #expect(row.broken.isEmpty, "\(row.broken)")
    let (measured, predicted) = (try #require(row.measured), try #require(row.predicted))
    #expect(abs(predicted - 12.86) < 0.5)
    #expect(abs(measured / predicted - 1) < 0.05, "\(measured) \(predicted)")
    #expect(
      PredictionCatalogue.all(simulation).filter { $0.name == "read_latency" }
        .allSatisfy { $0.broken.contains("no web tier in front") })
  }
}
