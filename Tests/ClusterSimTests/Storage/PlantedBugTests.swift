import Consistency
import Testing

@testable import ClusterSim

#if DEBUG
  /// Each planted mistake of the store is found by the checks, in settings in which the sound store
  /// passes them with the same seed, workload and faults.
  @Suite struct PlantedBugTests {
    /// What is looked at when a run is over.
    private enum Check: String {
      /// The live verdict, which the one of the recorded history must equal.
      case linearizable
      /// After all faults are healed and hints delivered, replicas hold the same.
      case converged
      /// Every acknowledged write, or one that replaced it, is on some disk.
      case nothingLost
    }

    private struct Trial {
      var bug: PlantedBug
      var check: Check
      var settings: [(String, String)]
      var script: [(at: Double, Action)] = []
      var seconds = 4.0
      var east = 3
      var west = 2
    }

    /// Long enough to be held dead, so that writes go on without it.
    private static let awayAndBack: [(at: Double, Action)] = [
      (0.5, .kill(host: "n3")), (5, .restart(host: "n3")),
    ]
    /// What is written while a node is away is not written again.
    private static let manyKeys = [("workload.keys", "300"), ("storage.read_repair", "false")]
    /// Only as many replicas are asked as must answer: the others miss the write.
    private static let narrow = [
      ("storage.write_targets", "quorum"), ("storage.read_targets", "quorum"),
      ("storage.read_repair", "false"),
    ]
    private static let noRepair = [("storage.hints", "false"), ("storage.read_repair", "false")]
    private static let slowDisks = [
      ("host.workers", "200"), ("host.write_service", "exponential 40ms"),
    ]
    private static let twoAtOnce: [(at: Double, Action)] = [
      (1, .write(key: "user:1", via: "n1")), (1, .write(key: "user:1", via: "n4")),
    ]
    private static let quiet = [("workload.rate", "0"), ("storage.n", "5"), ("storage.w", "3")]

    private static let trials: [Trial] = [
      Trial(
        bug: .hintOverNewer, check: .linearizable, settings: narrow + [("storage.hint_rate", "40")],
        script: awayAndBack, seconds: 8),
      Trial(bug: .repairOverNewer, check: .linearizable, settings: slowDisks),
      Trial(
        bug: .countsReplicaTwice, check: .linearizable,
        settings: noRepair + [("network.transport", "udp"), ("workload.keys", "20")],
        script: ["n1", "n4", "n5"].map { (0.2, .duplicate(host: $0, share: 1)) }
          + ["n2", "n3"].map { (0.2, .lossy(host: $0, share: 0.5)) }
          + [(1.5, .heal(fault: nil)), (1.5, .kill(host: "n1"))]),
      Trial(bug: .answersWithTheLast, check: .linearizable, settings: narrow),
      Trial(bug: .acknowledgesEarly, check: .linearizable, settings: slowDisks),
      Trial(
        bug: .hintToWrongNode, check: .converged, settings: manyKeys, script: awayAndBack),
      Trial(
        bug: .hintForgottenWhenSent, check: .converged,
        settings: manyKeys + [("network.transport", "udp")],
        script: awayAndBack + [
          (5, .lossy(host: "n3", share: 0.3)), (7, .heal(fault: nil)),
        ]),
      Trial(
        bug: .antiEntropySendsOlder, check: .nothingLost,
        settings: narrow + [
          ("storage.anti_entropy", "true"), ("storage.anti_entropy_interval", "500ms"),
        ]),
      Trial(bug: .comparesNodeFirst, check: .linearizable, settings: []),
      Trial(
        bug: .tieByArrival, check: .converged,
        settings: quiet + noRepair + [
          ("network.local_jitter", "constant 0us"), ("network.between_jitter", "constant 0us"),
          ("host.write_service", "constant 0us"),
        ], script: twoAtOnce),
      Trial(
        bug: .cacheKeepsOverwritten, check: .linearizable,
        settings: [
          ("cache.enabled", "true"), ("cache.mode", "write-through"), ("workload.rate", "60"),
        ], east: 5, west: 0),
      Trial(bug: .omitsWriteBack, check: .linearizable, settings: slowDisks),
      Trial(
        bug: .joinDropsSibling, check: .nothingLost,
        settings: quiet + [("storage.r", "3"), ("storage.versions", "vector")],
        script: twoAtOnce),
    ]

    @Test func everyPlantedBug_isCaught_andTheSoundStorePasses() throws {
      #expect(
        Self.trials.map(\.bug) == PlantedBug.allCases.filter { !PlantedBug.ofMoves.contains($0) })
      for trial in Self.trials {
        let sound = try broken(trial, nil)
        #expect(!sound.contains(trial.check), "\(trial.bug): sound store fails \(sound)")
        let planted = try broken(trial, trial.bug)
        #expect(planted.contains(trial.check), "\(trial.bug) went unseen by \(trial.check)")
      }
    }

    /// In one location where there are no nodes in the west, as its clients would be in both.
    private func cluster(_ trial: Trial, _ settings: [(String, String)]) throws -> Simulation {
      if trial.west > 0 {
        return try Clusters.two(east: trial.east, west: trial.west, settings)
      }
      var changed = Settings()
      for (path, value) in settings { try changed.set(path, to: value) }
      return try Simulation(
        ClusterConfiguration(
          name: "test", seed: 1, locations: [.init(name: "east")],
          nodes: (1...trial.east).map { .init(name: "n\($0)", location: "east") },
          settings: changed))
    }

    /// The checks that a run does not pass.
    private func broken(_ trial: Trial, _ bug: PlantedBug?) throws -> [Check] {
      let base = [
        ("cache.enabled", "false"), ("workload.keys", "4"), ("workload.rate", "200"),
        ("workload.read_share", "60%"), ("workload.distribution", "uniform"),
        ("storage.read_write_back", "true"),
      ]
      var sim = try cluster(trial, base + trial.settings)
      sim.plantedBug = bug
      sim.recordHistory(limit: 100_000)
      for (at, action) in trial.script {
        sim.run(until: .zero + .seconds(at))
        try sim.inject(action)
      }
      sim.run(until: .zero + .seconds(trial.seconds))
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 3)
      let live = sim.judge.concluded().linearizable
      let recorded = try Verdict.judge(records: sim.takeHistory())
      #expect(live == recorded.linearizable, "\(trial.bug)")
      var found: [Check] = []
      if live != .yes { found.append(.linearizable) }
      if sim.divergentKeys() > 0 { found.append(.converged) }
      if sim.lostAcknowledgedWrites() > 0 { found.append(.nothingLost) }
      return found
    }
  }
#endif
