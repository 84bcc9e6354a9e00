import ClusterSim

/// A figure that a published formula or model predicts for the present settings, beside the one that
/// was measured.
public struct Prediction: Sendable {
  public enum Unit: String, Sendable {
    /// 0 to 1.
    case share
    case milliseconds = "ms"
    case seconds = "s"
    /// Gossip intervals.
    case rounds
    /// Events a minute.
    case perMinute = "per min"
    /// A number without unit.
    case ratio
  }

  /// Something that the formula takes for granted.
  public struct Assumption: Sendable, Equatable {
    public let text: String
    /// Whether it is near enough to the truth now.
    public let holds: Bool

    init(_ text: String, _ holds: Bool) {
      self.text = text
      self.holds = holds
    }
  }

  /// As in JSON; distinct.
  public let name: String
  /// A few words for the screen.
  public let title: String
  public let unit: Unit
  /// Nil where nothing was measured yet.
  public let measured: Double?
  /// Nil where the model says nothing about the present settings, or too little is known.
  public let predicted: Double?
  public let formula: String
  public let source: String
  /// What went into the formula and what was counted.
  public let inputs: [String]
  public let assumptions: [Assumption]
  /// Why the measurement may differ though all assumptions hold.
  public let caveat: String
  /// Where the prediction was drawn by lot: two standard errors of it.
  public var error: Double?

  public var difference: Double? {
    measured.flatMap { measured in predicted.map { measured - $0 } }
  }

  /// The assumptions that do not hold.
  public var broken: [String] { assumptions.filter { !$0.holds }.map(\.text) }
}

extension Prediction.Unit {
  /// As it is shown, with its unit; `-` where there is none.
  public func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    switch self {
    case .share: return percent(value, 2)
    case .milliseconds: return Decimal.text(value, places: abs(value) < 10 ? 3 : 1) + " ms"
    case .seconds: return Decimal.text(value, places: 2) + " s"
    case .rounds: return Decimal.text(value, places: 2) + " rounds"
    case .perMinute: return Decimal.text(value, places: value < 10 ? 3 : 1) + "/min"
    case .ratio: return Decimal.text(value, places: 3)
    }
  }
}

func percent(_ share: Double, _ places: Int) -> String {
  Decimal.text(share * 100, places: places) + "%"
}

/// Every prediction: one line each.
public enum PredictionCatalogue {
  public static func all(_ simulation: Simulation) -> [Prediction] {
    // With replicas of a primary the row of their own says it.
    (simulation.replicationFigures == nil ? [StalenessPrediction.of(simulation)] : [])
      + AvailabilityPrediction.of(simulation) + LatencyPrediction.of(simulation)
      + ReplicaPrediction.of(simulation)
      + [
        SuspicionPrediction.of(simulation),
        QueuePrediction.of(simulation), WebQueuePrediction.of(simulation),
        RingPrediction.of(simulation),
        DetectionPrediction.of(simulation), GossipPrediction.of(simulation),
      ].compactMap { $0 } + CachePrediction.of(simulation) + QueryPrediction.of(simulation)
  }

  /// The object `predictions` of `run --format json`: a field for each by its name.
  public static func json(_ simulation: Simulation) -> JSONValue {
    .object(
      all(simulation).map { prediction in
        (
          prediction.name,
          .object([
            ("measured", .number(prediction.measured)),
            ("predicted", .number(prediction.predicted)),
            ("predicted_error", .number(prediction.error)),
            ("difference", .number(prediction.difference)),
            ("unit", .string(prediction.unit.rawValue)),
            ("assumptions_broken", .array(prediction.broken.map { .string($0) })),
          ])
        )
      })
  }

  /// Assumptions that several share.
  static func noFaults(_ simulation: Simulation) -> Prediction.Assumption {
    .init("no fault is active", simulation.activeFaultClocks.isEmpty)
  }

  static func since(_ simulation: Simulation) -> String {
    "since \(simulation.stretch.since), when settings, ring or faults last changed"
  }
}
