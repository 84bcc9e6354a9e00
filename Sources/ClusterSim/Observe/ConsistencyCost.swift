/// What waiting for more than the first copy cost the answered requests that reached the store: the
/// second half of PACELC (Abadi, 2012), latency against consistency. Both latencies are of the same
/// requests: had the coordinator answered with the first copy that came, it would have been `first`.
public struct ConsistencyCost: Sendable {
  public private(set) var reads = Latencies()
  public private(set) var writes = Latencies()

  public struct Latencies: Sendable {
    /// As the client saw it, and without the time after the first copy's answer; ns.
    public internal(set) var whole = LatencyHistogram()
    public internal(set) var first = LatencyHistogram()
    /// Mean time waited for the others, ns; nil where nothing was answered.
    public var waited: Double? {
      whole.mean.flatMap { whole in first.mean.map { whole - $0 } }
    }
  }

  mutating func record(_ kind: Operation.Kind, latency: Int64, waited: Int64) {
    switch kind {
    case .read:
      reads.whole.record(latency)
      reads.first.record(max(0, latency - waited))
    case .write:
      writes.whole.record(latency)
      writes.first.record(max(0, latency - waited))
    }
  }
}
