import ClusterSim
import Dashboard
import Scenarios

/// A run that a person changes and may look back at. What was done is kept with the exact number of
/// events before it, so that a checkpoint plus the log gives any moment again to the last event.
struct Timeline {
  private(set) var simulation: Simulation

  private struct Checkpoint {
    var simulation: Simulation
    /// Entries of the log that had happened.
    var position: Int
  }

  private var log: [Recording.Entry] = []
  /// Entries that have happened at the present moment.
  private var position = 0
  /// The latest moment of the run.
  private var edge: (now: Instant, events: Int)
  /// In order of time; the first is the beginning and always stays.
  private var checkpoints: [Checkpoint]
  private let capacity: Int

  /// Virtual time between two checkpoints at least.
  static let interval = Span.seconds(1)
  /// Checkpoints that are kept at most, and about how much memory they may take.
  static let mostCheckpoints = 24
  static let memory = 5 << 20

  /// A recording being played again, until its end is reached or another future is begun.
  private struct Replay {
    let stateHash: String?
    var refused: String?
  }
  private var replay: Replay?
  /// What came of the replay, to be taken once its end is reached.
  private var replayOutcome: ReplayOutcome?

  /// - Parameters:
  ///   - recording: what will be done to it again; what it did later than now is ahead.
  ///   - end: the moment at which the recording ends.
  init(_ simulation: Simulation, replaying recording: Recording? = nil, until end: Instant = .zero)
  {
    self.simulation = simulation
    edge = (simulation.now, simulation.eventsProcessed)
    if let recording {
      log = recording.entries
      edge = (end, recording.events ?? recording.entries.last?.after ?? 0)
      replay = Replay(stateHash: recording.stateHash)
    }
    checkpoints = [Checkpoint(simulation: simulation, position: 0)]
    capacity = max(3, min(Self.mostCheckpoints, Self.memory / Self.bytes(of: simulation)))
  }

  /// About what a copy takes once the original has gone on: every disk, what is known of each
  /// key's acknowledged writes, the histograms and series of every group, and every node's table of
  /// all others; of the judge and the traces what changes in a virtual second.
  private static func bytes(of simulation: Simulation) -> Int {
    let hosts = simulation.storageNodes.count + 2
    return simulation.settings.workload.keys * (hosts * 24 + 288 + 400) + hosts * (8 << 10)
      + (448 << 10) + simulation.membershipTableBytes
  }

  /// The latest moment, while an earlier one is shown.
  var liveEdge: Instant? { isBehind ? edge.now : nil }

  var isBehind: Bool {
    position < log.count || simulation.eventsProcessed < edge.events || simulation.now < edge.now
  }

  /// Injects now. What had happened later is dropped: this is another future.
  ///
  /// Throws `ActionError` where it cannot be done; nothing is changed then.
  mutating func inject(_ action: Action) throws(ActionError) {
    let entry = Recording.Entry(
      after: simulation.eventsProcessed, done: TimedAction(at: simulation.now, action: action))
    try simulation.inject(action)
    replay = nil
    log.removeSubrange(position...)
    log.append(entry)
    position = log.count
    let events = simulation.eventsProcessed
    checkpoints.removeAll { $0.simulation.eventsProcessed > events || $0.position > position }
    edge = (simulation.now, events)
  }

  /// Runs on to `target`, or until `mayContinue` says no after a chunk of events.
  mutating func advance(to target: Instant, while mayContinue: () -> Bool = { true }) {
    while position < log.count, log[position].done.at <= target {
      guard run(to: log[position], while: mayContinue) else { return noteProgress() }
    }
    if replay != nil, position == log.count, target >= edge.now { return finishReplay() }
    while !simulation.run(until: target, maxEvents: Pacer.chunk) {
      guard mayContinue() else { break }
    }
    noteProgress()
  }

  /// One visible event, or what was done before it.
  mutating func step() {
    var trial = simulation
    trial.stepEvent()
    if position < log.count, trial.eventsProcessed > log[position].after {
      _ = run(to: log[position]) { true }
    } else if replay != nil, position == log.count, trial.eventsProcessed > edge.events {
      return finishReplay()
    } else {
      simulation = trial
    }
    noteProgress()
  }

  /// Goes to the present moment plus `span`, which may be negative, but not before the beginning.
  mutating func seek(by span: Span) {
    let target = max(.zero, simulation.now + span)
    if target < simulation.now { restore { $0.simulation.now <= target } }
    advance(to: target)
  }

  /// Goes to the latest moment.
  mutating func seekLive() {
    guard isBehind else { return }
    let now = simulation.eventsProcessed
    if let last = checkpoints.last, last.simulation.eventsProcessed > now { restore { _ in true } }
    while position < log.count { _ = run(to: log[position]) { true } }
    _ = simulation.run(
      until: edge.now, maxEvents: max(0, edge.events - simulation.eventsProcessed))
    if replay != nil { return finishReplay() }
    noteProgress()
  }

  /// All that was done, to the latest moment, and the state at which that arrives.
  func recording(build: String) -> (recording: Recording, end: Instant) {
    var last = self
    last.seekLive()
    let simulation = last.simulation
    return (
      Recording(
        entries: last.log, events: simulation.eventsProcessed, stateHash: simulation.stateHash,
        build: build), simulation.now
    )
  }

  /// What came of the replay, once, when its end has been reached.
  mutating func takeReplayOutcome() -> ReplayOutcome? {
    defer { replayOutcome = nil }
    return replayOutcome
  }

  /// Runs to the last recorded event and compares.
  private mutating func finishReplay() {
    _ = simulation.run(
      until: edge.now, maxEvents: max(0, edge.events - simulation.eventsProcessed))
    edge = (simulation.now, simulation.eventsProcessed)
    if let replay {
      replayOutcome = ReplayOutcome(
        recorded: replay.stateHash, reached: simulation.stateHash, refused: replay.refused)
    }
    replay = nil
    noteProgress()
  }

  /// Does again what the log says; false where `mayContinue` ended it before.
  private mutating func run(to entry: Recording.Entry, while mayContinue: () -> Bool) -> Bool {
    while entry.after - simulation.eventsProcessed > Pacer.chunk {
      _ = simulation.run(until: entry.done.at, maxEvents: Pacer.chunk)
      guard mayContinue() else { return false }
    }
    Recording.run(&simulation, to: entry)
    do { try simulation.inject(entry.done.action) } catch {
      // A recording may come from another build, or from an editor.
      guard replay != nil else {
        preconditionFailure("what was done once is refused when done again: \(error.message)")
      }
      replay?.refused = "\(entry.done.action.text): \(error.message)"
      log.remove(at: position)
      return true
    }
    position += 1
    return true
  }

  private mutating func restore(where fits: (Checkpoint) -> Bool) {
    let checkpoint = checkpoints.last(where: fits) ?? checkpoints[0]
    simulation = checkpoint.simulation
    position = checkpoint.position
  }

  private mutating func noteProgress() {
    if !isBehind { edge = (simulation.now, simulation.eventsProcessed) }
    guard simulation.now >= checkpoints[checkpoints.count - 1].simulation.now + Self.interval else {
      return
    }
    checkpoints.append(Checkpoint(simulation: simulation, position: position))
    if checkpoints.count > capacity { thin() }
  }

  /// Drops the checkpoint whose loss makes the way back longest by the least, compared with how
  /// long ago it was: dense lately, sparse long ago.
  private mutating func thin() {
    var best = 1
    var least = Double.infinity
    for place in 1..<checkpoints.count - 1 {
      let gap = checkpoints[place + 1].simulation.now - checkpoints[place - 1].simulation.now
      let age = simulation.now - checkpoints[place].simulation.now
      let cost = gap.seconds / (age.seconds + 1)
      if cost < least {
        least = cost
        best = place
      }
    }
    checkpoints.remove(at: best)
  }
}
