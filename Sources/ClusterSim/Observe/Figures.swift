/// Why an operation failed, as named on screen, in JSON and in the log.
public enum FailureReason: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  /// The coordinator knew in advance that too few replicas are alive to it: certainly not done.
  case notEnoughReplicas
  /// Too few replicas answered the coordinator in time: some may have applied a write.
  case timeout
  /// The client heard nothing within its own time-out.
  case noAnswer
  /// A full queue refused the request.
  case overloaded
  /// The client found no server that answers its pings.
  case noCoordinator
  /// The balancer held no web server healthy.
  case noWebServer

  public var name: String {
    switch self {
    case .notEnoughReplicas: "not-enough-replicas"
    case .timeout: "timeout"
    case .noAnswer: "no-answer"
    case .overloaded: "overloaded"
    case .noCoordinator: "no-coordinator"
    case .noWebServer: "no-web-server"
    }
  }
}

/// What a group of clients got, counted since the group's beginning.
///
/// An operation counts in the phase in which it was invoked. `ok + fail + info + unfinished` is the
/// number of operations begun.
public struct ClientFigures: Sendable {
  /// Operations that have ended, whichever way.
  public var operations: Int { ok + fail + info }
  public internal(set) var begun = 0
  /// Operations whose key had enough home replicas (sloppy: nodes) on the location's side of the
  /// network when they were invoked, as the topology really was.
  public internal(set) var answerable = 0
  public internal(set) var ok = 0
  /// Certainly did not happen.
  public internal(set) var fail = 0
  /// A write whose outcome is unknown.
  public internal(set) var info = 0
  public internal(set) var reads = 0
  public internal(set) var writes = 0
  public internal(set) var readLatency = LatencyHistogram()
  public internal(set) var writeLatency = LatencyHistogram()
  /// Reads that returned a value which a completed write had replaced before the read was invoked.
  public internal(set) var staleFromCache = 0
  public internal(set) var staleFromQuorum = 0
  /// How long before the read's invocation the returned value had been replaced.
  public internal(set) var staleness = LatencyHistogram()
  /// Most completed versions that a stale read was behind.
  public internal(set) var versionsBehind = 0
  /// Stale reads by the completed versions they were behind: 1, 2, … and, last, 8 or more.
  public internal(set) var staleByVersions = [Int](repeating: 0, count: AcknowledgedWrites.kept)
  /// Acknowledged writes that last-write-wins had already discarded for a concurrent acknowledged one.
  public internal(set) var conflicts = 0
  /// By `FailureReason.rawValue`.
  public internal(set) var failures = [Int](repeating: 0, count: FailureReason.allCases.count)
  /// Attempts after the first, and those that the budget refused.
  public internal(set) var retries = 0
  public internal(set) var retriesRefused = 0
  public internal(set) var cacheHits = 0
  public internal(set) var cacheMisses = 0

  public init() {}

  /// Requests that clients made for the operations begun: the first ones and the retries.
  public var attempts: Int { begun + retries }
  public var stale: Int { staleFromCache + staleFromQuorum }
  /// Share of ended operations answered ok within the client's time-out; nil where none ended.
  public var availability: Double? {
    operations == 0 ? nil : Double(ok) / Double(operations)
  }
  /// Share of the operations begun that could have been answered on the location's side.
  public var answerableShare: Double? { begun == 0 ? nil : Double(answerable) / Double(begun) }
  /// Share of answered reads that were stale; nil where no read was answered.
  public var staleShare: Double? {
    readLatency.count == 0 ? nil : Double(stale) / Double(readLatency.count)
  }
  public var hitRatio: Double? {
    cacheHits + cacheMisses == 0 ? nil : Double(cacheHits) / Double(cacheHits + cacheMisses)
  }
  public func failures(_ reason: FailureReason) -> Int { failures[Int(reason.rawValue)] }

  /// Counts everything the other has counted.
  mutating func add(_ other: ClientFigures) {
    begun += other.begun
    answerable += other.answerable
    ok += other.ok
    fail += other.fail
    info += other.info
    reads += other.reads
    writes += other.writes
    readLatency.merge(other.readLatency)
    writeLatency.merge(other.writeLatency)
    staleFromCache += other.staleFromCache
    staleFromQuorum += other.staleFromQuorum
    staleness.merge(other.staleness)
    versionsBehind = max(versionsBehind, other.versionsBehind)
    for place in staleByVersions.indices { staleByVersions[place] += other.staleByVersions[place] }
    conflicts += other.conflicts
    for reason in failures.indices { failures[reason] += other.failures[reason] }
    retries += other.retries
    retriesRefused += other.retriesRefused
    cacheHits += other.cacheHits
    cacheMisses += other.cacheMisses
  }
}

/// A stretch of the run between two changes of the set of active faults.
public struct Phase: Sendable {
  public let from: Instant
  public internal(set) var to: Instant?
  /// `before`, `during` or `after`; numbered from the second fault on (`during 2`).
  public let label: String
  /// By location index.
  public internal(set) var locations: [ClientFigures]
  /// By location index: what waiting for a quorum cost.
  public internal(set) var costs: [ConsistencyCost]

  init(from: Instant, label: String, locations count: Int) {
    self.from = from
    self.label = label
    locations = Array(repeating: ClientFigures(), count: count)
    costs = Array(repeating: ConsistencyCost(), count: count)
  }
}

/// Recent figures, a sample every `Metrics.samplePeriod`; NaN where a sample has no figure.
public struct RecentSeries: Sendable {
  public internal(set) var operations = TimeSeries(capacity: Metrics.sampleCapacity)
  /// Share answered ok, 0 to 1.
  public internal(set) var availability = TimeSeries(capacity: Metrics.sampleCapacity)
  public internal(set) var p50 = TimeSeries(capacity: Metrics.sampleCapacity)
  public internal(set) var p95 = TimeSeries(capacity: Metrics.sampleCapacity)
  public internal(set) var p99 = TimeSeries(capacity: Metrics.sampleCapacity)
  /// Share of answered reads that were stale, 0 to 1.
  public internal(set) var stale = TimeSeries(capacity: Metrics.sampleCapacity)
  public internal(set) var hitRatio = TimeSeries(capacity: Metrics.sampleCapacity)
  public init() {}
}
