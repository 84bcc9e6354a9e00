import ClusterSim
import Scenarios

extension Command {
  static let swarm = Command(
    "swarm", "Plays random settings and faults, heals all, and holds what is left to its claims",
    options: [.seeds, .jobs],
    notes: """
      Each seed is one run. After the heal all replicas of every key must be equal, every hint
      delivered or expired, memberships agreed and nothing left in flight; no acknowledged write
      may be lost where no disk was wiped or forgot and no clock was wrong; what R + W > N and
      reads that write back promise must have held. A run that fails is told with its story.
      Exit 1: some run failed.
      """,
    run: { arguments throws(Failure) in
      let range: ClosedRange<UInt64>
      do throws(ScenarioError) { range = try seeds(arguments) } catch {
        throw Failure(error.description)
      }
      let count = range.count
      let jobs = try arguments.integer(.jobs, in: 1...1024) ?? WorkerPool.cores
      var tally = SwarmTally()
      StopSignal.watch()
      var bar = ProgressBar("swarm")
      defer { bar.clear() }
      try WorkerPool.run(
        count, threads: jobs,
        job: { index -> Swarm.Outcome in
          var swarm = Swarm(seed: range.lowerBound + UInt64(index))
          return swarm.play()
        },
        idle: { done throws(Failure) in
          bar.show(Double(done) / Double(count))
          try StopSignal.check()
        },
        each: { outcome throws(Failure) in
          tally.add(outcome)
          guard !outcome.violations.isEmpty else { return }
          bar.clear()
          try Descriptor.print(SwarmTally.text(outcome))
        })
      bar.clear()
      try Descriptor.print(tally.text)
      return tally.failed == 0 ? ExitCode.done : ExitCode.doesNotHold
    })
}

/// The sums over the runs of a swarm.
private struct SwarmTally {
  private var runs = 0
  private(set) var failed = 0
  private var events = 0
  private var operations = 0
  private var withoutLoss = 0
  private var linearizable = 0
  private var lossy = 0
  private var lost = 0
  private var hash = StateHash()

  mutating func add(_ outcome: Swarm.Outcome) {
    runs += 1
    failed += outcome.violations.isEmpty ? 0 : 1
    events += outcome.events
    operations += outcome.operations
    withoutLoss += outcome.claimsNoLoss ? 1 : 0
    linearizable += outcome.claimsLinearizable ? 1 : 0
    lossy += outcome.lostWrites > 0 ? 1 : 0
    lost += outcome.lostWrites
    for byte in outcome.stateHash.utf8 { hash.mix(UInt64(byte)) }
  }

  /// A run that failed: what, how it came, and how to see it again.
  static func text(_ outcome: Swarm.Outcome) -> String {
    let story = outcome.story.map { "  \($0)\n" }.joined()
    return "seed \(outcome.seed): \(outcome.violations.joined(separator: "; "))\n"
      + "  clustertop swarm --seeds \(outcome.seed)\n" + story
  }

  var text: String {
    """
    \(runs) runs, \(failed) failed
    \(operations) operations, \(events) events, state \(hash.hex)
    no loss claimed of \(withoutLoss) runs, linearizable of \(linearizable)
    \(lost) acknowledged writes lost in \(lossy) runs that may

    """
  }
}
