/// What the operations of one key say about the order of its versions when each value is written
/// once: the initial value is the oldest, and every guarantee demands that some values are older
/// than others. It is broken if its demands go round in a circle.
struct ValueOrder {
  private let operations: ContiguousArray<HistoryOperation>
  private let numbers: [Int32]
  private let initial: ValueTable.ID
  /// The operations of each session, in order.
  private let sessions: [[Int32]]

  /// Nil where a value is written twice, or the initial one is written.
  init?(
    _ operations: ContiguousArray<HistoryOperation>, _ numbers: [Int32], initial: ValueTable.ID
  ) {
    var written: Set<ValueTable.ID> = [initial]
    var places: [Int32: Int] = [:]
    var sessions: [[Int32]] = []
    for number in numbers {
      let operation = operations[Int(number)]
      if operation.outcome == .fail { continue }
      if operation.function != .read, !written.insert(operation.value).inserted { return nil }
      guard operation.outcome == .ok else { continue }
      if let place = places[operation.session] {
        sessions[place].append(number)
      } else {
        places[operation.session] = sessions.count
        sessions.append([number])
      }
    }
    self.operations = operations
    self.numbers = numbers
    self.initial = initial
    self.sessions = sessions
  }

  /// Operations whose demands contradict one another, in their order; nil where there are none.
  func contradiction(_ guarantee: SessionGuarantee) -> [Int32]? {
    var demands = Demands(initial: initial)
    for session in sessions {
      switch guarantee {
      case .readYourWrites: readYourWrites(session, &demands)
      case .monotonicReads: monotonicReads(session, &demands)
      case .monotonicWrites: monotonicWrites(session, &demands)
      case .writesFollowReads: writesFollowReads(session, &demands)
      }
    }
    return demands.circle().map { Array(Set($0)).sorted() }
  }

  /// What an operation found; nil for a write.
  private func found(_ number: Int32) -> ValueTable.ID? {
    let operation = operations[Int(number)]
    return switch operation.function {
    case .read: operation.value
    case .write: nil
    case .cas: operation.from
    }
  }

  /// What an operation set; nil for a read.
  private func set(_ number: Int32) -> ValueTable.ID? {
    let operation = operations[Int(number)]
    return operation.function == .read ? nil : operation.value
  }

  private func monotonicReads(_ session: [Int32], _ demands: inout Demands) {
    var before: (value: ValueTable.ID, number: Int32)?
    for number in session {
      guard let value = found(number) else { continue }
      if let before { demands.add(before.value, value, [before.number, number]) }
      before = (value, number)
    }
  }

  private func monotonicWrites(_ session: [Int32], _ demands: inout Demands) {
    var before: (value: ValueTable.ID, number: Int32)?
    for number in session {
      guard let value = set(number) else { continue }
      if let before { demands.add(before.value, value, [before.number, number]) }
      before = (value, number)
    }
  }

  /// All earlier reads are older than a write: through a node that stands for all of them.
  private func writesFollowReads(_ session: [Int32], _ demands: inout Demands) {
    var all: Int?
    var reads: [ValueTable.ID: Int32] = [:]
    for number in session {
      if let value = found(number), reads.updateValue(number, forKey: value) == nil {
        all = demands.gather(all, value, number)
      }
      guard let value = set(number), let all else { continue }
      if reads[value] == nil {
        demands.add(node: all, value, number)
      } else {
        // It was read before it was written: all others are older, itself it cannot be.
        for (old, read) in reads.sorted(by: { $0.value < $1.value }) {
          demands.add(old, value, [read, number])
        }
      }
    }
  }

  /// All own earlier writes are at most as new as what is read.
  private func readYourWrites(_ session: [Int32], _ demands: inout Demands) {
    // After each own write: a node for all up to it.
    var gathered: [Int] = []
    var own: [ValueTable.ID: Int] = [:]
    var writes: [Int32] = []
    for number in session {
      if let value = found(number) {
        let place = own[value]
        let before = place.map { $0 - 1 } ?? writes.count - 1
        if before >= 0 { demands.add(node: gathered[before], value, number) }
        for later in (place.map { $0 + 1 } ?? writes.count)..<writes.count {
          demands.add(set(writes[later])!, value, [writes[later], number])
        }
      }
      if let value = set(number) {
        own[value] = writes.count
        gathered.append(demands.gather(gathered.last, value, number))
        writes.append(number)
      }
    }
  }
}

/// "This is older than that", and whether it can all be true.
private struct Demands {
  private var nodes: [ValueTable.ID: Int] = [:]
  private var edges: [[(to: Int, because: [Int32])]] = []
  private let initial: Int

  init(initial value: ValueTable.ID) {
    initial = 0
    nodes[value] = 0
    edges.append([])
  }

  private mutating func node(_ value: ValueTable.ID) -> Int {
    if let node = nodes[value] { return node }
    nodes[value] = edges.count
    edges[initial].append((edges.count, []))
    edges.append([])
    return edges.count - 1
  }

  /// Equal values demand nothing.
  mutating func add(_ old: ValueTable.ID, _ new: ValueTable.ID, _ because: [Int32]) {
    if old == new { return }
    let from = node(old)
    edges[from].append((node(new), because))
  }

  mutating func add(node old: Int, _ new: ValueTable.ID, _ because: Int32) {
    edges[old].append((node(new), [because]))
  }

  /// A node newer than `before` and than `value`: what follows it follows both.
  mutating func gather(_ before: Int?, _ value: ValueTable.ID, _ because: Int32) -> Int {
    let from = node(value)
    let gathered = edges.count
    edges.append([])
    edges[from].append((gathered, [because]))
    if let before { edges[before].append((gathered, [])) }
    return gathered
  }

  /// The operations behind some circle of demands.
  func circle() -> [Int32]? {
    enum Mark { case new, open, done }
    var marks = [Mark](repeating: .new, count: edges.count)
    var path: [(node: Int, next: Int)] = []
    for start in edges.indices where marks[start] == .new {
      path.append((start, 0))
      marks[start] = .open
      while let (node, next) = path.last {
        guard next < edges[node].count else {
          marks[node] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let to = edges[node][next].to
        if marks[to] == .new {
          marks[to] = .open
          path.append((to, 0))
        } else if marks[to] == .open {
          let begin = path.firstIndex { $0.node == to }!
          return path[begin...].flatMap { edges[$0.node][$0.next - 1].because }
        }
      }
    }
    return nil
  }
}
