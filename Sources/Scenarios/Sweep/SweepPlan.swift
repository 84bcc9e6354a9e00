import ClusterSim

/// What a sweep runs: every combination of the varied settings with every seed, in a fixed order.
public struct SweepPlan: Sendable {
  /// One setting and the values it takes.
  public struct Variation: Sendable, Equatable {
    public let path: String
    public let values: [String]

    /// Reads `PATH=V1,V2`. Throws `ScenarioError` naming the option.
    public init(_ text: String) throws(ScenarioError) {
      let option = "--vary \(text)"
      guard let sign = text.firstIndex(of: "=") else {
        throw ScenarioError(file: option, message: "write --vary PATH=V1,V2, as in storage.r=1,2")
      }
      path = String(text[..<sign])
      values = text[text.index(after: sign)...]
        .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      if let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) {
        throw ScenarioError(file: option, message: "'\(values[twice])' is given twice")
      }
    }

    /// Every value of each with every value of the others, in the order given; one empty combination
    /// of none. Throws `ScenarioError` beyond `limit` of them.
    public static func combinations(
      _ variations: [Variation], atMost limit: Int
    ) throws(ScenarioError) -> [[(path: String, value: String)]] {
      var combinations: [[(path: String, value: String)]] = [[]]
      for variation in variations {
        guard combinations.count * variation.values.count <= limit else {
          throw ScenarioError(file: "--vary", message: "more than \(limit) combinations")
        }
        combinations = combinations.flatMap { start in
          variation.values.map { start + [(variation.path, $0)] }
        }
      }
      return combinations
    }
  }

  /// The scenario of each combination, with what was varied.
  public let combinations: [(settings: [(path: String, value: String)], scenario: Scenario)]
  public let seeds: ClosedRange<UInt64>
  public let length: Span?
  private let identity: JSONValue

  /// Combinations and runs that a sweep may have.
  public static let mostCombinations = 10_000
  public static let mostRuns = 100_000_000

  /// - Parameter build: names the program, as runs of different ones are not to be mixed.
  ///
  /// Throws `ScenarioError` for a setting or value that is none, and where there are too many runs.
  public init(
    _ scenario: Scenario, seeds: ClosedRange<UInt64>, variations: [Variation],
    changes: [String], length: Span?, build: String
  ) throws(ScenarioError) {
    let combinations = try Variation.combinations(variations, atMost: Self.mostCombinations)
    let seedCount = seeds.upperBound - seeds.lowerBound
    guard seedCount < UInt64(Self.mostRuns / combinations.count) else {
      throw ScenarioError(file: "--seeds", message: "more than \(Self.mostRuns) runs")
    }
    var all: [(settings: [(path: String, value: String)], scenario: Scenario)] = []
    let planned = scenario.planningItsRecording
    for settings in combinations {
      let varied = try planned.applying(
        overrides: settings.map { "\($0.path)=\($0.value)" }, option: "--vary")
      // A cluster that cannot begin is refused before the first run.
      do { _ = try Simulation(varied.configuration) } catch {
        throw ScenarioError(file: scenario.name, message: error.message)
      }
      all.append((settings, varied))
    }
    self.combinations = all
    self.seeds = seeds
    self.length = length
    identity = .object([
      ("scenario", .string(scenario.name)), ("build", .string(build)),
      ("virtual_seconds", .number((length ?? scenario.duration).seconds)),
      ("seeds", .string("\(seeds.lowerBound)-\(seeds.upperBound)")),
      ("set", .array(changes.map { .string($0) })),
      (
        "vary",
        .array(
          variations.map { .string("\($0.path)=\($0.values.joined(separator: ","))") })
      ),
      ("runs", .integer(all.count * Int(seedCount + 1))),
    ])
  }

  /// Runs in all.
  public var count: Int { combinations.count * seedCount }
  private var seedCount: Int { Int(seeds.upperBound - seeds.lowerBound) + 1 }

  /// What tells this sweep from others; shards of one sweep have equal ones.
  public var identityJSON: JSONValue { identity }

  /// Does run number `index` (from 0) and gives its line.
  ///
  /// Throws `ScenarioError` where the cluster cannot begin so.
  public func line(_ index: Int) throws(ScenarioError) -> SweepLine {
    let combination = combinations[index / seedCount]
    var scenario = combination.scenario
    scenario.configuration.seed = seeds.lowerBound + UInt64(index % seedCount)
    var run: ScenarioRun
    do { run = try ScenarioRun(scenario, for: length) } catch {
      throw ScenarioError(file: scenario.name, message: error.message)
    }
    run.finish()
    let report = RunReport.value(run, build: "")
    let figures = RunFigures(of: report).ofTheWhole.filter { figure in
      // Words that are no verdicts say nothing on the average.
      if case .string(let word) = figure.value { return ["yes", "no", "unknown"].contains(word) }
      return true
    }
    return SweepLine(
      index: index, seed: scenario.configuration.seed, settings: combination.settings,
      stateHash: run.simulation.stateHash, holds: run.holds,
      figures: figures.map { ($0.path, $0.number) })
  }
}

/// One run of a sweep.
public struct SweepLine: Sendable {
  public let index: Int
  public let seed: UInt64
  public let settings: [(path: String, value: String)]
  public let stateHash: String
  /// Whether every objective was met; nil where none was missed but the run ended before some could
  /// be judged.
  public let holds: Bool?
  public let figures: [(path: String, value: Double?)]

  public var json: JSONValue {
    .object([
      ("run", .integer(index)), ("seed", .unsigned(seed)),
      ("settings", .object(settings.map { ($0.path, .string($0.value)) })),
      ("state_hash", .string(stateHash)), ("holds", holds.map { .bool($0) } ?? .null),
      ("figures", .object(figures.map { ($0.path, .number($0.value)) })),
    ])
  }
}
