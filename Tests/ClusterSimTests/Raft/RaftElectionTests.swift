import Testing

@testable import ClusterSim

/// Election times of shared facts, section 7 (dissertation, chapter 9), through the real state
/// machine with fixed timers and latencies.
struct RaftElectionTests {
  static let millisecond: Int64 = 1_000_000

  /// Time until a majority has voted, ms, and the term in which it did.
  private static func election(
    servers: Int, alive: Int, timeouts: ClosedRange<Int64>, latency: ClosedRange<Int64>,
    seed: UInt64
  ) -> (ms: Double, term: UInt32) {
    var options = RaftOptions()
    options.electionMin = timeouts.lowerBound * millisecond
    options.electionMax = timeouts.upperBound * millisecond
    let inNanoseconds = latency.lowerBound * millisecond...latency.upperBound * millisecond
    var network = RaftNetwork(
      servers: servers, options: options, latency: inNanoseconds, seed: seed)
    for place in alive..<servers { network.down |= 1 << UInt32(place) }
    while network.leader == nil { _ = network.step(until: .max - 1) }
    return (Double(network.now) / 1e6, network.nodes[network.leader!].term)
  }

  /// `Pr(D_{c,s} <= l)`: the c-th of s time-outs follows the first within the latency.
  private static func split(servers n: Int, alive s: Int, latency l: Double) -> Double {
    let c = s - n / 2 + 1
    var sum = 0.0
    for k in (c - 1)...s {
      var ways = 1.0
      for i in 0..<k { ways = ways * Double(s - i) / Double(i + 1) }
      var term = ways
      for _ in 0..<k { term *= l }
      for _ in 0..<(s - k) { term *= 1 - l }
      sum += term
    }
    return sum
  }

  @Test func splitFormula_publishedValues() {
    #expect(abs(Self.split(servers: 5, alive: 4, latency: 0.1) - 0.052) < 0.0005)
    #expect(abs(Self.split(servers: 5, alive: 4, latency: 0.2) - 0.181) < 0.0005)
    #expect(abs(Self.split(servers: 5, alive: 3, latency: 0.2) - 0.488) < 0.0005)
    #expect(abs(Self.split(servers: 9, alive: 5, latency: 0.1) - 0.410) < 0.0005)
    #expect(abs(Self.split(servers: 9, alive: 5, latency: 0.2) - 0.672) < 0.0005)
  }

  /// Measured shares of elections that need a second term: within 4 standard errors.
  @Test func elections_splitVotes_asTheFormulaSays() {
    let trials = 600
    for (servers, alive, share) in [(5, 4, 0.1), (5, 4, 0.2), (5, 3, 0.2), (9, 5, 0.1)] {
      let latency = Int64(share * 1000)
      var splits = 0
      for seed in 0..<UInt64(trials) {
        let one = Self.election(
          servers: servers, alive: alive, timeouts: 1000...2000, latency: latency...latency,
          seed: seed)
        if one.term > 1 { splits += 1 }
      }
      let expected = Self.split(servers: servers, alive: alive, latency: share)
      let error = (expected * (1 - expected) / Double(trials)).squareRoot()
      let measured = Double(splits) / Double(trials)
      #expect(
        abs(measured - expected) < 4 * error,
        "\(alive) of \(servers), latency \(share): \(measured) against \(expected)")
    }
  }

  /// Wide area: 30 to 40 ms one way, time-outs of 300 to 600 ms, fresh timers. Mean time until a
  /// majority is reached: none down 429 ms, one of five down 469, two down 619.
  @Test func elections_wideArea_meanTimes() {
    for (alive, mean) in [(5, 429.0), (4, 469.0), (3, 619.0)] {
      let trials = 800
      var sum = 0.0
      for seed in 0..<UInt64(trials) {
        sum +=
          Self.election(
            servers: 5, alive: alive, timeouts: 300...600, latency: 30...40, seed: 50_000 + seed
          ).ms
      }
      let measured = sum / Double(trials)
      // Four standard errors: single elections spread by 27 to 60 % of the mean.
      #expect(abs(measured - mean) < mean * 0.07, "\(alive) alive: \(measured)")
    }
  }
}
