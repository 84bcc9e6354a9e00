/// The WARS model of Bailis et al. (VLDB 2012, sections 4.1 and 5.1) played in the whole simulation:
/// real coordinator, messages, replicas and measurements, with the model's assumptions as settings.
///
/// The coordinator is no replica of the key and asks all N; delays between them are those of a fit;
/// everything else takes no time; no read repair, no hints, no cache. One write at a time; a read
/// begins `t` after the client has its acknowledgement.
public struct WARSRun {
  public let delays: ReplicaDelays
  /// Answered reads and those of them that were stale, by time after the commit.
  public private(set) var reads: [Int]
  public private(set) var stale: [Int]
  /// Nanoseconds, one each operation.
  private var readLatencies: [Int64] = []
  private var writeLatencies: [Int64] = []
  public private(set) var stateHash = ""

  /// `trials` writes for every time in `after`, each followed by one read.
  public init(
    _ delays: ReplicaDelays, n: Int, r: Int, w: Int, after: [Span], trials: Int, seed: UInt64
  ) {
    precondition(n >= 1 && n <= 8 && r >= 1 && r <= n && w >= 1 && w <= n)
    self.delays = delays
    reads = Array(repeating: 0, count: after.count)
    stale = reads
    var simulation = Self.cluster(delays, n, r, w, seed)
    let key: UInt32 = 0
    let homes = simulation.homeNodes(of: key)
    guard let coordinator = simulation.storageNodes.first(where: { !homes.contains($0) }) else {
      preconditionFailure("n homes leave a node of n + 1")
    }
    for _ in 0..<trials {
      for (place, span) in after.enumerated() {
        writeLatencies.append(Self.play(.write, key, coordinator, &simulation))
        simulation.run(until: simulation.now + span)
        let before = simulation.metrics.counted(\.stale)
        readLatencies.append(Self.play(.read, key, coordinator, &simulation))
        reads[place] += 1
        stale[place] += simulation.metrics.counted(\.stale) - before
      }
    }
    readLatencies.sort()
    writeLatencies.sort()
    stateHash = simulation.stateHash
  }

  /// The share of reads that were consistent, by time after the commit.
  public var consistent: [Double] { zip(reads, stale).map { Double($0 - $1) / Double($0) } }

  /// Milliseconds that this share of the operations did not exceed.
  public func readQuantile(_ share: Double) -> Double { Self.quantile(readLatencies, share) }
  public func writeQuantile(_ share: Double) -> Double { Self.quantile(writeLatencies, share) }

  private static func quantile(_ sorted: [Int64], _ share: Double) -> Double {
    let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return Double(sorted[min(max(0, rank), sorted.count - 1)]) / 1e6
  }

  private static func cluster(
    _ delays: ReplicaDelays, _ n: Int, _ r: Int, _ w: Int, _ seed: UInt64
  ) -> Simulation {
    var settings = Settings()
    settings.storage.n = n
    settings.storage.r = r
    settings.storage.w = w
    settings.storage.readRepair = false
    settings.storage.hints = false
    // Longer than any delay that is drawn in practice: nothing is given up.
    settings.storage.timeout = .seconds(600)
    settings.client.timeout = .seconds(600)
    settings.cache.enabled = false
    settings.network.replicaDelays = delays
    settings.network.local = .zero
    settings.network.localJitter = .constant(.zero)
    settings.host.readService = .constant(.zero)
    settings.host.writeService = .constant(.zero)
    settings.workload.rate = 0
    settings.workload.keys = 1
    let configuration = ClusterConfiguration(
      name: "wars", seed: seed, locations: [.init(name: "here")],
      nodes: (1...n + 1).map { .init(name: "n\($0)", location: "here") }, settings: settings)
    guard let simulation = try? Simulation(configuration) else {
      preconditionFailure("the run's own configuration contradicts itself")
    }
    return simulation
  }

  /// Runs one operation to its end; its latency, ns.
  private static func play(
    _ kind: Operation.Kind, _ key: UInt32, _ coordinator: NodeID, _ simulation: inout Simulation
  ) -> Int64 {
    let ended = simulation.metrics.operations
    let begin = simulation.now
    simulation.beginOperation(kind, key: key, location: 0, via: coordinator)
    while simulation.metrics.operations == ended { simulation.stepEvent() }
    return (simulation.now - begin).nanoseconds
  }
}
