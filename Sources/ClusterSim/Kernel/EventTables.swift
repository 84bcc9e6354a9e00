/// The memory of an `EventQueue`, given back when the last copy of the queue is gone.
///
/// Unsafe on purpose, here and in the other tables that a simulation owns (`ownTables`) and nowhere else: subscripts of an array cost half the
/// speed of the queue.
final class EventTables {
  /// Position 0 is the root. The children of a position begin at a multiple of 64 bytes.
  let keys: UnsafeMutablePointer<EventQueue.Key>
  let payloads: UnsafeMutablePointer<EventQueue.Payload>
  let lane: UnsafeMutablePointer<EventQueue.InOrder>
  private let memory: UnsafeMutableRawPointer

  /// Keys before the root (to align the children) and after the last (to complete its group).
  private static var before: Int { 3 }
  private static var after: Int { 4 }

  /// - Parameter capacity: how many events fit.
  init(capacity: Int) {
    let keyCount = Self.before + capacity + Self.after
    let keyBytes = keyCount * MemoryLayout<EventQueue.Key>.stride
    memory = .allocate(byteCount: Self.bytes(capacity: capacity), alignment: 64)
    let firstKey = memory.bindMemory(to: EventQueue.Key.self, capacity: keyCount)
    firstKey.initialize(repeating: EventQueue.never, count: keyCount)
    keys = firstKey + Self.before
    payloads = (memory + keyBytes).bindMemory(to: EventQueue.Payload.self, capacity: capacity)
    let nothing = EventQueue.Payload(b: 0, a: 0, node: 0, kind: .deliver)
    payloads.initialize(repeating: nothing, count: capacity)
    let payloadBytes = capacity * MemoryLayout<EventQueue.Payload>.stride
    lane = (memory + keyBytes + payloadBytes).bindMemory(
      to: EventQueue.InOrder.self, capacity: EventQueue.laneSize)
    lane.initialize(
      repeating: EventQueue.InOrder(key: EventQueue.never, payload: nothing),
      count: EventQueue.laneSize)
  }

  deinit {
    // Keys and payloads are trivial: there is nothing to deinitialize.
    memory.deallocate()
  }

  /// Bytes allocated for a capacity: 32 an event, and about 2 KiB.
  static func bytes(capacity: Int) -> Int {
    let keyBytes = (before + capacity + after) * MemoryLayout<EventQueue.Key>.stride
    return keyBytes + capacity * MemoryLayout<EventQueue.Payload>.stride
      + EventQueue.laneSize * MemoryLayout<EventQueue.InOrder>.stride
  }
}
