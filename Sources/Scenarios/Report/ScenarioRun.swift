import ClusterSim
import Consistency

/// A scenario run without a screen: watches the objectives and, for every phase, how much each
/// location's side could answer for.
public struct ScenarioRun {
  public let scenario: Scenario
  public var simulation: Simulation
  public let end: Instant
  private var watches: [ConditionWatch]
  private var metOnTheWay: [Bool]
  public private(set) var answerable = AnswerableShares()
  /// Entries of the recording that have been done again.
  private var position = 0
  /// What the recording did and the cluster refused here.
  public private(set) var refused: [String] = []
  /// The events at which a recording ends; nil where the run is as long as it is told.
  private let lastEvent: Int?

  /// A look every half second of virtual time; looking changes nothing in the simulation.
  static let period = Span.milliseconds(500)

  /// - Parameter length: `scenario.duration` where nil.
  ///
  /// Throws `ActionError` where the cluster cannot begin so.
  public init(_ scenario: Scenario, for length: Span? = nil) throws(ActionError) {
    self.scenario = scenario
    simulation = try Simulation(scenario.configuration)
    end = .zero + (length ?? scenario.duration)
    lastEvent = length == nil ? scenario.recording?.events : nil
    watches = scenario.objectives.map(ConditionWatch.init)
    metOnTheWay = watches.map { _ in false }
  }

  public private(set) var isFinished = false

  /// Whether the run came to the recorded state; nil where none is recorded, or before the end.
  public var matchesRecording: Bool? {
    guard isFinished, let hash = scenario.recording?.stateHash else { return nil }
    return refused.isEmpty && simulation.stateHash == hash
  }

  /// Runs on to the next look, so that the caller can show progress or stop.
  public mutating func advance() {
    guard !isFinished else { return }
    let target = min(end, simulation.now + Self.period)
    doRecorded(until: target)
    // A session may have ended between two events of the same moment.
    isFinished = target == end
    if isFinished, let lastEvent {
      _ = simulation.run(
        until: end, maxEvents: max(0, lastEvent - simulation.eventsProcessed))
    } else {
      simulation.run(until: target)
    }
    answerable.sample(simulation)
    for index in watches.indices where watches[index].condition.hold > .zero {
      if watches[index].update(simulation) { metOnTheWay[index] = true }
    }
  }

  private mutating func doRecorded(until target: Instant) {
    guard let entries = scenario.recording?.entries else { return }
    while position < entries.count, entries[position].done.at <= target {
      let entry = entries[position]
      Recording.run(&simulation, to: entry)
      position += 1
      do { try simulation.inject(entry.done.action) } catch {
        refused.append("\(entry.done.at) \(entry.done.action.text): \(error.message)")
      }
    }
  }

  /// Runs to the end.
  public mutating func finish() {
    while !isFinished { advance() }
  }

  /// An objective and what came of it.
  public struct ObjectiveOutcome: Sendable {
    public let condition: Condition
    /// Met at the end, or for as long as it asks at some time; nil where that is not known.
    public let isMet: Bool?
    public let status: ConditionStatus
    /// Why it is not known: the run ended too early.
    public let notJudged: String?
  }

  /// What came of each objective. It is judged at the scenario's end, and where it asks for a stretch
  /// of time only if the run was as long.
  public var objectives: [ObjectiveOutcome] {
    watches.indices.map { index in
      let condition = watches[index].condition
      let status = condition.status(in: simulation)
      let isOnTheWay = condition.hold > .zero
      let needed = Instant.zero + max(scenario.duration, condition.hold)
      if end < needed, !metOnTheWay[index] {
        return ObjectiveOutcome(
          condition: condition, isMet: nil, status: status,
          notJudged: "needs \(needed), the run ended at \(end)")
      }
      return ObjectiveOutcome(
        condition: condition, isMet: isOnTheWay ? metOnTheWay[index] : status.holdsNow,
        status: status, notJudged: nil)
    }
  }

  /// The actions that were planned, or recorded, for a time after the run's end.
  public var notReached: [TimedAction] {
    let planned = scenario.configuration.actions.filter { $0.at > simulation.now }
    let recorded = (scenario.recording?.entries ?? []).dropFirst(position).map(\.done)
    return (planned + recorded).sorted { $0.at < $1.at }
  }

  /// What the history so far shows: what `clustertop check` says of the exported one.
  public var verdict: Verdict {
    guard simulation.settings.observe.verdict else { return .unknown }
    return simulation.judge.concluded().verdict { simulation.keyName($0) }
  }

  /// False where an objective was missed, nil where none was but some were not judged; true where
  /// there are none.
  public var holds: Bool? {
    let outcomes = objectives.map(\.isMet)
    if outcomes.contains(false) { return false }
    return outcomes.contains(nil) ? nil : true
  }
}

/// The answerable share of every phase and location, as the mean of the looks in that phase.
public struct AnswerableShares: Sendable, Equatable {
  private struct Sum: Sendable, Equatable {
    var reads = 0.0
    var writes = 0.0
    var count = 0
  }
  /// By the phase's number from the start of the run, then by location.
  private var sums: [[Sum]] = []

  mutating func sample(_ simulation: Simulation) {
    let metrics = simulation.metrics
    let phase = metrics.droppedPhases + metrics.phases.count - 1
    let locations = simulation.locationNames.count
    while sums.count <= phase { sums.append(Array(repeating: Sum(), count: locations)) }
    for location in 0..<locations {
      let share = simulation.answerableShare(location: location)
      sums[phase][location].reads += share.reads
      sums[phase][location].writes += share.writes
      sums[phase][location].count += 1
    }
  }

  /// Nil where the phase was too short for a look.
  public func share(phase: Int, location: Int) -> (reads: Double, writes: Double)? {
    guard sums.indices.contains(phase), sums[phase].indices.contains(location) else { return nil }
    let sum = sums[phase][location]
    guard sum.count > 0 else { return nil }
    // Sums of a thousand probabilities: what is beyond nine decimals is rounding.
    func mean(_ total: Double) -> Double { (total / Double(sum.count) * 1e9).rounded() / 1e9 }
    return (mean(sum.reads), mean(sum.writes))
  }
}
