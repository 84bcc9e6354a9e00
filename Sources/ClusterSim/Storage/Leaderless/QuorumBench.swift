/// `bench quorum`: the real leaderless engine with network, queueing and every measurement on.
public enum QuorumBench {
  /// Poisson arrivals at 1000 a second of virtual time, half of them reads; three nodes, N = 3,
  /// R = W = 2, every hop exponential with a mean of 1 ms, no service times, no cache. Datagrams,
  /// because a stream's order would make its latencies another distribution than the exponential.
  /// So a handful of operations are under way, as in the reference that it is compared with (a 4-ary heap
  /// in C++ does 3.8 M/s then, and 3.1 M/s at 50 000 a second). The live verdict is off, as `bench
  /// verdict` measures it.
  ///
  /// - Returns: operations that have ended (at least as many as asked for) and the state hash.
  public static func run(
    operations: Int, seed: UInt64
  ) -> (operations: Int, events: Int, stateHash: StateHash) {
    var settings = Settings()
    settings.cache.enabled = false
    settings.observe.verdict = false
    settings.network.transport = .udp
    settings.network.local = .zero
    settings.network.localJitter = .exponential(.milliseconds(1))
    settings.host.readService = .constant(.zero)
    settings.host.writeService = .constant(.zero)
    settings.host.coordinators = 100_000
    settings.workload.rate = 1000
    settings.workload.readShare = 0.5
    let configuration = ClusterConfiguration(
      name: "quorum", seed: seed, locations: [.init(name: "here")],
      nodes: (1...3).map { .init(name: "n\($0)", location: "here") }, settings: settings)
    guard var simulation = try? Simulation(configuration) else {
      preconditionFailure("the bench's own configuration contradicts itself")
    }
    while simulation.metrics.operations < operations {
      simulation.run(until: simulation.now + .milliseconds(100))
    }
    return (
      simulation.metrics.operations, simulation.eventsProcessed, simulation.stateHashValue
    )
  }
}
