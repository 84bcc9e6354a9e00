import Testing

@testable import ClusterSim

/// A setting that is said to do nothing really does nothing: another value gives the same run, to
/// the last bit of the state.
@Suite struct HeededSettingTests {
  private static func settings(_ changes: [String]) throws -> Settings {
    var settings = Settings()
    for change in changes {
      let parts = change.split(separator: "=").map(String.init)
      try settings.set(parts[0], to: parts[1])
    }
    return settings
  }

  /// Four virtual seconds with a kill, a cut and a slow node.
  private static func hash(_ settings: Settings) throws -> String {
    var configuration = ClusterConfiguration(
      name: "test", locations: [.init(name: "east"), .init(name: "west")],
      nodes: (1...6).map { .init(name: "n\($0)", location: $0 <= 4 ? "east" : "west") },
      settings: settings)
    configuration.settings.workload.rate = 120
    configuration.actions = [
      TimedAction(at: Instant(nanoseconds: 500_000_000), action: .kill(host: "n3")),
      TimedAction(at: Instant(nanoseconds: 900_000_000), action: .partition(.halves)),
      TimedAction(at: Instant(nanoseconds: 1_500_000_000), action: .heal(fault: nil)),
      TimedAction(at: Instant(nanoseconds: 2_000_000_000), action: .restart(host: "n3")),
    ]
    var simulation = try Simulation(configuration)
    simulation.run(until: Instant(nanoseconds: 4_000_000_000))
    return simulation.stateHash
  }

  /// Another value of the same kind.
  private static func other(_ setting: SettingDefinition, than settings: Settings) -> String {
    switch (setting.kind, setting.get(settings)) {
    case (.integer(let range), .integer(let value)), (.bytes(let range), .integer(let value)):
      value + 1 <= range.upperBound ? "\(value + 1)" : "\(value - 1)"
    case (.number(let range), .number(let value)):
      value * 1.5 <= range.upperBound ? "\(value * 1.5)" : "\(value / 2)"
    case (.share, .number(let value)): value < 0.5 ? "\(value + 0.3)" : "\(value - 0.3)"
    case (.span(let range), .span(let value)):
      value + value <= range.upperBound ? (value + value).description : "1ms"
    case (.flag, .flag(let value)): value ? "false" : "true"
    case (.choice(let names), .word(let value)): names.first { $0 != value } ?? value
    case (.distribution, _): "constant 7ms"
    default: ""
    }
  }

  @Test(arguments: [
    [], ["storage.engine=primary-replica"], ["storage.engine=multi-primary"],
    ["storage.engine=raft"], ["membership.detector=swim", "cache.enabled=false"],
    ["membership.detector=phi", "network.transport=udp", "workload.distribution=uniform"],
    ["storage.read_level=one", "storage.write_level=all", "storage.hints=false"],
  ])
  func setting_saidToBeIgnored_changesNothing(_ changes: [String]) throws {
    let settings = try Self.settings(changes)
    let plain = try Self.hash(settings)
    var wrong: [String] = []
    var ignored = 0
    for setting in SettingCatalogue.all where setting.ignored(in: settings) != nil {
      var changed = settings
      try changed.set(setting.path, to: Self.other(setting, than: settings))
      guard changed != settings, changed.engineContradiction == nil else { continue }
      ignored += 1
      if try Self.hash(changed) != plain { wrong.append(setting.path) }
    }
    #expect(wrong.isEmpty, "\(changes): these are heeded")
    #expect(ignored > 30)
  }

  /// The reverse for what a newcomer turns first: where nothing is said, something happens.
  @Test func setting_heeded_changesTheRun() throws {
    for (change, paths) in [
      ("storage.engine=leaderless", ["storage.r", "storage.w", "storage.n", "cache.ttl"]),
      ("storage.engine=primary-replica", ["storage.n", "storage.shards", "replication.mode"]),
      ("storage.engine=multi-primary", ["storage.n", "storage.shards", "replication.ship_delay"]),
      ("storage.engine=raft", ["storage.n", "storage.shards", "raft.heartbeat", "raft.reads"]),
      (
        "path.web.servers=2",
        [
          "path.web.service", "path.balancer.policy", "path.health.checks", "path.health.interval",
          "path.health.timeout",
        ]
      ),
    ] {
      let settings = try Self.settings([change])
      let plain = try Self.hash(settings)
      for path in paths {
        let setting = try #require(SettingCatalogue.find(path))
        var changed = settings
        try changed.set(path, to: Self.other(setting, than: settings))
        #expect(setting.ignored(in: settings) == nil)
        let differs = try Self.hash(changed) != plain
        #expect(differs, "\(change): \(path) does nothing")
      }
    }
  }

  @Test func meaning_ofAnIgnoredSetting_saysSo() throws {
    let raft = try Self.settings(["storage.engine=raft"])
    let w = try #require(SettingCatalogue.find("storage.w"))
    #expect(w.meaning(in: raft).hasPrefix("only with leaderless: acknowledgements"))
    #expect(w.meaning(in: Settings()) == w.meaning)
    let start = try #require(SettingCatalogue.find("replication.start_up"))
    let replica = try Self.settings(["storage.engine=primary-replica"])
    #expect(start.ignored(in: replica) == "only with replication.failover cold")
    // Every setting of the engines that ship a log names the engine that heeds it.
    for setting in SettingCatalogue.replication {
      #expect(setting.ignored(in: raft)?.contains("primary") == true)
    }
  }
}
