/// What the clients got: in total, by location, by phase, and recently. Counts only; it watches from
/// outside and decides nothing.
public struct Metrics: Sendable {
  public static let samplePeriod = Span.milliseconds(500)
  /// Samples kept of each recent figure: two minutes.
  public static let sampleCapacity = 240
  /// Phases kept; older ones are dropped, oldest first.
  static let phaseCapacity = 24

  /// The phase under way: what happens is counted here and nowhere else, so that an answer costs one
  /// group of figures; the sums are added up for who asks.
  private var current: Phase
  /// The phases before it, oldest kept first.
  private var closed: [Phase] = []
  /// By location: all phases that are over, the dropped ones included.
  private var past: [ClientFigures]
  /// Phases that were dropped because there were too many.
  public private(set) var droppedPhases = 0
  public private(set) var recentTotal = RecentSeries()
  public private(set) var recent: [RecentSeries]
  /// Requests that replicas answered.
  private(set) var reading = AnswerTimes()
  private(set) var writing = AnswerTimes()
  /// Samples taken.
  public private(set) var samples = 0

  /// What has ended since the last sample, by location.
  private struct Window: Sendable {
    var ended = 0
    var ok = 0
    var reads = 0
    var stale = 0
    var hits = 0
    var gets = 0
    var latency = LatencyHistogram()

    mutating func succeeded(_ kind: Operation.Kind, _ time: Int64) {
      ended += 1
      ok += 1
      if kind == .read { reads += 1 }
      latency.record(time)
    }
  }
  private var windows: [Window]
  private var faultsSeen = 0

  init(locations count: Int) {
    past = Array(repeating: ClientFigures(), count: count)
    windows = Array(repeating: Window(), count: count)
    recent = Array(repeating: RecentSeries(), count: count)
    current = Phase(from: .zero, label: "before", locations: count)
  }

  /// Oldest kept first; the last one is under way.
  public var phases: [Phase] { closed + [current] }

  /// The figures of each location since the start. Adds up: ask once for several of them.
  public var locations: [ClientFigures] { past.indices.map(figures(of:)) }

  /// The figures of one location since the start.
  public func figures(of location: Int) -> ClientFigures {
    var sum = past[location]
    sum.add(current.locations[location])
    return sum
  }

  /// The figures of all locations since the start. Adds up: ask once for several of them.
  public var total: ClientFigures {
    var sum = ClientFigures()
    for location in past.indices {
      sum.add(past[location])
      sum.add(current.locations[location])
    }
    return sum
  }

  /// Operations that have ended since the start.
  public var operations: Int { counted(\.operations) }

  /// One count of all locations since the start.
  func counted(_ count: KeyPath<ClientFigures, Int>) -> Int {
    past.indices.reduce(0) {
      $0 + past[$1][keyPath: count] + current.locations[$1][keyPath: count]
    }
  }

  /// Number of the phase under way, counted from the start of the run.
  var currentPhase: UInt32 { UInt32(droppedPhases + closed.count) }

  /// The set of active faults became empty or stopped being so.
  mutating func beginPhase(faultsActive: Bool, at now: Instant) {
    if faultsActive { faultsSeen += 1 }
    let label = (faultsActive ? "during" : "after") + (faultsSeen > 1 ? " \(faultsSeen)" : "")
    current.to = now
    for location in past.indices { past[location].add(current.locations[location]) }
    closed.append(current)
    current = Phase(from: now, label: label, locations: past.count)
    if closed.count == Self.phaseCapacity {
      closed.removeFirst()
      droppedPhases += 1
    }
  }

  /// Applies a change to the figures an operation belongs to: those of its location in the phase in
  /// which it was invoked.
  @inline(__always)
  private mutating func count(
    _ operation: Operation, _ change: (inout ClientFigures) -> Void
  ) {
    count(Int(operation.location), operation.phase, change)
  }

  @inline(__always)
  private mutating func count(
    _ location: Int, _ phase: UInt32, _ change: (inout ClientFigures) -> Void
  ) {
    if phase == currentPhase {
      change(&current.locations[location])
    } else {
      change(&past[location])
      if let place = closedPlace(phase) { change(&closed[place].locations[location]) }
    }
  }

  /// The place of a phase that is over; nil where it was dropped.
  private func closedPlace(_ phase: UInt32) -> Int? {
    let place = Int(phase) - droppedPhases
    return place >= 0 ? place : nil
  }

  mutating func began(_ operation: Operation, answerable: Bool) {
    count(operation) { figures in
      figures.begun += 1
      if answerable { figures.answerable += 1 }
      switch operation.kind {
      case .read: figures.reads += 1
      case .write: figures.writes += 1
      }
    }
  }

  mutating func succeeded(_ operation: Operation, at now: Int64) {
    let latency = now - operation.invoked
    count(operation) { figures in
      figures.ok += 1
      switch operation.kind {
      case .read: figures.readLatency.record(latency)
      case .write: figures.writeLatency.record(latency)
      }
    }
    let location = Int(operation.location)
    windows[location].succeeded(operation.kind, latency)
  }

  /// A request that the store answered waited so long (ns) for more than its first copy.
  mutating func waited(_ operation: Operation, latency: Int64, for waited: Int64) {
    switch operation.kind {
    case .read: reading.add(latency)
    case .write: writing.add(latency)
    }
    let location = Int(operation.location)
    if operation.phase == currentPhase {
      current.costs[location].record(operation.kind, latency: latency, waited: waited)
    } else if let place = closedPlace(operation.phase) {
      closed[place].costs[location].record(operation.kind, latency: latency, waited: waited)
    }
  }

  mutating func failed(_ operation: Operation, _ reason: FailureReason, unknown: Bool) {
    count(operation) { figures in
      if unknown { figures.info += 1 } else { figures.fail += 1 }
      figures.failures[Int(reason.rawValue)] += 1
    }
    windows[Int(operation.location)].ended += 1
  }

  /// A client tries an operation again.
  mutating func retried(_ operation: Operation) { count(operation) { $0.retries += 1 } }

  /// The budget had no retry left for it.
  mutating func refusedRetry(_ operation: Operation) {
    count(operation) { $0.retriesRefused += 1 }
  }

  mutating func wasStale(_ operation: Operation, fromCache: Bool, by time: Int64, versions: Int) {
    count(operation) { figures in
      if fromCache { figures.staleFromCache += 1 } else { figures.staleFromQuorum += 1 }
      figures.staleness.record(time)
      figures.versionsBehind = max(figures.versionsBehind, versions)
      figures.staleByVersions[max(1, min(versions, AcknowledgedWrites.kept)) - 1] += 1
    }
    windows[Int(operation.location)].stale += 1
  }

  mutating func asked(cacheFor operation: Operation, hit: Bool) {
    count(operation) { figures in
      if hit { figures.cacheHits += 1 } else { figures.cacheMisses += 1 }
    }
    windows[Int(operation.location)].gets += 1
    if hit { windows[Int(operation.location)].hits += 1 }
  }

  /// An acknowledged write of a location, begun in a phase, gave way to a concurrent one.
  mutating func discarded(location: Int, phase: UInt32) {
    count(location, phase) { $0.conflicts += 1 }
  }

  /// Ends a sample: the windows become points of the series.
  mutating func sample() {
    samples += 1
    var all = Window()
    for index in windows.indices {
      Self.append(windows[index], to: &recent[index])
      all.ended += windows[index].ended
      all.ok += windows[index].ok
      all.reads += windows[index].reads
      all.stale += windows[index].stale
      all.hits += windows[index].hits
      all.gets += windows[index].gets
      all.latency.merge(windows[index].latency)
      windows[index].latency.reset()
      let latency = windows[index].latency
      windows[index] = Window(latency: latency)
    }
    Self.append(all, to: &recentTotal)
  }

  private static func append(_ window: Window, to series: inout RecentSeries) {
    func share(_ part: Int, of whole: Int) -> Double {
      whole == 0 ? .nan : Double(part) / Double(whole)
    }
    func milliseconds(_ quantile: Double) -> Double {
      window.latency.quantile(quantile).map { Double($0) / 1e6 } ?? .nan
    }
    series.operations.append(Double(window.ended) / samplePeriod.seconds)
    series.availability.append(share(window.ok, of: window.ended))
    series.p50.append(milliseconds(0.5))
    series.p95.append(milliseconds(0.95))
    series.p99.append(milliseconds(0.99))
    series.stale.append(share(window.stale, of: window.reads))
    series.hitRatio.append(share(window.hits, of: window.gets))
  }
}
