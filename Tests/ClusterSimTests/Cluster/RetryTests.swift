import Consistency
import Testing

@testable import ClusterSim

/// Clients that try again: `clustertop run … --set client.retries=3`.
@Suite struct RetryTests {
  private static let noCache = [("cache.enabled", "false")]

  /// The same run with and without: nothing fails, so nothing is tried again and no event moves.
  @Test func nothingFails_nothingIsTriedAgain() throws {
    var without = try Clusters.two(east: 3, west: 2)
    var with = try Clusters.two(
      east: 3, west: 2, [("client.retries", "3"), ("client.attempt_timeout", "2s")])
    without.run(seconds: 5)
    with.run(seconds: 5)
    #expect(with.metrics.total.retries == 0 && with.metrics.total.ok > 1000)
    #expect(with.metrics.total.ok == without.metrics.total.ok)
    #expect(with.metrics.total.attempts == with.metrics.total.begun)
  }

  /// A frozen coordinator answers nothing: before the pings tell (1.2 s) its requests time out. With
  /// retries another coordinator answers them in time, and every operation counts once.
  @Test func aFrozenCoordinator_isGoneRoundByTheNextAttempt() throws {
    func run(_ more: [(String, String)]) throws -> Simulation {
      var sim = try Clusters.two(east: 3, west: 2, Self.noCache + more)
      sim.recordHistory(limit: 100_000)
      sim.run(seconds: 3)
      try sim.inject(.freeze(host: "n2"))
      sim.run(seconds: 4)
      return sim
    }
    let without = try run([])
    var with = try run([("client.retries", "2"), ("client.attempt_timeout", "300ms")])
    #expect(without.metrics.total.failures(.noAnswer) > 50)
    #expect(with.metrics.total.failures(.noAnswer) == 0)
    #expect(with.metrics.total.retries > 50)
    let total = with.metrics.total
    #expect(total.begun == without.metrics.total.begun)
    #expect(total.operations + with.operations.count == total.begun)
    // One invocation and at most one end of each process at a time; the course of those retried.
    let history = with.takeHistory()
    #expect(history.count { $0.kind == .invoke } == total.begun)
    #expect(history.count { $0.kind != .invoke } == total.operations)
    let retried = history.filter { $0.attempts > 1 }
    #expect(retried.count > 50)
    let isTold = retried.allSatisfy { record in
      record.steps.count == 2 * (record.attempts - 1) && record.steps[0].what == "no-answer"
        && record.steps[0].to == "n2" && record.steps[1].what == "again"
        && record.steps[1].to != "n2" && record.steps[0].time < record.steps[1].time
        && record.time! > record.steps[1].time
    }
    #expect(isTold)
  }

  /// Never beyond the client's time-out, however much is allowed.
  @Test func nobodyAnswers_theOperationEndsWithTheClientsPatience() throws {
    var sim = try Clusters.two(
      east: 3, west: 0 + 1,
      Self.noCache + [
        ("client.retries", "10"), ("client.attempt_timeout", "100ms"),
        ("client.retry_backoff", "10ms"), ("client.timeout", "900ms"),
      ])
    sim.recordHistory(limit: 100_000)
    sim.run(seconds: 2)
    for node in ["n1", "n2", "n3", "n4"] { try sim.inject(.freeze(host: node)) }
    sim.run(seconds: 4)
    var invoked: [Int64: Int64] = [:]
    var longest: Int64 = 0
    var failed = 0
    var wrong = 0
    for record in sim.takeHistory() {
      if record.kind == .invoke {
        invoked[record.process] = record.time
        continue
      }
      longest = max(longest, record.time! - invoked[record.process]!)
      if record.kind != .ok { failed += 1 }
      // A write that somebody was sent may have happened.
      let wasSent = record.steps.contains { $0.what == "no-answer" }
      if record.kind == .fail, record.function == .write, wasSent { wrong += 1 }
    }
    #expect(failed > 500)
    #expect(wrong == 0)
    #expect(longest <= 900_000_000)
  }

  /// `fail` says that no attempt happened: with every kind of failure and retries nobody ever reads
  /// the value of a failed write. The live judge, the finished verdict and a judge that has only the
  /// exported history agree, and what they say is what the values say.
  @Test func randomFaults_failedWritesAreNeverReadAndTheVerdictsAgree() throws {
    var violated = 0
    var repeats = 0
    for seed: UInt64 in 1...30 {
      var random = RandomStream(seed: seed, purpose: 99)
      let engine = seed % 3 == 0 ? "raft" : "leaderless"
      var sim = try Clusters.two(
        east: 3, west: 2, seed: seed,
        Self.noCache + [
          ("storage.engine", engine), ("client.retries", "4"), ("client.attempt_timeout", "150ms"),
          ("client.retry_backoff", "10ms"), ("storage.timeout", "100ms"), ("workload.keys", "12"),
          ("workload.read_share", "60%"), ("workload.rate", "150"),
          ("storage.quorum", seed % 2 == 0 ? "sloppy" : "strict"),
        ])
      sim.recordHistory(limit: 100_000)
      for _ in 0..<5 {
        sim.run(seconds: 0.8)
        let node = "n\(1 + random.below(5))"
        switch random.below(5) {
        case 0: try? sim.inject(.freeze(host: node))
        case 1: try? sim.inject(.lossy(host: node, share: 0.3))
        case 2: try? sim.inject(.delay(host: node, by: .milliseconds(120)))
        case 3: try? sim.inject(.partition(.halves))
        default: try? sim.inject(.recover(host: node))
        }
      }
      try? sim.inject(.heal(fault: nil))
      for node in 1...5 { try? sim.inject(.recover(host: "n\(node)")) }
      sim.run(seconds: 4)
      let history = sim.takeHistory()
      repeats += history.count { $0.function == .write && $0.attempts > 1 }
      var failed: Set<HistoryValue> = []
      for record in history where record.kind == .fail && record.function == .write {
        failed.insert(record.value!)
      }
      let read = history.filter { $0.kind == .ok && $0.function == .read }.compactMap(\.value)
      #expect(!read.contains { failed.contains($0) }, "seed \(seed): a failed write was read")
      let own = sim.judge.concluded()
      var judge = HistoryJudge(try HistoryBuilder.history(history))
      while judge.judgeNextKey() {}
      let verdict = judge.verdict()
      #expect(own.linearizable == verdict.linearizable, "seed \(seed)")
      for guarantee in SessionGuarantee.allCases {
        #expect(own.answer(guarantee) == verdict[guarantee], "seed \(seed): \(guarantee.title)")
      }
      // A command that is known by its number is applied once, whoever passes it on.
      if engine == "raft" { #expect(verdict.linearizable == .yes, "seed \(seed)") }
      if verdict.linearizable == .no { violated += 1 }
    }
    #expect(repeats > 200)
    // Applied twice, with another's write between: no register does so, and the verdict says it.
    #expect(violated > 0)
  }

  /// gRPC's and Finagle's rule: a tenth of the first attempts and what was saved, never more.
  @Test func budget_boundsTheRetries() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      Self.noCache + [
        ("client.retries", "5"), ("client.attempt_timeout", "100ms"),
        ("client.retry_budget", "0.1"), ("client.retry_burst", "20"),
      ])
    sim.run(seconds: 2)
    for node in 1...5 { try sim.inject(.freeze(host: "n\(node)")) }
    sim.run(seconds: 10)
    for location in sim.metrics.locations {
      #expect(location.retries <= location.begun / 10 + 20)
      #expect(location.retries > location.begun / 20)
      #expect(location.retriesRefused > location.retries)
    }
  }

  /// A metastable failure (Bronson et al., HotOS 2021; Huang et al., OSDI 2022): the burst ends at
  /// 15 s, and without a budget nothing is answered at 30 s and after; with one, or without retries,
  /// everything is. Command: `clustertop run retry-storm --for 30s` with
  /// `--set client.retry_budget=0.1`, `--set client.retries=0` and neither.
  @Test func burst_retriesWithoutABudgetKeepTheClusterDown() throws {
    func answered(_ more: [(String, String)]) throws -> Double {
      var sim = try Clusters.two(
        east: 3, west: 2,
        Self.noCache + [
          ("workload.rate", "700"), ("host.workers", "2"), ("host.queue", "500"),
          ("host.coordinators", "2000"), ("host.read_service", "exponential 2ms"),
          ("host.write_service", "exponential 2ms"), ("client.timeout", "3s"),
          ("client.retries", "5"), ("client.attempt_timeout", "300ms"),
          ("client.retry_backoff", "20ms"), ("observe.verdict", "false"),
        ] + more)
      sim.run(seconds: 10)
      try sim.inject(.burst(factor: 5, length: .seconds(5)))
      sim.run(seconds: 15)
      let before = sim.metrics.total
      sim.run(seconds: 5)
      let after = sim.metrics.total
      return Double(after.ok - before.ok) / Double(after.operations - before.operations)
    }
    #expect(try answered([]) < 0.05)
    #expect(try answered([("client.retry_budget", "0.1")]) > 0.99)
    #expect(try answered([("client.retries", "0")]) > 0.99)
  }

  /// Lines of 12 000 requests that are all refused at once, because too few replicas are alive: worked
  /// off in a loop, where every refusal called the next one it took more stack than there is.
  @Test func aLongLineOfRefusals_goesNoDeeper() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      Self.noCache + [
        ("storage.n", "5"), ("storage.r", "5"), ("storage.w", "5"), ("host.coordinators", "1"),
        ("host.queue", "100000"), ("workload.rate", "10000"), ("client.timeout", "60s"),
        ("storage.timeout", "6s"), ("observe.verdict", "false"),
      ])
    sim.run(seconds: 1)
    try sim.inject(.kill(host: "n5"))
    sim.run(seconds: 10)
    #expect(sim.metrics.total.failures(.notEnoughReplicas) > 30_000)
  }

  /// A person who sends a write to one node wants to see what that node does.
  @Test func aWriteSentToANode_isNotTriedElsewhere() throws {
    var sim = try Clusters.two(
      east: 3, west: 2, [("client.retries", "3"), ("workload.rate", "0")])
    sim.run(seconds: 1)
    try sim.inject(.freeze(host: "n1"))
    try sim.inject(.write(key: "user:1", via: "n1"))
    sim.run(seconds: 3)
    #expect(sim.metrics.total.retries == 0)
    #expect(sim.metrics.total.info == 1)
  }

  /// A disk keeps an earlier attempt's version of an acknowledged write: it is neither lost nor stale
  /// (`AcknowledgedWrites.standing`).
  @Test func standing_isTheAcknowledgedVersionOfTheSameValue() {
    var writes = AcknowledgedWrites()
    func version(_ time: Int64) -> Version { Version(time: time, node: 1) }
    writes.acknowledge(
      Versioned(version: version(10), value: 1), key: 0, invoked: 0, at: 11)
    writes.acknowledge(
      Versioned(version: version(30), value: 2), key: 0, invoked: 12, at: 31)
    #expect(writes.standing(Versioned(version: version(20), value: 2), key: 0) == version(30))
    // Applied again after somebody else's newer write: still the old value.
    writes.acknowledge(
      Versioned(version: version(40), value: 3), key: 0, invoked: 32, at: 41)
    #expect(writes.standing(Versioned(version: version(50), value: 2), key: 0) == version(30))
    #expect(writes.standing(Versioned(version: version(50), value: 9), key: 0) == version(50))
    #expect(writes.standing(.initial, key: 0) == .initial)
  }
}
