/// The four one-way delays of the WARS model: write request, acknowledgement, read request and
/// response, each drawn anew for every replica and operation.
public struct LatencyModel: Equatable, Sendable {
  public var write: DelayModel
  public var acknowledgement: DelayModel
  public var read: DelayModel
  public var response: DelayModel
  /// Milliseconds more for a message between data centres. Above 0 every replica is in a data
  /// centre of its own, and each request comes from a random one of them.
  public var remote: Double

  public init(
    write: DelayModel, acknowledgement: DelayModel, read: DelayModel, response: DelayModel,
    remote: Double = 0
  ) {
    self.write = write
    self.acknowledgement = acknowledgement
    self.read = read
    self.response = response
    self.remote = remote
  }

  /// All four alike.
  public init(_ delay: DelayModel) {
    self.init(write: delay, acknowledgement: delay, read: delay, response: delay)
  }

  init(write: DelayModel, others: DelayModel, remote: Double = 0) {
    self.init(
      write: write, acknowledgement: others, read: others, response: others, remote: remote)
  }
}

/// Delays measured in production and fitted by Bailis, Venkataraman, Franklin, Hellerstein, Stoica
/// ("Probabilistically Bounded Staleness", VLDB 2012, table 3).
public enum PublishedFit: String, CaseIterable, Sendable {
  case linkedInSSD = "lnkd-ssd"
  case linkedInDisk = "lnkd-disk"
  /// Yammer, with the tail of the authors' simulator (3.5), which made the published results.
  case yammer = "ymmr"
  /// Yammer, with the tail that the paper prints (3.35).
  case yammerAsPrinted = "ymmr-paper"
  case wideArea = "wan"

  public var model: LatencyModel {
    let ssd = DelayModel(
      0.9122, .pareto(lowest: 0.235, alpha: 10), else: .exponential(mean: 1 / 1.66))
    let disk = DelayModel(
      0.38, .pareto(lowest: 1.05, alpha: 1.51), else: .exponential(mean: 1 / 0.183))
    switch self {
    case .linkedInSSD: return LatencyModel(ssd)
    case .linkedInDisk: return LatencyModel(write: disk, others: ssd)
    case .yammer: return Self.yammer(alpha: 3.5)
    case .yammerAsPrinted: return Self.yammer(alpha: 3.35)
    case .wideArea: return LatencyModel(write: disk, others: ssd, remote: 75)
    }
  }

  private static func yammer(alpha: Double) -> LatencyModel {
    LatencyModel(
      write: DelayModel(
        0.939, .pareto(lowest: 3, alpha: alpha), else: .exponential(mean: 1 / 0.0028)),
      others: DelayModel(
        0.982, .pareto(lowest: 1.5, alpha: 3.8), else: .exponential(mean: 1 / 0.0217)))
  }

  /// What it is, in a few words.
  public var about: String {
    switch self {
    case .linkedInSSD: "LinkedIn's Voldemort on solid-state disks"
    case .linkedInDisk: "LinkedIn's Voldemort on spinning disks"
    case .yammer: "Yammer's Riak, with the tail that made the published results"
    case .yammerAsPrinted: "Yammer's Riak, with the tail that the paper prints"
    case .wideArea: "lnkd-disk with one replica a data centre, 75 ms apart"
    }
  }
}
