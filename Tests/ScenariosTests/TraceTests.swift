import ClusterSim
import Glibc
import Testing

@testable import Scenarios

@Suite struct TraceTests {
  /// A folder with `t.keys` and the scenario that names it.
  private static func read(
    _ keys: String, _ workload: String = "trace: t.keys"
  ) throws(ScenarioError) -> Scenario {
    var template = Array("/tmp/clustertop-test-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
    guard mkdtemp(&template) != nil else { preconditionFailure("no folder") }
    let folder = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    defer {
      unlink("\(folder)/t.keys")
      unlink("\(folder)/s.yaml")
      rmdir(folder)
    }
    for (name, text) in [("t.keys", keys), ("s.yaml", "workload: {\(workload)}\n")] {
      guard let file = fopen("\(folder)/\(name)", "w") else { preconditionFailure("no file") }
      fwrite(text, 1, text.utf8.count, file)
      fclose(file)
    }
    do { return try Scenario.load(path: "\(folder)/s.yaml") } catch {
      // Without the folder, whose name is another each time.
      let file = error.file.split(separator: "/").last.map(String.init) ?? ""
      let message = error.message.split(separator: folder, omittingEmptySubsequences: false)
        .joined(separator: "FOLDER")
      throw ScenarioError(
        file: file, line: error.line, column: error.column, message: message)
    }
  }

  /// The keys that clients ask for are those of the file, in its order, whoever asks.
  @Test func trace_ofAFile_isAskedInItsOrder() throws {
    let lines = (0..<40).map { "k\($0 * 7 % 13)" }
    let scenario = try Self.read(lines.joined(separator: "\n") + "\n")
    #expect(scenario.configuration.settings.workload.keys == 13)
    var simulation = try Simulation(
      try scenario.applying(overrides: ["workload.read_share=1"]).configuration)
    simulation.recordReads(limit: 1000)
    simulation.run(until: .zero + .seconds(1))
    let reads = simulation.takeReads()
    #expect(reads.count > 400)
    #expect(reads == (0..<reads.count).map { lines[$0 % 40] })
  }

  @Test func trace_thatStops_isAskedOnce() throws {
    let scenario = try Self.read("a\nb\na\n", "trace: t.keys, trace_end: stop, rate: 100")
    var simulation = try Simulation(scenario.configuration)
    simulation.run(until: .zero + .seconds(5))
    #expect(simulation.metrics.total.begun == 3)
    #expect(simulation.metrics.total.operations == 3)
    // What a recording cannot hold is refused.
    #expect(throws: ScenarioError.self) {
      try RecordingText.text(scenario.configuration, Recording(), end: .zero)
    }
  }

  @Test func trace_bad_isRefusedWithItsPlace() {
    func complaint(_ keys: String, _ workload: String = "trace: t.keys") -> String {
      do throws(ScenarioError) {
        _ = try Self.read(keys, workload)
        return "read"
      } catch { return error.description }
    }
    #expect(complaint("a\nb\n") == "read")
    #expect(complaint("a\n\u{1b}[2J\n").hasPrefix("t.keys:2:1: is no key"))
    #expect(complaint("") == "t.keys: is empty; a key a line is expected")
    #expect(
      complaint("a", "trace: gone") == "s.yaml:1:19: FOLDER/gone: there is no such file")
    #expect(complaint("a", "trace: t.keys, trace_end: no").contains("unknown trace_end 'no'"))
    #expect(complaint("a", "trace_end: stop").contains("is for a `trace`"))
    #expect(complaint("a", "trace: t.keys, keys: 5").hasPrefix("s.yaml:1:27: the trace says"))
    #expect(complaint("a", "trase: t.keys").contains("did you mean 'trace'?"))
  }
}
