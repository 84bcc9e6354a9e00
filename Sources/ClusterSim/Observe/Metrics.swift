/// What the clients got: in total, by location, by phase, and recently. Counts only; it watches from
/// outside and decides nothing.
public struct Metrics: Sendable {
  public static let samplePeriod = Span.milliseconds(500)
  /// Samples kept of each recent figure: two minutes.
  public static let sampleCapacity = 240
  /// Phases kept; older ones are dropped, oldest first.
  static let phaseCapacity = 24

  public private(set) var total = ClientFigures()
  public private(set) var locations: [ClientFigures]
  /// Oldest kept first; the last one is under way.
  public private(set) var phases: [Phase]
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
    locations = Array(repeating: ClientFigures(), count: count)
    windows = Array(repeating: Window(), count: count)
    recent = Array(repeating: RecentSeries(), count: count)
    phases = [
      Phase(
        from: .zero, to: nil, label: "before",
        locations: Array(repeating: ClientFigures(), count: count),
        costs: Array(repeating: ConsistencyCost(), count: count))
    ]
  }

  /// Number of the phase under way, counted from the start of the run.
  var currentPhase: UInt32 { UInt32(droppedPhases + phases.count - 1) }

  /// The set of active faults became empty or stopped being so.
  mutating func beginPhase(faultsActive: Bool, at now: Instant) {
    if faultsActive { faultsSeen += 1 }
    let label = (faultsActive ? "during" : "after") + (faultsSeen > 1 ? " \(faultsSeen)" : "")
    phases[phases.count - 1].to = now
    phases.append(
      Phase(
        from: now, to: nil, label: label,
        locations: Array(repeating: ClientFigures(), count: locations.count),
        costs: Array(repeating: ConsistencyCost(), count: locations.count)))
    if phases.count > Self.phaseCapacity {
      phases.removeFirst()
      droppedPhases += 1
    }
  }

  /// Applies a change to the three groups an operation belongs to.
  @inline(__always)
  private mutating func each(
    _ operation: Operation, _ change: (inout ClientFigures) -> Void
  ) {
    let location = Int(operation.location)
    change(&total)
    change(&locations[location])
    let phase = Int(operation.phase) - droppedPhases
    if phase >= 0 { change(&phases[phase].locations[location]) }
  }

  mutating func began(_ operation: Operation, answerable: Bool) {
    each(operation) { figures in
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
    each(operation) { figures in
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
    let phase = Int(operation.phase) - droppedPhases
    guard phase >= 0 else { return }
    phases[phase].costs[Int(operation.location)].record(
      operation.kind, latency: latency, waited: waited)
  }

  mutating func failed(_ operation: Operation, _ reason: FailureReason, unknown: Bool) {
    each(operation) { figures in
      if unknown { figures.info += 1 } else { figures.fail += 1 }
      figures.failures[Int(reason.rawValue)] += 1
    }
    windows[Int(operation.location)].ended += 1
  }

  /// A client tries an operation again.
  mutating func retried(_ operation: Operation) { each(operation) { $0.retries += 1 } }

  /// The budget had no retry left for it.
  mutating func refusedRetry(_ operation: Operation) {
    each(operation) { $0.retriesRefused += 1 }
  }

  mutating func wasStale(_ operation: Operation, fromCache: Bool, by time: Int64, versions: Int) {
    each(operation) { figures in
      if fromCache { figures.staleFromCache += 1 } else { figures.staleFromQuorum += 1 }
      figures.staleness.record(time)
      figures.versionsBehind = max(figures.versionsBehind, versions)
      figures.staleByVersions[max(1, min(versions, AcknowledgedWrites.kept)) - 1] += 1
    }
    windows[Int(operation.location)].stale += 1
  }

  mutating func asked(cacheFor operation: Operation, hit: Bool) {
    each(operation) { figures in
      if hit { figures.cacheHits += 1 } else { figures.cacheMisses += 1 }
    }
    windows[Int(operation.location)].gets += 1
    if hit { windows[Int(operation.location)].hits += 1 }
  }

  mutating func discarded(_ operation: Operation) {
    each(operation) { $0.conflicts += 1 }
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
