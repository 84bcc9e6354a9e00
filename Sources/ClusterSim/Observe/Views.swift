// What a screen or a report reads of the state; nothing here feeds back into the simulation.

public enum HostKind: UInt8, Sendable { case storage, cache, clients, balancer, web }

/// What is really the matter with a host, known to nobody inside the simulation.
public enum HostState: UInt8, Sendable {
  case up, killed, frozen
  /// Drained and gone from the ring for good.
  case left
}

/// A storage node's part in the ring.
public enum RingRole: UInt8, Sendable { case member, joining, leaving, left, none }

/// What one node holds another for.
public enum Belief: UInt8, Sendable, CaseIterable {
  case alive, suspect, dead, left
  public var name: String {
    switch self {
    case .alive: "alive"
    case .suspect: "suspect"
    case .dead: "dead"
    case .left: "left"
    }
  }
}

/// One entry of an observer's membership table.
public struct BeliefView: Sendable, Equatable {
  public let belief: Belief
  /// Since the heartbeat counter last rose in this table.
  public let age: Span
  public let counter: UInt32
  public let incarnation: UInt32
}

/// A host as it really is.
public struct HostView: Sendable {
  public let id: NodeID
  public let name: String
  public let kind: HostKind
  /// Index into `Simulation.locationNames`.
  public let location: Int
  public let state: HostState
  /// 1 is full speed.
  public let slowFactor: Int
  public let gray: Bool
  /// How far its clock is ahead of true time now.
  public let clockAhead: Span
  public var isSkewed: Bool { clockAhead != .zero }
  public let ringRole: RingRole
  /// Index into `Simulation.zoneNames`, where it stands in a zone.
  public let zone: Int?
  public let weight: Int
  /// Share of the key space it owns by `ring.scheme`, 0 to 1.
  public let ringShare: Double
  /// Keys on its disk (a cache server: objects held).
  public let keys: Int
  /// Hints it keeps for others, and hints that others keep for it.
  public let hintsHeld: Int
  public let hintsAwaited: Int
  /// Requests waiting, and requests being worked on.
  public let queue: Int
  public let busy: Int
  public let messagesIn: Int
  public let messagesOut: Int
  /// Reads and writes it served as a replica: in all, and per second of the last sample.
  public let reads: Int
  public let writes: Int
  public let servedPerSecond: Double
  /// Requests this node coordinated and answered in the last sample, per second.
  public let operationsPerSecond: Double
  /// 99th percentile of their coordination time in the last sample, ms; nil where none ended.
  public let p99: Double?
}

/// A cache server's figures.
public struct CacheView: Sendable {
  public let host: NodeID
  public let location: Int
  public let objects: Int
  public let capacity: Int
  public let hits: Int
  public let misses: Int
  public let evictions: Int
  public let expired: Int
  public let invalidated: Int
  /// Misses that shared another's fetch.
  public let coalesced: Int
  /// Objects put here when a newer write had been acknowledged.
  public let staleFills: Int
  /// Keys acknowledged that the store has not acknowledged, and how often one was sent there.
  public let dirty: Int
  public let flushes: Int
  /// Hit ratio of the last sample; NaN where nobody asked.
  public let recentRatio: Double
  public var hitRatio: Double? {
    hits + misses == 0 ? nil : Double(hits) / Double(hits + misses)
  }
}

/// A fault and its clock.
public struct FaultClock: Sendable {
  /// Counts from 1; `heal NUMBER` ends it.
  public let number: Int
  public let action: Action
  public let at: Instant
  public internal(set) var endedAt: Instant?
  /// The first live node that suspected somebody the fault really keeps from it.
  public internal(set) var firstSuspicion: Instant?
  /// All live nodes hold dead everybody whom the fault keeps from them.
  public internal(set) var agreement: Instant?
  /// No location's clients use a server any more that the fault keeps from them.
  public internal(set) var trafficMoved: Instant?
  /// After the end: every live node holds every other reachable one alive, and no hint waits.
  public internal(set) var recovered: Instant?
  /// Suspicions of hosts that were up and reachable, while the fault lasted.
  public internal(set) var falseSuspicions = 0
  public var isActive: Bool { endedAt == nil }
}

/// Where every message is: `sent == delivered + lost + inFlight`, always.
public struct MessageCount: Sendable, Equatable {
  public internal(set) var sent = 0
  public internal(set) var delivered = 0
  public internal(set) var lost = 0
  public internal(set) var inFlight = 0
}
