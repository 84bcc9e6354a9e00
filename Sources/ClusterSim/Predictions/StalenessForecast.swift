/// How many reads WARS says are stale in the present workload (Bailis et al., VLDB 2012, sections 4.1
/// and 5.1), by Monte Carlo over the delays that were measured.
///
/// Each trial takes a key as the workload does and plays one write and one read of it, each at a
/// coordinator that the clients use now, with a delay of the right leg and pair of locations for each
/// home of the key. It yields the least time c after the write's end from which on the read is
/// consistent. Writes of a key end as a Poisson process of rate l, so a read comes less than c after
/// the last of them with probability 1 - e^(-l c): the share of stale reads is the mean of that.
public struct StalenessForecast: Sendable, Equatable {
  /// Share of the reads that quorums answer, 0 to 1.
  public let stale: Double
  /// Two standard errors of the trials; what the delays' own sampling adds is not in it.
  public let error: Double
  public let trials: Int
  /// Mean of the four delays, ms.
  public let delays: [Double]
}

extension Simulation {
  /// Delays of each leg from which on they say something.
  public static var leastDelays: Int { 200 }

  /// Nil with another engine than `leaderless`, with levels that go by location, while coordinators
  /// are missing, or where too few delays were measured.
  public func stalenessForecast(trials: Int) -> StalenessForecast? {
    guard settings.storage.engine == .leaderless, !settings.storage.readWriteBack,
      let r = settings.storage.readLevel.answers(n: settings.storage.n, count: settings.storage.r),
      let w = settings.storage.writeLevel.answers(n: settings.storage.n, count: settings.storage.w),
      clients.allSatisfy({ !$0.coordinators.isEmpty }),
      DelaySamples.Leg.allCases.allSatisfy({ delays.count($0) >= Self.leastDelays })
    else { return nil }
    var draws = ForecastDraws(self)
    // Every read quorum meets every write quorum: each trial would say 0.
    if r + w > settings.storage.n {
      return StalenessForecast(
        stale: 0, error: 0, trials: 0, delays: DelaySamples.Leg.allCases.map { draws.mean($0) })
    }
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<trials {
      let stale = draws.staleness(of: self, r: r, w: w)
      sum += stale
      squares += stale * stale
    }
    let mean = sum / Double(trials)
    let variance = max(0, squares / Double(trials) - mean * mean)
    return StalenessForecast(
      stale: mean, error: 2 * (variance / Double(trials)).squareRoot(), trials: trials,
      delays: DelaySamples.Leg.allCases.map { draws.mean($0) })
  }
}

extension Simulation {
  /// The most popular key's share of the requests.
  public var hottestShare: Double {
    (0..<sampler.count).reduce(0) { max($0, sampler.probability(of: $1)) }
  }
}

extension ForecastDraws {
  /// The probability that the read is stale.
  fileprivate mutating func staleness(
    of simulation: Simulation, r: Int, w: Int
  ) -> Double {
    let key = UInt32(truncatingIfNeeded: simulation.sampler.draw(&stream))
    let homes = simulation.homeNodes(of: key)
    guard homes.count >= max(r, w) else { return 0 }
    let (writerPlace, writer) = coordinator(simulation)
    let (readerPlace, reader) = coordinator(simulation)
    var reached = [Double](repeating: .infinity, count: homes.count)
    var acknowledged: [Double] = []
    for place in asked(simulation.settings.storage.writeTargets, w, of: homes.count) {
      reached[place] = delay(.write, writer, homes[place], simulation)
      acknowledged.append(
        reached[place] + delay(.acknowledgement, writer, homes[place], simulation))
    }
    acknowledged.sort()
    var answers: [(at: Double, sees: Double)] = []
    for place in asked(simulation.settings.storage.readTargets, r, of: homes.count) {
      let asks = delay(.read, reader, homes[place], simulation)
      answers.append(
        (asks + delay(.response, reader, homes[place], simulation), reached[place] - asks))
    }
    answers.sort { $0.at < $1.at }
    let sees = answers.prefix(r).map(\.sees).min() ?? 0
    // The clients' own ways lie between the write's end at its coordinator and the read's start there.
    let ways =
      clientDelay(writerPlace, writer, simulation) + clientDelay(readerPlace, reader, simulation)
    let since = sees - acknowledged[w - 1] - ways
    guard since > 0 else { return 0 }
    return since.isInfinite
      ? 1 : 1 - Elementary.exp(-since * writeRate * simulation.sampler.probability(of: Int(key)))
  }
}
