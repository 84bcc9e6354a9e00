/// Causal consistency of a history in which every value of a key is written once: the absence of
/// four bad patterns (Bouajjani, Enea, Guerraoui, Hamza, POPL 2017, definition of CC and table 2).
///
/// The causal order is what follows from the order inside sessions and from reads after the writes
/// they read. It is kept as one clock an operation: how many operations of each session lie before.
struct CausalCheck {
  enum Pattern: String, Sendable {
    /// A read of a value that nobody wrote.
    case thinAirRead = "thin air read"
    /// The causal order goes round in a circle.
    case cyclicOrder = "cyclic causal order"
    /// A read of the initial value although a write to the key comes causally before.
    case writeBeforeInitialRead = "read of the initial value after a write"
    /// A read of a value that was causally overwritten before.
    case overwrittenRead = "read of an overwritten value"
  }

  enum Result: Equatable {
    case holds
    /// The pattern, and the operations that form it.
    case broken(Pattern, [Int32])
    /// A value is written twice, or the clocks would need too much memory.
    case unknown
  }

  /// One operation in the order of its session.
  private struct Node {
    var number: Int32
    var session: Int
    /// From 1, in its session.
    var index: Int32
    /// The node that wrote what it read; -1 for the initial value, -2 for none.
    var source: Int
  }

  /// Words of all clocks together at most.
  private static let clockLimit = 64 << 20

  private let operations: ContiguousArray<HistoryOperation>
  private let options: CheckOptions
  private var nodes: [Node] = []
  private var sessionCount = 0
  private var clocks: ContiguousArray<Int32> = []
  private var writes: [Int32: KeyWrites] = [:]

  /// The nodes that write one key, by session, each session's in order.
  private struct KeyWrites {
    var places: [Int: Int] = [:]
    var sessions: [[Int]] = []

    mutating func append(_ node: Int, session: Int) {
      if let place = places[session] { return sessions[place].append(node) }
      places[session] = sessions.count
      sessions.append([node])
    }
  }

  static func result(
    _ operations: ContiguousArray<HistoryOperation>, initial: ValueTable.ID, _ options: CheckOptions
  ) -> Result {
    var check = CausalCheck(operations: operations, options: options)
    return check.judge(initial)
  }

  private init(operations: ContiguousArray<HistoryOperation>, options: CheckOptions) {
    self.operations = operations
    self.options = options
  }

  /// What the operation found, and whether that says anything.
  private func found(_ operation: HistoryOperation) -> ValueTable.ID? {
    switch operation.function {
    case .write: return nil
    case .cas: return operation.outcome == .ok ? operation.from : nil
    case .read:
      if operation.value == ValueTable.none, options.nilRead == .any { return nil }
      return operation.value
    }
  }

  private mutating func judge(_ initial: ValueTable.ID) -> Result {
    guard let writers = makeNodes(initial) else { return .unknown }
    guard nodes.count * sessionCount <= Self.clockLimit else { return .unknown }
    for place in nodes.indices {
      let operation = operations[Int(nodes[place].number)]
      guard let value = found(operation) else { continue }
      if let writer = writers[Written(key: operation.key, value: value)] {
        nodes[place].source = writer
      } else if value == initial {
        nodes[place].source = -1
      } else {
        return .broken(.thinAirRead, [nodes[place].number])
      }
    }
    if let circle = computeClocks() { return .broken(.cyclicOrder, circle) }
    for place in nodes.indices {
      if let pattern = badRead(place) { return pattern }
    }
    return .holds
  }

  private struct Written: Hashable {
    var key: Int32
    var value: ValueTable.ID
  }

  /// Nil where a value is written twice.
  private mutating func makeNodes(_ initial: ValueTable.ID) -> [Written: Int]? {
    var writers: [Written: Int] = [:]
    var lengths: [Int32] = []
    var sessions: [Int32: Int] = [:]
    for (number, operation) in operations.enumerated() {
      let isWrite = operation.function != .read
      guard operation.outcome == .ok || (operation.outcome == .open && isWrite) else { continue }
      let session = sessions[operation.session] ?? lengths.count
      if session == lengths.count {
        sessions[operation.session] = session
        lengths.append(0)
      }
      lengths[session] += 1
      if isWrite {
        let written = Written(key: operation.key, value: operation.value)
        if operation.value == initial || writers.updateValue(nodes.count, forKey: written) != nil {
          return nil
        }
        writes[operation.key, default: KeyWrites()].append(nodes.count, session: session)
      }
      nodes.append(
        Node(number: Int32(number), session: session, index: lengths[session], source: -2))
    }
    sessionCount = lengths.count
    return writers
  }

  /// Fills the clocks in causal order. Where that order has a circle, its operations.
  private mutating func computeClocks() -> [Int32]? {
    clocks = ContiguousArray(repeating: 0, count: nodes.count * sessionCount)
    var queues = [[Int]](repeating: [], count: sessionCount)
    for place in nodes.indices.reversed() { queues[nodes[place].session].append(place) }
    var isDone = [Bool](repeating: false, count: nodes.count)
    var waiting: [Int: [Int]] = [:]
    var ready = Array(queues.indices)
    var last = [Int](repeating: -1, count: sessionCount)
    var remaining = nodes.count
    while let session = ready.popLast() {
      while let place = queues[session].last {
        let source = nodes[place].source
        if source >= 0, !isDone[source] {
          waiting[source, default: []].append(session)
          break
        }
        queues[session].removeLast()
        setClock(place, after: last[session], source)
        last[session] = place
        isDone[place] = true
        remaining -= 1
        ready += waiting.removeValue(forKey: place) ?? []
      }
    }
    if remaining == 0 { return nil }
    return queues.compactMap { $0.last.map { nodes[$0].number } }.sorted()
  }

  private mutating func setClock(_ place: Int, after before: Int, _ source: Int) {
    let start = place * sessionCount
    for other in [before, source] where other >= 0 {
      for session in 0..<sessionCount {
        clocks[start + session] = max(
          clocks[start + session], clocks[other * sessionCount + session])
      }
    }
    clocks[start + nodes[place].session] = nodes[place].index
  }

  /// Whether `first` comes causally before `second`.
  private func precedes(_ first: Int, _ second: Int) -> Bool {
    first != second
      && clocks[second * sessionCount + nodes[first].session] >= nodes[first].index
  }

  /// The bad pattern that ends in this read. In each session only the last write to the key that
  /// comes before the read matters: earlier ones come before it in turn.
  private func badRead(_ place: Int) -> Result? {
    let node = nodes[place]
    if node.source == -2 { return nil }
    for others in writes[operations[Int(node.number)].key]?.sessions ?? [] {
      guard let other = lastBefore(place, others), other != node.source else { continue }
      if node.source == -1 {
        return .broken(.writeBeforeInitialRead, [nodes[other].number, node.number])
      }
      if precedes(node.source, other) {
        return .broken(
          .overwrittenRead, [nodes[node.source].number, nodes[other].number, node.number])
      }
    }
    return nil
  }

  private func lastBefore(_ place: Int, _ writes: [Int]) -> Int? {
    var low = 0
    var high = writes.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(writes[middle], place) { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : writes[low - 1]
  }
}
