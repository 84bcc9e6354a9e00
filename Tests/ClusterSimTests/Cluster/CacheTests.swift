import Testing

@testable import ClusterSim

/// The cache server in the whole simulation against Che's approximation; each policy against a plain
/// model is in `EvictionTests`.
@Suite struct CacheTests {
  /// Belady's anomaly, from the textbook: FIFO gets worse with a fourth frame, LRU does not.
  @Test func beladysAnomaly_faultsAsInTheTextbook() {
    let trace: [UInt32] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5]
    for (policy, frames, faults) in [
      (Settings.Policy.fifo, 3, 9), (.fifo, 4, 10), (.lru, 3, 10), (.lru, 4, 8),
    ] {
      var store = CacheStore()
      for key in trace where store.get(key, now: 0, ttl: 1, policy: policy) == nil {
        store.fill(key, .initial, now: 0, capacity: frames)
      }
      #expect(store.misses == faults, "\(policy) \(frames)")
    }
  }

  /// The age counts from the filling; a hit does not extend it.
  @Test func expiry_countsFromFilling() {
    var store = CacheStore()
    store.fill(1, .initial, now: 0, capacity: 5)
    #expect(store.get(1, now: 99, ttl: 100, policy: .lru) != nil)
    #expect(store.get(1, now: 100, ttl: 100, policy: .lru) == nil)
    #expect(store.expired == 1 && store.misses == 1 && store.count == 0)
    store.fill(1, .initial, now: 100, capacity: 5)
    store.invalidate(1)
    #expect(store.get(1, now: 100, ttl: 100, policy: .lru) == nil && store.invalidated == 1)
  }

  /// facts.md section 5: Zipf .99 over 1000 keys. Che: LRU .5665 at 100, .4504 at 50; FIFO .5104 at
  /// 100. In the full simulation, reads only, one location, nothing expires.
  @Test func hitRatio_inTheFullSimulation_isChes() throws {
    for (policy, capacity, expected) in [
      ("lru", 100, 0.5665), ("lru", 50, 0.4504), ("fifo", 100, 0.5104),
    ] {
      var settings = Settings()
      for (path, value) in [
        ("cache.policy", policy), ("cache.capacity", "\(capacity)"), ("cache.ttl", "86400s"),
        ("workload.read_share", "1"), ("workload.rate", "2000"), ("host.workers", "100"),
      ] { try settings.set(path, to: value) }
      var sim = try Simulation(
        ClusterConfiguration(
          name: "che", seed: 3, locations: [.init(name: "here")],
          nodes: (1...3).map { .init(name: "n\($0)", location: "here") }, settings: settings))
      sim.run(seconds: 5)
      let warm = sim.cache(0)
      sim.run(seconds: 30)
      let hits = sim.cache(0).hits - warm.hits
      let gets = hits + sim.cache(0).misses - warm.misses
      let ratio = Double(hits) / Double(gets)
      #expect(abs(ratio - expected) < 0.01, "\(policy) \(capacity): \(ratio)")
      // What the clients count is what the server counts.
      #expect(sim.metrics.total.cacheHits <= sim.cache(0).hits)
      #expect(sim.cache(0).hits - sim.metrics.total.cacheHits < 50)
    }
  }

  @Test func killedCache_sendsItsLoadToTheStore() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.ttl", "60s")])
    sim.run(seconds: 20)
    func coordinated(_ sim: Simulation) -> Double {
      sim.storageNodes.reduce(0) { $0 + sim.host($1).operationsPerSecond }
    }
    let before = coordinated(sim)
    try sim.inject(.kill(host: "c-east"))
    sim.run(seconds: 5)
    #expect(coordinated(sim) > before * 1.3)
    #expect(sim.cache(0).objects == 0)
    #expect(!sim.clientsUse(sim.id("c-east"), location: 0))
    #expect(sim.metrics.locations[0].failures(.noAnswer) > 0)
    let answered = sim.metrics.locations[0].ok
    try sim.inject(.restart(host: "c-east"))
    sim.run(seconds: 5)
    #expect(sim.metrics.locations[0].ok - answered > 1000)
    #expect(sim.cache(0).objects > 0 && sim.clientsUse(sim.id("c-east"), location: 0))
  }
}
