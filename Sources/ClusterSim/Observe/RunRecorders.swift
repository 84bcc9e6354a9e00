/// What is kept of a run until somebody takes it; bounded, what comes later is refused and counted.
struct RunRecorder<Item: Sendable>: Sendable {
  let limit: Int
  private(set) var items: [Item] = []
  private(set) var refused = 0

  init(limit: Int) { self.limit = limit }

  mutating func append(_ item: Item) {
    guard items.count < limit else {
      refused += 1
      return
    }
    items.append(item)
  }

  /// Takes out those at the beginning that are ready.
  mutating func take(while isReady: (Item) -> Bool) -> [Item] {
    let taken = Array(items.prefix(while: isReady))
    items.removeFirst(taken.count)
    return taken
  }

  mutating func take() -> [Item] {
    defer { items.removeAll(keepingCapacity: true) }
    return items
  }
}

extension Simulation {
  /// Begins to keep every line of the event log, at most `limit` of them at a time.
  public mutating func recordLog(limit: Int) { log.recorder = RunRecorder(limit: limit) }

  /// Takes out the lines since the last call, in order of time.
  public mutating func takeLog() -> [LogEntry] { log.recorder?.take() ?? [] }

  /// Begins to keep the keys that clients read, at most `limit` of them at a time. Reads that a
  /// person sends to a node are not among them, as no cache would be asked.
  public mutating func recordReads(limit: Int) { readRecorder = RunRecorder(limit: limit) }

  /// Takes out the keys read since the last call, in order of time.
  public mutating func takeReads() -> [String] {
    (readRecorder?.take() ?? []).map { keys.names[Int($0)] }
  }

  /// Lines of the log and keys that were not kept because of the limits.
  public var recordsRefused: Int {
    (log.recorder?.refused ?? 0) + (readRecorder?.refused ?? 0)
  }
}
