/// The work of `clustertop bench` that measures the kernel alone: the real queue, time type,
/// sequence numbers and state hash, without the model. Holds no clock; the caller times it.
public enum KernelBench {
  /// Of each run of a bench: what was done, and the hash that two runs of one seed agree on.
  public typealias Outcome = (operations: Int, stateHash: StateHash)

  /// The hold model: `size` pending events, each popped schedules one at now + exponential(1 s).
  ///
  /// - Parameters:
  ///   - size: pending events, at least 1.
  ///   - operations: events to pop.
  public static func hold(size: Int, operations: Int, seed: UInt64) -> Outcome {
    precondition(size > 0)
    var queue = EventQueue(capacity: size)
    var stream = RandomStream(seed: seed, purpose: purpose(1))
    var hash = StateHash()
    for index in 0..<size {
      queue.push(time: delay(&stream), kind: .hold, b: UInt64(index))
    }
    for _ in 0..<operations {
      let event = queue.popMin()
      hash.mix(UInt64(bitPattern: event.time) ^ event.b)
      queue.push(time: event.time &+ delay(&stream), kind: .hold, b: event.b)
    }
    return (operations, hash)
  }

  /// Heartbeats: every virtual second each node sends its counter to a random other node, where it
  /// arrives after uniform 0.5 to 1.5 ms and is merged. The operations are the messages merged.
  ///
  /// - Parameter nodes: 2...65 536.
  public static func gossip(nodes: Int, seconds: Int, seed: UInt64) -> Outcome {
    precondition(nodes >= 2 && nodes <= 1 << 16)
    var queue = EventQueue(capacity: 2 * nodes)
    var stream = RandomStream(seed: seed, purpose: purpose(2))
    var hash = StateHash()
    var sent = ContiguousArray<UInt32>(repeating: 0, count: nodes)
    var heard = ContiguousArray<UInt32>(repeating: 0, count: nodes)
    let latency = Distribution.uniform(.microseconds(500), .microseconds(1_500))
    let interval = Span.seconds(1).nanoseconds
    let end = Int64(seconds) * interval
    for node in 0..<nodes {
      let start = Int64(stream.below(Int(interval)))
      queue.push(time: start, kind: .benchHeartbeat, node: UInt16(node))
    }
    var merged = 0
    while let event = queue.pop(ifAtOrBefore: end) {
      hash.mix(UInt64(bitPattern: event.time) ^ UInt64(event.node) << 48)
      let node = Int(event.node)
      if event.kind == .benchHeartbeat {
        sent[node] &+= 1
        let other = stream.below(UInt32(nodes - 1))
        let peer = other >= event.node ? other + 1 : other
        queue.push(
          time: event.time &+ latency.sample(&stream), kind: .deliver, node: UInt16(peer),
          a: sent[node], b: UInt64(node))
        queue.push(time: event.time &+ interval, kind: .benchHeartbeat, node: event.node)
      } else {
        heard[node] = max(heard[node], event.a)
        merged += 1
      }
    }
    for counter in heard { hash.mix(UInt64(counter)) }
    return (merged, hash)
  }

  /// What the tables of the event queue take at worst, bytes a pending event: just after they grew,
  /// of 1000 events to `most` and one more.
  public static func bytesPerPendingEvent(most: Int) -> Double {
    var queue = EventQueue()
    var worst = 0.0
    for count in 1...most + 1 {
      queue.push(time: Int64(count), kind: .hold)
      if count >= 1000 { worst = max(worst, Double(queue.bytes) / Double(count)) }
    }
    return worst
  }

  /// Streams of the benches share nothing with those of the model.
  private static func purpose(_ bench: UInt64) -> UInt64 { 0xbe7c_0000 + bench }

  @inline(__always)
  private static func delay(_ stream: inout RandomStream) -> Int64 {
    Int64(stream.exponential() * 1e9)
  }
}
