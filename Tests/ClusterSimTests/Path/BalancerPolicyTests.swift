import Testing

@testable import ClusterSim

/// The policies as rules on a pool, without any network.
@Suite struct BalancerPolicyTests {
  private func draw(
    _ policy: BalancerPolicy, _ pool: inout BalancerPool, client: UInt32 = 0,
    _ stream: inout RandomStream
  ) -> Int {
    policy.rule.choose(&pool, client: client, &stream)
  }

  /// A case without a rule of its own, or two with the same, would be a mistake in the catalogue; the
  /// setting's choices are the cases.
  @Test func catalogue_isWhole() throws {
    let rules = BalancerPolicy.allCases.map { ObjectIdentifier($0.rule) }
    #expect(Set(rules).count == BalancerPolicy.allCases.count)
    #expect(Set(BalancerPolicy.allCases.map(\.meaning)).count == BalancerPolicy.allCases.count)
    let setting = try #require(SettingCatalogue.find("path.balancer.policy"))
    #expect(setting.kind == .choice(BalancerPolicy.allCases.map(\.rawValue)))
  }

  /// Only healthy servers are ever chosen, whatever the policy, and every one of them sometimes.
  @Test func choice_isAlwaysHealthy() {
    for policy in BalancerPolicy.allCases {
      var stream = RandomStream(seed: 3, purpose: 1)
      var pool = BalancerPool(servers: 6)
      pool.leaveOut(1)
      pool.leaveOut(4)
      var counts = [Int](repeating: 0, count: 6)
      for client in 0..<6000 as Range<UInt32> {
        let place = draw(policy, &pool, client: client, &stream)
        counts[place] += 1
        if policy == .leastConnections || policy == .twoChoices { pool.begin(place) }
      }
      #expect(counts[1] == 0 && counts[4] == 0)
      for place in [0, 2, 3, 5] {
        #expect(abs(counts[place] - 1500) < 200, "\(policy): \(counts)")
      }
      pool.use(4)
      #expect((0..<600).contains { draw(policy, &pool, client: UInt32($0), &stream) == 4 })
    }
  }

  @Test func roundRobin_takesTurns() {
    var stream = RandomStream(seed: 1, purpose: 1)
    var pool = BalancerPool(servers: 3)
    #expect((0..<5).map { _ in draw(.roundRobin, &pool, &stream) } == [0, 1, 2, 0, 1])
    pool.leaveOut(2)
    #expect((0..<3).map { _ in draw(.roundRobin, &pool, &stream) } == [0, 1, 0])
  }

  @Test func leastConnections_takesTheFewest_inTurnAmongEquals() {
    var stream = RandomStream(seed: 1, purpose: 1)
    var pool = BalancerPool(servers: 3)
    pool.begin(0)
    #expect((0..<3).map { _ in draw(.leastConnections, &pool, &stream) } == [1, 2, 1])
    pool.begin(1)
    #expect(draw(.leastConnections, &pool, &stream) == 2)
    pool.end(0)
    pool.begin(2)
    #expect(draw(.leastConnections, &pool, &stream) == 0)
  }

  /// Two draws with replacement: the busiest of n servers is chosen only where both hit it, 1 in n^2.
  @Test func twoChoices_findsTheBusiestRarely() {
    var stream = RandomStream(seed: 7, purpose: 1)
    var pool = BalancerPool(servers: 10)
    pool.begin(3)
    let hits = (0..<100_000).count { _ in draw(.twoChoices, &pool, &stream) == 3 }
    #expect(abs(Double(hits) - 1000) < 100, "\(hits)")
  }

  /// A client keeps its server; when one is left out only its clients move, and they come back.
  @Test func hash_movesOnlyTheDeadServersClients() {
    var stream = RandomStream(seed: 1, purpose: 1)
    var pool = BalancerPool(servers: 5)
    let clients = Array(0..<2000 as Range<UInt32>)
    let before = clients.map { draw(.hash, &pool, client: $0, &stream) }
    pool.leaveOut(2)
    let during = clients.map { draw(.hash, &pool, client: $0, &stream) }
    for (was, isNow) in zip(before, during) { #expect(was == 2 ? isNow != 2 : isNow == was) }
    pool.use(2)
    #expect(clients.map { draw(.hash, &pool, client: $0, &stream) } == before)
    let counts = (0..<5).map { place in before.count { $0 == place } }
    #expect(counts.allSatisfy { abs($0 - 400) < 80 }, "\(counts)")
  }
}
