/// What the clients got since the settings, the ring or the faults last changed: only of such a
/// stretch can a formula over the present settings be held against what was measured.
public struct Stretch: Sendable, Equatable {
  public internal(set) var since = Instant.zero
  /// Reads and writes that ended, and those of them that were answered.
  public internal(set) var reads = 0
  public internal(set) var readsOK = 0
  public internal(set) var writes = 0
  public internal(set) var writesOK = 0
  /// Answered reads that no cache answered, and those of them that were stale.
  public internal(set) var storeReads = 0
  public internal(set) var staleReads = 0

  /// Requests that replicas answered, and the time they took for the clients, ns.
  public internal(set) var reading = AnswerTimes()
  public internal(set) var writing = AnswerTimes()
  /// Reads that wrote back before they answered.
  public internal(set) var writtenBack = 0
  public internal(set) var falseSuspicions = 0

  static func - (later: Stretch, earlier: Stretch) -> Stretch {
    var difference = later
    difference.since = earlier.since
    difference.reads -= earlier.reads
    difference.readsOK -= earlier.readsOK
    difference.writes -= earlier.writes
    difference.writesOK -= earlier.writesOK
    difference.storeReads -= earlier.storeReads
    difference.staleReads -= earlier.staleReads
    difference.reading -= earlier.reading
    difference.writing -= earlier.writing
    difference.writtenBack -= earlier.writtenBack
    difference.falseSuspicions -= earlier.falseSuspicions
    return difference
  }
}

/// How many were answered and how long that took in all.
public struct AnswerTimes: Sendable, Equatable {
  public internal(set) var count = 0
  public internal(set) var nanoseconds: Int64 = 0

  /// ms; nil where none was.
  public var mean: Double? { count == 0 ? nil : Double(nanoseconds) / Double(count) / 1e6 }

  @inline(__always)
  mutating func add(_ latency: Int64) {
    count += 1
    nanoseconds += latency
  }

  static func -= (later: inout AnswerTimes, earlier: AnswerTimes) {
    later.count -= earlier.count
    later.nanoseconds -= earlier.nanoseconds
  }
}

/// The line in front of a node's workers in the present stretch.
public struct LineView: Sendable, Equatable {
  /// Jobs that began, per second.
  public let rate: Double
  /// Mean service time and mean wait before it, ms. The wait is the time-average of the line's length
  /// over the rate (Little).
  public let service: Double
  public let wait: Double
  public let servers: Int
  /// Mean share of the servers that are busy.
  public var utilization: Double { rate * service / 1000 / Double(servers) }
}

extension Simulation {
  public var stretch: Stretch { counted() - stretchStart }

  /// Everything counted so far.
  private func counted() -> Stretch {
    let total = metrics.total
    var all = Stretch(
      since: now, reads: total.reads, readsOK: total.readLatency.count, writes: total.writes,
      writesOK: total.writeLatency.count,
      storeReads: total.readLatency.count - total.cacheHits, staleReads: total.staleFromQuorum,
      reading: metrics.reading, writing: metrics.writing, writtenBack: readsWrittenBack,
      falseSuspicions: falseSuspicions)
    operations.visit { _, operation in
      switch operation.kind {
      case .read: all.reads -= 1
      case .write: all.writes -= 1
      }
    }
    return all
  }

  mutating func beginStretch() {
    stretchStart = counted()
    delays.restart(locations: clients.count)
    for node in storageNodes { hosts[node.index].workers.beginCount(at: now.nanoseconds) }
    for index in tier.servers.indices { tier.servers[index].beginStretch(at: now.nanoseconds) }
  }

  /// Nil where no job has begun.
  public func line(of node: NodeID) -> LineView? {
    let pool = hosts[node.index].workers
    let length = Double((now - stretchStart.since).nanoseconds)
    guard pool.begun > 0, length > 0 else { return nil }
    return LineView(
      rate: Double(pool.begun) / length * 1e9,
      service: Double(pool.worked) / Double(pool.begun) / 1e6,
      wait: Double(pool.waited(until: now.nanoseconds)) / Double(pool.begun) / 1e6,
      servers: settings.host.workers)
  }
}
