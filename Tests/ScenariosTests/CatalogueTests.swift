import ClusterSim
import Glibc
import Testing

@testable import Scenarios

@Suite struct CatalogueTests {
  /// Sources/Scenarios/Library, from this file's own place.
  private static var library: String {
    let parts = #filePath.split(separator: "/").dropLast(3)
    return "/" + parts.joined(separator: "/") + "/Sources/Scenarios/Library"
  }

  private static func files(in folder: String) throws -> [String] {
    let directory = try #require(opendir(folder), "no folder \(folder)")
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  @Test func embeddedTable_equalsTheFolder() throws {
    let files = try Self.files(in: Self.library)
    #expect(files == Catalogue.names.map { $0 + ".yaml" }.sorted())
    for name in Catalogue.names {
      let bytes = try FileBytes.read("\(Self.library)/\(name).yaml")
      #expect(Catalogue.bytes(of: name) == bytes, "\(name) is embedded as it is")
    }
  }

  @Test func everyBuiltIn_readsAndSaysWhatToLookAt() throws {
    for name in Catalogue.names {
      let scenario = try #require(try Catalogue.builtIn(name))
      #expect(scenario.name == name)
      #expect(!scenario.about.isEmpty)
      _ = try Simulation(scenario.configuration)
    }
  }

  /// The figures of issue 2, point 11.
  @Test func builtIns_areTheOnesThatWereAsked() throws {
    func layout(_ scenario: Scenario) -> [String] {
      scenario.configuration.nodes.map { "\($0.name) \($0.location)" }
    }
    func plan(_ scenario: Scenario) -> [String] {
      scenario.configuration.actions.map { "\($0.at) \($0.action.text)" }
    }
    let eight = [
      "n1 east", "n2 east", "n3 east", "n4 east", "n5 east", "n6 west", "n7 west", "n8 west",
    ]
    let usual = try #require(try Catalogue.builtIn("default"))
    #expect(layout(usual) == eight)
    let storage = usual.configuration.settings.storage
    #expect([storage.n, storage.r, storage.w] == [3, 2, 2])
    #expect(usual.configuration.settings.ring.vnodes == 64)
    #expect(usual.configuration.locations.map(\.name) == ["east", "west"])
    #expect(plan(usual).isEmpty)

    let partition = try #require(try Catalogue.builtIn("partition"))
    #expect(layout(partition) == ["n1 east", "n2 east", "n3 east", "n4 west", "n5 west"])
    let cut = partition.configuration.settings
    #expect([cut.storage.n, cut.storage.r, cut.storage.w] == [5, 3, 3])
    #expect(!cut.cache.enabled)
    #expect(plan(partition) == ["20s partition halves", "40s heal"])
    #expect(partition.duration == .seconds(60))

    let killed = try #require(try Catalogue.builtIn("kill-one"))
    #expect(layout(killed) == eight)
    #expect(plan(killed) == ["20s kill n3", "40s restart n3"])
    let loss = try #require(try Catalogue.builtIn("cache-loss"))
    #expect(plan(loss) == ["20s kill c-east", "40s restart c-east"])
  }

  @Test func cacheLoss_isFeltByTheStore() throws {
    var run = try ScenarioRun(try #require(try Catalogue.builtIn("cache-loss")))
    run.finish()
    let phases = run.simulation.metrics.phases
    #expect(phases.map(\.label) == ["before", "during", "after"])
    let p99 = phases.map { $0.locations[0].readLatency.quantile(0.99) ?? 0 }
    #expect(p99[1] > p99[0] * 3 / 2, "reads of the east slow down: \(p99)")
    #expect(p99[2] < p99[1], "and recover: \(p99)")
  }

  /// What each cache scenario tells a reader to look at is there to be seen.
  @Test func cacheScenarios_showWhatTheyPromise() throws {
    func begun(_ name: String) throws -> Simulation {
      try Simulation(try #require(try Catalogue.builtIn(name)).configuration)
    }
    var herd = try begun("stampede")
    herd.run(until: Instant(nanoseconds: 10_000_000_000))
    let alone = herd.cache(0)
    herd.run(until: Instant(nanoseconds: 20_000_000_000))
    let fetched = herd.cache(0).misses - herd.cache(0).coalesced - alone.misses
    #expect(alone.coalesced == 0 && herd.cache(0).coalesced > 100)
    #expect(fetched < alone.misses / 2, "the store is spared: \(fetched) of \(alone.misses)")

    var cold = try begun("cold-cache")
    cold.run(until: Instant(nanoseconds: 40_000_000_000))
    let ratio = cold.metrics.recentTotal.hitRatio.last(240)
    let (before, emptied, after) = (ratio[28], ratio[50], ratio[79])
    #expect(emptied < before && after > emptied, "\(before) \(emptied) \(after)")

    var lossy = try begun("write-back-loss")
    lossy.run(until: Instant(nanoseconds: 20_000_000_000))
    #expect(lossy.writesLostWithCaches > 0)
    #expect(lossy.lostAcknowledgedWrites() == lossy.writesLostWithCaches)
  }

  @Test func lookUp_goesFromFileToFolderToBuiltIn() throws {
    var template = Array("/tmp/clustertop-test-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
    _ = try #require(mkdtemp(&template))
    let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    func write(_ name: String, _ text: String) throws {
      let file = try #require(fopen("\(folder)/\(name)", "w"))
      fputs(text, file)
      fclose(file)
    }
    defer {
      for name in ["default.yaml", "mine.yaml", "broken.yaml"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try write("default.yaml", "name: overridden")
    try write("mine.yaml", "name: from the folder")
    try write("broken.yaml", "a: [")
    #expect(try Catalogue.find("default", folder: folder).name == "overridden")
    #expect(try Catalogue.find("mine", folder: folder).name == "from the folder")
    #expect(try Catalogue.find("\(folder)/mine.yaml", folder: nil).name == "from the folder")
    #expect(try Catalogue.find("default", folder: nil).name == "default")

    func complaint(_ name: String) -> String {
      do throws(ScenarioError) {
        return "found \(try Catalogue.find(name, folder: folder).name)"
      } catch { return error.description }
    }
    #expect(
      complaint("partitoin") == "partitoin: unknown scenario 'partitoin'; did you mean 'partition'?"
    )
    #expect(complaint("none/x.yaml") == "none/x.yaml: cannot be read: No such file or directory")
    #expect(complaint("broken").hasPrefix("\(folder)/broken.yaml:1:5: broken YAML"))
    #expect(complaint(folder) == "\(folder): is a folder; a file is expected")
  }
}
