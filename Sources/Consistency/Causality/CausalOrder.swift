/// Causal consistency of a history in which every value of a key is written once, judged while the
/// history is told: the absence of four bad patterns (Bouajjani, Enea, Guerraoui, Hamza, POPL 2017,
/// definition of CC and table 2).
///
/// The causal order is what follows from the order inside sessions and from reads after the writes
/// they read. Whoever tells a write's beginning before the reads that find it gets the clocks at once:
/// of each session, how many of its writes lie before. Live judge and `check` both tell it here, each
/// event in the history's order, so that both find the same, and give up at the same place.
///
/// Sessions get a slot in the clocks when a write of theirs is acknowledged or read: most sessions that
/// end with a write of unknown outcome never do.
struct CausalOrder: Sendable {
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

  enum Finding: Equatable, Sendable {
    case holds
    /// The pattern, and the names of the operations that form it, in their order.
    case broken(Pattern, [Int32])
    /// The clocks would need more memory than they may have.
    case tooLong
  }

  private struct Session: Sendable {
    /// Its place in the clocks; -1 before it has one.
    var slot: Int32 = -1
    /// Its writes that were acknowledged.
    var writes: Int32 = 0
    /// Its write under way; -1 for none.
    var pending: Int32 = -1
    /// What lies before its next operation.
    var clock: ContiguousArray<Int32> = []
  }

  private struct Write: Sendable {
    var name: Int32
    var session: Int32
    var key: Int32
    var slot: Int32
    /// From 1, in its session.
    var index: Int32
    var isPublished = false
    var isPending = true
    /// Who read it first while it was under way; -1 for nobody.
    var reader: Int32 = -1
    /// What lies before it, without itself.
    var clock: ClockLog.Place
  }

  /// The acknowledged or read writes of one key, each session's in order.
  private struct KeyWrites: Sendable {
    var newest: Int32 = -1
    var slots: ContiguousArray<(slot: Int32, writes: ContiguousArray<Int32>)> = []
  }

  /// Words that a write or a session costs beside its clock, with what the caller keeps to name it.
  private static let overhead = 40

  private(set) var finding = Finding.holds
  private let wordLimit: Int
  private var words = 0
  private var slotCount: Int32 = 0
  private var sessions: ContiguousArray<Session> = []
  private var freeSessions: ContiguousArray<Int32> = []
  private var writes = GrowingLog<Write>()
  private var clocks = ClockLog()
  private var keys: ContiguousArray<KeyWrites> = []

  /// - Parameter wordLimit: words of 4 bytes that all clocks together may have.
  init(wordLimit: Int) { self.wordLimit = wordLimit }

  var isOver: Bool { finding != .holds }

  // MARK: Telling

  mutating func beginSession() -> Int32 {
    spend(Self.overhead)
    if let free = freeSessions.popLast() { return free }
    sessions.append(Session())
    return Int32(sessions.count - 1)
  }

  /// Nothing follows in it: its last write has an unknown outcome. Its number is given again.
  mutating func endSession(_ session: Int32) {
    if isOver { return }
    let pending = sessions[Int(session)].pending
    if pending >= 0 { writes[Int(pending)].isPending = false }
    sessions[Int(session)] = Session()
    freeSessions.append(session)
  }

  /// A write, or a cas after what it found, begins. Gives the number by which reads name it.
  mutating func beginWrite(_ session: Int32, key: Int32, name: Int32) -> Int32 {
    if isOver { return -1 }
    let own = sessions[Int(session)]
    spend(own.clock.count + Self.overhead)
    if isOver { return -1 }
    let write = Int32(writes.count)
    writes.append(
      Write(
        name: name, session: session, key: key, slot: own.slot, index: own.writes + 1,
        clock: clocks.append(own.clock)))
    sessions[Int(session)].pending = write
    return write
  }

  /// The write under way in the session is acknowledged.
  mutating func acknowledge(_ session: Int32) {
    guard !isOver, case let write = sessions[Int(session)].pending, write >= 0 else { return }
    publish(write)
    sessions[Int(session)].pending = -1
    sessions[Int(session)].writes += 1
    writes[Int(write)].isPending = false
    know(session, writes[Int(write)].slot, writes[Int(write)].index)
  }

  /// The write under way in the session did certainly not happen: who read it read thin air.
  mutating func takeBack(_ session: Int32) {
    guard !isOver, case let write = sessions[Int(session)].pending, write >= 0 else { return }
    sessions[Int(session)].pending = -1
    writes[Int(write)].isPending = false
    if writes[Int(write)].reader >= 0 { stop(.thinAirRead, [writes[Int(write)].reader]) }
  }

  /// Whether the next read of it is the one that is named should the write not have happened.
  func wantsReader(_ write: Int32) -> Bool {
    !isOver && write >= 0 && writes[Int(write)].isPending && writes[Int(write)].reader < 0
  }

  /// A read, or a cas, found what the write wrote; -1 for the initial value.
  mutating func read(_ session: Int32, key: Int32, of write: Int32, name: Int32) {
    if isOver { return }
    guard write >= 0 else {
      if let before = newestKnown(session, key, where: { _ in true }) {
        stop(.writeBeforeInitialRead, [writes[Int(before)].name, name])
      }
      return
    }
    publish(write)
    if writes[Int(write)].reader < 0 { writes[Int(write)].reader = name }
    let source = writes[Int(write)]
    guard knows(session, source.slot, source.index) else {
      lengthen(session, to: max(source.clock.length, source.slot + 1))
      clocks.merge(source.clock, into: &sessions[Int(session)].clock)
      know(session, source.slot, source.index)
      return
    }
    // It was known already, and with it all before it: is something that followed it, too? Nothing
    // that did became known before it.
    if keys[Int(key)].newest == write { return }
    let other = newestKnown(session, key) { other in
      other != write && clocks.entry(writes[Int(other)].clock, source.slot) >= source.index
    }
    if let other { stop(.overwrittenRead, [source.name, writes[Int(other)].name, name]) }
  }

  /// A read of a value that nobody writes.
  mutating func readThinAir(name: Int32) { if !isOver { stop(.thinAirRead, [name]) } }

  mutating func foundCircle(_ names: [Int32]) { if !isOver { stop(.cyclicOrder, names) } }

  // MARK: Clocks

  /// The write is read or acknowledged: others may know it from now on.
  private mutating func publish(_ number: Int32) {
    if writes[Int(number)].isPublished { return }
    writes[Int(number)].isPublished = true
    if writes[Int(number)].slot < 0 {
      let session = Int(writes[Int(number)].session)
      writes[Int(number)].slot = slotCount
      if sessions[session].pending == number { sessions[session].slot = slotCount }
      slotCount += 1
    }
    let (key, slot) = (Int(writes[Int(number)].key), writes[Int(number)].slot)
    while keys.count <= key {
      keys.append(contentsOf: repeatElement(KeyWrites(), count: max(64, keys.count)))
    }
    keys[key].newest = number
    if let place = keys[key].slots.lastIndex(where: { $0.slot == slot }) {
      keys[key].slots[place].writes.append(number)
    } else {
      keys[key].slots.append((slot, [number]))
    }
  }

  private func knows(_ session: Int32, _ slot: Int32, _ index: Int32) -> Bool {
    slot < sessions[Int(session)].clock.count && sessions[Int(session)].clock[Int(slot)] >= index
  }

  private mutating func know(_ session: Int32, _ slot: Int32, _ index: Int32) {
    lengthen(session, to: slot + 1)
    let known = sessions[Int(session)].clock[Int(slot)]
    sessions[Int(session)].clock[Int(slot)] = max(known, index)
  }

  private mutating func lengthen(_ session: Int32, to length: Int32) {
    let more = Int(length) - sessions[Int(session)].clock.count
    guard more > 0 else { return }
    sessions[Int(session)].clock.append(contentsOf: repeatElement(0, count: more))
    words += more
  }

  /// A write to the key that the session knows and that fits. Of each session only its last known one
  /// matters: what follows an earlier one is followed by that in turn.
  private func newestKnown(
    _ session: Int32, _ key: Int32, where fits: (Int32) -> Bool
  ) -> Int32? {
    guard Int(key) < keys.count else { return nil }
    for (slot, list) in keys[Int(key)].slots {
      guard Int(slot) < sessions[Int(session)].clock.count else { continue }
      let known = sessions[Int(session)].clock[Int(slot)]
      var low = 0
      var high = known > 0 ? list.count : 0
      while low < high {
        let middle = (low + high) / 2
        if writes[Int(list[middle])].index <= known { low = middle + 1 } else { high = middle }
      }
      if low > 0, fits(list[low - 1]) { return list[low - 1] }
    }
    return nil
  }

  // MARK: Ends

  private mutating func spend(_ more: Int) {
    words += more
    if words > wordLimit, !isOver { end(.tooLong) }
  }

  private mutating func stop(_ pattern: Pattern, _ names: [Int32]) { end(.broken(pattern, names)) }

  /// Nothing more is judged: the memory is given back.
  private mutating func end(_ finding: Finding) {
    self.finding = finding
    sessions = []
    freeSessions = []
    writes = GrowingLog()
    clocks = ClockLog()
    keys = []
  }
}
