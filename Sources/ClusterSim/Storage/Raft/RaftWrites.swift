/// The newest writes that a state machine has applied, so that one which comes twice (a datagram
/// doubled on its way, a request repeated after a refusal) counts once (section 6.3: sessions). It is
/// part of the state: every server has the same after the same entries, and a snapshot carries it.
///
/// Writes are numbered in the order in which clients began them, so a number gives the place in the
/// table to one 2048 writes later; a repeat that comes after that is taken for a new write.
struct RaftWrites {
  static var window: Int { 2048 }
  /// The write's number above, the index of its entry below, 32 bits each; empty before any.
  private var slots: ContiguousArray<UInt64> = []

  /// Notes that the entry at `index` is write `number`; false where that was applied before.
  mutating func apply(_ number: UInt64, at index: UInt64) -> Bool {
    if slots.isEmpty { slots = ContiguousArray(repeating: 0, count: Self.window) }
    if self.index(of: number) != nil { return false }
    slots[Int(number % UInt64(Self.window))] = number << 32 | index & 0xffff_ffff
    return true
  }

  /// The index at which a write was applied, while it is remembered.
  func index(of number: UInt64) -> UInt64? {
    guard !slots.isEmpty else { return nil }
    let known = slots[Int(number % UInt64(Self.window))]
    return known != 0 && known >> 32 == number & 0xffff_ffff ? known & 0xffff_ffff : nil
  }
}
