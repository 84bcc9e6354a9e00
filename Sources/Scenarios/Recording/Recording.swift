import ClusterSim

/// What a session did and where it ended: with its scenario it gives the run again to the last
/// event.
public struct Recording: Equatable, Sendable {
  /// An action with the exact number of events that had happened before it; its time alone would
  /// not say on which side of the events of the same moment it stood.
  public struct Entry: Equatable, Sendable {
    public var after: Int
    public var done: TimedAction

    public init(after: Int, done: TimedAction) {
      self.after = after
      self.done = done
    }
  }

  /// The most events that a file may speak of.
  static let mostEvents = 1_000_000_000_000

  /// In the order in which they were done.
  public var entries: [Entry]
  /// Events up to the end; nil where the file does not say.
  public var events: Int?
  /// 16 hexadecimal digits at the end; nil where the file does not say.
  public var stateHash: String?
  /// The program that recorded it.
  public var build: String?

  public init(
    entries: [Entry] = [], events: Int? = nil, stateHash: String? = nil, build: String? = nil
  ) {
    self.entries = entries
    self.events = events
    self.stateHash = stateHash
    self.build = build
  }

  /// Lets the simulation run on to just before an entry: to its moment, but no event further than
  /// the recorded session was.
  public static func run(_ simulation: inout Simulation, to entry: Entry) {
    _ = simulation.run(
      until: entry.done.at, maxEvents: max(0, entry.after - simulation.eventsProcessed))
  }
}

extension Scenario {
  /// The scenario with what was recorded as plans, at the same times: for runs with other settings
  /// or seeds, in which the recorded counts of events mean nothing.
  public var planningItsRecording: Scenario {
    guard let recording else { return self }
    var scenario = self
    scenario.recording = nil
    let planned = configuration.actions + recording.entries.map(\.done)
    let order = planned.indices.sorted { (planned[$0].at, $0) < (planned[$1].at, $1) }
    scenario.configuration.actions = order.map { planned[$0] }
    return scenario
  }
}
