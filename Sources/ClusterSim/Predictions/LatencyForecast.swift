/// How long reads or writes of the store take in the present workload, by Monte Carlo over the delays
/// that were measured: the wait for the answers that the level asks for, the WARS model's order
/// statistics (Bailis et al., VLDB 2012, 4.1), and the client's two ways.
public struct LatencyForecast: Sendable, Equatable {
  /// ms, and two standard errors of the trials.
  public let mean: Double
  public let error: Double
  /// By location of the clients, ms; nil where no trial was answered.
  public let byLocation: [Double?]
  /// What the second round trip of a read that writes back adds, ms; 0 where none does.
  public let second: Double
}

extension Simulation {
  /// Nil with another engine than `leaderless`, while coordinators are missing, or where too few
  /// delays were measured.
  ///
  /// - Parameter writingBack: the share of reads that write back before they answer.
  public func latencyForecast(
    reads: Bool, trials: Int, writingBack: Double = 0
  ) -> LatencyForecast? {
    let legs: [DelaySamples.Leg] =
      reads && writingBack == 0
      ? [.read, .response] : reads ? DelaySamples.Leg.allCases : [.write, .acknowledgement]
    guard settings.storage.engine == .leaderless,
      clients.allSatisfy({ !$0.coordinators.isEmpty }),
      legs.allSatisfy({ delays.count($0) >= Self.leastDelays })
    else { return nil }
    var draws = ForecastDraws(self)
    var all = MeanOfTrials()
    var second = MeanOfTrials()
    var byLocation = [MeanOfTrials](repeating: MeanOfTrials(), count: clients.count)
    for _ in 0..<trials {
      guard let trial = draws.latency(of: self, reads: reads) else { continue }
      let whole = trial.first + (trial.second ?? 0) * writingBack
      all.add(whole)
      byLocation[trial.location].add(whole)
      if let more = trial.second { second.add(more) }
    }
    guard let mean = all.mean else { return nil }
    return LatencyForecast(
      mean: mean / 1e6, error: all.twoErrors / 1e6,
      byLocation: byLocation.map { $0.mean.map { $0 / 1e6 } },
      second: writingBack > 0 ? (second.mean ?? 0) / 1e6 : 0)
  }
}

private struct MeanOfTrials {
  private var count = 0.0
  private var sum = 0.0
  private var squares = 0.0

  mutating func add(_ value: Double) {
    count += 1
    sum += value
    squares += value * value
  }

  var mean: Double? { count == 0 ? nil : sum / count }
  var twoErrors: Double {
    guard let mean, count > 1 else { return 0 }
    return 2 * (max(0, squares / count - mean * mean) / count).squareRoot()
  }
}

extension ForecastDraws {
  /// One request: the time until its answer, ns, and of a read what writing back would add to it. Nil
  /// where its level refuses it.
  fileprivate mutating func latency(
    of simulation: Simulation, reads: Bool
  ) -> (location: Int, first: Double, second: Double?)? {
    let storage = simulation.settings.storage
    let kind: Coordination.Kind = reads ? .read : .write
    let key = UInt32(truncatingIfNeeded: simulation.sampler.draw(&stream))
    let homes = simulation.homeNodes(of: key)
    let (location, node) = coordinator(simulation)
    let ways =
      clientDelay(location, node, simulation) + clientDelay(location, node, simulation)
    var answers = homes.map { home in
      (
        home: home,
        at: reads
          ? delay(.read, node, home, simulation) + delay(.response, node, home, simulation)
          : delay(.write, node, home, simulation) + delay(.acknowledgement, node, home, simulation)
      )
    }
    func place(_ home: NodeID) -> Int { Int(simulation.hosts[home.index].location) }
    /// The answer that makes a majority of those in a location.
    func majority(in location: Int) -> Double? {
      let here = answers.filter { place($0.home) == location }.map(\.at).sorted()
      return here.isEmpty ? nil : here[here.count / 2]
    }
    switch storage.level(kind) {
    case .localQuorum:
      guard let at = majority(in: place(node)) else { return nil }
      return (location, ways + at, nil)
    case .eachQuorum:
      guard let at = (0..<simulation.clients.count).compactMap(majority).max() else { return nil }
      return (location, ways + at, nil)
    case .count, .one, .quorum, .all: break
    }
    let needed = storage.answers(kind)!
    let targets = reads ? storage.readTargets : storage.writeTargets
    let quorum = reads ? max(needed, storage.writeBackQuorum ?? 0) : needed
    answers = asked(targets, quorum, of: answers.count).map { answers[$0] }
    guard needed <= answers.count else { return nil }
    answers.sort { $0.at < $1.at }
    let first = ways + answers[needed - 1].at
    guard reads, let copies = storage.writeBackQuorum else { return (location, first, nil) }
    guard copies > 1 else { return (location, first, 0) }
    // Of the R answers as many are the newest as fall just short; every other copy is written to, and
    // counts by its acknowledgement or by an answer that is on its way, whichever comes first.
    let current = min(needed, copies - 1)
    let end = answers[needed - 1].at
    let more = answers.indices.dropFirst(current).map { place in
      let home = answers[place].home
      let written =
        end + delay(.write, node, home, simulation)
        + delay(.acknowledgement, node, home, simulation)
      return place < needed ? written : min(written, answers[place].at)
    }.sorted()
    let missing = copies - current
    return missing <= more.count ? (location, first, more[missing - 1] - end) : nil
  }
}
