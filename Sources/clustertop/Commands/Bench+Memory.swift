import ClusterSim

extension Bench {
  /// Memory of so many nodes without any client, ten virtual seconds long, under each detector: what
  /// is resident at the end and at most meanwhile, beyond a cluster of ten nodes, by node. The clusters
  /// stay until the last is measured, so that none takes memory that another gave back. Operations are
  /// their events.
  ///
  /// The detectors that count heartbeats have n x n tables, `phi` with mean and variance of the gaps
  /// besides: with `--size 10000` they take 0.7 and 1.7 GB, which is too much to happen unasked.
  static let memory = Bench(
    name: "memory", sizes: [1000], range: 100...19_000, operations: nil
  ) { size, _, seed throws(Failure) in
    // What is made once whatever the size.
    var held = [try idle(10, .swim, seed)]
    held[0].run(until: idleEnd)
    var figures: [(String, Double)] = []
    var hash = StateHash()
    var operations = 0
    for detector in [Settings.Detector.swim, .heartbeat, .phi] {
      PeakMemory.reset()
      let before = PeakMemory.resident
      var simulation = try idle(size, detector, seed)
      simulation.run(until: idleEnd)
      let bytes = { Double($0 - before) * 1024 / Double(size - 10) }
      figures.append(("bytes_per_node_\(detector.rawValue)", bytes(PeakMemory.resident)))
      figures.append(("peak_bytes_per_node_\(detector.rawValue)", bytes(PeakMemory.kilobytes)))
      operations += simulation.eventsProcessed
      hash.mix(UInt64(simulation.stateHash, radix: 16)!)
      held.append(simulation)
    }
    figures.append(("bytes_per_pending_event", KernelBench.bytesPerPendingEvent(most: 1 << 20)))
    return Outcome(operations: operations, stateHash: hash.hex, figures: figures)
  }

  private static let idleEnd = Instant.zero + .seconds(10)

  private static func idle(
    _ nodes: Int, _ detector: Settings.Detector, _ seed: UInt64
  ) throws(Failure) -> Simulation {
    var settings = Settings()
    settings.workload.rate = 0
    settings.cache.enabled = false
    settings.ring.vnodes = 16
    settings.membership.detector = detector
    // Bounded packets pass news on slowly in a large cluster; nobody is to be suspected here.
    settings.membership.suspectAfter = .seconds(60)
    settings.membership.phiSuspect = 100
    settings.membership.phiThreshold = 100
    let configuration = ClusterConfiguration(
      name: "memory", seed: seed, locations: [.init(name: "east"), .init(name: "west")],
      nodes: (0..<nodes).map { .init(name: "n\($0 + 1)", location: $0 % 2 == 0 ? "east" : "west") },
      settings: settings)
    do { return try Simulation(configuration) } catch { throw Failure(error.message) }
  }
}
