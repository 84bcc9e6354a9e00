import Testing

@testable import ClusterSim

/// Who reads and writes the store, sharing of fetches, several servers, and what a lost one costs.
@Suite struct CacheModeTests {
  /// facts.md section 5, computed there by solving Che's equation; FIFO where it is given.
  @Test func che_agreesWithTheTable() {
    for (keys, capacity, lru, fifo) in [
      (1000, 10, 0.2010, 0.1721), (1000, 50, 0.4504, 0.3945), (1000, 100, 0.5665, 0.5104),
      (1000, 200, 0.6891, 0.6372), (10_000, 100, 0.3769, nil), (10_000, 1000, 0.6641, nil),
    ] as [(Int, Int, Double, Double?)] {
      let weights = (1...keys).map { Elementary.power(Double($0), -0.99) }
      let lruRatio = CheApproximation.hitRatio(.lru, weights: weights, capacity: capacity)!
      #expect(abs(lruRatio - lru) < 0.0001, "\(keys) \(capacity): \(lruRatio)")
      let fifoRatio = CheApproximation.hitRatio(.fifo, weights: weights, capacity: capacity)!
      if let fifo { #expect(abs(fifoRatio - fifo) < 0.0001, "\(keys) \(capacity): \(fifoRatio)") }
    }
    #expect(CheApproximation.hitRatio(.sieve, weights: [1, 1, 1], capacity: 1) == nil)
    #expect(CheApproximation.hitRatio(.lru, weights: [1, 1, 0], capacity: 2) == 1)
  }

  /// 1 1 2 1 2: with one object nobody hits more than twice, even beginning with the best key.
  @Test func windowOptimum_isTheBest() {
    var window = RequestWindow()
    for key: UInt32 in [1, 1, 2, 1, 2] { window.append(key, hit: false) }
    #expect(window.optimum(capacity: 1) == 2)
    #expect(window.optimum(capacity: 2) == 5)
    for _ in 0..<RequestWindow.capacity { window.append(3, hit: true) }
    #expect(window.count == RequestWindow.capacity && window.hits == window.count)
    #expect(window.optimum(capacity: 1) == window.count)
  }

  /// What died dirty is lost, and nothing else: with the store reachable, every write that was
  /// acknowledged and not dirty at the kill is there. Each lost write is counted once.
  @Test func writeBack_losesExactlyWhatWasDirty() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [
        ("cache.mode", "write-back"), ("cache.flush_interval", "2s"), ("cache.ttl", "60s"),
        ("workload.read_share", "50%"), ("workload.rate", "300"),
      ])
    sim.run(seconds: 5.5)
    #expect(sim.cache(0).dirty > 10 && sim.lostAcknowledgedWrites() == 0)
    try sim.inject(.set(path: "workload.rate", value: "0"))
    sim.run(seconds: 0.1)
    // No write has come since the last flush began but those in the buffer.
    let dirty = sim.caches[0].dirty.all.filter { $0.flushing == nil }.map(\.key)
    let before = sim.cache(0).dirty
    try sim.inject(.kill(host: "c-east"))
    sim.run(seconds: 5)
    let lost = sim.writesLostWithCaches
    #expect(lost >= dirty.count && dirty.count > 10, "\(lost) of \(before) dirty")
    #expect(sim.lostAcknowledgedWrites() == sim.lostWrites.count)
    #expect(sim.cache(0).dirty == 0 && sim.cache(1).dirty == 0)
    #expect(sim.divergentKeys() == 0)
  }

  /// The other modes lose nothing when a cache server dies.
  @Test func otherModes_loseNothingWithACacheServer() throws {
    for mode in ["read-through", "cache-aside", "write-through"] {
      var sim = try Clusters.two(
        east: 3, west: 2, [("cache.mode", mode), ("workload.read_share", "50%")])
      sim.run(seconds: 3)
      try sim.inject(.kill(host: "c-east"))
      sim.run(seconds: 3)
      #expect(sim.lostAcknowledgedWrites() == 0 && sim.metrics.total.cacheHits > 100, "\(mode)")
    }
  }

  /// One hot key, a slow store: who misses while the key is fetched shares the fetch.
  @Test func coalescing_sparesTheStore() throws {
    var asked: [Int] = []
    for coalesce in ["false", "true"] {
      var sim = try Clusters.two(
        east: 3, west: 2,
        [
          ("cache.coalesce", coalesce), ("cache.ttl", "500ms"), ("workload.distribution", "hot"),
          ("workload.hot_share", "100%"), ("workload.read_share", "100%"),
          ("workload.rate", "2000"), ("host.read_service", "20ms"),
        ])
      sim.run(seconds: 5)
      asked.append(sim.cache(0).misses - sim.cache(0).coalesced)
      #expect((sim.cache(0).coalesced > 0) == (coalesce == "true"))
    }
    // One fetch for each expiry: about ten in five seconds.
    #expect(asked[1] < 20 && asked[0] > 10 * asked[1], "\(asked)")
  }

  /// Killing one of four servers moves its keys alone; each key has one of the four as its home.
  @Test func severalServers_onlyTheShareOfTheKilledOneMoves() throws {
    var sim = try Clusters.two(east: 3, west: 2, [("cache.servers", "4")])
    #expect(sim.host(sim.cacheServers[0]).name == "c-east-1" && sim.cacheServers.count == 8)
    sim.run(seconds: 2)
    let keys = UInt32(0)..<UInt32(1000)
    let before = keys.map { sim.cacheServer(for: $0, location: 0) }
    try sim.inject(.kill(host: "c-east-2"))
    sim.run(seconds: 4)
    let killed = sim.id("c-east-2")
    let moved = keys.filter { sim.cacheServer(for: $0, location: 0) != before[Int($0)] }
    #expect(moved.allSatisfy { before[Int($0)] == killed })
    #expect(moved.count == before.count { $0 == killed } && (100...400).contains(moved.count))
  }

  /// With jitter an object lives between (1 - share) and the whole of its time.
  @Test func jitter_shortensLivesAtRandom() throws {
    var sim = try Clusters.two(
      east: 3, west: 2,
      [("cache.ttl", "10s"), ("cache.ttl_jitter", "50%"), ("workload.rate", "0")])
    for key in UInt32(0)..<200 { sim.fillCache(0, key, .initial) }
    func alive(at seconds: Int64) -> Int {
      var store = sim.caches[0].store
      return (UInt32(0)..<200).count {
        store.get($0, now: seconds * 1_000_000_000, ttl: 10_000_000_000, policy: .lru) != nil
      }
    }
    #expect(alive(at: 4) == 200 && alive(at: 10) == 0)
    #expect((100...140).contains(alive(at: 7)), "about 60 % at 7 s: \(alive(at: 7))")
  }

  /// Any mode, any faults: nothing stays in flight, and no write is lost but with a dead cache.
  @Test func randomFaults_inEveryMode_leaveNothingBehind() throws {
    for seed: UInt64 in 1...8 {
      var stream = RandomStream(seed: seed, purpose: 77)
      let mode = Settings.CacheMode.allCases[Int(seed) % 4]
      var sim = try Clusters.two(
        east: 3, west: 2, seed: seed,
        [
          ("cache.mode", mode.rawValue), ("cache.servers", "\(1 + stream.below(3))"),
          ("cache.coalesce", stream.pick(["true", "false"])),
          ("cache.capacity", "\(1 + stream.below(30))"), ("workload.keys", "60"),
          ("workload.rate", "100"), ("workload.read_share", "50%"),
        ])
      for _ in 0..<6 {
        sim.run(seconds: stream.unit() * 2)
        let host = sim.host(stream.pick(sim.cacheServers + sim.storageNodes)).name
        let action: Action =
          stream.pick([
            .kill(host: host), .freeze(host: host), .restart(host: host), .partition(.halves),
            .heal(fault: nil), .slow(host: host, factor: 9), .coldCache(location: nil),
          ])
        try? sim.inject(action)
      }
      try sim.inject(.set(path: "workload.rate", value: "0"))
      for fault in sim.activeFaultClocks { try? sim.inject(.heal(fault: fault.number)) }
      sim.run(seconds: 15)
      let dirty = sim.caches.reduce(0) { $0 + $1.dirty.count }
      #expect(dirty == 0 && sim.fetches.isEmpty && sim.operations.isEmpty, "seed \(seed) \(mode)")
      let lost = sim.lostAcknowledgedWrites()
      #expect(lost == sim.lostWrites.count, "seed \(seed) \(mode): \(lost)")
      #expect(mode == .writeBack || lost == 0, "seed \(seed) \(mode)")
      #expect(sim.messagesAddUp, "seed \(seed)")
    }
  }
}
