/// Write values, the last ones of many: what is asked of them is whether one is among them.
struct RecentValues: Sendable {
  private static var limit: Int { 1 << 16 }
  private var held: Set<UInt64> = []
  /// A ring, in the order of their coming.
  private var order: ContiguousArray<UInt64> = []
  private var oldest = 0

  mutating func insert(_ value: UInt64) {
    guard held.insert(value).inserted else { return }
    if order.count < Self.limit {
      order.append(value)
      return
    }
    held.remove(order[oldest])
    order[oldest] = value
    oldest = (oldest + 1) % Self.limit
  }

  func contains(_ value: UInt64) -> Bool { !held.isEmpty && held.contains(value) }
}
