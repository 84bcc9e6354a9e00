import Consistency
import Testing

@testable import ClusterSim
@testable import Scenarios

/// The lines of an exported history tell what the store did for each operation: as much as its own
/// counters say, in every engine.
@Suite struct HistoryCourseTests {
  private static func run(
    _ engine: Settings.Engine, seed: UInt64, _ change: (inout Settings) -> Void = { _ in }
  ) throws -> ScenarioRun {
    var settings = Settings()
    settings.storage.engine = engine
    (settings.storage.n, settings.storage.r, settings.storage.w) = (3, 2, 2)
    settings.workload.keys = 40
    settings.workload.rate = 300
    settings.workload.readShare = 0.5
    settings.cache.enabled = false
    change(&settings)
    func at(_ seconds: Double, _ action: Action) -> TimedAction {
      TimedAction(at: .zero + .seconds(seconds), action: action)
    }
    let configuration = ClusterConfiguration(
      name: "courses", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: (0..<5).map {
        ClusterConfiguration.Node(name: "n\($0 + 1)", location: $0 < 3 ? "east" : "west")
      },
      settings: settings,
      actions: [
        at(2, .kill(host: "n2")), at(7, .restart(host: "n2")), at(9, .partition(.halves)),
        at(13, .heal(fault: nil)), at(14, .lossy(host: "n4", share: 0.3)),
        // So that none is under way at the end.
        at(18, .set(path: "workload.rate", value: "0")),
      ])
    var run = try ScenarioRun(
      Scenario(
        name: "courses", about: "", configuration: configuration, duration: .seconds(21),
        objectives: [], lesson: nil))
    run.simulation.recordHistory(limit: 100_000)
    return run
  }

  private static func completions(_ records: [OperationRecord]) -> [OperationRecord] {
    records.filter { $0.kind != .invoke }
  }

  private static func plain(_ record: OperationRecord) -> OperationRecord {
    var record = record
    record.course = nil
    return record
  }

  /// Failures by reason as the report has them.
  private static func failures(_ run: ScenarioRun) throws -> [String: Int] {
    guard case .object(let report) = try JSONReader.value(RunReport.json(run, build: "test")),
      case .object(let clients)? = report.first(where: { $0.key == "clients" })?.value,
      case .object(let failures)? = clients.first(where: { $0.key == "failures" })?.value
    else { return [:] }
    return failures.reduce(into: [:]) { counts, field in
      if case .integer(let count) = field.value, count > 0 { counts[field.key] = count }
    }
  }

  /// What holds in every engine.
  private static func common(_ run: ScenarioRun, _ lines: [OperationRecord], _ name: String) throws
  {
    let total = run.simulation.metrics.total
    #expect(lines.count == total.ok + total.fail + total.info, "\(name)")
    #expect(lines.allSatisfy { $0.course != nil }, "\(name)")
    let reasons = lines.compactMap { $0.course?.reason }.reduce(into: [:]) {
      $0[$1, default: 0] += 1
    }
    #expect(reasons == (try failures(run)), "\(name)")
    #expect(reasons.count > 0 && reasons.values.reduce(0, +) == total.fail + total.info, "\(name)")
    #expect(lines.reduce(0) { $0 + $1.attempts - 1 } == total.retries, "\(name)")
    for line in lines where line.kind == .ok {
      #expect(line.course!.reason == nil && line.course!.coordinator != nil, "\(name)")
      #expect(line.course!.repliedAt! <= line.time!, "\(name)")
    }
  }

  private static func answers(_ course: OperationCourse) -> Int {
    course.asked.count {
      $0.counts && $0.answer != nil && $0.answer != .refused
        && $0.answeredAt! <= course.repliedAt!
    }
  }

  @Test func leaderless_answersHintsAndRepairs_areThoseOfTheCounters() throws {
    for (seed, quorum) in [(1, Settings.Quorum.strict), (2, .sloppy), (3, .strict), (4, .sloppy)] {
      var run = try Self.run(.leaderless, seed: UInt64(seed)) {
        $0.storage.quorum = quorum
        $0.storage.readRepair = true
        if seed > 2 { $0.client.retries = 2 }
      }
      run.finish()
      let lines = Self.completions(run.simulation.takeHistory())
      try Self.common(run, lines, "seed \(seed)")
      for line in lines where line.kind == .ok {
        let course = line.course!
        #expect(course.needed == 2 && Self.answers(course) >= 2 && course.asked.count <= 3)
      }
      let hints = lines.reduce(0) { $0 + $1.course!.hints }
      #expect(hints == run.simulation.hintsStored && hints > 100, "seed \(seed): \(hints)")
      #expect(lines.allSatisfy { $0.function == .write || $0.course!.hints == 0 })
      let repairs = lines.reduce(0) { $0 + $1.course!.repairs }
      #expect(repairs == run.simulation.readRepairs && repairs > 10, "seed \(seed): \(repairs)")
      #expect(
        lines.reduce(0) { $0 + $1.course!.asked.count { $0.isRepaired } } == repairs
          || seed > 2)
      #expect(run.simulation.historyUntold! == (0, 0), "seed \(seed)")
      let standIns = lines.count { $0.course!.asked.contains { $0.standsInFor != nil } }
      #expect((standIns > 0) == (quorum == .sloppy), "seed \(seed): \(standIns)")
    }
  }

  @Test func groups_tellWhoWasAsked_andWhoHeldTheWrite() throws {
    let semiSync: (inout Settings) -> Void = { $0.replication.mode = .semiSync }
    let sync: (inout Settings) -> Void = { $0.replication.mode = .sync }
    let async: (inout Settings) -> Void = { $0.replication.mode = .async }
    let retries: (inout Settings) -> Void = { $0.client.retries = 2 }
    let cases: [(String, Settings.Engine, Int, (inout Settings) -> Void)] = [
      ("raft", .raft, 2, { _ in }), ("raft with retries", .raft, 2, retries),
      ("sync", .primaryReplica, 1, sync), ("async", .primaryReplica, 1, async),
      ("semi-sync", .primaryReplica, 1, semiSync), ("multi-primary", .multiPrimary, 1, { _ in }),
      ("multi-primary with retries", .multiPrimary, 1, retries),
    ]
    for (name, engine, least, change) in cases {
      var run = try Self.run(engine, seed: 5, change)
      run.finish()
      let lines = Self.completions(run.simulation.takeHistory())
      try Self.common(run, lines, name)
      var copies = 0
      var writes = 0
      var unknown = 0
      for line in lines where line.kind == .ok {
        let course = line.course!
        #expect(course.needed == 1 && course.asked.count == 1 && Self.answers(course) == 1)
        #expect(course.hints == 0 && course.repairs == 0)
        guard line.function == .write else { continue }
        #expect(course.copies.count > 0 && course.copies.count <= 3, "\(name): \(course)")
        unknown += course.copies.count < least ? 1 : 0
        #expect(course.copies.allSatisfy { $0.time <= course.repliedAt! }, "\(name)")
        copies += course.copies.count
        writes += 1
      }
      // A leader that was deposed may learn from the next one that its entry is committed.
      #expect(unknown * 200 <= writes && writes > 1000, "\(name): \(unknown) of \(writes)")
      // How many hold a write when it is acknowledged is what tells the modes apart.
      let mean = Double(copies) / Double(writes)
      switch name {
      case "sync": #expect(mean > 2.3, "\(mean)")
      case "semi-sync": #expect(mean > 1.8, "\(mean)")
      case "async", "multi-primary", "multi-primary with retries":
        #expect(copies == writes, "\(name)")
      default: #expect(mean > 1.99, "\(name): \(mean)")
      }
    }
  }

  /// What is taken in pieces is what is taken at once; and no more is kept than began in a client's
  /// and the store's patience.
  @Test func settledPieces_areTheWhole_inBoundedMemory() throws {
    for engine: Settings.Engine in [.leaderless, .primaryReplica, .multiPrimary, .raft] {
      var whole = try Self.run(engine, seed: 9)
      whole.finish()
      var run = try Self.run(engine, seed: 9)
      var records: [OperationRecord] = []
      var most = 0
      while !run.isFinished {
        run.advance()
        records += run.simulation.takeSettledHistory()
        most = max(most, run.simulation.traces.ledger!.count)
      }
      records += run.simulation.takeHistory()
      let atOnce = whole.simulation.takeHistory()
      #expect(records.map(Self.plain) == atOnce.map(Self.plain), "\(engine)")
      // What a stream brings to its coordinator when the cut is healed is not waited for, but counted.
      let different = zip(records, atOnce).count { $0 != $1 }
      #expect(different * 50 <= records.count, "\(engine): \(different) of \(records.count)")
      let untold = run.simulation.historyUntold!
      func sum(_ count: (OperationCourse) -> Int) -> Int {
        records.reduce(0) { $0 + ($1.course.map(count) ?? 0) }
      }
      #expect(sum(\.hints) + untold.hints == run.simulation.hintsStored, "\(engine)")
      #expect(sum(\.repairs) + untold.repairs == run.simulation.readRepairs, "\(engine)")
      #expect((engine == .leaderless) == (untold.hints > 0))
      // 300/s for 1 + .4 + .5 s, and a second for those under way.
      #expect(most > 300 && most < 1200, "\(engine): \(most)")
      #expect(run.simulation.stateHash == whole.simulation.stateHash)
    }
  }

  /// A recorded run is the same run.
  @Test func recording_changesNothing() throws {
    for engine: Settings.Engine in [.leaderless, .primaryReplica, .multiPrimary, .raft] {
      var with = try Self.run(engine, seed: 11)
      with.finish()
      var without = try ScenarioRun(with.scenario)
      without.finish()
      #expect(with.simulation.stateHash == without.simulation.stateHash, "\(engine)")
    }
  }

  /// `check` reads the lines as if they had no courses.
  @Test func files_areReadAsWithoutCourses() throws {
    var run = try Self.run(.leaderless, seed: 3) { $0.client.retries = 2 }
    run.finish()
    let records = run.simulation.takeHistory()
    let plain = records.map(Self.plain)
    for format: HistoryReader.Format in [.jsonLines, .edn] {
      var verdicts: [Verdict] = []
      for lines in [records, plain] {
        var intake = HistoryIntake()
        try intake.feed(HistoryLines.text(lines, format).utf8)
        var judge = HistoryJudge(try intake.history().0)
        while judge.judgeNextKey() {}
        verdicts.append(judge.verdict())
      }
      #expect(verdicts[0] == verdicts[1] && verdicts[0].operations > 4000)
    }
  }
}
