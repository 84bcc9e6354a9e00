import Consistency
import Testing

@testable import ClusterSim

/// A violation that is shown is real and minimal, in runs of the cluster itself: every operation of it
/// is in the exported history as it is shown, no order explains the part, and none can be left out.
@Suite struct ViolationTests {
  private typealias Shown = Consistency.Violation.Operation

  /// The definition, tried out: some order in which nothing moves out of its time and every read finds
  /// the last write. Writes without an end may be left out.
  private func isLinearizable(_ rest: [Shown], _ state: HistoryValue?) -> Bool {
    if rest.allSatisfy({ $0.kind == .info }) { return true }
    let deadline = rest.compactMap(\.end).min() ?? .max
    for (place, next) in rest.enumerated() where next.begin < deadline {
      if next.function == .read, next.value != state { continue }
      var left = rest
      left.remove(at: place)
      if isLinearizable(left, next.function == .read ? state : next.value) { return true }
    }
    return false
  }

  /// Reads may go; a write that a read of the part found must stay, or that read would find nothing
  /// that anybody wrote.
  private func mayGo(_ operation: Shown, _ part: [Shown]) -> Bool {
    operation.function == .read
      || !part.contains { $0.function == .read && $0.value == operation.value }
  }

  private func judge(_ simulation: inout Simulation) throws -> (Verdict, [OperationRecord]) {
    let history = simulation.takeHistory()
    var judge = HistoryJudge(try HistoryBuilder.history(history))
    while judge.judgeNextKey() {}
    return (judge.verdict(), history)
  }

  private func problems(
    _ violation: Consistency.Violation, _ history: [OperationRecord]
  ) -> [String] {
    var problems: [String] = []
    let part = violation.operations
    for operation in part {
      let invoke = history[operation.line - 1]
      let end = operation.end.map { history[$0] }
      if invoke.kind != .invoke || invoke.process != operation.process
        || invoke.key != violation.key || invoke.time != operation.invokeTime
        || end.map({ $0.kind != .ok || $0.value != operation.value }) ?? false
      {
        problems.append("line \(operation.line) is not what is shown")
      }
    }
    if isLinearizable(part, nil) { problems.append("the part of \(violation.key) is explained") }
    for place in part.indices where mayGo(part[place], part) {
      var rest = part
      rest.remove(at: place)
      if !isLinearizable(rest, nil) {
        problems.append("\(violation.key): operation \(place) of \(part.count) is not needed")
      }
    }
    return problems
  }

  /// Asynchronous replicas that are read, a killed primary, and clients that write again: 60 runs.
  @Test func violations_ofRuns_areRealAndMinimal() throws {
    var shown = 0
    var skipped = 0
    var live = 0
    var byEngine = [0, 0, 0]
    for seed: UInt64 in 1...60 {
      let kind = Int(seed % 3)
      let usual = [
        ("cache.enabled", "false"), ("workload.keys", "8"), ("workload.rate", "150"),
        ("workload.read_share", "60%"),
      ]
      let more =
        switch kind {
        case 0:
          [
            ("storage.engine", "primary-replica"), ("storage.shards", "2"),
            ("replication.reads", "any"), ("replication.ship_delay", "60ms"),
          ]
        case 1: [("storage.r", "1"), ("storage.w", "1"), ("storage.read_repair", "false")]
        default:
          [
            ("client.retries", "4"), ("client.attempt_timeout", "30ms"),
            ("client.retry_backoff", "5ms"), ("network.between_jitter", "exponential 15ms"),
          ]
        }
      var simulation = try Clusters.two(east: 3, west: 2, seed: seed, usual + more)
      simulation.recordHistory(limit: 100_000)
      simulation.run(seconds: 1.5)
      try simulation.inject(.kill(host: "n\(1 + seed % 5)"))
      simulation.run(seconds: 2.5)
      let (verdict, history) = try judge(&simulation)
      for violation in verdict.violations {
        guard violation.isSmallest, violation.operations.count <= 9 else {
          skipped += 1
          continue
        }
        shown += 1
        byEngine[kind] += 1
        let problems = problems(violation, history)
        #expect(problems.isEmpty, "seed \(seed): \(problems)")
      }
      for violation in simulation.judge.violations where violation.isSmallest {
        let own = violation.operations
        guard own.count <= 9, own.allSatisfy({ $0.line > 0 }) else {
          continue
        }
        let isExplained = isLinearizable(own, nil)
        let isWritten = own.allSatisfy { read in
          read.function == .write || read.value == nil
            || own.contains { $0.function == .write && $0.value == read.value }
        }
        #expect(!isExplained && isWritten, "seed \(seed): live, key \(violation.key)")
        live += 1
      }
    }
    #expect(shown > 100 && skipped < shown / 4, "\(shown) shown, \(skipped) too large to try")
    #expect(live > 30, "\(live) live ones of \(shown)")
    #expect(byEngine.allSatisfy { $0 > 3 }, "\(byEngine)")
  }
}
