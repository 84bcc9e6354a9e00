/// The courses of all operations whose lines of an exported history are still to be written: what the
/// trace ring keeps of the last ones only, here for as long as it takes.
///
/// An operation leaves when its line is written, which is a fixed time after its end: at most as many
/// are kept as begin in that time and a client's patience together.
struct TraceLedger: Sendable {
  /// A server of a group that is known to hold a write.
  struct Copy: Sendable {
    var node: NodeID
    /// ns of virtual time.
    var at: Int64
  }

  struct Entry: Sendable {
    var trace: OperationTrace
    var copies: [Copy] = []
    fileprivate var isWritten = false
  }

  /// By number, from `oldest` on.
  private var entries: ContiguousArray<Entry> = []
  /// The place of the oldest one that is kept; those before it are gone.
  private var first = 0
  private var oldest: UInt64 = 0
  /// Hints that no line tells of: they came after it was written, or belong to no client's operation.
  private(set) var untoldHints = 0
  /// Replicas repaired that no line tells of.
  private(set) var untoldRepairs = 0

  var count: Int { entries.count - first }

  @inline(never)
  mutating func begin(_ operation: Operation, number: UInt64) {
    if entries.isEmpty { oldest = number }
    var trace = OperationTrace()
    trace.begin(operation, number: number)
    entries.append(Entry(trace: trace))
  }

  private func place(_ number: UInt64) -> Int? {
    guard number >= oldest, number - oldest < UInt64(count) else { return nil }
    return first + Int(number - oldest)
  }

  func entry(_ number: UInt64) -> Entry? { place(number).map { entries[$0] } }

  /// What happens to the attempt; nothing where it was given up.
  mutating func change(
    _ number: UInt64, attempt: UInt8, _ body: (inout OperationTrace) -> Void
  ) {
    guard let place = place(number), entries[place].trace.attempt == attempt else { return }
    body(&entries[place].trace)
  }

  /// Any attempt's counts.
  mutating func hinted(_ number: UInt64) {
    guard let place = place(number), !entries[place].isWritten else {
      untoldHints += 1
      return
    }
    entries[place].trace.hints += 1
  }

  /// Any attempt's counts.
  mutating func repaired(_ number: UInt64) {
    guard let place = place(number), !entries[place].isWritten else {
      untoldRepairs += 1
      return
    }
    entries[place].trace.repairs += 1
  }

  mutating func copied(_ number: UInt64, attempt: UInt8, by node: NodeID, at now: Int64) {
    guard let place = place(number), entries[place].trace.attempt == attempt,
      !entries[place].copies.contains(where: { $0.node == node })
    else { return }
    entries[place].copies.append(Copy(node: node, at: now))
  }

  /// What the last attempt left is not the next one's course.
  mutating func forgetCopies(_ number: UInt64) {
    if let place = place(number) { entries[place].copies = [] }
  }

  /// The operation's line is written.
  mutating func close(_ number: UInt64) {
    guard let place = place(number) else { return }
    entries[place].isWritten = true
    entries[place].copies = []
    while first < entries.count, entries[first].isWritten {
      first += 1
      oldest += 1
    }
    if first > 1024, first * 2 > entries.count {
      entries.removeFirst(first)
      first = 0
    }
  }
}
