/// A change of one node's mind about another.
struct BeliefChange {
  let subject: NodeID
  let from: Belief
  let to: Belief
}

/// How many running members hold each host suspect or dead, kept as they change their minds: to
/// count anew at every change would cost n, and n squared in a big cluster.
struct BeliefCensus {
  private var suspects: ContiguousArray<Int32> = []
  private var deaths: ContiguousArray<Int32> = []
  /// Members that run and have a table.
  private(set) var observers = 0

  private var memberNanoseconds: Int64 = 0
  private var countedTo: Int64 = 0

  /// Time that members ran, added up over all, ns, until `now`.
  func memberTime(now: Int64) -> Int64 {
    memberNanoseconds + Int64(observers) * (now - countedTo)
  }

  func suspecting(_ node: NodeID) -> Int {
    node.index < suspects.count ? Int(suspects[node.index]) : 0
  }

  func holdingDead(_ node: NodeID) -> Int {
    node.index < deaths.count ? Int(deaths[node.index]) : 0
  }

  /// A running member changed its mind.
  mutating func note(_ change: BeliefChange) {
    count(change.subject, change.from, -1)
    count(change.subject, change.to, 1)
  }

  /// A member begins to run, or goes on.
  mutating func enter(_ table: MembershipTable, now: Int64) {
    memberNanoseconds = memberTime(now: now)
    countedTo = now
    observers += 1
    add(table, 1)
  }

  /// A member no longer runs.
  mutating func leave(_ table: MembershipTable, now: Int64) {
    memberNanoseconds = memberTime(now: now)
    countedTo = now
    observers -= 1
    add(table, -1)
  }

  private mutating func add(_ table: MembershipTable, _ amount: Int32) {
    for place in 0..<table.peerCount {
      let peer = table.peer(at: place)
      count(peer, table.belief(peer), amount)
    }
  }

  private mutating func count(_ node: NodeID, _ belief: Belief, _ amount: Int32) {
    switch belief {
    case .alive, .left: return
    case .suspect, .dead: break
    }
    while suspects.count <= node.index {
      suspects.append(0)
      deaths.append(0)
    }
    if belief == .suspect {
      suspects[node.index] += amount
    } else {
      deaths[node.index] += amount
    }
  }
}
