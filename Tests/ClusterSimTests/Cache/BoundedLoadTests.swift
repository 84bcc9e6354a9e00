import Testing

@testable import ClusterSim

/// `cache.bound` (Mirrokni, Thorup, Zadimoghaddam, arXiv 1608.01350): no cache server of a location
/// has more than ceil(c m / n) of its m open requests; who is full passes the next one on clockwise.
@Suite struct BoundedLoadTests {
  private func cluster(_ bound: String, seed: UInt64 = 1) throws -> Simulation {
    try Clusters.two(
      east: 3, west: 2, seed: seed,
      [
        ("cache.servers", "4"), ("cache.workers", "1"), ("cache.service", "exponential 800us"),
        ("cache.ttl", "60s"), ("workload.rate", "3000"), ("workload.read_share", "99%"),
        ("workload.distribution", "hot"), ("workload.hot_share", "60%"), ("workload.keys", "100"),
        ("client.timeout", "2s"), ("cache.bound", bound),
      ])
  }

  /// Clockwise from the key, for each server what the rule says of it, from nothing but the counts.
  @Test func eachRequest_goesToTheFirstServerBelowTheBound() throws {
    for bound in [1.0, 1.25, 2] {
      var sim = try cluster("\(bound)", seed: 3)
      sim.run(seconds: 1)
      var passed = 0
      for _ in 0..<400 {
        sim.run(seconds: 0.003)
        for location in 0..<2 {
          let servers = sim.caches(ofLocation: location)
          let open = servers.map { sim.openRequests(atCache: $0) }
          let most = Int((bound * Double(open.reduce(0, +) + 1) / 4).rounded(.up))
          for key in 0..<20 as Range<UInt32> {
            let ring = try #require(sim.clients[location].cacheRing)
            let place = ring.index(of: sim.keys.tokens[Int(key)])
            let order = (0..<4).map { ring.home(at: place, rank: $0) }
            let expected = order.first { host in
              sim.openRequests(atCache: sim.cacheServers.firstIndex(of: host)!) < most
            }
            if expected != order[0] { passed += 1 }
            let chosen = sim.chooseCache(for: key, location: location)
            #expect(chosen == expected, "bound \(bound)")
          }
        }
      }
      #expect(passed > 0 && sim.cacheOverflows > 0)
    }
  }

  /// No request is counted for ever: with no new ones all counts return to nothing, whatever failed.
  @Test func openRequests_returnToNothing() throws {
    for (mode, retries) in Settings.CacheMode.allCases.flatMap({ [($0, 0), ($0, 3)] }) {
      var sim = try cluster("1.25", seed: 5)
      try sim.inject(.set(path: "client.retries", value: "\(retries)"))
      try sim.inject(.set(path: "cache.mode", value: mode.rawValue))
      sim.run(seconds: 2)
      try sim.inject(.kill(host: "c-east-2"))
      sim.run(seconds: 2)
      try sim.inject(.partition(.halves))
      sim.run(seconds: 2)
      try sim.inject(.heal(fault: nil))
      try sim.inject(.set(path: "workload.rate", value: "0"))
      sim.run(seconds: 5)
      let open = sim.cacheServers.indices.map { sim.openRequests(atCache: $0) }
      #expect(open == Array(repeating: 0, count: 8), "\(mode), \(retries) retries")
    }
  }

  /// Sixty of a hundred requests for one key: its server gets more than it can serve (1500 x .6 x
  /// .8 ms = .72, with its part of the rest .8 of a worker, and the queue shows), with the bound a
  /// quarter of all.
  @Test func aHotKeysServer_isRelieved() throws {
    var shares: [Double] = []
    for bound in ["0", "1.1"] {
      var sim = try cluster(bound, seed: 7)
      sim.run(seconds: 30)
      let gets = sim.caches(ofLocation: 0).map { sim.cache($0).hits + sim.cache($0).misses }
      shares.append(Double(gets.max()!) / Double(gets.reduce(0, +)))
    }
    #expect(shares[0] > 0.6 && shares[1] < 0.45, "\(shares)")
  }

  /// A write drops the key from every server that may have taken it over: with a location of its own
  /// and no network trouble no read from a cache is older than the time an invalidation takes.
  @Test func writes_dropTheKeyFromAllServers() throws {
    var sim = try cluster("1.1", seed: 9)
    sim.run(seconds: 20)
    #expect(sim.cacheOverflows > 100)
    let worst = sim.metrics.total.staleness.max ?? 0
    #expect(worst < 200_000_000, "\(worst) ns")
  }
}
