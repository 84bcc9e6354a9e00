/// One line of the event log.
public struct LogEntry: Sendable, Equatable {
  public let at: Instant
  public let kind: Kind
  public let text: String
  /// The trace of the operation that it is about.
  public var operation: UInt64?

  public enum Kind: UInt8, Sendable {
    /// A person's action.
    case you
    /// A planned action of the scenario.
    case plan
    case membership, storage, ring, cache, client, path

    /// The word that stands for it in files.
    public var name: String {
      switch self {
      case .you: "you"
      case .plan: "plan"
      case .membership: "membership"
      case .storage: "storage"
      case .ring: "ring"
      case .cache: "cache"
      case .client: "client"
      case .path: "path"
      }
    }
  }
}

/// The newest entries, bounded; older ones are dropped and only counted.
public struct EventLog: Sendable {
  static let capacity = 512
  private var ring: [LogEntry] = []
  private var start = 0
  /// Keeps every entry until it is taken, where somebody asked for it.
  var recorder: RunRecorder<LogEntry>?
  /// Entries ever logged.
  public private(set) var total = 0

  mutating func append(_ entry: LogEntry) {
    total += 1
    recorder?.append(entry)
    if ring.count < Self.capacity {
      ring.append(entry)
    } else {
      ring[start] = entry
      start = (start + 1) % Self.capacity
    }
  }

  /// Entries kept.
  public var count: Int { ring.count }

  /// The entry `age` places before the newest (0 is the newest).
  public func newest(_ age: Int) -> LogEntry {
    precondition(age >= 0 && age < ring.count, "log entry \(age) of \(ring.count)")
    return ring[(start + ring.count - 1 - age) % ring.count]
  }
}
