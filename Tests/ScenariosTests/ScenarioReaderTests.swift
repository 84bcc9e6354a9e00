import ClusterSim
import Testing

@testable import Scenarios

@Suite struct ScenarioReaderTests {
  private func read(_ text: String) throws(ScenarioError) -> Scenario {
    try Scenario.read(Array(text.utf8), file: "s.yaml")
  }

  private func complaint(_ text: String) -> String {
    do throws(ScenarioError) {
      return "read as \(try read(text).name)"
    } catch {
      return error.description
    }
  }

  /// Zones beside counts: in turn; a node that joins may name one. What does not fit is refused at
  /// its place.
  @Test func zones_ofCountedNodes_areTakenInTurn() throws {
    let scenario = try read(
      """
      cluster:
        nodes: {east: 5, west: 1}
        zones: {east: [e1, e2]}
      actions:
        - {at: 1s, join: n9 in e2}
      """)
    let zones = scenario.configuration.nodes.map { $0.zone ?? "-" }
    #expect(zones == ["e1", "e2", "e1", "e2", "e1", "-"])
    var simulation = try Simulation(scenario.configuration)
    simulation.run(until: .zero + .seconds(2))
    let host = simulation.host(simulation.hostID(named: "n9")!)
    #expect(host.zone.map { simulation.zoneNames[$0] } == "e2" && host.location == 0)
    #expect(
      complaint("cluster: {nodes: {east: 2}, zones: {wset: [a]}}")
        == "s.yaml:1:37: unknown location 'wset'; known: east")
    #expect(
      complaint("cluster: {nodes: {east: 2, west: 1}, zones: {east: [a], west: [a]}}")
        == "s.yaml:1:64: zone 'a' is in east already; a zone is in one location")
    #expect(
      complaint("cluster: {nodes: {east: 2}, zones: {east: [a, a]}}")
        == "s.yaml:1:47: zone 'a' is named twice")
    #expect(
      complaint("cluster: {nodes: [{name: a, location: e}], zones: {e: [a]}}")
        == "s.yaml:1:51: `zones` goes with counts of nodes; in a list each node names its `zone`")
  }

  @Test func everyField_isRead() throws {
    let scenario = try read(
      """
      name: mine
      about: >
        Two
        lines.
      seed: 42
      for: 90s
      cluster:
        locations: [{name: north, weight: 3}, south]
        nodes:
          - {name: a, location: south, weight: 2}
          - {name: b, location: north}
      storage: {n: 2, r: 1, quorum: sloppy, timeout: 250ms}
      network: {loss: 5%, local_jitter: uniform 1ms 2ms}
      workload: {value_size: 64KiB}
      actions:
        - {at: 30s, heal: }
        - {at: 20s, partition: isolate a}
        - {at: 5s, do: "kill c-north"}
        - {at: 10s, join: c in north}
        - {at: 12s, slow: c x3}
        - {at: 10s, set: storage.r 2}
      objectives:
        - availability(north) > 99%
        - "stale_reads = 0 for 2s"
      """)
    #expect(scenario.name == "mine")
    #expect(scenario.about == "Two lines.")
    #expect(scenario.duration == .seconds(90))
    #expect(scenario.configuration.seed == 42)
    #expect(
      scenario.configuration.locations == [
        .init(name: "north", weight: 3), .init(name: "south", weight: 1),
      ])
    #expect(
      scenario.configuration.nodes == [
        .init(name: "a", location: "south", weight: 2), .init(name: "b", location: "north"),
      ])
    let settings = scenario.configuration.settings
    #expect(settings.storage.n == 2 && settings.storage.r == 1)
    #expect(settings.storage.quorum == .sloppy && settings.storage.timeout == .milliseconds(250))
    #expect(settings.network.loss == 0.05 && settings.workload.valueSize == 65_536)
    #expect(settings.network.localJitter == .uniform(.milliseconds(1), .milliseconds(2)))
    #expect(
      scenario.configuration.actions.map { "\($0.at) \($0.action.text)" } == [
        "5s kill c-north", "10s join c in north", "10s set storage.r 2", "12s slow c x3",
        "20s partition isolate a", "30s heal",
      ])
    #expect(scenario.objectives.map(\.hold) == [.zero, .seconds(2)])
    #expect(scenario.lesson == nil)
  }

  @Test func missingFields_haveTheirUsualValues() throws {
    let scenario = try Scenario.read(Array("seed: 3".utf8), file: "/tmp/my-file.yaml")
    #expect(scenario.name == "my-file")
    #expect(scenario.duration == .seconds(60))
    #expect(scenario.configuration.settings == Settings())
    #expect(scenario.configuration.nodes.map(\.name) == (1...8).map { "n\($0)" })
    #expect(
      scenario.configuration.nodes.map(\.location)
        == Array(repeating: "east", count: 5) + Array(repeating: "west", count: 3))
  }

  @Test func wrongFields_areReportedWithPlaceAndWhatWouldBeRight() {
    let cases: [(String, String)] = [
      ("- a", "s.yaml:1:1: a scenario is a mapping of fields such as `name: …`, not a list"),
      (
        "hello",
        "s.yaml:1:1: a scenario is a mapping of fields such as `name: …`, not a single value"
      ),
      ("nmae: x", "s.yaml:1:1: unknown field of a scenario 'nmae'; did you mean 'name'?"),
      ("name:", "s.yaml:1:6: name is a single value, not nothing"),
      ("seed: -1", "s.yaml:1:7: seed: a whole number from 0 to 18446744073709551615 is expected"),
      (
        "for: 90",
        "s.yaml:1:6: '90' is not right for for: a length of time from 1ms to 86400s, such as 20s"
      ),
      (
        "storage:\n  n: 3\n  rr: 2",
        "s.yaml:3:3: unknown field of `storage` 'rr'; did you mean 'r'?"
      ),
      ("storage:\n  r:   99", "s.yaml:2:8: storage.r: '99' is not in its range: 1 to 16"),
      ("storage: {r: [1]}", "s.yaml:1:14: storage.r is a single value, not a list"),
      (
        "storage: 3",
        "s.yaml:1:10: `storage` is a mapping of fields such as `engine: …`, not a single value"
      ),
      (
        "cache: {policy: lfo}",
        "s.yaml:1:17: cache.policy: 'lfo' is not in its range: lru, fifo, lfu, clock, sieve, s3fifo, "
          + "s3fifo-lib, arc"
      ),
      ("cluster: {}", "s.yaml:1:10: `cluster` needs `nodes`, such as `nodes: {east: 3}`"),
      (
        "cluster: {nodes: 3}",
        "s.yaml:1:18: nodes are counts by location, such as `{east: 3}`, or a list of nodes"
      ),
      (
        "cluster: {nodes: {east: x}}",
        "s.yaml:1:25: 'x' is not right for nodes in east: a whole number from 0 to 10000"
      ),
      ("cluster: {nodes: {east: 0}}", "s.yaml:1:18: 0 nodes; 1 to 10000 are possible"),
      (
        "cluster: {nodes: {east: 10000, west: 1}}",
        "s.yaml:1:18: 10001 nodes; 1 to 10000 are possible"
      ),
      (
        "cluster: {locations: [east], nodes: {esat: 1}}",
        "s.yaml:1:38: unknown location 'esat'; did you mean 'east'?"
      ),
      (
        "cluster: {nodes: {\"a\\e[b\": 1}}",
        "s.yaml:1:19: 'a␛[b' is no name of a location; a name has 1 to 24 letters, digits, '-', '_' or '.', beginning with a letter"
      ),
      (
        "cluster: {locations: [phase], nodes: {phase: 1}}",
        "s.yaml:1:23: 'phase' is a word of conditions; call the location otherwise"
      ),
      (
        "cluster:\n  nodes:\n    - {name: a, location: x}\n    - {name: a, location: x}",
        "s.yaml:4:14: there is a node 'a' already"
      ),
      ("cluster:\n  nodes:\n    - {name: a}", "s.yaml:3:7: a node needs a `name` and a `location`"),
      (
        "actions: {at: 1s}",
        "s.yaml:1:10: actions is a list, a line `- …` each, not a mapping of fields"
      ),
      ("actions:\n  - {kill: n1}", "s.yaml:2:5: an action needs its time, such as `at: 20s`"),
      ("actions:\n  - {at: 1s}", "s.yaml:2:5: an action says what happens, such as `kill: n3`"),
      (
        "actions:\n  - {at: 1s, kill: n1, restart: n1}",
        "s.yaml:2:24: one action an entry; 'kill' is given already"
      ),
      (
        "actions:\n  - {at: 1s, kil: n1}",
        "s.yaml:2:14: unknown field of an action 'kil'; did you mean 'kill'?"
      ),
      ("actions:\n  - {at: 1s, kill: n9}", "s.yaml:2:20: unknown host 'n9'; did you mean 'n1'?"),
      (
        "actions:\n  - {at: 1s, kill: }",
        "s.yaml:2:20: the name of a host is missing; write: kill HOST"
      ),
      ("actions:\n  - {at: 1s, slow: n1 y7}", "s.yaml:2:23: 'y7' is not a factor from x2 to x1000"),
      (
        "actions:\n  - {at: 1s, do: \"slow n1 y7\"}",
        "s.yaml:2:27: 'y7' is not a factor from x2 to x1000"
      ),
      (
        "actions:\n  - {at: 9s, kill: n9}\n  - {at: 10s, join: n9}",
        "s.yaml:2:20: unknown host 'n9'; did you mean 'n1'?"
      ),
      (
        "objectives:\n  - stale_reads > 0 fro 3s",
        "s.yaml:2:21: 'fro' does not go on from a clause; expected and, or, for 3s, or the end"
      ),
      ("lesson: {title: t}", "s.yaml:1:9: the field `topic` is missing here"),
    ]
    for (text, expected) in cases { #expect(complaint(text) == expected) }
  }

  @Test func settingSections_coverTheCatalogue() {
    for setting in SettingCatalogue.all {
      let section = String(setting.path.prefix { $0 != "." })
      #expect(ScenarioReader.sections.contains(section))
    }
    #expect(Set(ScenarioReader.sections).count == ScenarioReader.sections.count)
  }

  @Test func overrides_changeSettingsAndNameTheOption() throws {
    let scenario = try read("storage: {r: 2}")
    let changed = try scenario.applying(overrides: ["storage.r=1", "cache.enabled=false"])
    #expect(changed.configuration.settings.storage.r == 1)
    #expect(!changed.configuration.settings.cache.enabled)
    for (override, expected) in [
      (
        "storage.rr=1",
        "--set storage.rr=1: unknown setting 'storage.rr'; did you mean 'storage.r'?"
      ),
      ("storage.r=99", "--set storage.r=99: storage.r: '99' is not in its range: 1 to 16"),
      ("storage.r", "--set storage.r: write --set PATH=VALUE, as in storage.r=1"),
    ] {
      #expect(throws: ScenarioError.self) { try scenario.applying(overrides: [override]) }
      do throws(ScenarioError) {
        _ = try scenario.applying(overrides: [override])
      } catch { #expect(error.description == expected) }
    }
  }

  /// Who says nothing of `membership.suspect_after` has the usual one for the size of his cluster; who says
  /// something has that, also where it is what a small cluster has.
  @Test func suspectAfter_goesWithTheSize_unlessSaid() throws {
    func suspectAfter(_ text: String, _ overrides: [String] = []) throws -> Double {
      try read(text).applying(overrides: overrides)
        .configuration.settings.membership.suspectAfter.seconds
    }
    let many = "cluster: {nodes: {east: 500, west: 500}}"
    let said = many + "\nmembership: {suspect_after: 1500ms}"
    #expect(try suspectAfter("cluster: {nodes: {east: 20}}") == 1.5)
    #expect(try suspectAfter(many) == 2.2)
    #expect(try suspectAfter(many + "\nmembership: {fanout: 1}") == 6.5)
    #expect(try suspectAfter(said) == 1.5)
    // Two futures differ in what is named alone; where that is too short, a doubt says so.
    #expect(try suspectAfter(many, ["membership.fanout=1"]) == 2.2)
    #expect(try suspectAfter(said, ["membership.fanout=1"]) == 1.5)
    #expect(try suspectAfter(many, ["membership.suspect_after=1s", "membership.fanout=1"]) == 1)
    // A recording says what is not usual for so many, and no more.
    for text in [many, said, many + "\nmembership: {fanout: 1}"] {
      let scenario = try read(text)
      let written = try RecordingText.text(scenario.configuration, Recording(), end: .zero)
      #expect(written.contains("suspect_after") == (text == said))
      let back = try Scenario.read(Array(written.utf8), file: "r.yaml")
      #expect(back.configuration.settings == scenario.configuration.settings)
    }
  }

  /// Every built-in file with random bytes changed, removed or doubled still ends in a scenario or in
  /// one line.
  @Test func damagedFiles_neverCrash() throws {
    let seed: UInt64 = 0xda_4a6e
    var stream = TestStream(seed: seed)
    var refused = 0
    for name in Catalogue.names {
      let whole = try #require(Catalogue.bytes(of: name))
      for _ in 0..<150 {
        var bytes = whole
        for _ in 0...(stream.next() % 3) {
          let place = Int(stream.next() % UInt64(bytes.count))
          switch stream.next() % 4 {
          case 0: bytes[place] = UInt8(truncatingIfNeeded: stream.next())
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(Array("{}[]:-,#&*'\"\n ".utf8)[Int(stream.next() % 14)], at: place)
          default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
          }
        }
        do throws(ScenarioError) {
          _ = try Scenario.read(bytes, file: name)
        } catch {
          refused += 1
          #expect(error.line > 0, "seed \(seed), \(name): \(error)")
          #expect(!error.description.utf8.contains { $0 < 0x20 }, "seed \(seed), \(name)")
        }
      }
    }
    #expect(refused > 100, "seed \(seed): damage is noticed")
  }
}
