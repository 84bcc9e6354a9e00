import CellUI
import ClusterSim
import Consistency
import Dashboard
import Scenarios

/// One thing to measure.
struct Bench: Sendable {
  struct Outcome {
    var operations: Int
    var stateHash: String
    /// Processor time of what is measured, where that is not all of it.
    var nanoseconds: Int64?
    /// More counts, each with its key.
    var counts: [(String, Int)] = []
    /// More figures, each with its key, which names the unit.
    var figures: [(String, Double)] = []
  }

  let name: String
  /// Sizes that are measured where none is asked for, and what may be asked for.
  let sizes: [Int]
  let range: ClosedRange<Int>
  /// What is done where the arguments do not say how much; nil where it follows from the size.
  let operations: Int?
  let run: @Sendable (_ size: Int, _ operations: Int?, _ seed: UInt64) throws(Failure) -> Outcome

  static let all: [Bench] = [
    hold, gossip, quorum, raft, elections, usual, frame, verdict, raftVerdict, shardVerdict,
    replicaShardVerdict, replicaShardHarm, peerShardVerdict, peerShardHarm, wars, memory,
  ]

  /// Pending events: each one popped schedules one.
  private static let hold = Bench(
    name: "hold", sizes: [100, 10_000, 1_000_000], range: 1...10_000_000, operations: 2_000_000
  ) { size, operations, seed in
    let outcome = KernelBench.hold(size: size, operations: operations!, seed: seed)
    return Outcome(operations: outcome.operations, stateHash: outcome.stateHash.hex)
  }

  /// Heartbeats of so many nodes; operations are messages merged.
  private static let gossip = Bench(
    name: "gossip", sizes: [10, 100, 1000, 10_000], range: 2...65_536,
    operations: 2_000_000
  ) { size, operations, seed in
    let seconds = max(1, operations! / size)
    let outcome = KernelBench.gossip(nodes: size, seconds: seconds, seed: seed)
    return Outcome(operations: outcome.operations, stateHash: outcome.stateHash.hex)
  }

  /// Client operations of the storage engine on three nodes, with N = 3 and R = W = 2.
  private static let quorum = Bench(
    name: "quorum", sizes: [3], range: 3...3, operations: 1_000_000
  ) { _, operations, seed in
    let outcome = QuorumBench.run(operations: operations!, seed: seed)
    return Outcome(operations: outcome.operations, stateHash: outcome.stateHash.hex)
  }

  /// Steps of small Raft groups under random faults, every one judged by the safety properties: a
  /// broken one is a failure, not a figure. The size is the most servers of a group.
  private static let raft = Bench(
    name: "raft", sizes: [6], range: 6...6, operations: 10_000_000
  ) { _, operations, seed throws(Failure) in
    let outcome = RaftTrial.run(steps: operations!, seed: seed)
    if let violation = outcome.violation { throw .broken("raft: \(violation)") }
    return Outcome(operations: outcome.steps, stateHash: outcome.stateHash.hex)
  }

  /// Events of the default scenario, whole: a virtual minute of it unless told otherwise.
  private static let usual = Bench(
    name: "default", sizes: [8], range: 8...8, operations: nil
  ) { _, operations, seed throws(Failure) in
    var simulation = try defaultSimulation(seed)
    let start = Clock.processor
    if let operations {
      _ = simulation.run(until: .zero + .seconds(86_400), maxEvents: operations)
    } else {
      simulation.run(until: .zero + .seconds(60))
    }
    return Outcome(
      operations: simulation.eventsProcessed, stateHash: simulation.stateHash,
      nanoseconds: Clock.processor - start)
  }

  /// Frames of the dashboard drawn and compared with the one before; the size is their cells, at
  /// four columns a row. A tenth of a virtual second passes between two, outside the measure.
  private static let frame = Bench(
    name: "frame", sizes: [10_000], range: 16...1_000_000, operations: 1000
  ) { size, operations, seed throws(Failure) in
    let height = Int((Double(size) / 4).squareRoot())
    var simulation = try defaultSimulation(seed)
    simulation.run(until: .zero + .seconds(30))
    var cache = DrawCache()
    var shown: CellGrid?
    var hash = StateHash()
    var spent: Int64 = 0
    for _ in 0..<operations! {
      simulation.run(until: simulation.now + .milliseconds(100))
      let start = Clock.processor
      var canvas = Canvas(width: height * 4, height: height)
      Screen.draw(Scene(simulation, AppState(), cache: &cache), &canvas)
      let runs = GridDiff.runs(from: shown, to: canvas.grid)
      shown = canvas.grid
      spent += Clock.processor - start
      for run in runs { hash.mix(UInt64(run.y) << 32 | UInt64(run.x.count)) }
    }
    return Outcome(operations: operations!, stateHash: hash.hex, nanoseconds: spent)
  }

  /// Writes and reads of the whole simulation under the assumptions of WARS, against `predict`:
  /// fails where P(consistent at t) differs by more than .005 or a latency by more than 3 %.
  private static let wars = Bench(
    name: "wars", sizes: [3], range: 3...3, operations: 600_000
  ) { _, operations, seed throws(Failure) in
    var hash = StateHash()
    for (delays, fit) in [
      (ReplicaDelays.linkedInSSD, PublishedFit.linkedInSSD), (.linkedInDisk, .linkedInDisk),
    ] {
      for (r, w) in [(1, 1), (1, 2), (2, 1)] {
        let times = [0.0, 1, 5, 10, 50]
        let run = WARSRun(
          delays, n: 3, r: r, w: w, after: times.map { .milliseconds(Int64($0)) },
          trials: max(1, operations! / 6 / times.count), seed: seed)
        if let difference = WARSComparison.difference(run, fit, r: r, w: w, times) {
          throw .broken("\(fit.rawValue) R=\(r) W=\(w): \(difference)")
        }
        hash.mix(UInt64(run.stateHash, radix: 16)!)
      }
    }
    return Outcome(operations: operations!, stateHash: hash.hex)
  }

  /// So many seeds of random faults, each judged while it runs and from its exported history; fails at
  /// the first on which any answer of dashboard, report and check differs. Operations are those of the clients.
  private static let verdict = Bench(
    name: "verdict", sizes: [100], range: 1...1_000_000, operations: nil
  ) { size, _, seed throws(Failure) in
    var operations = 0
    var hash = StateHash()
    var answers: [Answer: Int] = [:]
    var causal: [Answer: Int] = [:]
    for seed in seed..<seed + UInt64(size) {
      let trial: VerdictTrial
      do { trial = try VerdictTrial(seed: seed) } catch { throw Failure("\(error)") }
      if let difference = trial.difference { throw .broken("seed \(seed): \(difference)") }
      operations += trial.operations
      answers[trial.linearizable, default: 0] += 1
      causal[trial.causal, default: 0] += 1
      hash.mix(UInt64(trial.stateHash, radix: 16)!)
      hash.mix(UInt64(answers[trial.linearizable]!))
    }
    return Outcome(
      operations: operations, stateHash: hash.hex,
      counts: [Answer.yes, .no, .unknown].map { ("linearizable_\($0.rawValue)", answers[$0] ?? 0) }
        + [Answer.yes, .no, .unknown].map { ("causal_\($0.rawValue)", causal[$0] ?? 0) })
  }

  private static func defaultSimulation(_ seed: UInt64) throws(Failure) -> Simulation {
    do throws(ScenarioError) {
      var configuration = try Catalogue.find("default", folder: nil).configuration
      configuration.seed = seed
      guard let simulation = try? Simulation(configuration) else {
        preconditionFailure("the default scenario cannot begin")
      }
      return simulation
    } catch {
      throw Failure(error.description)
    }
  }
}
