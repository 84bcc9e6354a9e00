import ClusterSim
import Scenarios

/// What is dear to work out and seldom changes, kept from frame to frame by whoever draws. The
/// figures are a function of what they are kept under, so a cache can be dropped at any time.
public struct DrawCache: Sendable {
  private struct Answerable {
    var sides: [NodeSet]
    var settings: Settings
    var placement: ClusterPlacement
    var primaries: Int
    var splits: Int
    var shares: [(reads: Double, writes: Double)]
  }
  private var answerable: Answerable?
  private struct Predicted {
    var samples: Int
    var since: Instant
    var faults: Int
    var settings: Settings
    var rows: [Prediction]
  }
  private var predicted: Predicted?

  public init() {}

  /// The predictions of the newest sample.
  mutating func predictions(_ simulation: Simulation) -> [Prediction] {
    let (samples, since) = (simulation.metrics.samples, simulation.stretch.since)
    let faults = simulation.activeFaultClocks.count
    if let predicted, predicted.samples == samples, predicted.since == since,
      predicted.faults == faults, predicted.settings == simulation.settings
    {
      return predicted.rows
    }
    let rows = PredictionCatalogue.all(simulation)
    predicted = Predicted(
      samples: samples, since: since, faults: faults, settings: simulation.settings, rows: rows)
    return rows
  }

  /// `Simulation.answerableShare` of every location: it walks over all keys, so it is asked again
  /// only when the ring, split keys, the sides of the network, the settings or the primaries have
  /// changed.
  mutating func answerableShares(_ simulation: Simulation) -> [(reads: Double, writes: Double)] {
    let locations = simulation.locationNames.indices
    let sides = locations.map { simulation.side(ofLocation: $0) }
    if let answerable, answerable.sides == sides, answerable.settings == simulation.settings,
      answerable.placement == simulation.placement,
      answerable.primaries == simulation.primaryChanges,
      answerable.splits == simulation.splitRevision
    {
      return answerable.shares
    }
    let shares = locations.map { simulation.answerableShare(location: $0) }
    answerable = Answerable(
      sides: sides, settings: simulation.settings, placement: simulation.placement,
      primaries: simulation.primaryChanges, splits: simulation.splitRevision, shares: shares)
    return shares
  }
}
