import ClusterSim
import Testing

@testable import Scenarios

@Suite struct RecordingTests {
  /// Sessions of odd budgets with actions between events of the same moment, written as text and
  /// read back: the same state hash. In two processes:
  /// `clustertop default --record r.yaml`, then `clustertop replay r.yaml --headless`.
  @Test func recording_anySession_replaysToTheSameHash() throws {
    for seed in UInt64(1)...6 {
      let names = ["default", "partition", "kill-one", "cache-loss"]
      var scenario = try #require(try Catalogue.builtIn(names[Int(seed) % names.count]))
      scenario.configuration.seed = seed
      scenario.configuration.settings.storage.antiEntropy = seed % 2 == 0
      let (text, hash) = try Self.session(scenario, seed: seed)
      #expect(text.utf8.count < 4096, "small enough to paste")
      let read = try Scenario.read(Array(text.utf8), file: "recording.yaml")
      #expect(read.configuration == scenario.configuration, "seed \(seed)")
      var run = try ScenarioRun(read)
      run.finish()
      #expect(run.matchesRecording == true, "seed \(seed): \(run.refused)\n\(text)")
      #expect(run.simulation.stateHash == hash)
    }
  }

  /// A session as the dashboard has it: chunks of events, actions whenever a chunk ends.
  private static func session(
    _ scenario: Scenario, seed: UInt64
  ) throws -> (text: String, hash: String) {
    var random = RandomStream(seed: seed, purpose: 99)
    var simulation = try Simulation(scenario.configuration)
    let lines = [
      "kill n2", "write user:1 via n1", "set storage.r 1", "partition one-way", "slow n4 x3",
      "join n11 in east weight 2", "read {odd}:key#1", "restart n2", "heal", "skew n1 -20ms 5ppm",
      "set host.read_service exponential 2ms", "lossy n1 7%", "recover n1", "hot-key 12.5% 1.5s",
    ]
    var entries: [Recording.Entry] = []
    for line in lines {
      _ = simulation.run(
        until: simulation.now + .milliseconds(Int64(random.below(300))),
        maxEvents: Int(random.below(3000)))
      let entry = Recording.Entry(
        after: simulation.eventsProcessed,
        done: TimedAction(at: simulation.now, action: try ActionGrammar.parse(line)))
      do { try simulation.inject(entry.done.action) } catch { continue }
      entries.append(entry)
    }
    _ = simulation.run(until: simulation.now + .seconds(1), maxEvents: 7777)
    let recording = Recording(
      entries: entries, events: simulation.eventsProcessed, stateHash: simulation.stateHash,
      build: "test")
    let text = try RecordingText.text(
      scenario.configuration, recording, end: simulation.now)
    return (text, simulation.stateHash)
  }

  /// Nothing that a scenario can say is lost in the text of a recording.
  @Test func recordingText_everyBuiltIn_isReadBackEqual() throws {
    for name in Catalogue.names {
      let scenario = try #require(try Catalogue.builtIn(name))
      let text = try RecordingText.text(
        scenario.configuration, Recording(), end: .zero + scenario.duration)
      let read = try Scenario.read(Array(text.utf8), file: "r.yaml")
      #expect(read.configuration == scenario.configuration, "\(name):\n\(text)")
      #expect(read.duration == scenario.duration && read.recording == nil, "\(name)")
    }
  }

  @Test func recording_changed_doesNotMatch() throws {
    let scenario = try #require(try Catalogue.builtIn("default"))
    let (text, _) = try Self.session(scenario, seed: 9)
    for (old, new) in [
      ("seed: 1\n", "seed: 2\n"), ("kill: n2", "kill: n3"), ("kill: n2", "kill: nx"),
    ] {
      let changed = text.split(separator: old, omittingEmptySubsequences: false).joined(
        separator: new)
      #expect(changed != text)
      var run = try ScenarioRun(try Scenario.read(Array(changed.utf8), file: "r.yaml"))
      run.finish()
      #expect(run.matchesRecording == false, "\(new)")
      #expect(run.refused.contains { $0.contains("nx") } == (new == "kill: nx"), "\(new)")
    }
  }

  /// Found by fuzzing: a reverse solidus and a combining mark are one Character.
  @Test func recordingText_ofANameWithMarks_isReadBackEqual() throws {
    let name = "u\\\"=\\\u{7a9}\"\u{301}"
    let file = "name: \"u\\\\\\\"=\\\\\u{7a9}\\\"\u{301}\"\n"
    let scenario = try Scenario.read(Array(file.utf8), file: "a.yaml")
    #expect(scenario.name == name)
    let text = try RecordingText.text(
      scenario.configuration, Recording(), end: .zero + .seconds(1))
    #expect(try Scenario.read(Array(text.utf8), file: "b.yaml").name == name)
  }

  /// With another seed the counts of events mean nothing: actions keep their times.
  @Test func recording_withOverrides_becomesAPlan() throws {
    let scenario = try #require(try Catalogue.builtIn("kill-one"))
    let (text, _) = try Self.session(scenario, seed: 3)
    let read = try Scenario.read(Array(text.utf8), file: "r.yaml")
    let planned = try read.applying(overrides: ["storage.w=1"])
    #expect(planned.recording == nil)
    let count = read.configuration.actions.count + (read.recording?.entries.count ?? 0)
    #expect(planned.configuration.actions.count == count)
    let times = planned.configuration.actions.map(\.at)
    #expect(times == times.sorted())
  }

  @Test func recording_badFields_areRefusedWithTheirPlace() {
    func complaint(_ text: String) -> String {
      do throws(ScenarioError) {
        _ = try Scenario.read(Array(text.utf8), file: "r.yaml")
        return "read"
      } catch { return error.description }
    }
    #expect(complaint("state_hash: 12").hasPrefix("r.yaml:1:13: state_hash: 16 hexadecimal"))
    #expect(complaint("events: -1").hasPrefix("r.yaml:1:9: "))
    let disorder = "actions:\n- {at: 2s, after: 9, heal: }\n- {at: 2s, after: 8, heal: }\n"
    #expect(complaint(disorder).hasPrefix("r.yaml:3:19: what a session did stands in the order"))
  }
}

@Suite struct OpenMetricsTests {
  /// The rules of the text format, OpenMetrics 1.0: families in one piece with TYPE first, counters
  /// end with `_total`, units end the name, `# EOF` ends it all.
  @Test func metrics_ofARun_keepTheRulesOfTheFormat() throws {
    var run = try ScenarioRun(
      try #require(try Catalogue.builtIn("default")), for: .seconds(3))
    run.finish()
    let text = OpenMetrics.text(run.simulation)
    #expect(text.hasSuffix("\n# EOF\n"))
    var family = ""
    var kind = ""
    var seen: Set<String> = []
    var samples: Set<Substring> = []
    for line in text.split(separator: "\n").dropLast() {
      let words = line.split(separator: " ", maxSplits: 3)
      if words[0] == "#" {
        if words[1] == "TYPE" {
          family = String(words[2])
          kind = String(words[3])
          #expect(seen.insert(family).inserted, "\(family) comes twice")
        }
        #expect(words[2] == family, "\(line)")
        if words[1] == "UNIT" { #expect(family.hasSuffix("_" + words[3])) }
        continue
      }
      let name = line.prefix { $0 != "{" && $0 != " " }
      let suffixes: [String] =
        switch kind {
        case "counter": ["_total"]
        case "gauge": [""]
        case "info": ["_info"]
        default: ["", "_sum", "_count"]
        }
      #expect(suffixes.contains { name == family + $0 }, "\(line) in \(family), a \(kind)")
      let (key, value) = (line.prefix { $0 != " " }, line.split(separator: " ").last ?? "")
      #expect(samples.insert(key).inserted, "\(key) comes twice")
      #expect(Double(value) != nil, "\(line)")
    }
    let east = run.simulation.metrics.locations[0]
    let line = "clustertop_operations_total{location=\"east\",outcome=\"ok\"} \(east.ok)\n"
    #expect(text.contains(line))
    for counter in CounterCatalogue.all {
      let json = RunReport.json(run, build: "b")
      #expect(json.contains("\"\(counter.key)\": \(counter.value(run.simulation))"))
      #expect(text.contains("clustertop_\(counter.key)_total \(counter.value(run.simulation))\n"))
    }
  }
}
