import CellUI
import ClusterSim
import Glibc
import Scenarios
import Testing

@testable import Dashboard

/// Screens as text, recorded on purpose with `CLUSTERTOP_RECORD=1` and read before they are kept.
@Suite struct GoldenScreenTests {
  func check(
    _ name: String, _ canvas: Canvas, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let path = Fixture.file(name + ".txt")
    let text = canvas.grid.text
    if getenv("CLUSTERTOP_RECORD") != nil {
      Fixture.write(text, to: path)
      return
    }
    let golden = Fixture.read(path)
    #expect(golden == text, "\(name) has changed", sourceLocation: sourceLocation)
  }

  @Test func screens_runningCluster_asRecorded() {
    var state = AppState()
    state.isPaused = true
    for (width, height) in [(20, 3), (40, 12), (60, 16), (80, 24), (120, 40), (200, 50), (80, 50)] {
      check(
        "running-\(width)x\(height)",
        Fixture.draw(Fixture.running, state, width: width, height: height))
    }
    check(
      "running-ascii-80x24",
      Fixture.draw(Fixture.running, state, width: 80, height: 24, glyphs: .ascii))
  }

  @Test func screens_killedNode_asRecorded() throws {
    let cluster = try Fixture.cluster(seconds: 30, actions: [(15, .kill(host: "n6"))])
    var state = AppState()
    state.isPaused = true
    state.selectedNode = cluster.hostID(named: "n6")
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
      check("killed-\(width)x\(height)", Fixture.draw(cluster, state, width: width, height: height))
    }
    state.isZoomed = true
    check("killed-nodes-zoomed-120x40", Fixture.draw(cluster, state, width: 120, height: 40))
  }

  @Test func screens_partition_asRecorded() throws {
    let cluster = try Fixture.cluster(seconds: 34, actions: [(20, .partition(.halves))])
    var state = AppState()
    state.isPaused = true
    state.focus = .quorum
    check("partition-120x40", Fixture.draw(cluster, state, width: 120, height: 40))
  }

  /// Without fencing a cut makes two primaries; both sides, and what it costs, are on the screen.
  @Test func screens_splitBrain_asRecorded() throws {
    let cluster = try Fixture.cluster(seconds: 7, actions: [(2, .partition(.halves))]) {
      $0.storage.engine = .primaryReplica
      $0.storage.shards = 4
      $0.replication.fencing = false
      $0.cache.enabled = false
    }
    var state = AppState()
    state.isPaused = true
    state.focus = .quorum
    state.raftGroup = cluster.replicaGroups.firstIndex { $0.count(where: \.serves) > 1 } ?? 0
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
      check(
        "split-brain-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
    state.overlays = [.details(.replicaGroup(state.raftGroup), offset: 0)]
    for (width, height) in [(80, 24), (100, 32), (120, 40)] {
      check(
        "overlay-replicas-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
  }

  /// A dead web server: what its balancer believes, what the probes say, and what was lost.
  @Test func screens_webTier_asRecorded() throws {
    let cluster = try Fixture.cluster(
      seconds: 12, actions: [(3, .kill(host: "web2")), (10.4, .kill(host: "web4"))]
    ) {
      $0.path.servers = 3
      $0.path.workers = 4
      $0.path.queue = 20
      $0.path.service = .exponential(.milliseconds(18))
    }
    var state = AppState()
    state.isPaused = true
    state.focus = .path
    state.pathRow = 2
    for (width, height) in [(60, 16), (80, 24), (120, 40), (200, 50)] {
      check("path-\(width)x\(height)", Fixture.draw(cluster, state, width: width, height: height))
    }
    state.overlays = [.details(.path(2), offset: 0)]
    check("overlay-path-80x24", Fixture.draw(cluster, state, width: 80, height: 24))
    let lost = try #require(cluster.traces.trouble(limit: 500).first { $0.failure == .noAnswer })
    state.overlays = [.details(.why(lost.number), offset: 0)]
    check("overlay-path-why-80x24", Fixture.draw(cluster, state, width: 80, height: 24))
  }

  /// Both sides of a cut write; what they do not know of each other, and what has vanished.
  @Test func screens_multiPrimary_asRecorded() throws {
    let cluster = try Fixture.cluster(
      seconds: 9,
      actions: [(2, .partition(.halves)), (7, .heal(fault: nil)), (8.5, .kill(host: "n2"))]
    ) {
      $0.storage.engine = .multiPrimary
      $0.storage.shards = 4
      $0.cache.enabled = false
    }
    var state = AppState()
    state.isPaused = true
    state.focus = .quorum
    for (width, height) in [(80, 24), (120, 40)] {
      check(
        "multi-primary-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
    state.overlays = [.details(.replicaGroup(1), offset: 0)]
    for (width, height) in [(80, 24), (120, 40)] {
      check(
        "overlay-primaries-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
  }

  /// What the engine does not heed is dim, and says what it needs.
  @Test func settings_underRaft_asRecorded() throws {
    let cluster = try Fixture.cluster(seconds: 1) { $0.storage.engine = .raft }
    var state = AppState()
    state.overlays = [.settings(filter: InputLine("storage."), row: 3)]
    for (width, height) in [(80, 24), (120, 40)] {
      check(
        "overlay-settings-raft-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
  }

  /// Both sides of a cut: who leads, who asks for votes, who follows nobody.
  /// A shard on its way, one that has moved, families and queries.
  @Test func screens_shards_asRecorded() throws {
    let cluster = try Fixture.cluster(
      seconds: 13,
      actions: [
        (4, .splitShard(shard: 3)), (5, .moveShard(shard: 7, group: 1)),
        (11, .moveShard(shard: 1, group: 6)),
      ]
    ) {
      $0.storage.engine = .raft
      $0.storage.shards = 6
      $0.storage.sharding = .function
      $0.storage.shardCopyRate = 40
      $0.workload.families = true
      $0.workload.queryShare = 0.1
      $0.workload.fanOut = 5
    }
    var state = AppState()
    state.isPaused = true
    state.overlays = [.details(.shards, offset: 0)]
    for (width, height) in [(80, 24), (120, 50)] {
      check(
        "overlay-shards-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
  }

  @Test func screens_raftPartition_asRecorded() throws {
    let cluster = try Fixture.cluster(seconds: 4.2, actions: [(2, .partition(.halves))]) {
      $0.storage.engine = .raft
      $0.storage.n = 5
      $0.cache.enabled = false
      $0.workload.rate = 200
    }
    var state = AppState()
    state.isPaused = true
    state.focus = .quorum
    state.raftGroup = 2
    for (width, height) in [(80, 24), (120, 40)] {
      check(
        "raft-\(width)x\(height)", Fixture.draw(cluster, state, width: width, height: height))
    }
    state.overlays = [.details(.raftGroup(2), offset: 0)]
    check("overlay-raft-80x24", Fixture.draw(cluster, state, width: 80, height: 24))
  }

  /// What is cut in which direction, and a location that is dark.
  @Test func screens_topology_asRecorded() throws {
    var configuration = Fixture.configuration { $0.workload.rate = 200 }
    configuration.locations.append(.init(name: "north"))
    for number in 9...11 {
      configuration.nodes.append(.init(name: "n\(number)", location: "north"))
    }
    var cluster = try Simulation(configuration)
    cluster.run(until: .zero + .seconds(2))
    try cluster.inject(.partition(.oneWay))
    try cluster.inject(.outage(location: "north"))
    cluster.run(until: .zero + .seconds(4))
    var state = AppState()
    state.isPaused = true
    state.focus = .topology
    for (width, height) in [(80, 24), (120, 40)] {
      check(
        "topology-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
    let links = cluster.links(from: 0, to: 1)
    #expect(links.pairs == 15 && links.cut > 0 && cluster.links(from: 1, to: 0).cut == 0)
  }

  @Test func overlays_eachKind_asRecorded() {
    let first = Fixture.running.storageNodes[0]
    let lessons = [
      LessonEntry(id: "a-partition", title: "What a partition costs", topic: "CAP", isDone: true)
    ]
    let overlays: [(String, Overlay)] = [
      ("help", .help(filter: InputLine(), row: 3)), ("faults", .faultMenu(row: 1)),
      ("cut", .cut(row: 0)), ("settings", .settings(filter: InputLine("cache"), row: 2)),
      ("lessons", .lessons(row: 0)), ("definitions", .definitions(row: 0)),
      ("node", .details(.node(first), offset: 0)), ("key", .details(.key("user:1"), offset: 0)),
      ("clients", .details(.clients(0), offset: 0)), ("faultclocks", .details(.faults, offset: 0)),
      ("consistency", .consistency(row: 1)), ("violation", .details(.violation(0), offset: 0)),
      (
        "why",
        .details(.why(Fixture.running.judge.violations.last?.tags.last ?? 0), offset: 0)
      ),
    ]
    for (name, overlay) in overlays {
      var state = AppState()
      state.overlays = [overlay]
      check(
        "overlay-\(name)-100x32",
        Fixture.draw(Fixture.running, state, width: 100, height: 32, lessons: lessons))
    }
  }

  /// With R = W = 1, so that some reads are stale, and a node that was killed and is back.
  @Test func predictions_besideTheMeasured_asRecorded() throws {
    let cluster = try Fixture.cluster(
      seconds: 34, actions: [(20, .kill(host: "n6")), (28, .restart(host: "n6"))]
    ) {
      $0.storage.r = 1
      $0.storage.w = 1
      $0.storage.readRepair = false
      $0.cache.enabled = false
    }
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
      var state = AppState()
      state.isPaused = true
      state.overlays = [.predictions(row: 1)]
      check(
        "overlay-predictions-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height))
    }
    var state = AppState()
    state.overlays = [.predictions(row: 0), .details(.prediction("stale_reads"), offset: 0)]
    check("overlay-prediction-80x24", Fixture.draw(cluster, state, width: 80, height: 24))
    state.overlays = [.details(.clients(0), offset: 0)]
    check("overlay-cost-100x50", Fixture.draw(cluster, state, width: 100, height: 50))
  }

  /// Where the times do not fit beside the bars, the bars still stand where their events do.
  @Test func violation_onANarrowScreen_asRecorded() {
    var state = AppState()
    state.overlays = [.consistency(row: 0), .details(.violation(0), offset: 0)]
    check(
      "overlay-violation-80x24", Fixture.draw(Fixture.running, state, width: 80, height: 24))
  }
}

/// The lesson that is built in, drawn while it asks, watches and has seen.
@Suite struct GoldenLessonTests {
  @Test func lesson_eachStage_asRecorded() throws {
    let scenario = try #require(try Catalogue.builtIn("partition-cost"))
    let lesson = try #require(scenario.lesson)
    var runner = LessonRunner(lesson)
    var cluster = try Simulation(scenario.configuration)
    var state = AppState()
    AppReducer.lessonStarted(&state)
    state.isPaused = true
    cluster.run(until: .zero + .seconds(5))
    runner.update(cluster)
    for (width, height) in [(80, 24), (120, 40)] {
      GoldenScreenTests().check(
        "lesson-asks-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height, lesson: runner))
    }
    runner.predict(.number(0.4))
    try cluster.inject(.partition(.halves))
    var tenths = 0
    while runner.stepIndex == 0 && tenths < 300 {
      tenths += 1
      cluster.run(until: cluster.now + .milliseconds(100))
      runner.update(cluster)
      if tenths == 40 {
        state.hintStep = 0
        GoldenScreenTests().check(
          "lesson-watches-80x24",
          Fixture.draw(cluster, state, width: 80, height: 24, lesson: runner))
      }
    }
    #expect(runner.stepIndex == 1)
    GoldenScreenTests().check(
      "lesson-concludes-80x24",
      Fixture.draw(cluster, state, width: 80, height: 24, lesson: runner))
    state.lessonRead = 1
    state.lessonChoice = 3
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
      GoldenScreenTests().check(
        "lesson-chooses-\(width)x\(height)",
        Fixture.draw(cluster, state, width: width, height: height, lesson: runner))
    }
  }
}
