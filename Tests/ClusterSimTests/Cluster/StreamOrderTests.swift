import Testing

@testable import ClusterSim

@Suite struct StreamOrderTests {
  /// With more hosts than the table is for: arrivals as if every pair were remembered for ever, while
  /// only about as many are as messages are on their way.
  @Test func manyHosts_keepTheOrder_andForgetWhatHasArrived() {
    var stream = RandomStream(seed: 4, purpose: 89)
    var order = StreamOrder()
    order.grow(to: 500)
    order.grow(to: 2000)
    var model: [UInt32: Int64] = [:]
    var now: Int64 = 0
    var most = 0
    for _ in 0..<200_000 {
      now += Int64(stream.below(1000))
      let pair = (NodeID(UInt16(stream.below(2000))), NodeID(UInt16(stream.below(2000))))
      let time = now + Int64(stream.below(stream.below(100) == 0 ? 10_000_000 : 100_000))
      let key = UInt32(pair.0.rawValue) << 16 | UInt32(pair.1.rawValue)
      model[key] = max(time, model[key] ?? 0)
      #expect(order.arrival(pair.0, pair.1, at: time, now: now) == model[key]!)
      most = max(most, order.pairsKept)
    }
    #expect(most <= 65_536)
  }
}
