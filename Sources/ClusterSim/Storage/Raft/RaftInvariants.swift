/// The safety properties of Raft (dissertation, figure 3.2), watched from outside at every step:
/// Election Safety, Leader Append-Only, Log Matching, Leader Completeness, State Machine Safety; and
/// that a read never answers from before what was committed when it was asked.
///
/// Each log is mirrored as a chain of hashes, so that one comparison speaks for a whole prefix and a
/// step costs no more than the entries it changed.
struct RaftInvariants {
  struct Before {
    var role: RaftNode.Role
    var term: UInt32
    var lastIndex: UInt64
    var commit: UInt64
  }
  private struct Committed {
    var index: UInt64
    var chain: UInt64
    var term: UInt32
  }
  /// What a step broke; the first is kept.
  private(set) var violation: String?
  private(set) var elections = 0
  private(set) var committedIndex: UInt64 = 0
  private var chains: [ContiguousArray<UInt64>]
  private var leaders: ContiguousArray<UInt8?> = []
  private var applied: ContiguousArray<UInt64> = []
  private var committed: [Committed] = []
  /// Only looked up: index and term to the chain that every log with that entry has.
  private var known: [UInt64: UInt64] = [:]

  init(servers: Int) { chains = Array(repeating: [], count: servers) }

  static func before(_ node: RaftNode) -> Before {
    Before(
      role: node.role, term: node.term, lastIndex: node.disk.log.lastIndex, commit: node.commit)
  }

  /// Looks at one server after its step. `from` is the first index that the step may have changed.
  mutating func check(
    _ node: RaftNode, after before: Before, changedFrom from: UInt64, _ effects: [RaftEffect],
    others: ContiguousArray<RaftNode>
  ) {
    let me = Int(node.me)
    let lastChain = before.lastIndex > 0 ? chains[me][Int(before.lastIndex) - 1] : 0
    mirror(node, from, effects)
    if before.role == .leader, node.role == .leader, before.term == node.term, before.lastIndex > 0,
      node.disk.log.lastIndex < before.lastIndex
        || chains[me][Int(before.lastIndex) - 1] != lastChain
    {
      fail("Leader Append-Only: server \(me) in term \(node.term)")
    }
    if node.role == .leader, before.role != .leader || before.term != node.term { elected(node) }
    for case .apply(let index, _) in effects { checkApplied(index, by: node) }
    if node.commit > committedIndex { advance(node, others) }
  }

  private mutating func fail(_ text: String) { if violation == nil { violation = text } }

  /// Log Matching: the same index and term mean the same log up to there.
  private mutating func mirror(_ node: RaftNode, _ from: UInt64, _ effects: [RaftEffect]) {
    let me = Int(node.me)
    let log = node.disk.log
    for case .restore(let index) in effects {
      guard Int(index) <= applied.count else {
        fail("State Machine Safety: server \(me) restored what nobody applied")
        return
      }
      chains[me] = ContiguousArray(applied[..<Int(index)])
    }
    var compacted: [UInt64: RaftEntry] = [:]
    if from <= log.base {
      for case .apply(let index, let entry) in effects { compacted[index] = entry }
    }
    if chains[me].count > Int(log.lastIndex) {
      chains[me].removeLast(chains[me].count - Int(log.lastIndex))
    }
    guard from <= log.lastIndex else { return }
    for index in from...log.lastIndex {
      guard let entry = index > log.base ? log[index] : compacted[index] else { continue }
      var chain = StateHash()
      chain.mix(index > 1 ? chains[me][Int(index) - 2] : 0)
      chain.mix(UInt64(entry.term) << 8 | UInt64(entry.kind.rawValue))
      chain.mix(entry.value ^ UInt64(entry.key) << 40)
      if Int(index) <= chains[me].count {
        chains[me][Int(index) - 1] = chain.value
      } else {
        chains[me].append(chain.value)
      }
      let place = index << 32 | UInt64(entry.term)
      if let other = known.updateValue(chain.value, forKey: place), other != chain.value {
        fail("Log Matching: index \(index), term \(entry.term), server \(me)")
      }
    }
  }

  /// Election Safety and Leader Completeness.
  private mutating func elected(_ node: RaftNode) {
    elections += 1
    while leaders.count <= Int(node.term) { leaders.append(nil) }
    if let other = leaders[Int(node.term)], other != node.me {
      fail("Election Safety: servers \(other) and \(node.me) lead term \(node.term)")
    }
    leaders[Int(node.term)] = node.me
    if let last = committed.last(where: { $0.term < node.term }) { checkComplete(node, last) }
  }

  private mutating func checkComplete(_ node: RaftNode, _ entry: Committed) {
    let chain = chains[Int(node.me)]
    guard Int(entry.index) <= chain.count, chain[Int(entry.index) - 1] == entry.chain else {
      fail(
        "Leader Completeness: server \(node.me) leads term \(node.term) without index "
          + "\(entry.index), committed in term \(entry.term)")
      return
    }
  }

  private mutating func advance(_ node: RaftNode, _ others: ContiguousArray<RaftNode>) {
    let entry = Committed(
      index: node.commit, chain: chains[Int(node.me)][Int(node.commit) - 1], term: node.term)
    committedIndex = node.commit
    committed.append(entry)
    for other in others where other.role == .leader && other.term > node.term {
      checkComplete(other, entry)
    }
  }

  private mutating func checkApplied(_ index: UInt64, by node: RaftNode) {
    let chain = chains[Int(node.me)][Int(index) - 1]
    if Int(index) <= applied.count {
      if applied[Int(index) - 1] != chain {
        fail("State Machine Safety: server \(node.me) applied another entry at \(index)")
      }
    } else {
      applied.append(chain)
    }
  }

  /// A read asked when `floor` was committed is answered by a server that has applied `applied`.
  mutating func checkRead(floor: UInt64, applied: UInt64) {
    if applied < floor { fail("read of index \(applied) after \(floor) was committed") }
  }
}
