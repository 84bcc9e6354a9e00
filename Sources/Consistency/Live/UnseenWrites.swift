/// Writes whose outcome nobody knows and that no read has found yet. Bounded: the oldest are
/// forgotten, and then a read of something unknown proves nothing any more.
struct UnseenWrites: Sendable {
  private var held: Set<UInt64> = []
  /// In the order of their coming; those that were found stay in it until their turn.
  private var order: Fifo
  private(set) var hasForgotten = false
  private let limit: Int

  /// A ring of the held writes' names.
  private struct Fifo: Sendable {
    var names: ContiguousArray<UInt64> = []
    var oldest = 0
  }

  init(limit: Int) {
    self.limit = limit
    order = Fifo()
  }

  private static func name(_ value: ValueTable.ID, _ key: UInt32) -> UInt64 {
    UInt64(key) << 32 | UInt64(UInt32(bitPattern: value))
  }

  mutating func insert(_ value: ValueTable.ID, _ key: UInt32) {
    let name = Self.name(value, key)
    held.insert(name)
    if order.names.count < limit {
      order.names.append(name)
      return
    }
    if held.remove(order.names[order.oldest]) != nil { hasForgotten = true }
    order.names[order.oldest] = name
    order.oldest = (order.oldest + 1) % limit
  }

  /// Whether it was held; it is not any more.
  mutating func remove(_ value: ValueTable.ID, _ key: UInt32) -> Bool {
    held.isEmpty ? false : held.remove(Self.name(value, key)) != nil
  }
}
