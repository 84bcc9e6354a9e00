/// One-way delays between coordinators and replicas, by kind of message: those of the links, or
/// those that were measured in production and fitted by Bailis et al. ("Probabilistically Bounded
/// Staleness", VLDB 2012, table 3). A fit stands for everything between the two, work at the replica
/// included, and each message draws anew: with it the cluster meets the assumptions of their WARS
/// model. The numbers are written here a second time, apart from `PublishedFit`, so that prediction
/// and simulation share nothing but the paper.
public enum ReplicaDelays: String, CaseIterable, Sendable {
  case links
  case linkedInSSD = "lnkd-ssd"
  case linkedInDisk = "lnkd-disk"
  case yammer = "ymmr"

  /// The delay of one message, ns; nil where the link decides.
  @inline(__always)
  func sample(_ kind: MessageKind, _ stream: inout RandomStream) -> Int64? {
    if self == .links { return nil }
    switch kind {
    case .replicaWrite: return write(&stream)
    case .replicaWriteAck, .replicaRead, .replicaReadReply: return other(&stream)
    default: return nil
    }
  }

  private func write(_ stream: inout RandomStream) -> Int64? {
    switch self {
    case .links: nil
    case .linkedInSSD: Self.ssd(&stream)
    case .linkedInDisk:
      Self.mixture(
        0.38, .pareto(.microseconds(1050), alpha: 1.51), .exponential(Self.mean(perMs: 0.183)),
        &stream)
    case .yammer:
      // 3.5, with which the authors' results were made; the paper prints 3.35.
      Self.mixture(
        0.939, .pareto(.milliseconds(3), alpha: 3.5), .exponential(Self.mean(perMs: 0.0028)),
        &stream)
    }
  }

  private func other(_ stream: inout RandomStream) -> Int64? {
    switch self {
    case .links: nil
    case .linkedInSSD, .linkedInDisk: Self.ssd(&stream)
    case .yammer:
      Self.mixture(
        0.982, .pareto(.microseconds(1500), alpha: 3.8), .exponential(Self.mean(perMs: 0.0217)),
        &stream)
    }
  }

  private static func ssd(_ stream: inout RandomStream) -> Int64 {
    mixture(
      0.9122, .pareto(.microseconds(235), alpha: 10), .exponential(mean(perMs: 1.66)), &stream)
  }

  private static func mean(perMs rate: Double) -> Span { Span(nanoseconds: Int64(1e6 / rate)) }

  private static func mixture(
    _ share: Double, _ first: Distribution.Shape, _ second: Distribution.Shape,
    _ stream: inout RandomStream
  ) -> Int64 {
    stream.unit() < share ? first.sample(&stream) : second.sample(&stream)
  }
}
