import CellUI
import ClusterSim
import Testing

@testable import Dashboard

/// "Why?" names the cause that was made to happen, and shows who was asked and what they said.
@Suite struct WhyTests {
  /// The newest operation of this kind, and its box as lines.
  private func why(
    _ cluster: Simulation, _ isWanted: (OperationTrace) -> Bool
  ) throws -> (trace: OperationTrace, text: String) {
    var number = cluster.traces.count
    while number > 0 {
      if let trace = cluster.traces.trace(number), isWanted(trace) {
        var cache = DrawCache()
        let scene = Scene(cluster, AppState(), cache: &cache)
        let lines = DetailText.lines(.why(number), scene, width: 92)
        return (trace, lines.map(\.text).joined(separator: "\n"))
      }
      number -= 1
    }
    throw Missing()
  }

  private struct Missing: Error {}

  private func plain(_ settings: inout Settings) {
    settings.cache.enabled = false
    settings.workload.rate = 200
  }

  @Test func partition_refusalAndTimeout() throws {
    let cluster = try Fixture.cluster(seconds: 9, actions: [(3, .partition(.halves))], plain)
    let (refused, refusal) = try why(cluster) { $0.failure == .notEnoughReplicas }
    let name = cluster.host(try #require(refused.coordinator)).name
    let quorum = refused.isRead ? "R=2" : "W=2"
    #expect(
      refusal.hasPrefix("\(name) held too few replicas alive for \(quorum) and refused at once"))
    #expect(refusal.contains("it certainly did not happen"))
    let (late, timeout) = try why(cluster) { $0.failure == .timeout && !$0.isRead }
    let answers = late.asked.count { $0.answer == .acknowledged }
    #expect(timeout.hasPrefix("only \(answers) answers for W=2 reached "))
    #expect(timeout.contains("it may have happened or may yet"))
    #expect(
      timeout.split(separator: "\n").count { $0.contains("no answer") }
        == late.asked.count - answers)
    #expect(timeout.contains("\(3 - answers), for replicas it missed"))
  }

  @Test func everybodyDead_noAnswerThenNobodyToAsk() throws {
    let cluster = try Fixture.cluster(
      seconds: 7, actions: [(3, .outage(location: "east")), (3, .outage(location: "west"))], plain)
    let (_, silence) = try why(cluster) { $0.failure == .noAnswer && $0.coordinator == nil }
    #expect(silence.hasPrefix("the server it was sent to never answered"))
    #expect(silence.contains("the client gives up"))
    let (nobody, alone) = try why(cluster) { $0.failure == .noCoordinator }
    #expect(nobody.server == nil && alone.hasPrefix("no server answered the location's pings"))
    #expect(!alone.contains("Replicas asked"))
  }

  @Test func fullLine_andSlowNode() throws {
    let full = try Fixture.cluster(seconds: 2) {
      plain(&$0)
      $0.host.workers = 1
      $0.host.queue = 1
      $0.host.readService = .constant(.milliseconds(60))
      $0.host.writeService = .constant(.milliseconds(60))
    }
    let (_, refused) = try why(full) { $0.failure == .overloaded }
    #expect(refused.hasPrefix("a full line turned it away"))
    #expect(refused.contains("refused at +") && refused.contains("its line was full"))
    let slow = try Fixture.cluster(seconds: 4, actions: [(1, .slow(host: "n3", factor: 500))]) {
      plain(&$0)
      $0.storage.r = 3
    }
    let (waited, text) = try why(slow) {
      $0.isRead && $0.outcome == .ok && $0.ended - $0.invoked > 150_000_000
    }
    let node = slow.host(try #require(waited.coordinator)).name
    #expect(text.hasPrefix("\(node) waited ") && text.contains(" ms for R=3"))
    #expect(text.contains("\nn3 "))
  }

  @Test func staleReads_fromQuorumAndCache_andWhoIsMended() throws {
    let loose = try Fixture.cluster(seconds: 8) {
      plain(&$0)
      $0.storage.r = 1
      $0.storage.w = 1
      $0.workload.keys = 5
      $0.workload.readShare = 0.5
    }
    let (stale, text) = try why(loose) { $0.isStale }
    #expect(
      text.hasPrefix("no replica that answered for R=1 had the newest write")
        || text.hasPrefix("the R=1 answers that came first were old"))
    #expect(text.contains("stale by") && text.contains("\(stale.versionsBehind) versions"))
    let (mended, repair) = try why(loose) { $0.repairs > 0 }
    #expect(repair.contains("\(mended.repairs) older replicas mended"))
    #expect(repair.contains("an older version at +") && repair.contains("mended by read repair"))
    let (_, cached) = try why(Fixture.running) { $0.isStale && $0.isCacheHit }
    #expect(cached.hasPrefix("the cache still held the value that had been replaced"))
    #expect(cached.contains("it held the object") && !cached.contains("Replicas asked"))
  }

  @Test func sloppyQuorum_showsWhoStandsIn() throws {
    let cluster = try Fixture.cluster(seconds: 8, actions: [(1, .kill(host: "n3"))]) {
      plain(&$0)
      $0.storage.quorum = .sloppy
    }
    let dead = try #require(cluster.hostID(named: "n3"))
    let (trace, text) = try why(cluster) { trace in
      !trace.isRead && trace.asked.contains { $0.meantFor == dead && $0.node != dead }
    }
    #expect(text.contains("stands in for n3, keeps a hint"))
    #expect(trace.outcome == .ok && trace.asked.count == 3)
    #expect(!text.contains("\nn3 "), "n3 itself was not asked")
  }

  /// `p`, Enter, and back: one level at a time.
  @Test func predictions_p_opensAFormula_andEscapeGoesBackOneLevel() {
    var bench = ReducerBench()
    bench.press("p")
    #expect(bench.state.overlays == [.predictions(row: 0)])
    bench.press(.down, .enter)
    #expect(bench.state.overlays.last == .details(.prediction("available_reads"), offset: 0))
    bench.press(.escape)
    #expect(bench.state.overlays == [.predictions(row: 1)])
    bench.press("p")
    #expect(bench.state.overlays.isEmpty)
  }
}
