/// The newest writes that a state machine has applied, so that one which comes twice (a datagram
/// doubled on its way, a request repeated after a refusal) counts once (section 6.3: sessions). It is
/// part of the state: every server has the same after the same entries, a snapshot carries it, and so
/// does a shard that moves to another group.
///
/// Writes are numbered in the order in which clients began them, so a number gives the place in the
/// table to one 2048 writes later; a repeat that comes after that is taken for a new write.
struct RaftWrites {
  static var window: Int { 2048 }
  struct Slot {
    /// 0 before any.
    var number: UInt32 = 0
    var key: UInt32 = 0
    /// The time of the version that it made.
    var time: UInt64 = 0
  }
  private var slots: ContiguousArray<Slot> = []

  /// Notes that write `number` was applied.
  mutating func note(_ number: UInt64, key: UInt32, time: UInt64) {
    if slots.isEmpty { slots = ContiguousArray(repeating: Slot(), count: Self.window) }
    slots[Int(number % UInt64(Self.window))] = Slot(
      number: UInt32(truncatingIfNeeded: number), key: key, time: time)
  }

  /// The same of a write that another group applied; a newer one keeps the place.
  mutating func recall(_ number: UInt64, key: UInt32, time: UInt64) {
    if !slots.isEmpty, UInt64(slots[Int(number % UInt64(Self.window))].number) > number { return }
    note(number, key: key, time: time)
  }

  /// The time of the version that a write made, while it is remembered.
  func time(of number: UInt64) -> UInt64? {
    guard !slots.isEmpty else { return nil }
    let known = slots[Int(number % UInt64(Self.window))]
    return known.number != 0 && known.number == UInt32(truncatingIfNeeded: number)
      ? known.time : nil
  }

  /// Those that are remembered, of the keys that pass.
  func remembered(_ isWanted: (UInt32) -> Bool) -> [Slot] {
    slots.filter { $0.number != 0 && isWanted($0.key) }
  }
}
